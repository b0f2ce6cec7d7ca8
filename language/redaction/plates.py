"""Vehicle registrations: the DVLA's current, prefix and suffix shapes, and older ones after a word that says so."""

from __future__ import annotations

import re

from language.redaction.lexicon import group, lexicon
from language.redaction.prechecks import figures

_I = re.IGNORECASE
_PLATE_NOW = re.compile(r"\b([A-HJ-PR-Y]{2})(\s?)([0-9]{2})(\s?)([A-HJ-PR-Z]{3})\b", _I)
_PLATE_PREFIX = re.compile(r"\b([A-HJ-NPR-TV-Y])(\s?)([1-9]\d{0,2})(\s?)([A-Z]{3})\b", _I)
_PLATE_SUFFIX = re.compile(r"\b([A-Z]{3})(\s?)([1-9]\d{0,2})(\s?)([A-HJ-NPR-TV-Y])\b", _I)
_PLATE_CUED = re.compile(
    r"\b(?:reg(?:istration)?|vrm|number ?plate|plate)\b\.?[\s:]{0,3}(?:(?:is|was|no|number|mark|"
    r"plate)\b[\s.:]{0,3}){0,3}"
    r"([A-Z]{1,3}\s?\d{1,4}(?:\s?[A-Z]{1,3})?|\d{1,4}\s?[A-Z]{1,3}|[A-Z]{2}\d{2}\s?[A-Z]{3})\b",
    _I,
)
_VEHICLE = re.compile(
    r"\b(?:reg(?:istration|d)?|vrm|plates?|vehicle|car|van|lorry|truck|taxi|bike|motorbike|moped|scooter|permit|"
    r"vouchers?|pcn|"
    r"parked|driv\w{1,4}|abandoned|ford|bmw|audi|vw|toyota|mini|corsa|golf|keeper|badge)\b",
    _I,
)


def plates(text: str) -> list[tuple[int, int]]:
    """Where vehicle registrations stand in `text`, half-open ranges in order, none overlapping another."""
    if not figures(text):
        return []
    places = [found.span(1) for found in _PLATE_CUED.finditer(text) if _is_cued_plate(found)]
    cued: bool | None = None
    for pattern, word in ((_PLATE_NOW, 5), (_PLATE_PREFIX, 5), (_PLATE_SUFFIX, 1)):
        for found in pattern.finditer(text):
            free = all(found.end() <= start or end <= found.start() for start, end in places)
            if cued is None:
                cued = _VEHICLE.search(text) is not None
            if free and _is_plate(found, word, cued=cued, now=pattern is _PLATE_NOW):
                places.append(found.span())
    return sorted(places)


def _is_cued_plate(found: re.Match[str]) -> bool:
    return any(c.isdigit() for c in found.group(1)) and len(re.sub(r"\s", "", found.group(1))) >= 4


def _is_plate(found: re.Match[str], word: int, *, cued: bool, now: bool) -> bool:
    """A plate written as one, and not a word beside a number ("by 10 may", "M25 AND", "N12 BIN")."""
    letters = found.group(word).lower()
    spaced = bool(found.group(2) or found.group(4))
    a_word = letters in lexicon().ordinary or letters in _SHORT_WORDS
    if now:
        if spaced and a_word:
            return False
        apart = bool(found.group(2)) and found.group(1).lower() in _SHORT_WORDS
        return not apart or found.group().isupper()
    if a_word and spaced:
        return False
    return cued or (found.group().isupper() and not a_word)


_SHORT_WORDS = group("beside_a_number")
