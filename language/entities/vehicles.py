"""Vehicle registrations in their written form."""

from __future__ import annotations

import re

from language.redaction.plates import plates

_NOW = re.compile(r"([A-Z]{2}\d{2})([A-Z]{3})")


def vehicles(text: str) -> list[str]:
    """Each registration in capitals, a current one with its gap ("LK19 XYZ"), others without blanks."""
    return [_written(text[start:end]) for start, end in plates(text)]


def _written(found: str) -> str:
    plain = re.sub(r"\s", "", found).upper()
    return _NOW.sub(r"\1 \2", plain) if _NOW.fullmatch(plain) else plain
