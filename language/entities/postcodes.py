"""UK postcodes in their written form."""

from __future__ import annotations

import re

from language.redaction.postcodes import postcodes as _places


def postcodes(text: str) -> list[str]:
    """Each postcode as Royal Mail writes it ("N3 1AB"), a letter O in place of the figure put right."""
    return [_written(text[start:end]) for start, end in _places(text)]


def _written(found: str) -> str:
    plain = re.sub(r"\s", "", found).upper()
    second = plain[-3:]
    return f"{plain[:-3]} {second[0].replace('O', '0')}{second[1:]}"
