"""A back office that works, is away, is slow or is half dead, and keeps count: see bench/delivery.py."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from connectors.errors import NotKnown, SupplierBroken, SupplierBusy, SupplierSlow
from connectors.shapes import Attachment, Case, CaseNote, CaseRequest, CaseState, CaseUpdate, Receipt

BEGAN = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


class Killed(BaseException):
    """The process that made this call is gone: nothing after it is done."""


@dataclass
class Kept:
    """A case at the depot: what it was opened for, and what it was told, in the order in which it was."""

    client_reference: str
    request: CaseRequest
    state: CaseState = "received"
    changed_at: datetime = BEGAN
    told: list[CaseNote] = field(default_factory=list)


class Depot:
    """A back office that works, is away, is slow or is half dead, by the time of day."""

    def __init__(self, away: timedelta, seed: int) -> None:
        self.cases: dict[str, Kept] = {}
        self.by_reference: dict[str, list[str]] = defaultdict(list)
        self.calls = 0
        # Set by whoever kills the worker: so many calls from now, and all that it has under way with it.
        self.dies_in: int | None = None
        self._chance = random.Random(seed)
        self._slow_from = BEGAN + timedelta(minutes=30) + away
        self._away_from = BEGAN + timedelta(minutes=30)
        self._half_dead_from = self._slow_from + away / 4
        self._well_from = self._half_dead_from + away / 4

    def phase(self, now: datetime) -> str:
        """well, away, slow or half dead."""
        if now < self._away_from or now >= self._well_from:
            return "well"
        if now < self._slow_from:
            return "away"
        return "slow" if now < self._half_dead_from else "half dead"

    async def _before(self) -> bool:
        """Trouble before anything is done, or (True) after it."""
        from triage import clock

        self.calls += 1
        self._may_die()
        phase, dice = self.phase(clock.now()), self._chance.random()
        if phase == "away":
            raise SupplierBroken if dice < 0.7 else SupplierSlow
        if phase == "slow" and dice < 0.5:
            if dice < 0.1:
                raise SupplierBusy(wait_s=30)
            return dice < 0.4
        if phase == "half dead" and dice < 0.6:
            if dice < 0.2:
                raise SupplierBroken(maybe_done=True)
            return True
        return False

    async def create(self, request: CaseRequest, client_reference: str) -> Case:
        """Opens a case each time that it is asked."""
        lost = await self._before()
        handle = f"D-{len(self.cases) + 1:06}"
        self.cases[handle] = Kept(client_reference, request)
        self.by_reference[client_reference].append(handle)
        await self._after(lost)
        return Case(handle, handle, "received")

    async def _after(self, lost: bool) -> None:
        # Somebody who is killed now has been taken and does not know it.
        self._may_die()
        if lost:
            raise SupplierSlow(maybe_done=True)

    def _may_die(self) -> None:
        if self.dies_in is not None:
            self.dies_in -= 1
            if self.dies_in <= 0:
                raise Killed

    async def find(self, client_reference: str, since: datetime) -> Case | None:
        """The first case of a reference."""
        lost = await self._before()
        await self._after(lost)
        found = self.by_reference.get(client_reference)
        return Case(found[0], found[0], self.cases[found[0]].state) if found else None

    async def update(self, handle: str, note: CaseNote) -> Receipt:
        """Adds a note, once for each id."""
        lost = await self._before()
        case = self._known(handle)
        if all(one.id != note.id for one in case.told):
            case.told.append(note)
        await self._after(lost)
        return Receipt(note.id)

    async def status(self, handle: str) -> Case:
        """How a case stands."""
        lost = await self._before()
        await self._after(lost)
        case = self._known(handle)
        return Case(handle, handle, case.state, None, case.changed_at)

    async def attach(self, handle: str, attachment: Attachment) -> Receipt:
        """Takes any file."""
        self._known(handle)
        return Receipt(handle)

    async def updates(self, since: datetime, until: datetime) -> list[CaseUpdate]:
        """Nothing: it is asked about each case."""
        return []

    def _known(self, handle: str) -> Kept:
        try:
            return self.cases[handle]
        except KeyError:
            raise NotKnown from None

    def settle_all(self, now: datetime) -> None:
        """Its crews have been everywhere."""
        for case in self.cases.values():
            case.state, case.changed_at = "done", now
