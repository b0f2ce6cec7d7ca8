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
from triage.timetable import WEEKDAYS, Calendar, Queue

# P0 and P1 mean harm today: what is promised in minutes, hours or days runs by night and at weekends too.
URGENT = ("P0", "P1")
# A resident who waits in the chat is answered in this time, whatever the queue promises for a written answer
# (a proposal: Enfield publishes 3 minutes' wait for its own residents).
LIVE_FIRST = timedelta(minutes=3)
# An urgent contact is looked at within this time by the clock, even on a queue that promises working days: P0 as
# the safeguarding queues do, P1 the longest that any queue names for danger (proposals).
URGENT_FIRST = {"P0": timedelta(minutes=5), "P1": timedelta(hours=1)}
NO_TIME = timedelta()
# A promise of a few minutes is near while there is time left to keep it.
NEAR_AT_LEAST = timedelta(minutes=2)
# A calendar with no opening in this many days is a mistake in data/, not a long closure.
FARTHEST = 400

_TARGET = re.compile(r"(\d+) (min|h|d|wd|wk)")
_SUBDIVISIONS = {"england": "ENG", "scotland": "SCT", "wales": "WLS", "northern_ireland": "NIR"}


class NeverOpens(RuntimeError):
    """A calendar in data/ has no opening hours in more than a year."""


@lru_cache
def bank_holidays(place: str, year: int) -> frozenset[date]:
    """The bank holidays of a part of the United Kingdom in one year, substitutes included; "uk": of any part of it.

    Raises KeyError for any other place.
    """
    if place == "uk":
        return frozenset().union(*(bank_holidays(part, year) for part in _SUBDIVISIONS))
    return frozenset(holidays.country_holidays("GB", subdiv=_SUBDIVISIONS[place], years=year))


def _moment(day: date, clock_time: str) -> datetime:
    """A time on the wall as UTC. '24:00' is the end of the day."""
    hour, minute = (int(part) for part in clock_time.split(":"))
    if hour == 24:
        day, hour = day + timedelta(days=1), 0
    return datetime.combine(day, time(hour, minute), tzinfo=LONDON).astimezone(UTC)


def _day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()


@lru_cache(maxsize=10_000)
def _spans(calendar: Calendar, day: date) -> tuple[tuple[datetime, datetime], ...]:
    """See Opening.spans. A promise of weeks asks for each of its days, and a busy day makes thousands of promises."""
    closures = [closure for closure in calendar.closed if closure.covers(day)]
    if any(closure.whole for closure in closures):
        return ()
    if calendar.bank_holidays and day in bank_holidays(calendar.bank_holidays, day.year):
        return ()
    written: tuple[str, ...] = getattr(calendar, WEEKDAYS[day.weekday()])
    spans = []
    for opens, shuts in (span.split("-") for span in written):
        # Times of day are written with two figures, so they compare as they stand.
        opens = max([opens, *(closure.opens for closure in closures if closure.opens)])
        shuts = min([shuts, *(closure.closes for closure in closures if closure.closes)])
        if opens < shuts:
            spans.append((_moment(day, opens), _moment(day, shuts)))
    # An opening that lies in the hour which summer time skips has no time in it.
    return tuple(sorted(span for span in spans if span[0] < span[1]))


