"""Fifty agents reach for a thousand contacts and are killed at random; and a thousand races for one contact.

What happened is read from the history, numbered by a trigger while the contact's row is locked, so the order is the
order in which it came about and not that of anybody's clock.
"""

import asyncio
import os
import random
import signal
import sys
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import func, insert, select, text

from tests.makers import contact_now, make_agent, make_contact
from tests.queues.racer import settle_one
from triage import clock, codes, taking
from triage import database as database_module
from triage.database import transaction
from triage.desk import service
from triage.errors import AlreadyTaken, Conflict
from triage.queues import steps
from triage.settings import ROOT, get_settings
from triage.tables import Agent, Contact

LEASE_S = 2
CONTACTS = 1000
# Tasks of this process, and agents with a process of their own: few, as each start of one takes a second of a core.
TASKS, PROCESSES = 48, 2
RACES = 1000

NUMBERED = """
create table happened (
    n bigserial primary key, contact_id uuid, what text, agent_id uuid, was_with text, at timestamptz);
create function happens() returns trigger language plpgsql as $$
begin
    insert into happened (contact_id, what, agent_id, was_with, at)
    values (new.contact_id, new.what, new.agent_id, new.detail->>'was_with', clock_timestamp());
    return new;
end $$;
create trigger happens after insert on contact_history for each row execute function happens();
"""


@pytest.fixture
async def arena(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """A database in which everything that happens to a contact is numbered, and leases are short."""
    monkeypatch.setenv("FRONTDOOR_LEASE_S", str(LEASE_S))
    monkeypatch.setenv("FRONTDOOR_POOL_SIZE", "25")
    get_settings.cache_clear()
    database_module.engine.cache_clear()
    database_module._sessions.cache_clear()
    with psycopg.connect(database, autocommit=True) as link:
        link.execute(NUMBERED)
    yield database


async def _thousand() -> None:
    now = clock.now()
    rows = [
        {
            "reference": codes.new_reference("BN"),
            "secret_hash": b"none",
            "channel": "web",
            "text": "My bin was not emptied.",
            "state": "queued",
            "queue": "Q-WASTE",
            "priority": f"P{number % 4 + 1}",
            "queued_at": now,
            "first_due_at": now + timedelta(hours=number % 7),
            "settle_due_at": now + timedelta(days=2),
        }
        for number in range(CONTACTS)
    ]
    async with transaction() as session:
        await session.execute(insert(Contact), rows)


async def _open_contacts() -> int:
    async with transaction() as session:
        return await session.scalar(select(func.count()).where(Contact.state != "closed")) or 0


async def _stale(agent: Agent) -> None:
    """Take a contact, say nothing for longer than the lease, and find that it is no longer there to be changed."""
    async with transaction() as session:
        contact_id = await taking.take_next(session, agent.id, [])
    if contact_id is None:
        return
    version = (await contact_now(contact_id)).version
    # Until the sweep has found it, it is still theirs.
    deadline = clock.now() + timedelta(seconds=LEASE_S + 40)
    while (await contact_now(contact_id)).version == version:
        assert clock.now() < deadline, "a stale holder's contact did not go back in time"
        await asyncio.sleep(0.3)
    with pytest.raises(Conflict) as refused:
        async with transaction() as session:
            await service.close(session, agent, contact_id, version, "done", "Done, but too late.")
    assert refused.value.status == 409


async def test_fifty_agents_killed_at_random_share_nothing_and_lose_nothing(arena: str) -> None:
    await _thousand()
    chance = random.Random(7)
    killed: dict[UUID, datetime] = {}
    stale = 0
    over = asyncio.Event()
    sweeps: list[tuple[datetime, datetime]] = []

    async def sweeper() -> None:
        while not over.is_set():
            began = clock.now()
            async with transaction() as session:
                await steps.release_expired(session)
            sweeps.append((began, clock.now()))
            await asyncio.sleep(0.5)

    async def one_place() -> None:
        """A place at the desk: whoever is killed there is followed by somebody else."""
        nonlocal stale
        agent = await make_agent(capacity=1)
        idle = 0
        while not over.is_set() and idle < 100:
            if chance.random() < 0.02:
                stale += 1
                await _stale(agent)
                continue
            work = asyncio.create_task(settle_one(agent.id, chance.uniform(0, 0.2)))
            if chance.random() < 0.12:
                # Anywhere: before the claim, inside a transaction, while the contact is theirs, while it is closed.
                await asyncio.sleep(chance.uniform(0, 0.25))
                work.cancel()
                with suppress(asyncio.CancelledError, Conflict):
                    await work
                killed[agent.id] = clock.now()
                agent = await make_agent(capacity=1)
                continue
            with suppress(Conflict):
                idle = 0 if await work else idle + 1
            if idle:
                await asyncio.sleep(0.1)

    async def one_process() -> None:
        """Processes, one after another, each killed without warning."""
        while not over.is_set():
            agent = await make_agent(capacity=1)
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "tests.queues.racer", str(agent.id)),
                cwd=ROOT,
                env={**os.environ, "FRONTDOOR_POOL_SIZE": "1"},
                stdout=asyncio.subprocess.PIPE,
            )
            assert process.stdout is not None
            await process.stdout.readline()
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), chance.uniform(0.2, 3))
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGKILL)
            await process.wait()
            killed[agent.id] = clock.now()

    async def until_done() -> None:
        while await _open_contacts():
            await asyncio.sleep(0.25)
        over.set()

    places = [one_place() for _ in range(TASKS)] + [one_process() for _ in range(PROCESSES)]
    await asyncio.wait_for(asyncio.gather(sweeper(), until_done(), *places), 240)

    async with transaction() as session:
        happened = (await session.execute(text("select * from happened order by contact_id, n"))).all()
        states = (await session.execute(select(Contact.state, func.count()).group_by(Contact.state))).tuples().all()
    # None lost, and each settled once.
    assert dict(states) == {"closed": CONTACTS}
    lines = defaultdict(list)
    for line in happened:
        lines[line.contact_id].append(line)
    assert len(lines) == CONTACTS
    came_back = 0
    for contact_id, story in lines.items():
        owner = None
        for number, line in enumerate(story):
            if line.what == "taken":
                assert owner is None, f"{contact_id} has two owners"
                owner = line.agent_id
            elif line.what == "released":
                assert owner is not None
                assert str(owner) == line.was_with
                came_back += 1
                # Back by the first sweep after its lease, or the next two where its row was still locked by the dead:
                # counted in sweeps, so that a slow machine changes nothing.
                ran_out = story[number - 1].at + timedelta(seconds=LEASE_S)
                assert sum(began > ran_out and ended < line.at for began, ended in sweeps) <= 2
                owner = None
            elif line.what == "closed":
                assert line.agent_id == owner, f"{contact_id} was closed by somebody who did not have it"
                assert number == len(story) - 1
    # It did what it was for: many were killed, some of them with a contact in hand, and some came too late.
    assert len(killed) > 50
    assert came_back > 20
    assert stale > 0


