"""What the content editor's pages are asked for, and what they are given to show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from language.intents.unseen import Line
from triage.checking import Fault
from triage.editing.examples import Crossed
from triage.editing.wording import Sentence

Sort = Literal["attention", "name", "accuracy", "asked", "fell"]
# Stated; not stated because it is past review_by, or because nobody has verified it.
FactState = Literal["stated", "overdue", "unverified"]


class Filters(BaseModel):
    """Which services to list and in what order, kept in the address."""

    q: str = Field(default="", max_length=100)
    sort: Sort = "attention"

    def address(self, **changes: str) -> str:
        """This view's query string with `changes`; '' when all of it is as usual."""
        said = {
            key: value for key, value in (self.model_dump() | changes).items() if value != Filters().model_dump()[key]
        }
        return f"?{urlencode(said)}" if said else ""


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact with its proof, and what is done with it today. `days` are left until review_by, negative when past."""

    key: str
    value: str
    source: str
    href: str
    reviewed_on: date
    review_by: date
    state: FactState
    days: int
    file: str
    used_by: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One service in the list. `why` says in words what needs attention."""

    id: str
    name: str
    summary: str
    examples: int
    overdue: int
    soon: int
    unverified: int
    accuracy: float | None
    serious: int
    to_look_at: int
    asked: int
    fell: int
    why: tuple[str, ...] = ()

    @property
    def hundred(self) -> int | None:
        """How many in every hundred of its examples are read rightly."""
        return None if self.accuracy is None else round(100 * self.accuracy)


@dataclass(frozen=True, slots=True)
class Fallen:
    """A message that fell through, without what says who wrote it. `guesses` are names with a share in 100."""

    at: datetime
    kind: str
    words: str
    guesses: tuple[tuple[str, str, int | None], ...]
    found: str
    after: str


@dataclass(frozen=True, slots=True)
class Pair:
    """What is mistaken for what, with the lines."""

    id: str
    name: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a service says: its sentences of today, and the message as a resident sees it."""

    title: str
    sentences: tuple[Sentence, ...]
    message: Any


@dataclass(frozen=True, slots=True)
class Overview:
    """The list of services, and how the whole content stands. `broken` says why data/ cannot be read, if it cannot."""

    rows: Sequence[ServiceRow]
    every: int
    crossed: Crossed | None
    accuracy: int | None
    broken: str
    faults: Sequence[Fault]
    overdue: int
    soon: int
    fell: int


@dataclass(frozen=True, slots=True)
class ServicePage:
    """Everything about one service."""

    row: ServiceRow
    answer: Said
    details: Sequence[Said]
    facts: Sequence[FactRow]
    examples: Sequence[str]
    crossed: Crossed | None
    changed: int
    mistaken: Sequence[Pair]
    taken_for: Sequence[Pair]
    faults: Sequence[Fault]
    broken: str
    fallen: Sequence[Fallen]


@dataclass(frozen=True, slots=True)
class AnswerDue:
    """An answer whose source somebody should read again: `look_by` is when."""

    service: str
    name: str
    source: str
    href: str
    checked: date
    look_by: date
    days: int


@dataclass(frozen=True, slots=True)
class Review:
    """What is past its day and what is due in the next thirty, soonest first; and what nobody has verified."""

    overdue: Sequence[FactRow]
    soon: Sequence[FactRow]
    unverified: Sequence[FactRow]
    answers_overdue: Sequence[AnswerDue]
    answers_soon: Sequence[AnswerDue]
