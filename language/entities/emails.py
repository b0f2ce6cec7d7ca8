"""Email addresses, typed with their sign."""

from __future__ import annotations

import re

from language.redaction.emails import TYPED


def emails(text: str) -> list[str]:
    """Each address in small letters without blanks; "jo [at] example.org" is "jo@example.org"."""
    return [_written(found.group()) for found in TYPED.finditer(text)]


def _written(found: str) -> str:
    return re.sub(r"\s|[\[(]at[\])]", lambda gap: "" if gap.group().isspace() else "@", found.lower(), flags=re.I)
