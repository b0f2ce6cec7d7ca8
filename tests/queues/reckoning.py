"""What a contact's clocks should be, reckoned a second time from what was done to it, and by nothing of ours.

Nothing here is imported from triage. Targets, opening hours and partners are read from the council's own files;
time is walked minute by minute; bank holidays are written out. It knows the rules as docs/decisions tells them.
"""

import tomllib
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

WALL = ZoneInfo("Europe/London")
MINUTE = timedelta(minutes=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ENGLAND = {date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29)}
# 2 January 2027 is a Saturday, and Scotland's holiday for it the Monday after; Northern Ireland has 17 March.
ANYWHERE = ENGLAND | {date(2027, 1, 4), date(2027, 3, 17)}
# (days of the law, whose holidays): to the end of the last of them, the day of arrival not counted.
WORKING_DAYS = {
    "foi": (20, ANYWHERE),
    "foi_review": (20, ANYWHERE),
    "complaint_acknowledge": (5, ENGLAND),
    "complaint": (10, ENGLAND),
    "complaint_stage_2": (20, ENGLAND),
    "hazard_investigate": (10, ENGLAND),
}
NEXT = {"foi": "foi_review", "complaint": "complaint_stage_2"} | {
    kind: kind for kind in ("hazard_investigate", "hazard_emergency")
}


@dataclass
class Reckoned:
    """One clock as it should be. Moments are UTC; `left` is what a pause has kept from it."""

    kind: str
    queue: str
    partner: str | None
    began: datetime
    due: datetime
    by_clock: bool
    counts_from: datetime
    stood: int = 0
    paused: datetime | None = None
    met: datetime | None = None
    breached: datetime | None = None
    ended: datetime | None = None

    @property
    def runs(self) -> bool:
        return not (self.met or self.breached or self.ended or self.paused)

    def row(self) -> tuple[Any, ...]:
        return (self.kind, self.queue, self.partner, self.began, self.due, self.met, self.breached, self.ended)


class Minutes:
    """The open minutes of a calendar from `first` on, found one by one."""

    def __init__(self, calendar: dict[str, Any], first: datetime, days: int) -> None:
        self.open = [
            first + MINUTE * number
            for number in range(days * 24 * 60)
            if self._open(calendar, (first + MINUTE * number).astimezone(WALL))
        ]

    @staticmethod
    def _open(calendar: dict[str, Any], wall: datetime) -> bool:
        if calendar.get("bank_holidays") and wall.date() in ENGLAND:
            return False
        hour = f"{wall:%H:%M}"
        return any(
            opens <= hour < shuts
            for opens, shuts in (span.split("-") for span in calendar.get(WEEKDAYS[wall.weekday()], ()))
        )

    def between(self, start: datetime, end: datetime) -> int:
        return bisect_left(self.open, end) - bisect_left(self.open, start)

    def after(self, start: datetime, minutes: int) -> datetime:
        """The end of the last of so many open minutes from `start` on."""
        return self.open[bisect_left(self.open, start) + minutes - 1] + MINUTE if minutes else start

    def working_days(self, start: datetime, days: int) -> datetime:
        """The end of the last open minute of the day that is `days` after the day of receipt."""
        at = bisect_left(self.open, start)
        day = self.open[at].astimezone(WALL).date()
        while True:
            ahead = self.open[at]
            if ahead.astimezone(WALL).date() != day:
                if not days:
                    return self.open[at - 1] + MINUTE
                day, days = ahead.astimezone(WALL).date(), days - 1
            at += 1


