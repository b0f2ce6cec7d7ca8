"""Opening hours and working time: which moments count, and when a promised answer falls due. Pure.

Hours are written as a person reads a clock in the council's area and are worked out in UTC, so the hour that
daylight saving takes or gives is never counted twice. Bank holidays come from the `holidays` package.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import holidays

from triage.catalogue import catalogue
from triage.clock import LONDON
from triage.content import Calendar

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# P0 and P1 mean harm today: what is promised in minutes, hours or days runs by night and at weekends too.
URGENT = ("P0", "P1")
# A resident who waits in the chat is answered in this time, whatever the queue promises for a written answer
# (a proposal: Enfield publishes 3 minutes' wait for its own residents).
LIVE_FIRST = timedelta(minutes=3)
# An urgent contact is looked at within this time by the clock, even on a queue that promises working days: P0 as
# the safeguarding queues do, P1 the longest that any queue names for danger (proposals).
URGENT_FIRST = {"P0": timedelta(minutes=5), "P1": timedelta(hours=1)}
# A calendar with no opening in this many days is a mistake in data/, not a long closure.
FARTHEST = 400

_TARGET = re.compile(r"(\d+) (min|h|d|wd|wk)")
_SUBDIVISIONS = {"england": "ENG", "scotland": "SCT", "wales": "WLS", "northern_ireland": "NIR"}


class NeverOpens(RuntimeError):
    """A calendar in data/ has no opening hours in more than a year."""


@lru_cache
def bank_holidays(place: str, year: int) -> frozenset[date]:
    """The bank holidays of a part of the United Kingdom in one year, substitutes included.

    Raises KeyError for a place that is not england, scotland, wales or northern_ireland.
    """
    return frozenset(holidays.country_holidays("GB", subdiv=_SUBDIVISIONS[place], years=year))


def _moment(day: date, clock_time: str) -> datetime:
    """A time on the wall as UTC. '24:00' is the end of the day."""
    hour, minute = (int(part) for part in clock_time.split(":"))
    if hour == 24:
        day, hour = day + timedelta(days=1), 0
    return datetime.combine(day, time(hour, minute), tzinfo=LONDON).astimezone(UTC)


def _day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()


@dataclass(frozen=True)
class Opening:
    """When one calendar is open. Every moment that goes in carries a time zone; every one that comes out is UTC."""

    calendar: Calendar

    def spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """The opening spans that begin on `day`, earliest first; empty when closed."""
        calendar = self.calendar
        if day in calendar.closed:
            return []
        if calendar.bank_holidays and day in bank_holidays(calendar.bank_holidays, day.year):
            return []
        written: tuple[str, ...] = getattr(calendar, WEEKDAYS[day.weekday()])
        found = [span.split("-") for span in written]
        return sorted((_moment(day, opens.strip()), _moment(day, shuts.strip())) for opens, shuts in found)

    def _spans_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Every span that ends after `moment`. Raises NeverOpens when there is none for more than a year."""
        day, silent = _day(moment), 0
        while silent < FARTHEST:
            spans = self.spans(day)
            silent = 0 if spans else silent + 1
            yield from (span for span in spans if span[1] > moment)
            day += timedelta(days=1)
        raise NeverOpens(self.calendar.name or "a calendar")

    def is_working_day(self, day: date) -> bool:
        """Whether there is any opening on `day`."""
        return bool(self.spans(day))

    def is_open(self, moment: datetime) -> bool:
        """Whether `moment` is within an opening span; the closing minute itself is closed."""
        return any(opens <= moment < shuts for opens, shuts in self.spans(_day(moment)))

    def next_opening(self, moment: datetime) -> datetime:
        """When it opens next: `moment` itself while it is open. Raises NeverOpens."""
        opens, _ = next(self._spans_from(moment))
        return max(opens, moment.astimezone(UTC))

    def next_closing(self, moment: datetime) -> datetime:
        """When the present span ends, or the next one if it is closed now. Raises NeverOpens."""
        return next(self._spans_from(moment))[1]

    def add_working_days(self, moment: datetime, days: int) -> datetime:
        """The close of the `days`th working day after the one on which `moment` counts as received.

        What comes after closing, or on a day off, counts as received on the next working day. 0 days is the
        close of the day of receipt. Raises NeverOpens.
        """
        day = _day(self.next_opening(moment))
        for _ in range(days):
            day = _day(next(self._spans_from(_moment(day, "24:00")))[0])
        return self.spans(day)[-1][1]

    def add_open_time(self, moment: datetime, length: timedelta) -> datetime:
        """`length` of opening time after `moment`. Raises NeverOpens."""
        left = length
        for opens, shuts in self._spans_from(moment):
            start = max(opens, moment)
            if shuts - start >= left:
                return (start + left).astimezone(UTC)
            left -= shuts - start
        raise NeverOpens  # pragma: no cover - the iterator raises first

    def open_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Opening time from `start` to `end`; zero when `end` is not after `start`."""
        total = timedelta()
        day = _day(start)
        while day <= _day(end):
            for opens, shuts in self.spans(day):
                total += max(min(shuts, end) - max(opens, start), timedelta())
            day += timedelta(days=1)
        return total


def opening(calendar_name: str) -> Opening:
    """The opening hours of a calendar of this council's calendars.toml. Raises KeyError for an unknown name."""
    return Opening(catalogue().calendars[calendar_name])


def due(start: datetime, target: str, hours: Opening, priority: str = "P3") -> datetime:
    """When a `target` such as '15 min', '4 h', '14 d', '2 wd' or '8 wk' that began at `start` falls due.

    Minutes and hours are opening time, days and weeks are days on the wall at the same time of day, and working
    days end at closing time. For P0 and P1 minutes and hours run on without stopping. Raises ValueError for a
    target that cannot be read, and NeverOpens.
    """
    found = _TARGET.fullmatch(target)
    if not found:
        raise ValueError(f"not a target: {target!r}")
    number, unit = int(found[1]), found[2]
    if unit == "wd":
        return hours.add_working_days(start, number)
    if unit in ("d", "wk"):
        here = start.astimezone(LONDON)
        days = timedelta(days=number * (7 if unit == "wk" else 1))
        return datetime.combine(here.date() + days, here.time(), tzinfo=LONDON).astimezone(UTC)
    length = timedelta(minutes=number) if unit == "min" else timedelta(hours=number)
    return start.astimezone(UTC) + length if priority in URGENT else hours.add_open_time(start, length)


def clocks(queue: str, priority: str, start: datetime, live: bool = False) -> tuple[datetime, datetime]:
    """When a contact that joins `queue` at `start` needs its first answer, and when it must be settled.

    The first answer has the shortest of what applies: the queue's own promise, an urgent priority's, and that of a
    resident who is waiting in the chat (`live`). Raises KeyError for a queue that is not in queues.toml.
    """
    rule = catalogue().queues[queue]
    hours = opening(rule.calendar)
    first = [due(start, rule.first, hours, priority)]
    if rule.urgent_first and priority <= "P2":
        first.append(due(start, rule.urgent_first, hours, priority))
    if live:
        first.append(start.astimezone(UTC) + LIVE_FIRST)
    if priority in URGENT_FIRST:
        first.append(start.astimezone(UTC) + URGENT_FIRST[priority])
    return min(first), due(start, rule.settle, hours, priority)
