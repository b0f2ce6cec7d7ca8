"""School years as England counts them."""

from __future__ import annotations

import re

_ORDINAL = {
    word: str(number)
    for number, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"],
        start=1,
    )
}
_YEAR = re.compile(
    rf"\b(?:y|yr|year)\s?-?(1[0-3]|[1-9])\b(?!\s?(?:old|olds|ago|s\b|/|%|\.\d))|\byear\s({'|'.join(_ORDINAL)})\b"
    r"|\b(reception)\b(?!\s(?:desk|area|staff))|\b(nursery)\b|\b(sixth form|6th form)\b",
    re.IGNORECASE,
)


def school_years(text: str) -> list[str]:
    """Each year named: "N" nursery, "R" reception, "1" to "13" ("12" for the sixth form)."""
    return [_year(found) for found in _YEAR.finditer(text)]


def _year(found: re.Match[str]) -> str:
    number, word, reception, nursery, _ = found.groups()
    if number:
        return str(number)
    if word:
        return _ORDINAL[word.lower()]
    return "R" if reception else "N" if nursery else "12"
