"""Automatic assignment on a real database: on or off per queue, to whoever is at the desk with the fewest."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from tests.makers import contact_now, make_agent, make_contact, session_of
from triage import clock, presence, switching, taking
from triage.database import transaction
from triage.errors import NotFound, OutOfRange
from triage.queues import assigning, steps
from triage.tables import Agent, Contact, ContactHistory, QueueSwitch, SignIn

pytestmark = pytest.mark.usefixtures("database")


async def switch(queue: str, assign: str) -> Agent:
    supervisor = await make_agent(role="supervisor")
    async with transaction() as session:
        await switching.switch(session, supervisor, queue, assign)
    return supervisor


async def on_desk(*queues: str, **fields: object) -> Agent:
    agent = await make_agent(*queues, **fields)
    await session_of(agent)
    return agent


async def give_out() -> int:
    async with transaction() as session:
        return await assigning.assign_waiting(session)


async def owners(*contact_ids: UUID) -> list[UUID | None]:
    return [(await contact_now(contact_id)).agent_id for contact_id in contact_ids]


async def test_only_a_queue_that_is_switched_on_gives_out_its_contacts() -> None:
    contact_id, agent = await make_contact(), await on_desk()
    assert await give_out() == 0
    supervisor = await switch("Q-WASTE", "auto")
    assert await give_out() == 1
    assert await owners(contact_id) == [agent.id]
    await switch("Q-WASTE", "by hand")
    await make_contact()
    assert await give_out() == 0
    async with transaction() as session:
        rows = (await session.scalars(select(QueueSwitch).order_by(QueueSwitch.at))).all()
        assert [(row.queue, row.assign) for row in rows] == [("Q-WASTE", "auto"), ("Q-WASTE", "by hand")]
        assert rows[0].agent_id == supervisor.id
        with pytest.raises(NotFound):
            await switching.switch(session, supervisor, "Q-NOWHERE", "auto")
        with pytest.raises(OutOfRange):
            await switching.switch(session, supervisor, "Q-WASTE", "sometimes")


async def test_whoever_has_the_fewest_is_given_the_next_and_why_is_on_record() -> None:
    await switch("Q-WASTE", "auto")
    busy, free = await on_desk(), await on_desk()
    await on_desk("Q-LIB")
    gone = await make_agent()
    assert gone.away_since is None
    held = await make_contact(queue="Q-LIB")
    async with transaction() as session:
        await taking.take(session, busy.id, held)
    contact_id = await make_contact()
    assert await give_out() == 1
    assert await owners(contact_id) == [free.id]
    async with transaction() as session:
        line = await session.scalar(select(ContactHistory).where(ContactHistory.contact_id == contact_id))
    assert line is not None
    assert (line.what, line.agent_id) == ("taken", free.id)
    assert line.detail == {"assigned": "automatic", "reasons": ["They have no other contact."]}


async def test_nobody_away_or_gone_or_full_is_given_anything() -> None:
    await switch("Q-WASTE", "auto")
    away, gone, full = await on_desk(), await on_desk(), await on_desk(capacity=0)
    async with transaction() as session:
        assert await presence.set_away(session, away.id, True)
        assert not await presence.set_away(session, away.id, True)
        long_ago = clock.now() - timedelta(seconds=130)
        await session.execute(update(SignIn).where(SignIn.agent_id == gone.id).values(seen_at=long_ago))
    contact_id = await make_contact()
    assert await give_out() == 0
    assert full.capacity == 0
    async with transaction() as session:
        await presence.set_away(session, away.id, False)
    assert await give_out() == 1
    assert await owners(contact_id) == [away.id]


async def test_many_are_shared_out_up_to_capacity_and_the_most_urgent_first() -> None:
    await switch("Q-WASTE", "auto")
    agents = [await on_desk(capacity=2) for _ in range(3)]
    late = [await make_contact(priority="P4") for _ in range(4)]
    urgent = [await make_contact(priority="P1") for _ in range(4)]
    assert await give_out() == 6
    assert None not in await owners(*urgent)
    assert (await owners(*late)).count(None) == 2
    async with transaction() as session:
        loads = (
            await session.execute(
                select(Contact.agent_id, func.count()).where(Contact.state == "taken").group_by(Contact.agent_id)
            )
        ).tuples()
        assert dict(loads.all()) == {agent.id: 2 for agent in agents}


async def test_what_was_left_unopened_goes_to_somebody_else() -> None:
    await switch("Q-WASTE", "auto")
    first = await on_desk()
    contact_id = await make_contact()
    await give_out()
    async with transaction() as session:
        await session.execute(update(Contact).values(assigned_at=clock.now() - timedelta(seconds=200)))
    async with transaction() as session:
        assert await steps.release_expired(session) == 1
    assert await give_out() == 0
    second = await on_desk()
    assert await give_out() == 1
    assert await owners(contact_id) == [second.id]
    assert first.id != second.id


async def test_a_skill_and_a_language_are_minded() -> None:
    await switch("Q-WASTE", "auto")
    await on_desk()
    skilled = await make_contact(skill="blue_badge")
    polish = await make_contact(language="pl")
    speaker = await on_desk(languages=["pl"], capacity=1)
    assert await give_out() == 1
    assert await owners(skilled, polish) == [None, speaker.id]
    expert = await on_desk(skills=["blue_badge"])
    assert await give_out() == 1
    assert await owners(skilled) == [expert.id]


async def test_whoever_finds_another_giving_out_waits_for_nothing() -> None:
    await switch("Q-WASTE", "auto")
    contact_id, agent = await make_contact(), await on_desk()
    async with transaction() as session:
        await session.execute(select(func.pg_advisory_xact_lock(assigning.ASSIGNING, 0)))
        async with asyncio.timeout(5):
            assert await give_out() == 0
    assert await give_out() == 1
    assert await owners(contact_id) == [agent.id]


async def test_a_supervisor_is_given_nothing_that_they_did_not_choose() -> None:
    await switch("Q-WASTE", "auto")
    await on_desk(role="supervisor")
    contact_id = await make_contact()
    assert await give_out() == 0
    agent = await on_desk()
    held = await make_contact(queue="Q-LIB")
    async with transaction() as session:
        await taking.take(session, agent.id, held)
    assert await give_out() == 1
    assert await owners(contact_id) == [agent.id]


async def test_what_is_promised_for_a_later_day_takes_no_room() -> None:
    await switch("Q-WASTE", "auto")
    agent = await on_desk(capacity=1)
    tomorrow = clock.today() + timedelta(days=1)
    await make_contact(state="taken", agent_id=agent.id, follow_up_on=tomorrow, lease_until=clock.now())
    await make_contact(state="taken", agent_id=agent.id, paused_at=clock.now(), lease_until=clock.now())
    contact_id = await make_contact()
    async with transaction() as session:
        (one,) = await presence.on_desk(session)
    assert (one.has, one.room) == (0, 1)
    assert await give_out() == 1
    assert await owners(contact_id) == [agent.id]
    async with transaction() as session:
        (one,) = await presence.on_desk(session)
        assert (one.has, one.room) == (1, 0)
