"""What the supervisor's pages show, made ready for a template, and what a list is filtered by."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from triage.desk.rules import Clock
from triage.presence import OnDesk
from triage.tables import BulkMove, Contact

STATES = {"waiting": "Waiting", "taken": "Taken", "paused": "Paused", "held": "For a supervisor to decide"}
# How long it has been here, in hours.
AGES = {4: "4 hours or more", 24: "1 day or more", 72: "3 days or more", 168: "7 days or more"}


@dataclass(frozen=True)
class Filter:
    """What a list of open contacts is chosen by; empty: everything that is open."""

    queue: str = ""
    partner: str = ""
    state: str = ""
    priority: str = ""
    service: str = ""
    older: int = 0

    def chosen(self) -> dict[str, str]:
        """What is chosen, as fields of a form."""
        return {name: str(value) for name, value in asdict(self).items() if value}

    def address(self, page: int = 1) -> str:
        """The list so filtered, at one of its pages."""
        fields = self.chosen() | ({"page": str(page)} if page > 1 else {})
        return "/desk/supervisor/contacts" + (f"?{urlencode(fields)}" if fields else "")


@dataclass(frozen=True)
class Counts:
    """How many contacts of one queue wait, are taken, are paused; the oldest; how many are at risk, and late."""

    waiting: int = 0
    taken: int = 0
    paused: int = 0
    oldest: datetime | None = None
    at_risk: int = 0
    late: int = 0


@dataclass(frozen=True)
class QueueRow:
    """One queue of the supervisor's view."""

    code: str
    name: str
    partner: str
    counts: Counts
    automatic: bool
    age: str | None


@dataclass(frozen=True)
class PersonRow:
    """Somebody at the desk and the contacts they have, (id, reference) each."""

    on: OnDesk
    contacts: list[tuple[UUID, str]]


@dataclass(frozen=True)
class MoveRow:
    """One move of contacts and how far it has come."""

    move: BulkMove
    by: str
    queue: str
    states: dict[str, int]
    can_undo: bool
    # (contact id, reference, why) of those that were not moved, or did not go back.
    left: list[tuple[UUID, str, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many contacts were chosen."""
        return sum(self.states.values())

    @property
    def going(self) -> int:
        """How many still have to be moved, or to go back."""
        return self.states.get("moved" if self.move.undone_at else "waiting", 0)

    @property
    def done(self) -> int:
        """How many have been dealt with."""
        return self.total - self.going


@dataclass(frozen=True)
class Overview:
    """The supervisor's view."""

    queues: list[QueueRow]
    people: list[PersonRow]
    held: list["ListRow"]
    moves: list[MoveRow]
    partners: dict[str, str]
    partner: str
    total: Counts


@dataclass(frozen=True)
class ListRow:
    """One contact of the supervisor's list."""

    contact: Contact
    service: str
    queue: str
    state: str
    agent: str | None
    age: str
    clock: Clock


@dataclass(frozen=True)
class Listing:
    """One page of the supervisor's list. `count` is at most one more than can be counted."""

    filter: Filter
    rows: list[ListRow]
    count: int
    page: int
    more: bool
    most: int


@dataclass(frozen=True)
class OnePage:
    """One contact, who at the desk could be given it, the queues to move it to, and why it was held."""

    row: ListRow
    people: list[OnDesk]
    queues: dict[str, str]
    held: list[str]
    wanted: str | None
