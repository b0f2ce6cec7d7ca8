"""Dates of birth: a date after a word for birth, or a whole date so long ago that little else bears one."""

from __future__ import annotations

import re

from language.redaction.prechecks import figures, holds, small
from language.redaction.spans import Working

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_NUMBERS = (
    r"\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?(?:\d{4}|\d{2})|\d{4}-\d{1,2}-\d{1,2}|\d{1,2} \d{1,2} (?:\d{4}|\d{2})"
)
_WORDS = (
    rf"\d{{1,2}}\s?(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}\.?,?\s?(?:'?\d{{4}}|'?\d{{2}})|"
    rf"{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}}"
)
_CUED = re.compile(
    r"(?:\bd\.?\s?o\.?\s?b\b|\bdate of birth\b|\bbirth ?(?:date|day)\b|\bborn\b)[^\d\n]{0,24}?"
    rf"({_NUMBERS}|{_WORDS}|\d{{6}}(?:\d\d)?)(?!\d)",
    re.IGNORECASE,
)
_AFTER = re.compile(rf"\b({_NUMBERS}|{_WORDS})\s?\(?(?:d\.?o\.?b|date of birth|birthday)\b", re.IGNORECASE)
_LONG_AGO = re.compile(
    rf"(?<![\d/])(?:\d{{1,2}}[/.\-]\d{{1,2}}[/.\-]((?:19|20)\d\d)|\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH},?\s((?:19|20)\d\d)"
    r"|((?:19|20)\d\d)-\d{1,2}-\d{1,2})(?![\d/])",
    re.IGNORECASE,
)
_NOT_BIRTH = re.compile(
    r"\b(?:since|from|until|till|dated?|expire[sd]?|before|after|by|act|on)\s*(?:the\s)?$", re.IGNORECASE
)
_DOB = re.compile(r"d\.?\s?o\.?\s?b")
# A whole date before this year that nobody explains is nearly always when somebody was born.
_LAST_YEAR = 2010


def birthdays(working: Working) -> None:
    """Hide dates of birth."""
    if not figures(working.left):
        return
    plain = small(working.left)
    cued = holds(plain, ("birth", "born")) or _DOB.search(plain) is not None
    for pattern in (_CUED, _AFTER) if cued else ():
        for found in list(pattern.finditer(working.left)):
            working.hide("date_of_birth", *found.span(1))
    if not holds(plain, ("19", "20")):
        return
    for found in list(_LONG_AGO.finditer(working.left)):
        year = int(next(group for group in found.groups() if group))
        before = working.left[max(0, found.start() - 16) : found.start()]
        if 1900 < year <= _LAST_YEAR and not _NOT_BIRTH.search(before):
            working.hide("date_of_birth", *found.span())
