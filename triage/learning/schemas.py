"""What the pages of sorting are given to show."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from triage.learning.repository import Beside
from triage.learning.rules import percent
from triage.shares import Share
from triage.sorters.contract import Score
from triage.tables import LearnedExample, LearningChange, LearningJob, SortingRule

# Below this many a share says nothing: one contact more would turn it round.
FEWEST = 30


def between(some: int, n: int) -> str:
    """A share with its 95% interval: 5.6%, between 3.8% and 8.2%."""
    share = Share(some, n)
    low, high = share.interval
    return f"{percent(share.value)}, between {percent(low)} and {percent(high)}"


@dataclass(frozen=True)
class Put:
    """Of what sorting put somewhere by itself and people have settled: how much was in the wrong queue."""

    name: str
    settled: int
    wrong: int

    @property
    def share(self) -> Share | None:
        """The misroute rate; None when nothing was settled."""
        return Share(self.wrong, self.settled) if self.settled else None

    @property
    def percent(self) -> str:
        """The rate as it is shown; of few it would be chance."""
        if not self.settled:
            return "–"
        return percent(self.wrong / self.settled) if self.settled >= FEWEST else "too few to say"

    @property
    def bounds(self) -> str:
        """Where the rate may well lie: 3.8% to 8.2%."""
        if self.share is None or self.settled < FEWEST:
            return "–"
        low, high = self.share.interval
        return f"{percent(low)} to {percent(high)}"


@dataclass(frozen=True)
class Confusion:
    """A service that was taken for another, and the queues."""

    service: str
    to_service: str
    queue: str
    to_queue: str
    n: int


@dataclass(frozen=True)
class Week:
    """One week, by its Monday."""

    monday: date
    put: Put
    held: int


@dataclass(frozen=True)
class VersionLine:
    """A sorter that was trained here."""

    version: str
    state: str
    trained_at: datetime
    promoted_at: datetime | None
    examples: int
    corrections: int
    score: Score
    live_score: Score
    live_version: str
    instead_of: str | None
    refusals: tuple[str, ...]


@dataclass(frozen=True)
class SortingPage:
    """The page of sorting."""

    days: int
    put: Put
    by_hand: int
    decided: int
    held: int
    services: list[Put]
    queues: list[Put]
    confusions: list[Confusion]
    weeks: list[Week]
    beside: Beside | None
    shadow: VersionLine | None
    live: VersionLine | None
    live_name: str
    built_name: str
    versions: list[VersionLine]
    waiting: int
    accepted: int
    most_accepted: int
    job: LearningJob | None
    changes: list[tuple[LearningChange, str, str]]


@dataclass(frozen=True)
class ExamplesPage:
    """The examples that wait for a person."""

    waiting: list[LearnedExample]
    count: int
    accepted: int
    queues: list[tuple[str, str]]
    services: list[tuple[str, str]]


@dataclass(frozen=True)
class RuleLine:
    """A rule as it is listed: what it says in a sentence, and whether it is on."""

    row: SortingRule
    by: str
    words: str
    now: str


@dataclass(frozen=True)
class RulePage:
    """One rule, how it was tried, and what came of it."""

    line: RuleLine
    job: LearningJob | None
    found: dict[str, Any] = field(default_factory=dict)
    may_switch_on: bool = False
