"""Whose turn it is, on a real database: one owner, the right order, and nothing kept by somebody who left."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from tests.makers import contact_now, make_agent, make_contact
from triage import clock, codes, taking
from triage.database import transaction
from triage.errors import AlreadyTaken, NotFound
from triage.queues import steps
from triage.tables import Contact, ContactHistory, SignIn

pytestmark = pytest.mark.usefixtures("database")


async def _history(contact_id: UUID) -> list[str]:
    async with transaction() as session:
        rows = await session.scalars(
            select(ContactHistory.what).where(ContactHistory.contact_id == contact_id).order_by(ContactHistory.at)
        )
        return list(rows)


async def test_fifty_agents_and_two_hundred_contacts_never_share() -> None:
    for _ in range(200):
        await make_contact()
    agents = [await make_agent() for _ in range(50)]
    got: list[tuple[UUID, UUID]] = []
    # The pool holds 20 connections; an agent who waits for one is not what is measured here.
    room = asyncio.Semaphore(18)

    async def work(agent_id: UUID) -> None:
        while True:
            async with room, transaction() as session:
                contact_id = await taking.take_next(session, agent_id, [])
            if contact_id is None:
                return
            got.append((contact_id, agent_id))

    await asyncio.gather(*(work(agent.id) for agent in agents))
    assert len(got) == 200
    assert max(Counter(contact_id for contact_id, _ in got).values()) == 1
    async with transaction() as session:
        owners = dict((await session.execute(select(Contact.id, Contact.agent_id))).tuples().all())
        taken = await session.scalar(
            select(func.count()).select_from(ContactHistory).where(ContactHistory.what == "taken")
        )
    assert owners == dict(got)
    assert taken == 200


async def test_one_contact_wanted_by_twenty_at_once() -> None:
    contact_id = await make_contact()
    agents = [await make_agent() for _ in range(18)]

    async def reach(agent_id: UUID) -> bool:
        try:
            async with transaction() as session:
                await taking.take(session, agent_id, contact_id)
        except AlreadyTaken:
            return False
        return True

    won = await asyncio.gather(*(reach(agent.id) for agent in agents))
    assert sum(won) == 1
    assert (await contact_now(contact_id)).agent_id == agents[won.index(True)].id
    assert await _history(contact_id) == ["taken"]


async def test_order_is_priority_then_waiting_in_chat_then_promise_then_arrival() -> None:
    now = clock.now()
    early, late = now + timedelta(hours=1), now + timedelta(hours=9)
    fifth = await make_contact(priority="P4", first_due_at=early, arrived_at=now - timedelta(days=3))
    fourth = await make_contact(first_due_at=late, arrived_at=now)
    third = await make_contact(first_due_at=late, arrived_at=now - timedelta(minutes=1))
    second = await make_contact(first_due_at=early, arrived_at=now)
    live = await make_contact(first_due_at=late, arrived_at=now, live=True)
    first = await make_contact(priority="P1", first_due_at=late, arrived_at=now)
    expected = [first, live, second, third, fourth, fifth]
    async with transaction() as session:
        places = [await taking.place_in_queue(session, contact_id) for contact_id in expected]
    assert places == [1, 2, 3, 4, 5, 6]
    agent = await make_agent(capacity=10)
    taken = []
    for _ in range(7):
        async with transaction() as session:
            taken.append(await taking.take_next(session, agent.id, []))
    assert taken == [*expected, None]
    async with transaction() as session:
        assert await taking.place_in_queue(session, first) is None


async def test_only_from_the_queues_that_are_named() -> None:
    await make_contact(queue="Q-CTAX", priority="P0")
    mine = await make_contact(queue="Q-LIB", priority="P4")
    agent = await make_agent("Q-LIB", "Q-EDU")
    async with transaction() as session:
        assert await taking.take_next(session, agent.id, agent.queues) == mine
    async with transaction() as session:
        assert await taking.take_next(session, agent.id, agent.queues) is None


async def test_take_refuses_a_stale_version_and_is_harmless_twice() -> None:
    contact_id = await make_contact(version=4)
    agent, other = await make_agent(), await make_agent()
    with pytest.raises(AlreadyTaken):
        async with transaction() as session:
            await taking.take(session, agent.id, contact_id, version=3)
    for _ in range(2):
        async with transaction() as session:
            await taking.take(session, agent.id, contact_id, version=4)
    assert (await contact_now(contact_id)).version == 5
    assert await _history(contact_id) == ["taken"]
    with pytest.raises(AlreadyTaken):
        async with transaction() as session:
            await taking.take(session, other.id, contact_id)
    with pytest.raises(NotFound):
        async with transaction() as session:
            await taking.take(session, agent.id, agent.id)


async def _lapse(contact_id: UUID) -> None:
    async with transaction() as session:
        await session.execute(
            update(Contact).where(Contact.id == contact_id).values(lease_until=clock.now() - timedelta(seconds=1))
        )


async def _at_desk(agent_id: UUID, seconds_ago: int) -> None:
    async with transaction() as session:
        seen = clock.now() - timedelta(seconds=seconds_ago)
        session.add(
            SignIn(
                token_hash=codes.hash_secret(codes.new_secret()),
                agent_id=agent_id,
                seen_at=seen,
                ends_at=clock.now() + timedelta(hours=8),
            )
        )


async def test_a_contact_comes_back_when_its_agent_has_gone() -> None:
    contact_id, agent = await make_contact(), await make_agent()
    due = (await contact_now(contact_id)).first_due_at
    async with transaction() as session:
        await taking.take(session, agent.id, contact_id)
    await _at_desk(agent.id, seconds_ago=130)
    async with transaction() as session:
        assert await steps.release_expired(session) == 0  # the lease runs still
    await _lapse(contact_id)
    async with transaction() as session:
        assert await steps.release_expired(session) == 1
    contact = await contact_now(contact_id)
    assert (contact.state, contact.agent_id, contact.lease_until) == ("queued", None, None)
    assert contact.first_due_at == due  # the promise to the resident does not start again
    assert await _history(contact_id) == ["taken", "released"]
    async with transaction() as session:
        assert await steps.release_expired(session) == 0


@pytest.mark.parametrize("stage", ["code", "enrol"])
async def test_half_a_session_keeps_no_contact(stage: str) -> None:
    contact_id, agent = await make_contact(), await make_agent()
    async with transaction() as session:
        await taking.take(session, agent.id, contact_id)
    await _at_desk(agent.id, seconds_ago=10)
    await _lapse(contact_id)
    async with transaction() as session:
        await session.execute(update(SignIn).values(stage=stage))
        assert await steps.release_expired(session) == 1


async def test_a_contact_stays_with_an_agent_who_was_seen() -> None:
    contact_id, agent = await make_contact(), await make_agent()
    async with transaction() as session:
        await taking.take(session, agent.id, contact_id)
    await _at_desk(agent.id, seconds_ago=70)
    await _lapse(contact_id)
    async with transaction() as session:
        assert await steps.release_expired(session) == 0
    async with transaction() as session:
        assert await taking.renew(session, agent.id) == 1
    lease = (await contact_now(contact_id)).lease_until
    assert lease is not None
    assert lease > clock.now() + timedelta(seconds=100)


async def test_queue_contact_starts_the_clocks_once() -> None:
    contact_id = await make_contact(
        state="sorted", queued_at=None, first_due_at=None, settle_due_at=None, queue="Q-WASTE"
    )
    async with transaction() as session:
        await steps.queue_contact(session, contact_id)
    once = await contact_now(contact_id)
    assert once.state == "queued"
    assert once.queued_at is not None
    assert once.first_due_at is not None
    assert once.settle_due_at is not None
    assert once.queued_at < once.first_due_at < once.settle_due_at
    async with transaction() as session:
        await steps.queue_contact(session, contact_id)
    again = await contact_now(contact_id)
    assert (again.version, again.first_due_at) == (once.version, once.first_due_at)
    assert await _history(contact_id) == ["queued"]


async def test_a_resident_who_waits_in_the_chat_is_due_in_minutes() -> None:
    contact_id = await make_contact(state="sorted", queue="Q-CTAX", live=True, first_due_at=None)
    async with transaction() as session:
        await steps.queue_contact(session, contact_id)
    contact = await contact_now(contact_id)
    assert contact.first_due_at is not None
    assert contact.first_due_at - clock.now() <= timedelta(minutes=3)
