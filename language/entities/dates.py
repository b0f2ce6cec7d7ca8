"""Dates in British order, and days counted from today."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache

from language.redaction.prechecks import figures, holds, small

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_WEEKDAY = r"(mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
_COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}
_COUNT = rf"(\d{{1,3}}|{'|'.join(_COUNTS)}|couple of|a couple of)"

_NUMERIC = re.compile(
    r"(?<![\d/£.])(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}|\d{2}))?(?![\d/]|[.-]\d|\s?(?:am|pm)\b)", re.IGNORECASE
)
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}\b\.?(?:,?\s(\d{{4}}|'\d\d))?", re.IGNORECASE
)
_MONTH_DAY = re.compile(
    rf"\b{_MONTH}\s(?:the\s)?(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s(\d{{4}}))?(?!\s?(?:pm|am|:))", re.IGNORECASE
)
_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_FIRSTS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"]
# How a day of the month is said: "third", "twelfth", "twenty first".
_ORDINALS = {word: day for day, word in enumerate(_FIRSTS, 1)}
_ORDINALS |= {f"{word}th": day for day, word in enumerate(_TEENS, 10)} | {"twelfth": 12, "twentieth": 20}
_ORDINALS |= {f"twenty {word}": 20 + day for day, word in enumerate(_FIRSTS, 1)} | {"thirtieth": 30, "thirty first": 31}
_ORDINAL = "(" + "|".join(sorted(_ORDINALS, key=len, reverse=True)).replace(" ", r"[\s-]") + ")"
# "The second may be late" names no date: before a bare "may" or "march" nothing else may follow but a year.
_SAID_DAY_MONTH = re.compile(
    rf"\b{_ORDINAL}\s(?:day\s)?(?:of\s{_MONTH}\b|(?!may\b|march\b){_MONTH}\b|"
    r"(may|march)\b(?=\s*(?:$|[.,;!?)]|\d{4}|two\s|twenty|nineteen)))",
    re.IGNORECASE,
)
_SAID_MONTH_DAY = re.compile(rf"\b{_MONTH}\s(?:the\s)?{_ORDINAL}\b(?!\s(?:thing|time|week|half)\b)", re.IGNORECASE)
_SAID_YEAR = re.compile(
    rf"\b(\d{{1,2}}\s{_MONTH}|{_MONTH}\s\d{{1,2}}),?\s(?:(nineteen|twenty)|two\sthousand(?:\sand)?)"
    rf"[\s-](?:(?:oh[\s-])?({'|'.join(_ONES)})|({'|'.join(_TEENS)})|({'|'.join(_TENS)})(?:[\s-]({'|'.join(_ONES)}))?)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(day before yesterday|day after tomorrow|today|tonight|this (?:morning|afternoon|evening)|tomorrow|tmrw|tomoz|"
    r"yesterday|last night)\b",
    re.IGNORECASE,
)
_BY_WEEKDAY = re.compile(rf"\b(?:(last|this|next|this coming|coming|on|every)\s)?{_WEEKDAY}s?\b", re.IGNORECASE)
_COUNTED = re.compile(rf"\b(?:(in)\s)?{_COUNT}\s(day|week|month)s?(?:'|’)?(?:\s(ago|time|later))?\b", re.IGNORECASE)
# Without one of these, patterns cannot match; most messages hold none.
_ORDINAL_ENDS = ("th", "first", "second", "third")
_YEAR_BEGINNINGS = ("nineteen", "twenty", "thousand")
_NAMES = ("yesterday", "today", "tonight", "tomorrow", "tmrw", "tomoz", "last night", "this ")
_FRACTIONS = {("1", "2"), ("1", "3"), ("2", "3"), ("1", "4"), ("3", "4")}
_ON = re.compile(r"\b(?:on|by|from|since|until|till|before|after)\s$", re.IGNORECASE)
# Whoever names a day alone writes no more than this.
LONGEST_ANSWER = 80
_PAST = re.compile(
    r"\b(?:was|were|wasn'?t|weren'?t|did|didn'?t|missed|came|went|had|been|since|happened|haven'?t|hasn'?t|ago|last)\b",
    re.IGNORECASE,
)
_SHIFTS = {
    "day before yesterday": -2,
    "yesterday": -1,
    "last night": -1,
    "tomorrow": 1,
    "tmrw": 1,
    "tomoz": 1,
    "day after tomorrow": 2,
}


def dates(text: str, today: date) -> list[date]:
    """Each date that `text` names, in order.

    A date without a year is the one nearest to `today`. A weekday alone is the last one where the message speaks of the
    past, else the coming one (today counts); "last" is before today, "next" is in the week after this (from Monday).
    """
    plain = text.replace("’", "'")
    if holds(small(plain), _MONTHS):
        plain = _in_figures(plain)
    found = sorted((at, day) for at, day in _all(plain, today))
    return [day for _, day in found]


def day_alone(text: str, near: date) -> date | None:
    """The day that a whole answer names by its number alone ("the 18th"), in the month that is nearest to `near`.

    Only an answer to a question after a date may be read so: elsewhere "18th" is a floor or a place in a queue.
    """
    text = text.strip()
    words = re.findall(r"\w+", text.lower()) if len(text) <= LONGEST_ANSWER else []
    figure = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)", words[-1]) if words else None
    if figure and any(letter.isdigit() for word in words[:-1] for letter in word):
        return None
    day = int(figure[1]) if figure else _ORDINALS.get(" ".join(words[-2:])) or _ORDINALS.get("".join(words[-1:]))
    if not day:
        return None
    first = near.replace(day=1)
    months = (first - timedelta(days=1), first, first + timedelta(days=31))
    possible = [date(at.year, at.month, day) for at in months if 1 <= day <= monthrange(at.year, at.month)[1]]
    return min(possible, key=lambda at: abs(at - near)) if possible else None


def _in_figures(text: str) -> str:
    """ "The third of november twenty twenty six" as "the 3 november 2026"."""
    if holds(small(text), _ORDINAL_ENDS):
        text = _SAID_DAY_MONTH.sub(lambda m: f"{_ORDINALS[_spaced(m[1])]} {m[2] or m[3] or m[4]}", text)
        text = _SAID_MONTH_DAY.sub(lambda m: f"{m[1]} {_ORDINALS[_spaced(m[2])]}", text)
    if not holds(small(text), _YEAR_BEGINNINGS):
        return text
    return _SAID_YEAR.sub(lambda m: f"{m[1]} {_said_year(m)}", text)


def _said_year(match: re.Match[str]) -> int:
    century, one, teen, ten, unit = (match[at] and match[at].lower() for at in (4, 5, 6, 7, 8))
    if one:
        after = _ONES.index(one) + 1
    elif teen:
        after = _TEENS.index(teen) + 10
    else:
        after = _TENS.index(ten) * 10 + 20 + (_ONES.index(unit) + 1 if unit else 0)
    return (1900 if century == "nineteen" else 2000) + after


def _spaced(words: str) -> str:
    return re.sub(r"[\s-]+", " ", words.lower())


def _all(text: str, today: date) -> Iterator[tuple[int, date]]:
    taken: list[tuple[int, int]] = []
    plain = small(text)
    numbered = figures(plain)
    months = numbered and holds(plain, _MONTHS)
    past = cache(lambda: _PAST.search(text) is not None)
    readers: tuple[tuple[bool, re.Pattern[str], Callable[[re.Match[str]], date | None]], ...] = (
        (numbered and "-" in text, _ISO, lambda m: _date(int(m[3]), int(m[2]), m[1], today)),
        (numbered, _NUMERIC, lambda m: _numeric(m, today)),
        (months, _DAY_MONTH, lambda m: _date(int(m[1]), _month(m[2]), (m[3] or "").strip("'") or None, today)),
        (months, _MONTH_DAY, lambda m: _date(int(m[2]), _month(m[1]), m[3], today)),
        (holds(plain, _NAMES), _NAMED, lambda m: today + timedelta(days=_SHIFTS.get(m[1].lower(), 0))),
        (holds(plain, ("day", "week", "month")), _COUNTED, lambda m: _counted(m, today)),
        (holds(plain, _DAYS), _BY_WEEKDAY, lambda m: _weekday(m, today, past=past())),
    )
    for possible, pattern, read in readers:
        for match in pattern.finditer(text) if possible else ():
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            day = read(match)
            if day is not None:
                taken.append(_with_weekday(text, match))
                yield match.start(), day


def _with_weekday(text: str, match: re.Match[str]) -> tuple[int, int]:
    # "Tuesday, 17 November" is one date: its weekday is not read again.
    before = re.search(rf"{_WEEKDAY}s?,?\s(?:the\s)?$", text[: match.start()][-16:], re.IGNORECASE)
    return (match.start() - (len(before.group()) if before else 0), match.end())


def _month(word: str) -> int:
    return _MONTHS.index(word[:3].lower()) + 1


def _numeric(match: re.Match[str], today: date) -> date | None:
    day, mark, month, year = match.groups()
    if not year and (day, month) in _FRACTIONS and not _ON.search(match.string[: match.start()][-10:]):
        return None
    # Without a year only a slash makes a date: "9.30" is a time and "9-5" is hours.
    return None if year is None and mark != "/" else _date(int(day), int(month), year, today)


def _date(day: int, month: int, year: str | None, today: date) -> date | None:
    years = [int(year) + (0 if len(year) == 4 else 2000)] if year else [today.year - 1, today.year, today.year + 1]
    if year and len(year) == 2 and years[0] > today.year + 20:
        years = [years[0] - 100]
    possible = []
    for one in years:
        try:
            possible.append(date(one, month, day))
        except ValueError:
            continue
    return min(possible, key=lambda at: abs(at - today)) if possible else None


def _counted(match: re.Match[str], today: date) -> date | None:
    before, count, unit, after = match.groups()
    if not before and not after:
        return None  # "for 2 weeks" is no date
    number = _COUNTS.get(count.lower()) or (2 if "couple" in count.lower() else int(count))
    days = number * {"day": 1, "week": 7, "month": 30}[unit.lower()]
    return today + timedelta(days=-days if (after or "").lower() == "ago" else days)


def _weekday(match: re.Match[str], today: date, *, past: bool) -> date | None:
    said, word = (match.group(1) or "").lower(), match.group(2).lower()
    if (
        said == "every"
        or match.group().lower().endswith("ys")
        or (word in ("sun", "sat", "mon", "wed", "fri") and not said)
    ):
        return None
    ahead = (_DAYS.index(word[:3]) - today.weekday()) % 7
    if said == "last" or (past and said in ("", "on")):
        return today - timedelta(days=(7 - ahead) if said == "last" or ahead else 0)
    if said == "next":
        return today + timedelta(days=7 - today.weekday() + _DAYS.index(word[:3]))
    return today + timedelta(days=ahead)