@dataclass
class Council:
    """The council's own files, and its open minutes."""

    folder: Path
    first: datetime
    days: int
    minutes: dict[str, Minutes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.queues = self._read("queues.toml")
        self.calendars = self._read("calendars.toml")
        self.run_by = self._read("partners.toml")["run_by"]
        self.profile = self._read("council.toml")["profile"]

    def _read(self, name: str) -> dict[str, Any]:
        return tomllib.loads((self.folder / name).read_text(encoding="utf-8"))

    def of(self, queue: str) -> Minutes:
        name = self.queues[queue]["calendar"]
        if name not in self.minutes:
            self.minutes[name] = Minutes(self.calendars[name], self.first, self.days)
        return self.minutes[name]

    def partner(self, queue: str, moment: datetime) -> str | None:
        day = moment.astimezone(WALL).date()
        for row in self.run_by:
            ours = row["profile"] == self.profile and row["queue"] == queue
            if ours and row["from"] <= day <= row.get("to", date.max):
                return str(row["partner"])
        return None

    def _due(self, queue: str, target: str, priority: str, start: datetime) -> tuple[datetime, bool]:
        number, unit = int(target.split()[0]), target.split()[1]
        urgent = priority in ("P0", "P1")
        if unit == "wd":
            return self.of(queue).working_days(start, number), False
        if unit in ("d", "wk"):
            # No change of the clocks lies in these weeks.
            return start + timedelta(days=number * (7 if unit == "wk" else 1)), True
        minutes = number * (60 if unit == "h" else 1)
        if urgent:
            return start + MINUTE * minutes, True
        return self.of(queue).after(start, minutes), False

    def promises(self, queue: str, priority: str, live: bool, start: datetime) -> list[tuple[str, datetime, bool]]:
        """(kind, due, counted by the clock alone) of the first answer and of settling."""
        rule = self.queues[queue]
        own = rule.get("P1", {}) | rule.get("P0", {}) if priority == "P0" else rule.get(priority, {})
        first = [self._due(queue, own.get("first", rule["first"]), priority, start)]
        if priority in ("P0", "P1", "P2") and "urgent_first" in rule:
            first.append(self._due(queue, rule["urgent_first"], priority, start))
        if live:
            first.append((start + 3 * MINUTE, True))
        if priority in ("P0", "P1"):
            first.append((start + {"P0": 5, "P1": 60}[priority] * MINUTE, True))
        settle = self._due(queue, own.get("settle", rule["settle"]), priority, start)
        return [("first", *min(first)), ("settle", *settle)]


def limit(kind: str, counts_from: datetime, not_counted: int) -> datetime:
    """When a limit of the law is over."""
    if kind == "hazard_emergency":
        return counts_from + timedelta(hours=24)
    day = counts_from.astimezone(WALL).date()
    if kind in WORKING_DAYS:
        left, holidays = WORKING_DAYS[kind]
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < 5 and day not in holidays
    elif kind == "homelessness":
        day += timedelta(days=55)
    else:
        assert kind == "sar"
        # No month of these weeks lacks the day.
        day = date(day.year + day.month // 12, day.month % 12 + 1, day.day) + timedelta(days=not_counted)
        while day.weekday() >= 5 or day in ENGLAND:
            day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=WALL).astimezone(UTC) + timedelta(days=1)


LAWS = {
    "foi": ["foi"],
    "sar": ["sar"],
    "complaint": ["complaint_acknowledge", "complaint"],
    "homelessness": ["homelessness"],
    None: [],
}


class Reckoning:
    """One contact's clocks from beginning to end, by what was done to it in the order it was done."""

    def __init__(self, council: Council, arrived: datetime, priority: str, live: bool, statutory: str | None) -> None:
        self.council, self.arrived, self.priority, self.live = council, arrived, priority, live
        self.statutory = statutory
        self.queue, self.partner = "", None
        self.clocks: list[Reckoned] = []
        self.first_answer: datetime | None = None
        self.reason, self.until = "", datetime.max.replace(tzinfo=UTC)

    def _now(self) -> list[Reckoned]:
        return [clock for clock in self.clocks if clock.ended is None]

    def _miss(self, now: datetime) -> None:
        """What was due before `now` and ran is missed at the moment it was due."""
        if self.until < now or (self.until == now and self.reason):
            self._go_on(self.until)
        for clock in self._now():
            if clock.runs and clock.due < now:
                clock.breached = clock.due

    def _begin(self, kind: str, at: datetime, due: datetime, by_clock: bool) -> None:
        self.clocks.append(Reckoned(kind, self.queue, self.partner, at, due, by_clock, at))

    def _promise(self, now: datetime) -> None:
        for kind, due, by_clock in self.council.promises(self.queue, self.priority, self.live, now):
            self._begin(kind, now, due, by_clock)

    def queued(self, now: datetime, queue: str) -> None:
        if self.clocks:
            return  # opened again: its clocks began when the resident said so
        self.queue, self.partner = queue, self.council.partner(queue, now)
        self._promise(now)
        if self.statutory == "hazard":
            kinds = ["hazard_emergency" if self.priority in ("P0", "P1") else "hazard_investigate"]
        else:
            kinds = LAWS[self.statutory]
        for kind in kinds:
            self._begin(kind, self.arrived, limit(kind, self.arrived, 0), True)
        self._miss(now)

    def answered(self, now: datetime) -> None:
        self._miss(now)
        if self.first_answer is None:
            self.first_answer = now
        for clock in self._now():
            if clock.kind in ("first", "complaint_acknowledge") and clock.met is None:
                clock.met, clock.paused = self.first_answer, None

    def transferred(self, now: datetime, queue: str) -> None:
        self._miss(now)
        if self.reason:
            self._go_on(now)
            self._miss(now)
        before, self.queue, self.partner = self.partner, queue, self.council.partner(queue, now)
        if before != self.partner:
            self.first_answer = None
            for clock in self._now():
                if clock.kind in ("first", "settle"):
                    clock.ended = now
            for clock in self._now():
                if clock.runs:
                    clock.queue, clock.partner = queue, self.partner
            self._promise(now)
        else:
            for clock in self._now():
                if not clock.runs:
                    continue
                clock.queue, clock.partner = queue, self.partner
                promises = self.council.promises(queue, self.priority, self.live, clock.began)
                for kind, due, by_clock in promises:
                    if kind == clock.kind:
                        clock.by_clock = by_clock
                        clock.due = self._later(clock, due, clock.stood)
        self._miss(now)

    def _later(self, clock: Reckoned, moment: datetime, minutes: int) -> datetime:
        if clock.by_clock:
            return moment + MINUTE * minutes
        return self.council.of(clock.queue).after(moment, minutes)

    def paused(self, now: datetime, reason: str, until: datetime) -> None:
        self._miss(now)
        for clock in self._now():
            may = clock.kind in ("first", "settle") or (clock.kind == "sar" and reason in ("resident", "identity"))
            if clock.runs and may:
                clock.paused = now
        self.reason, self.until = reason, until

    def resumed(self, now: datetime, proved: bool = False) -> None:
        self._miss(now)
        if self.reason:
            self._go_on(now, proved)

    def _go_on(self, at: datetime, proved: bool = False) -> None:
        for clock in self._now():
            if clock.paused is None:
                continue
            if clock.kind == "sar":
                if proved:
                    clock.counts_from, clock.stood = at, 0
                else:
                    clock.stood += (at.astimezone(WALL).date() - clock.paused.astimezone(WALL).date()).days
                clock.due = limit("sar", clock.counts_from, clock.stood)
            else:
                minutes = (
                    int((at - clock.paused) / MINUTE)
                    if clock.by_clock
                    else self.council.of(clock.queue).between(clock.paused, at)
                )
                clock.stood += minutes
                clock.due = self._later(clock, clock.due, minutes)
            clock.paused = None
        self.reason, self.until = "", datetime.max.replace(tzinfo=UTC)

    def closed(self, now: datetime) -> None:
        self._miss(now)
        if self.reason:
            self._go_on(now)
        self._miss(now)
        self.first_answer = self.first_answer or now
        for clock in self._now():
            if clock.met is None:
                clock.met = self.first_answer if clock.kind in ("first", "complaint_acknowledge") else now
        self.closed_at = now

    def reopened(self, now: datetime) -> None:
        self.partner = self.council.partner(self.queue, now)
        self.first_answer, self.live = None, False
        begun = []
        for clock in self._now():
            if clock.kind in ("first", "settle"):
                clock.ended = now
            elif clock.kind in NEXT:
                clock.ended = now
                begun.append(NEXT[clock.kind])
            elif clock.kind != "complaint_acknowledge" and clock.breached is None:
                clock.met, clock.queue, clock.partner = None, self.queue, self.partner
                if clock.due < now:
                    clock.breached = now
        for kind in begun:
            self._begin(kind, now, limit(kind, now, 0), True)
        self._promise(now)

    def over(self, now: datetime) -> list[tuple[Any, ...]]:
        """Every clock there ever was, as it stands in the end."""
        self._miss(now)
        return sorted((clock.row() for clock in self.clocks), key=repr)
