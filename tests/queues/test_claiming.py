"""Who is given what: skill, language, capacity, and what is for nobody just now."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from tests.makers import contact_now, make_agent, make_contact, session_of
from triage import claiming, clock, taking
from triage.catalogue import catalogue
from triage.database import transaction
from triage.errors import AlreadyTaken
from triage.queues import steps
from triage.tables import Agent, Contact, ContactHistory

pytestmark = pytest.mark.usefixtures("database")


async def next_for(agent: Agent) -> UUID | None:
    async with transaction() as session:
        return await taking.take_next(session, agent.id, taking.queues_of(agent))


async def test_what_needs_a_skill_goes_only_to_whoever_has_it() -> None:
    await make_contact(service="blue_badge", skill="blue_badge", priority="P1")
    plain = await make_contact()
    skilled = await make_agent(skills=["blue_badge"])
    for queues in ((), ("Q-WASTE",), ("Q-WASTE", "Q-LIB")):
        other = await make_agent(*queues, skills=["planning"])
        if not queues:
            assert await next_for(other) == plain
        assert await next_for(other) is None
    first = await next_for(skilled)
    assert first is not None
    assert (await contact_now(first)).skill == "blue_badge"


async def test_skill_and_plain_contacts_come_in_one_order() -> None:
    now = clock.now()
    kinds = [("P1", None, 5), ("P2", "blue_badge", 5), ("P3", None, 1), ("P3", "blue_badge", 2), ("P3", None, 3)]
    expected = [
        await make_contact(priority=priority, skill=skill, first_due_at=now + timedelta(hours=hours))
        for priority, skill, hours in kinds
    ]
    for queues in ((), ("Q-WASTE",), ("Q-LIB", "Q-WASTE", "Q-EDU")):
        agent = await make_agent(*queues, skills=["blue_badge"], capacity=9)
        assert [await next_for(agent) for _ in range(6)] == [*expected, None]
        async with transaction() as session:
            await session.execute(update(Contact).values(state="queued", agent_id=None))


async def test_another_language_waits_for_whoever_speaks_it_until_half_of_the_promise_is_gone() -> None:
    now = clock.now()
    fresh = await make_contact(language="pl", queued_at=now, first_due_at=now + timedelta(hours=8))
    anybody, speaker = await make_agent(), await make_agent(languages=["pl"])
    await session_of(speaker)
    assert await next_for(anybody) is None
    # A speaker who works other queues, or who is away, is waited for by nobody.
    async with transaction() as session:
        await session.execute(update(Agent).where(Agent.id == speaker.id).values(queues=["Q-LIB"]))
    assert await next_for(anybody) == fresh
    half_gone = await make_contact(
        language="pl", queued_at=now - timedelta(hours=5), first_due_at=now + timedelta(hours=4)
    )
    async with transaction() as session:
        await session.execute(update(Agent).where(Agent.id == speaker.id).values(queues=[]))
    assert await next_for(anybody) == half_gone
    again = await make_contact(language="pl")
    assert await next_for(anybody) is None
    async with transaction() as session:
        await session.execute(update(Agent).where(Agent.id == speaker.id).values(away_since=now))
    assert await next_for(anybody) == again
    last = await make_contact(language="pl")
    assert await next_for(speaker) == last


@pytest.mark.parametrize(
    ("speaker", "waits"),
    [
        ({"role": "partner", "partner": "barnet_homes"}, False),
        ({"role": "partner", "partner": "nobody_we_know"}, False),
        ({"role": "partner", "partner": "council", "queues": ["Q-STREET"]}, False),
        ({"role": "partner", "partner": "council"}, True),
        ({"role": "partner", "partner": "council", "queues": ["Q-WASTE"]}, True),
        ({"role": "owner"}, False),
        ({"role": "supervisor"}, True),
    ],
)
async def test_only_a_speaker_who_may_have_it_is_waited_for(speaker: dict[str, Any], waits: bool) -> None:
    assert taking.run_by(catalogue(), clock.today())["council"]
    polish = await make_contact(language="pl")
    await session_of(await make_agent(languages=["pl"], **{"queues": []} | speaker))
    anybody = await make_agent()
    assert await next_for(anybody) == (None if waits else polish)


async def test_what_is_for_a_later_day_or_waits_for_somebody_else_takes_no_room() -> None:
    agent = await make_agent(capacity=1)
    today, now = clock.today(), clock.now()
    theirs = {"state": "taken", "agent_id": agent.id, "lease_until": now}
    await make_contact(**theirs, follow_up_on=today + timedelta(days=1))
    await make_contact(**theirs, paused_at=now)
    contact_id = await make_contact()
    async with transaction() as session:
        assert await taking.has_room(session, agent.id)
    assert await next_for(agent) == contact_id
    async with transaction() as session:
        assert not await taking.has_room(session, agent.id)
    await make_contact()
    assert await next_for(agent) is None
    # What was promised for today is to be done today.
    async with transaction() as session:
        await session.execute(update(Contact).where(Contact.id == contact_id).values(state="queued", agent_id=None))
        await session.execute(update(Contact).where(Contact.follow_up_on.is_not(None)).values(follow_up_on=today))
    assert await next_for(agent) is None


async def test_an_agent_at_capacity_is_given_nothing_and_may_take_one_by_hand() -> None:
    for _ in range(3):
        await make_contact()
    live = await make_contact(live=True)
    agent = await make_agent(capacity=2)
    assert await next_for(agent) == live
    assert await next_for(agent) is not None
    assert await next_for(agent) is None
    async with transaction() as session:
        assert not await taking.has_room(session, agent.id)
        left = await session.scalar(select(Contact.id).where(Contact.state == "queued").limit(1))
    assert left is not None
    async with transaction() as session:
        assert not await taking.assign(session, agent.id, left, 1, {})
    async with transaction() as session:
        await taking.take(session, agent.id, left, 1)
    assert (await contact_now(left)).agent_id == agent.id


async def test_what_is_paused_or_for_a_supervisor_is_given_to_nobody() -> None:
    now = clock.now()
    paused = await make_contact(paused_at=now)
    await make_contact(placement="bounced", queue="Q-HOLDING")
    agent = await make_agent()
    assert await next_for(agent) is None
    async with transaction() as session:
        await session.execute(update(Contact).where(Contact.id == paused).values(follow_up_on=clock.today()))
    assert await next_for(agent) == paused


async def test_taking_what_another_partner_passed_on_accepts_it() -> None:
    for _ in range(2):
        await make_contact(placement="offered")
    by_hand = await make_contact(placement="offered", priority="P4")
    agent = await make_agent()
    first = await next_for(agent)
    async with transaction() as session:
        await taking.take(session, agent.id, by_hand)
    for contact_id in (first, by_hand):
        assert contact_id is not None
        assert (await contact_now(contact_id)).placement is None
    async with transaction() as session:
        details = (await session.scalars(select(ContactHistory.detail))).all()
    assert details == [{"accepted": True}] * 2


async def test_more_queues_than_there_are_branches_are_read_together() -> None:
    codes = [f"Q-{number:02}" for number in range(20)]
    mine = [await make_contact(queue=codes[number], priority=f"P{number % 3 + 1}") for number in range(6)]
    await make_contact(queue="Q-99", priority="P0")
    agent = await make_agent(*codes, capacity=20)
    got = [await next_for(agent) for _ in range(7)]
    assert set(got[:6]) == set(mine)
    assert got[6] is None
    assert [(await contact_now(one)).priority for one in got[:6] if one] == sorted(["P1", "P2", "P3"] * 2)


async def test_a_person_takes_what_a_colleague_was_given_and_has_not_opened() -> None:
    contact_id, given, person = await make_contact(version=4), await make_agent(), await make_agent()
    async with transaction() as session:
        assert await taking.assign(session, given.id, contact_id, 4, {"assigned": "automatic"})
    async with transaction() as session:
        await taking.take(session, person.id, contact_id, version=4)
    contact = await contact_now(contact_id)
    assert (contact.agent_id, contact.assigned_at) == (person.id, None)
    async with transaction() as session:
        lines = (await session.scalars(select(ContactHistory).order_by(ContactHistory.at))).all()
    assert [line.what for line in lines] == ["taken", "released", "taken"]
    assert lines[1].detail["was_with"] == str(given.id)


async def test_what_was_opened_is_its_agents_own() -> None:
    contact_id, given, person = await make_contact(), await make_agent(), await make_agent()
    async with transaction() as session:
        await taking.assign(session, given.id, contact_id, 1, {})
    async with transaction() as session:
        await taking.opened(session, given.id, contact_id)
    with pytest.raises(AlreadyTaken):
        async with transaction() as session:
            await taking.take(session, person.id, contact_id, version=1)


async def test_what_was_given_and_not_opened_within_a_lease_goes_back() -> None:
    contact_id, agent = await make_contact(), await make_agent()
    await session_of(agent)
    async with transaction() as session:
        await taking.assign(session, agent.id, contact_id, 1, {})
    async with transaction() as session:
        assert await steps.release_expired(session) == 0
        await session.execute(update(Contact).values(assigned_at=clock.now() - timedelta(seconds=121)))
    async with transaction() as session:
        assert await steps.release_expired(session) == 1
    assert (await contact_now(contact_id)).state == "queued"


async def test_what_was_put_off_does_not_hide_what_waits_behind_it() -> None:
    """More of them than are read of one index at a time."""
    agent = await make_agent("Q-WASTE")
    early = clock.now() - timedelta(days=3)
    for _ in range(claiming.HEAD + 1):
        await make_contact(first_due_at=early, follow_up_on=clock.today() + timedelta(days=4))
    waits = await make_contact()
    async with transaction() as session:
        assert await taking.take_next(session, agent.id, ["Q-WASTE"]) == waits
