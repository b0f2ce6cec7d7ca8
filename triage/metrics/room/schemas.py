"""What the owner's page is asked for, and what it is given to show."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pydantic import Field

from triage.metrics.periods import By, Period, period_of
from triage.metrics.room.change import Verdict
from triage.metrics.room.drawing import Drawing
from triage.metrics.room.holding import Held
from triage.metrics.room.weighing import Corrected
from triage.metrics.room.why import Mover
from triage.metrics.schemas import Filters, Row
from triage.metrics.statistics.nonresponse import Group
from triage.shares import Share
from triage.tables import Annotation, OwnerSubscription, SavedView

Kind = Literal["event", "service", "question", "counting"]
# What a note is about: in the list and in files, and with an example for whoever writes one.
KINDS: dict[Kind, str] = {
    "event": "Something that happened",
    "service": "The service changed",
    "question": "The question changed",
    "counting": "The way of counting changed",
}
EXAMPLES: dict[Kind, str] = {"event": "a strike, a storm", "service": "a new round, new opening hours"}

MONTH = r"^$|^[12]\d{3}-(0[1-9]|1[0-2])$"


class View(Filters):
    """What to show, kept in the address so that it can be sent to somebody. '' is all of them."""

    partner: str = Field(default="", max_length=80)
    channel: str = Field(default="", max_length=80)
    # Shown by whole quarters, alone or with a service: room/ward.py says why.
    ward: str = Field(default="", max_length=80)
    # The first and last month, such as 2016-03.
    since: str = Field(default="", pattern=MONTH)
    until: str = Field(default="", pattern=MONTH)

    @property
    def nobodys(self) -> bool:
        """Whether it is what was made up, under the name of whoever really does the work: no page shows that."""
        return self.source == "demo" and bool(self.partner)

    @property
    def first(self) -> date | None:
        """The first day to show."""
        return date.fromisoformat(f"{self.since}-01") if self.since else None

    @property
    def last(self) -> date | None:
        """The last day to show."""
        if not self.until:
            return None
        return Period(date.fromisoformat(f"{self.until}-01"), "month").end

    @property
    def whole(self) -> tuple[date | None, date | None]:
        """The first and last day of the whole quarters in which the view begins and ends.

        A quarter that is shown is the whole one, as the public report and the open data have it under the same name.
        """
        first, last = self.first, self.last
        return first and period_of(first, "quarter").start, last and period_of(last, "quarter").end

    def has(self, period: Period) -> bool:
        """Whether a month or a quarter is shown: of quarters every one of which a month was asked for."""
        first, last = (self.first, self.last) if self.by == "month" else self.whole
        return (first is None or period.start >= first) and (last is None or period.end <= last)


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answered, of those who were asked in the newest period, and what weighting makes of the figure."""

    rate: Share
    services: tuple[tuple[str, Group], ...]
    channels: tuple[tuple[str, Group], ...]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A note with its number on the chart, whether or not its month is drawn; what kind it is, and who wrote it."""

    number: int
    note: Annotation
    kind: str
    # The role of whoever wrote it, not their name.
    by: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the newest period: by service, queue, partner or channel."""

    kind: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """Everything on the owner's page."""

    sentences: tuple[str, ...]
    verdict: Verdict
    drawings: tuple[Drawing, ...]
    months: tuple[Row, ...]
    # What each month was held against, by its code.
    held: dict[str, Held]
    # What each row of `periods` is, and whether some of it was counted by quarter, so that there are no months.
    by: By
    quarterly: bool
    periods: tuple[Row, ...]
    headline: Row | None
    movers: tuple[Mover, ...]
    # Whether any part of it could be compared with a year before.
    compared: bool
    advice: tuple[tuple[str, str], ...]
    # Whether there was anything to go by, for what nobody is advised of.
    judged: bool
    tables: tuple[Table, ...]
    answering: Answering | None
    corrected: Corrected | None
    notes: tuple[Numbered, ...]
    views: tuple[SavedView, ...]
    subscription: OwnerSubscription | None
    counted_up_to: datetime | None
    # The first and last day of past figures that files brought in; they are looked at apart.
    past: tuple[date, date] | None
    # (value, label) of everything that can be chosen, by the name of the filter.
    choices: dict[str, tuple[tuple[str, str], ...]]