async def _happened(contact_id: UUID) -> list[str]:
    async with transaction() as session:
        rows = await session.scalars(
            text("select what from happened where contact_id = :id order by n"), {"id": contact_id}
        )
        return list(rows)


async def _won(writes: list[asyncio.Task[bool]]) -> list[bool]:
    return list(await asyncio.gather(*writes))


async def test_a_thousand_races_of_claim_assign_and_transfer_leave_one_owner_and_one_line_each(arena: str) -> None:
    holder, chooser, automatic, taker = [await make_agent(capacity=RACES) for _ in range(4)]
    chance = random.Random(11)
    first = dict[str, int]()

    async def soon() -> None:
        await asyncio.sleep(chance.uniform(0, 0.004))

    async def claims_by_hand(contact_id: UUID, version: int | None) -> bool:
        await soon()
        try:
            async with transaction() as session:
                await taking.take(session, chooser.id, contact_id, version)
        except AlreadyTaken:
            return False
        return True

    async def is_assigned(contact_id: UUID, version: int) -> bool:
        await soon()
        async with transaction() as session:
            return await taking.assign(session, automatic.id, contact_id, version, {"assigned": "automatic"})

    async def claims_next() -> bool:
        await soon()
        async with transaction() as session:
            return await taking.take_next(session, taker.id, []) is not None

    async def passes_on(contact_id: UUID, version: int) -> bool:
        await soon()
        async with transaction() as session:
            await service.transfer(session, holder, contact_id, version, "Q-STREET", "It is theirs.")
        return True

    for race in range(RACES):
        contact_id = await make_contact()
        if race % 2:
            by_hand, assigned, next_one = await asyncio.gather(
                claims_by_hand(contact_id, 1), is_assigned(contact_id, 1), claims_next()
            )
            passed = False
        else:
            async with transaction() as session:
                await taking.take(session, holder.id, contact_id)
            passed, by_hand, assigned = await asyncio.gather(
                passes_on(contact_id, 2), claims_by_hand(contact_id, None), is_assigned(contact_id, 3)
            )
            next_one = False
        contact = await contact_now(contact_id)
        story = await _happened(contact_id)
        # Each that came about left one line, and so did the automatic one that a person was preferred to.
        assert story.count("taken") == by_hand + assigned + next_one + (1 - race % 2)
        assert story.count("transferred") == passed == 1 - race % 2
        assert story.count("released") == (assigned and by_hand)
        assert (contact.state == "taken") == (contact.agent_id is not None) == (by_hand or assigned or next_one)
        if by_hand:
            assert contact.agent_id == chooser.id
        elif race % 2:
            # A person beats automatic assignment, whichever of the two came first.
            assert contact.agent_id == taker.id
            assert not assigned
        for name, won in (("by hand", by_hand), ("assigned", assigned), ("next", next_one), ("passed", passed)):
            first[name] = first.get(name, 0) + won
        async with transaction() as session:
            await session.execute(text("update contact set state = 'closed' where id = :id"), {"id": contact_id})
    # Each of them won some of the time, or it was no race.
    assert all(count > 0 for count in first.values()), first
