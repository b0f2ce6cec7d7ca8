"""What a figure is asked for, what it is made from, and what it is."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from triage.metrics.counting.measures import MEASURES, Subject

Unit = Literal["share", "minutes", "pounds", "count"]
Better = Literal["higher", "lower", "neither"]
Source = Literal["live", "demo", "import"]
# By what a figure can be broken down, besides time; the last three are groups of people.
Column = Literal["service", "queue", "partner", "channel"]
Dimension = Literal["ward", "language", "need"]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which facts: from `start` to `end`, both included; '' is all of them. The sources are never added together.

    A ward, language or need picks one group of people, and at most one of the three can be asked for.
    """

    start: date
    end: date
    source: Source = "live"
    service: str = ""
    queue: str = ""
    partner: str = ""
    channel: str = ""
    ward: str = ""
    language: str = ""
    need: str = ""

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise ValueError(f"{self.start} is after {self.end}")
        if bool(self.ward) + bool(self.language) + bool(self.need) > 1:
            raise ValueError("one of ward, language and need at a time: facts are not counted for two groups at once")
        if self.ward and (self.queue or self.partner or self.channel):
            raise ValueError("wards are counted by service alone, and not by queue, partner or channel")

    @property
    def group(self) -> tuple[str, str]:
        """The dimension and the member of it whose facts are read; ('', '') for everybody."""
        for dimension in ("ward", "language", "need"):
            if member := getattr(self, dimension):
                return dimension, member
        return "", ""


class Counted(NamedTuple):
    """One sum of facts. `channel` and `month` are empty unless the figure is worked out by them."""

    measure: str
    level: str
    n: int
    channel: str = ""
    month: date | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted, added up: the whole of what a figure may know."""

    rows: tuple[Counted, ...] = ()

    @classmethod
    def of(cls, counted: Mapping[tuple[str, str], int]) -> "Counts":
        """From {(measure, level): count}."""
        return cls(tuple(Counted(measure, level, count) for (measure, level), count in counted.items()))

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.rows + other.rows)

    def one(self, measure: str, *levels: str) -> int:
        """How many of a measure; of these levels, if any are named."""
        return sum(row.n for row in self.rows if row.measure == measure and (not levels or row.level in levels))

    def levels(self, measure: str) -> dict[str, int]:
        """How many at each level of a measure."""
        found: dict[str, int] = {}
        for row in self.rows:
            if row.measure == measure:
                found[row.level] = found.get(row.level, 0) + row.n
        return found


@dataclass(frozen=True, slots=True)
class Value:
    """A figure's value with its 95% interval, or the reason why there is none (`why`).

    `numerator` of `n` for a share; `n` is always what it rests on. `parts` are the counts that are shown beside it, by
    the words that people read. Nothing is suppressed here: whoever shows it does that (metrics/statistics).
    """

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    numerator: int | None = None
    parts: tuple[tuple[str, int], ...] = ()
    why: str = ""
    # Some of what it counts can still change: a resident may come back within 14 days, a contact is still open.
    provisional: bool = False


NOTHING = "nothing to count"


@dataclass(frozen=True, slots=True)
class Definition:
    """A figure: what it is called, what it counts, and how it is worked out. Shown beside every value of it."""

    id: str
    name: str
    sentence: str = field(metadata={"doc": "What is counted, in one plain sentence."})
    numerator: str
    denominator: str
    unit: Unit
    better: Better
    source: str
    caveat: str
    # The facts that it needs, and the arithmetic.
    measures: tuple[str, ...]
    figure: Callable[[Counts], Value]
    # It is worked out for each channel and month, because what it multiplies by differs by them.
    by_channel: bool = False
    # For so many days after a day its counts may still change.
    settles_after_days: int = 0
    # And for as long again as people have to answer, where a council sets that: known when it is read, and not before.
    answers_take_days: Callable[[], int] | None = None
    # What must have come to be besides, however long it takes: the figure itself says whether it has.
    settles_when: str = ""
    # Its facts are counted for groups of people too, so it has a ward, language and need.
    for_groups: bool = False
    # By what it is set side by side: by channel not where it is of one channel alone, or compares channels itself.
    side_by: tuple[Column, ...] = ("service", "channel", "partner")

    @property
    def settles_in(self) -> int:
        """For how many days after its last day it may still change."""
        return self.settles_after_days + (self.answers_take_days() if self.answers_take_days else 0)

    @property
    def final(self) -> str:
        """When it changes no more, to stand after "it is final"; empty: as soon as its last day is over."""
        days = f"{self.settles_in} days after its last day" if self.settles_in else ""
        return " and ".join(part for part in (days, self.settles_when) if part)

    @property
    def of_answers(self) -> bool:
        """Whether it is made of what people answered, so that it says something else once they are asked otherwise."""
        return bool(set(self.measures) & set(MEASURES[Subject.ANSWERS]))

    @property
    def can_be_judged(self) -> bool:
        """Whether it has one value of which more, or less, is better: what a target and a report's indicator need."""
        return self.better != "neither" and self.unit in ("share", "minutes")


def named(definitions: Iterable[Definition]) -> dict[str, Definition]:
    """Definitions by id. Raises ValueError when two share one."""
    found: dict[str, Definition] = {}
    for definition in definitions:
        if definition.id in found:
            raise ValueError(f"two figures are called {definition.id}")
        found[definition.id] = definition
    return found
