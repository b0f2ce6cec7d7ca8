"""When a time limit that the law sets is over, and how much of it is left. Pure.

The limits themselves, each with its law, are in data/clocks/statutory.toml. Days are dates on a wall in the council's
area, and the last of them counts to its end: "not later than the twentieth working day" is any time on that day.
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from triage.clock import LONDON
from triage.hours import URGENT, bank_holidays
from triage.timetable import Law

ONE_DAY = timedelta(days=1)


def on_wall(moment: datetime) -> date:
    """The date of a moment in the council's area."""
    return moment.astimezone(LONDON).date()


def end_of(day: date) -> datetime:
    """The last moment of a day, which is the first of the next."""
    return datetime.combine(day + ONE_DAY, time.min, LONDON).astimezone(UTC)


def is_working_day(day: date, place: str) -> bool:
    """Whether `day` is no Saturday, Sunday or bank holiday of `place` ("uk": of any part; FOI Act section 10(6)).

    Christmas Day and Good Friday, which that section names, are among the holidays of every place.
    """
    return day.weekday() < 5 and day not in bank_holidays(place, day.year)


def working_days_after(day: date, number: int, place: str) -> date:
    """The `number`th working day after `day`, which itself does not count."""
    while number:
        day += ONE_DAY
        number -= is_working_day(day, place)
    return day


def months_after(day: date, number: int) -> date:
    """The same date `number` months on, or the last of that month where it has no such date."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due(law: Law, counts_from: datetime, *, not_counted: int = 0, longer: bool = False) -> datetime:
    """When `law`'s limit is over that counts from `counts_from`.

    `not_counted` are days on which it stood still; `longer` adds what the law allows for a reason.
    """
    number, unit = int(law.target.split()[0]), law.target.split()[1]
    if longer and law.longer:
        number += int(law.longer.split()[0])
    if unit == "h":
        return counts_from.astimezone(UTC) + timedelta(hours=number)
    day = on_wall(counts_from)
    match unit:
        case "wd":
            day = working_days_after(day, number, law.working_days)
        case "mo":
            day = months_after(day, number)
        case _:
            day += timedelta(days=number * (7 if unit == "wk" else 1) - law.first_day_counts)
    day += timedelta(days=not_counted)
    while law.rolls and not is_working_day(day, law.working_days):
        day += ONE_DAY
    return end_of(day)


def last_minute(law: Law, due_at: datetime) -> datetime:
    """`due_at` as it is told to people: a limit in days that ends at midnight ends in the last minute of that day."""
    return due_at if law.target.endswith(" h") else due_at - timedelta(minutes=1)


def started_by(laws: Mapping[str, Law], statutory: str | None, priority: str) -> list[str]:
    """The limits that begin when such a contact arrives."""
    return [
        key
        for key, law in laws.items()
        if law.statutory == statutory and law.starts and law.urgent in (None, priority in URGENT)
    ]


def left_in_words(law: Law, due_at: datetime, now: datetime) -> str:
    """How much is left until `due_at`, in the law's own unit: "6 working days left", "due today"."""
    unit = law.target.split()[1]
    if unit == "h":
        minutes = int((due_at - now).total_seconds() // 60)
        hours = minutes // 60
        return _count(hours, "hour") if hours else _count(minutes, "minute")
    today, last = on_wall(now), on_wall(due_at - timedelta(microseconds=1))
    days = [today + ONE_DAY * n for n in range(1, (last - today).days + 1)]
    if unit == "wd":
        return _count(sum(is_working_day(day, law.working_days) for day in days), "working day")
    return _count(len(days), "day")


def _count(number: int, unit: str) -> str:
    if not number and "day" in unit:
        return "due today"
    return f"{number} {unit}{'' if number == 1 else 's'} left"
