"""What the owner's page is asked for, and what it is given to show."""

from dataclasses import dataclass
from datetime import date, datetime

from pydantic import Field

from triage.metrics.periods import Period, period_of
from triage.metrics.room.change import Verdict
from triage.metrics.room.drawing import Drawing
from triage.metrics.room.weighing import Corrected
from triage.metrics.room.why import Mover
from triage.metrics.schemas import Filters, Row
from triage.metrics.statistics.nonresponse import Group
from triage.shares import Share
from triage.tables import Annotation, OwnerSubscription, SavedView

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

    def within(self, period: Period, years_before: int = 0) -> tuple[date, date]:
        """The first and last day of a period that are in view, or the same days of years before.

        A quarter of which two months are in view is set beside the same two months of a year ago. Where nothing of it
        is in view the first day comes after the last.
        """
        start = max(period.start, self.first or period.start)
        end = min(period.end, self.last or period.end)
        for _ in range(years_before):
            start = period_of(start, "month").year_before().start
            end = period_of(end, "month").year_before().end
        return start, end


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answered, of those who were asked in the newest period, and what weighting makes of the figure."""

    rate: Share
    services: tuple[tuple[str, Group], ...]
    channels: tuple[tuple[str, Group], ...]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A note with its number on the chart, whether or not its month is drawn."""

    number: int
    note: Annotation


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
    periods: tuple[Row, ...]
    headline: Row | None
    movers: tuple[Mover, ...]
    advice: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    answering: Answering | None
    corrected: Corrected | None
    notes: tuple[Numbered, ...]
    views: tuple[SavedView, ...]
    subscription: OwnerSubscription | None
    counted_up_to: datetime | None
    # (value, label) of everything that can be chosen, by the name of the filter.
    choices: dict[str, tuple[tuple[str, str], ...]]
