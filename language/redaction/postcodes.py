"""UK postcodes, however they are spaced; the area must exist."""

from __future__ import annotations

import re

from language.redaction import checks
from language.redaction.prechecks import figures

_I = re.IGNORECASE
_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)(\s{0,2})([\do][ABD-HJLNP-UW-Z]{2})\b", _I)

_POSTCODE_APART = re.compile(
    r"\bpost ?code\b[\s:]{0,3}(?:is\s)?([A-Z]\s?[A-Z]?\s?\d\s?[A-Z\d]?\s{0,2}\d\s?[A-Z]\s?[A-Z])\b", _I
)
_POSTCODE_SPACED = re.compile(r"\b([A-Z]{1,2})\s?\d[A-Z\d]?\s{0,2}\d\s?[ABD-HJLNP-UW-Z]\s?[ABD-HJLNP-UW-Z]\b")


def postcodes(text: str) -> list[tuple[int, int]]:
    """Where postcodes stand in `text`, half-open ranges in order, none overlapping another."""
    if not figures(text):
        return []
    places = [found.span() for found in _POSTCODE.finditer(text) if _is_postcode(found)]
    others = [found.span(1) for found in _POSTCODE_APART.finditer(text)]
    others += [found.span() for found in _POSTCODE_SPACED.finditer(text) if checks.outcode(found.group(1))]
    for start, end in others:
        if all(end <= first or last <= start for first, last in places):
            places.append((start, end))
    return sorted(places)


def _is_postcode(found: re.Match[str]) -> bool:
    if not checks.outcode(found.group(1)):
        return False
    # "the N3 2nd time", "w1 4th floor": an ordinal apart, in small letters.
    return not (found.group(2) and re.fullmatch(r"1st|2nd|3rd|\dth", found.group(3)))
