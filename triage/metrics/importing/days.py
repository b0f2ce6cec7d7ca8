"""Dates and periods as people and spreadsheets write them. Read day first, as in Britain; never guessed."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

EARLIEST = date(2000, 1, 1)
# Day 0 of Excel's numbers for dates (its 1900 system, as it takes 1900 to be a leap year).
_EXCEL = date(1899, 12, 30)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?: ?[AaPp][Mm])?(?:Z|[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_TIME}", re.ASCII)
_SLASHES = re.compile(rf"(\d{{1,2}})[/.-](\d{{1,2}})[/.-](\d{{4}}|\d{{2}}){_TIME}", re.ASCII)
_WORDS = re.compile(rf"(\d{{1,2}})[ -]([A-Za-z]{{3,9}})[ ,-]? ?(\d{{4}}|\d{{2}}){_TIME}", re.ASCII)
_NUMBER = re.compile(r"(\d{5})(?:\.\d{1,12})?", re.ASCII)
_ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})", re.ASCII)
_SLASH_MONTH = re.compile(r"(\d{1,2})/(\d{4})", re.ASCII)
_WORD_MONTH = re.compile(r"([A-Za-z]{3,9})[ -](\d{4}|\d{2})", re.ASCII)
_QUARTER = re.compile(r"(\d{4})[ -]?[qQ]([1-4])", re.ASCII)
_FINANCIAL = re.compile(r"[qQ][1-4].*", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True)
class When:
    """A day that was read. `how`: iso, day_first, words or excel, so that a mixture can be told."""

    day: date
    how: str
    grain: str = "day"


class NotADay(ValueError):
    """What is wrong with a date, and what to do."""

    def __init__(self, what: str, do: str) -> None:
        super().__init__(what)
        self.what, self.do = what, do


WRITE_DAY = "Write it as 2016-07-13 or 13/07/2016."
WRITE_MONTH = "Write a month as 2016-07, or a quarter by calendar as 2016-q3."


def day_of(cell: str, today: date) -> When:
    """The day of a cell. Raises NotADay; a moment's time of day is left out."""
    return _within(_any_day(cell), today)


def _any_day(cell: str) -> When:
    if found := _ISO.fullmatch(cell):
        return When(_made(int(found[1]), int(found[2]), int(found[3])), "iso")
    if found := _SLASHES.fullmatch(cell):
        day, month = int(found[1]), int(found[2])
        if month > 12 >= day:
            raise NotADay("there is no month " + str(month), f"Dates are read day first. {WRITE_DAY}")
        return When(_made(_year(found[3]), month, day), "day_first")
    if found := _WORDS.fullmatch(cell):
        return When(_made(_year(found[3]), _month(found[2], WRITE_DAY), int(found[1])), "words")
    if found := _NUMBER.fullmatch(cell):
        return When(_EXCEL + timedelta(days=int(found[1])), "excel")
    raise NotADay("this is not a date that we can read", WRITE_DAY)


def period_of(cell: str, today: date) -> When:
    """The first day of a cell's month or calendar quarter, or its day. Raises NotADay."""
    if found := _ISO_MONTH.fullmatch(cell):
        when = When(_made(int(found[1]), int(found[2]), 1), "iso", "month")
    elif found := _SLASH_MONTH.fullmatch(cell):
        when = When(_made(int(found[2]), int(found[1]), 1), "day_first", "month")
    elif found := _WORD_MONTH.fullmatch(cell):
        when = When(_made(_year(found[2]), _month(found[1], WRITE_MONTH), 1), "words", "month")
    elif found := _QUARTER.fullmatch(cell):
        when = When(_made(int(found[1]), int(found[2]) * 3 - 2, 1), "iso", "quarter")
    elif _FINANCIAL.fullmatch(cell):
        raise NotADay("it is not plain whether this quarter is of a calendar or a financial year", WRITE_MONTH)
    else:
        try:
            when = _any_day(cell)
        except NotADay:
            raise NotADay("this is not a month that we can read", WRITE_MONTH) from None
    return _within(when, today)


def _within(when: When, today: date) -> When:
    if when.day > today:
        raise NotADay("this is in the future", "Look at the date, and take out what has not happened.")
    if when.day < EARLIEST:
        raise NotADay(f"this is before {EARLIEST.year}", "Look at the date. Older figures are not taken.")
    return when


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _month(word: str, do: str) -> int:
    low = word.lower()
    if low in _FULL:
        return _FULL.index(low) + 1
    if low in _MONTHS or low == "sept":
        return _MONTHS.index(low[:3]) + 1
    raise NotADay("this names no month", do)


def _made(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise NotADay("there is no such day", WRITE_DAY) from None
