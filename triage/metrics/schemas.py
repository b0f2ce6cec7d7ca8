"""What the owner's pages are asked for, and what they are given to show."""

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from triage.metrics.periods import By, Period
from triage.metrics.rules import Counts, Share

Source = Literal["live", "demo"]
# Past figures are looked at by owners, beside and never in the report.
Viewed = Literal["live", "demo", "import"]


class Filters(BaseModel):
    """What to show, kept in the address so that a view can be sent to somebody. '' is all of them."""

    source: Viewed = "live"
    service: str = Field(default="", max_length=80)
    queue: str = Field(default="", max_length=80)
    by: By = "quarter"

    def address(self, **changes: str) -> str:
        """This view's query string with `changes`, without what is as usual; '' when all of it is."""
        view = self.model_dump() | changes
        usual = type(self)().model_dump()
        said = {key: value for key, value in view.items() if usual.get(key) != value}
        return f"?{urlencode(said)}" if said else ""


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted of one thing in one time: ratings, 'did you get it', and contacts."""

    counts: Counts = field(default_factory=Counts)
    got_it: tuple[int, int, int] = (0, 0, 0)
    invited: int = 0
    answered: int = 0
    arrived: int = 0
    closed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        one, two = self.got_it, other.got_it
        return Tally(
            self.counts + other.counts,
            (one[0] + two[0], one[1] + two[1], one[2] + two[2]),
            self.invited + other.invited,
            self.answered + other.answered,
            self.arrived + other.arrived,
            self.closed + other.closed,
        )

    @property
    def reply_rate(self) -> Share | None:
        """Of those invited on these days, how many have answered; None when nobody was, or it is not known."""
        return Share(self.answered, self.invited) if 0 < self.invited >= self.answered else None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: what it is about, and its figure, or why there is none (`why`)."""

    label: str
    tally: Tally
    share: Share | None
    why: str = ""
    partner: str = ""
    period: Period | None = None
    # The row's own code (2016-q3, missed_bin, Q-WASTE), for files.
    code: str = ""

    @property
    def n(self) -> int:
        """Answers behind the figure. Always shown."""
        return self.tally.counts.n


@dataclass(frozen=True, slots=True)
class Report:
    """One quarter, for everybody."""

    period: Period
    ended: bool
    sentences: tuple[str, ...]
    total: Row
    rows: tuple[Row, ...]
    source: Source
