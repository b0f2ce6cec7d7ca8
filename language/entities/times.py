"""Times of day."""

from __future__ import annotations

import re
from datetime import time

_HOURS = {
    word: hour
    for hour, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 1
    )
}
_HOUR = rf"1[0-2]|0?[1-9]|{'|'.join(_HOURS)}"
_TIME = re.compile(
    rf"(?=[\dotfsenhqm])(?<![\w:./£-])(?:([01]?\d|2[0-3]):([0-5]\d)\s?(am|pm)?(?![\d:])"
    rf"|({_HOUR})(?:[.:]([0-5]\d))?\s?([ap])\.?m\b\.?"
    rf"|(half past|quarter past|quarter to)\s({_HOUR})\b(?:\s?([ap])m\b)?"
    r"|(noon|midday|midnight)\b)",
    re.IGNORECASE,
)


def times(text: str) -> list[time]:
    """Each time of day. Without am or pm a spoken hour ("half past five") is read between 7:00 and 18:59."""
    return [_time(found) for found in _TIME.finditer(text)]


def _time(found: re.Match[str]) -> time:
    hour24, minute24, half24, hour, minute, half, part, part_hour, part_half, word = found.groups()
    if word:
        return time(0) if word.lower() == "midnight" else time(12)
    if hour24:
        return time(_with_half(int(hour24), half24) if half24 and int(hour24) <= 12 else int(hour24), int(minute24))
    if hour:
        return time(_with_half(_number(hour), half), int(minute or 0))
    minutes = {"half past": 30, "quarter past": 15, "quarter to": -15}[part.lower()]
    at = _number(part_hour)
    at = _with_half(at, part_half) if part_half else at + 12 if at < 7 else at
    total = (at * 60 + minutes) % (24 * 60)
    return time(total // 60, total % 60)


def _number(word: str) -> int:
    return _HOURS.get(word.lower()) or int(word)


def _with_half(hour: int, half: str) -> int:
    return hour % 12 + (12 if half.lower().startswith("p") else 0)