@dataclass(frozen=True)
class Opening:
    """When one calendar is open. Every moment that goes in carries a time zone; every one that comes out is UTC."""

    calendar: Calendar

    def spans(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The opening spans that begin on `day`, earliest first; empty when closed."""
        return _spans(self.calendar, day)

    def _spans_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Every span that ends after `moment`. Raises NeverOpens when there is none for more than a year."""
        day, silent = _day(moment), 0
        while silent < FARTHEST:
            spans = self.spans(day)
            silent = 0 if spans else silent + 1
            yield from (span for span in spans if span[1] > moment)
            day += timedelta(days=1)
        raise NeverOpens(self.calendar.name or "a calendar")

    @property
    def never_shuts(self) -> bool:
        """Whether it is open day and night, every day: then its hours are those of any clock."""
        plain = self.calendar
        return not (plain.closed or plain.bank_holidays) and all(
            getattr(plain, weekday) == ("00:00-24:00",) for weekday in WEEKDAYS
        )

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


@dataclass(frozen=True)
class Promise:
    """What is promised: the target in words, the calendar that counts it (None: the clock alone), and when it is due.

    `warn` is when the desk is told that it is near.
    """

    rule: str
    calendar: str | None
    due: datetime
    warn: datetime


def counting(calendar_name: str | None) -> Opening | None:
    """What counts a promise's time: a calendar's opening hours, or None for the clock alone."""
    if calendar_name is None:
        return None
    # A council may give a calendar up while contacts are open; its own hours then count in its place.
    known = catalogue().calendars
    return Opening(known.get(calendar_name) or known[str(catalogue().council["calendar"])])


def counted_between(hours: Opening | None, start: datetime, end: datetime) -> timedelta:
    """The time from `start` to `end` as `hours` counts it; zero when `end` is not after `start`."""
    return hours.open_time_between(start, end) if hours else max(end - start, timedelta())


def counted_on(hours: Opening | None, moment: datetime, length: timedelta) -> datetime:
    """`length` after `moment` as `hours` counts it. No length leaves the moment as it is. Raises NeverOpens."""
    if not length:
        return moment
    return hours.add_open_time(moment, length) if hours else moment.astimezone(UTC) + length


def warn_at(hours: Opening | None, start: datetime, end: datetime, left: timedelta | None = None) -> datetime:
    """When no more than `left` remains of the time from `start` to `end`; without `left`, its last quarter.

    A quarter of less than two minutes is two minutes. Never before `start`.
    """
    total = counted_between(hours, start, end)
    before = max(total - (NEAR_AT_LEAST if left is None else left), timedelta())
    if left is None:
        before = min(total * 3 / 4, before)
    return counted_on(hours, start, before)


def runs_by_clock(target: str, priority: str) -> bool:
    """Whether a target runs by night and on days off too: days and weeks do, for P0 and P1 hours as well."""
    unit = target.split()[1]
    return unit in ("d", "wk") or (unit in ("min", "h") and priority in URGENT)


def length_of(text: str) -> timedelta:
    """A length such as '30 min' or '2 h'."""
    number, unit = text.split()
    return timedelta(minutes=int(number)) if unit == "min" else timedelta(hours=int(number))


def _promise(start: datetime, target: str, queue: Queue, priority: str) -> Promise:
    hours = opening(queue.calendar)
    end = due(start, target, hours, priority)
    by_clock = runs_by_clock(target, priority)
    left = length_of(queue.warn) if queue.warn else None
    calendar = None if by_clock else queue.calendar
    return Promise(target, calendar, end, warn_at(None if by_clock else hours, start, end, left))


def _within(start: datetime, length: timedelta) -> Promise:
    """What is promised by the clock alone, whatever the queue promises."""
    end = start.astimezone(UTC) + length
    return Promise(f"{int(length.total_seconds() // 60)} min", None, end, warn_at(None, start, end))


def promised(queue: str, priority: str, start: datetime, live: bool = False) -> tuple[Promise, Promise]:
    """What is promised to a contact that joins `queue` at `start`: its first answer, and that it is settled.

    The first answer has the shortest of what applies: the queue's own promise, an urgent priority's, and that of a
    resident who is waiting in the chat (`live`). Raises KeyError for a queue that is not in queues.toml.
    """
    rule = catalogue().queues[queue]
    first_target, settle_target = rule.targets(priority)
    first = [_promise(start, first_target, rule, priority)]
    if rule.urgent_first and priority <= "P2":
        first.append(_promise(start, rule.urgent_first, rule, priority))
    if live:
        first.append(_within(start, LIVE_FIRST))
    if priority in URGENT_FIRST:
        first.append(_within(start, URGENT_FIRST[priority]))
    return min(first, key=lambda promise: promise.due), _promise(start, settle_target, rule, priority)


def clocks(queue: str, priority: str, start: datetime, live: bool = False) -> tuple[datetime, datetime]:
    """When what is `promised` falls due: the first answer, and that it is settled. Raises as `promised`."""
    first, settle = promised(queue, priority, start, live)
    return first.due, settle.due
