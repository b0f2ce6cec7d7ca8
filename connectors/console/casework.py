"""A back office in memory. Each case moves on a step a minute, so that a demonstration shows one there and back."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from connectors.console.settings import Settings
from connectors.errors import NotKnown, RequestRefused
from connectors.shapes import Attachment, Case, CaseNote, CaseRequest, CaseState, CaseUpdate, Receipt

# What is told at each step. A missed bin ends as it would at a depot.
STEPS: tuple[tuple[CaseState, str], ...] = (
    ("received", "Demonstration: received by the depot"),
    ("looking", "Demonstration: a supervisor is looking at it"),
    ("in_progress", "Demonstration: a crew is on its way"),
    ("done", "Demonstration: returned and collected"),
)
MOST_KEPT = 1000
REFUSE = "refuse this"


@dataclass
class Kept:
    """A case as the stand-in keeps it."""

    number: str
    reference: str
    request: CaseRequest
    opened_at: datetime
    notes: list[CaseNote] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)


class ConsoleCasework:
    """Takes every case. `cases` holds the last of them by number, for tests; `now` is its clock."""

    def __init__(
        self, settings: Settings | None = None, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.cases: OrderedDict[str, Kept] = OrderedDict()
        self._now = now
        self._step = timedelta(seconds=(settings or Settings()).step_s)
        self._made = 0

    async def create(self, request: CaseRequest, client_reference: str) -> Case:
        """See connectors.kinds.Casework.create."""
        if REFUSE in request.text:
            raise RequestRefused("the demonstration refuses what says so")
        kept = self._of(client_reference)
        if kept is None:
            self._made += 1
            kept = Kept(f"DEMO-{self._made:05}", client_reference, request, self._now())
            self.cases[kept.number] = kept
            if len(self.cases) > MOST_KEPT:
                self.cases.popitem(last=False)
        return self._case(kept)

    async def find(self, client_reference: str, since: datetime) -> Case | None:
        """See connectors.kinds.Casework.find."""
        kept = self._of(client_reference)
        return self._case(kept) if kept and kept.opened_at >= since else None

    async def update(self, handle: str, note: CaseNote) -> Receipt:
        """See connectors.kinds.Casework.update."""
        kept = self._known(handle)
        if all(one.id != note.id for one in kept.notes):
            kept.notes.append(note)
        return Receipt(f"{handle}/{note.id}")

    async def status(self, handle: str) -> Case:
        """See connectors.kinds.Casework.status."""
        return self._case(self._known(handle))

    async def attach(self, handle: str, attachment: Attachment) -> Receipt:
        """See connectors.kinds.Casework.attach."""
        kept = self._known(handle)
        if attachment not in kept.files:
            kept.files.append(attachment)
        return Receipt(f"{handle}/file-{kept.files.index(attachment) + 1}")

    async def updates(self, since: datetime, until: datetime) -> list[CaseUpdate]:
        """See connectors.kinds.Casework.updates."""
        found = [
            CaseUpdate(f"{kept.number}-{number}", kept.number, state, at, text)
            for kept in self.cases.values()
            for number, (state, text) in enumerate(STEPS)
            if since <= (at := kept.opened_at + number * self._step) <= min(until, self._now())
        ]
        return sorted(found, key=lambda one: (one.at, one.id))[:1000]

    def _of(self, client_reference: str) -> Kept | None:
        return next((one for one in self.cases.values() if one.reference == client_reference), None)

    def _known(self, handle: str) -> Kept:
        try:
            return self.cases[handle]
        except KeyError:
            raise NotKnown from None

    def _case(self, kept: Kept) -> Case:
        number = max(0, min(int((self._now() - kept.opened_at) / self._step), len(STEPS) - 1))
        state, text = STEPS[number]
        return Case(kept.number, kept.number, state, text, kept.opened_at + number * self._step)
