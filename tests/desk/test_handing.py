"""What a supervisor or software gives to somebody: who is told of it, when, and who it is said to have been."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from connectors.console import ConsoleMessages
from tests.browsers import SignIn
from tests.makers import contact_now, make_agent, make_contact, make_conversation, session_of
from triage import clock, outbox, taking
from triage.care import service as care
from triage.chat import steps
from triage.database import transaction
from triage.desk.supervision import handing
from triage.live import Listener
from triage.people import trail
from triage.people.schemas import AuditView
from triage.queues.steps import release_expired
from triage.tables import Agent, Contact, Conversation, Message, Notice

AGREED = {"reply_to": "resident@example.com", "messages_ok": True}


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the events that were handed on."""
    names: list[str] = []
    publish = outbox.publish

    async def noted(session: Any, event: Any) -> None:
        names.append(type(event).__name__)
        await publish(session, event)

    monkeypatch.setattr(outbox, "publish", noted)
    return names


async def in_the_chat(*, state: str = "queued", agent: Agent | None = None) -> tuple[UUID, UUID]:
    """A contact whose resident waits, or talks with an agent."""
    talk = await make_conversation(("resident", "Hello?"), mode="waiting")
    fields: dict[str, Any] = {"conversation_id": talk, "live": True, "channel": "chat"}
    contact_id = await make_contact(**fields)
    async with transaction() as session:
        (await session.get_one(Conversation, talk)).contact_id = contact_id
    if agent is not None:
        async with transaction() as session:
            await taking.take(session, agent.id, contact_id)
        await joined(contact_id)
    return contact_id, talk


async def joined(contact_id: UUID) -> None:
    async with transaction() as session:
        await steps.tell_joined(session, contact_id)


async def told(talk: UUID) -> list[str]:
    async with transaction() as session:
        rows = select(Message.text).where(Message.conversation_id == talk, Message.author == "system")
        return list(await session.scalars(rows.order_by(Message.seq)))


async def hand(supervisor: Agent, contact_id: UUID, to: Agent) -> None:
    version = (await contact_now(contact_id)).version
    async with transaction() as session:
        await handing.hand(session, supervisor, contact_id, version, to.id)


async def desk_of(*names: str) -> list[Agent]:
    agents = [await make_agent(name=name) for name in names]
    for agent in agents:
        await session_of(agent)
    return agents


@pytest.mark.usefixtures("database")
async def test_whoever_talks_in_the_chat_is_told_of_the_next_agent_once_that_one_is_there(
    signed_in: SignIn, published: list[str]
) -> None:
    supervisor = await make_agent(role="supervisor")
    first, second = await desk_of("Agent, First", "Agent, Second")
    contact_id, talk = await in_the_chat(agent=first)
    assert [("First" in one) for one in await told(talk)] == [True]
    published.clear()
    await hand(supervisor, contact_id, second)
    # Nobody has joined yet, whatever step runs late.
    await joined(contact_id)
    assert published == [] and len(await told(talk)) == 1
    assert (await contact_now(contact_id)).assigned_at is not None
    await (await signed_in(second)).get(f"/desk/contacts/{contact_id}")
    assert published == ["ContactTaken"]
    for _ in range(2):
        await joined(contact_id)
    assert [("Second" in one) for one in await told(talk)] == [False, True]


@pytest.mark.usefixtures("database")
async def test_whoever_waits_is_told_of_nobody_who_never_opened_it(published: list[str]) -> None:
    supervisor = await make_agent(role="supervisor")
    (agent,) = await desk_of("Agent, Asleep")
    contact_id, talk = await in_the_chat()
    await hand(supervisor, contact_id, agent)
    assert published == [] and await told(talk) == []
    async with transaction() as session:
        await session.execute(update(Contact).values(assigned_at=clock.now() - timedelta(minutes=5)))
    async with transaction() as session:
        assert await release_expired(session) == 1
    assert (await contact_now(contact_id)).state == "queued"


async def test_both_agents_desks_hear_of_it_at_once(database: str) -> None:
    supervisor = await make_agent(role="supervisor")
    first, second = await desk_of("Agent, First", "Agent, Second")
    contact_id, _ = await in_the_chat(agent=first)
    listener = Listener(database)
    await listener.start()
    try:
        topics = [taking.agent_topic(one.id) for one in (first, second)]
        async with listener.hear(topics[0]) as one, listener.hear(topics[1]) as other:
            await hand(supervisor, contact_id, second)
            for heard in (one, other):
                async with asyncio.timeout(10):
                    while not (await heard.get()).get("mine"):
                        pass
    finally:
        await listener.stop()


@pytest.mark.usefixtures("database")
async def test_a_colleague_who_saw_it_waiting_does_not_take_what_a_supervisor_gave(signed_in: SignIn) -> None:
    supervisor = await make_agent(role="supervisor")
    chosen, colleague = await desk_of("Agent, Chosen", "Agent, Colleague")
    contact_id = await make_contact()
    seen = str((await contact_now(contact_id)).version)
    await hand(supervisor, contact_id, chosen)
    late = await (await signed_in(colleague)).post(f"/desk/contacts/{contact_id}/take", data={"version": seen})
    assert late.status_code == 409 and (await contact_now(contact_id)).agent_id == chosen.id


async def notices(contact_id: UUID) -> list[tuple[str, str | None]]:
    async with transaction() as session:
        rows = select(Notice).where(Notice.contact_id == contact_id, Notice.kind == "taken").order_by(Notice.made_at)
        return [(one.state, one.why) for one in await session.scalars(rows)]


async def a_round(messages: ConsoleMessages) -> int:
    async with transaction() as session:
        await session.execute(update(Notice).values(next_at=clock.now()))
    return await care.deliver(messages)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("opens", [True, False])
async def test_that_a_person_works_on_it_is_said_once_somebody_has_opened_it(signed_in: SignIn, opens: bool) -> None:
    messages = ConsoleMessages()
    agent, contact_id = await make_agent("Q-WASTE"), await make_contact(**AGREED)
    async with transaction() as session:
        assert await taking.assign(session, agent.id, contact_id, 1, {"assigned": "automatic", "reasons": []})
    assert await a_round(messages) == 0 and await notices(contact_id) == [("due", None)]
    if opens:
        await (await signed_in(agent)).get(f"/desk/contacts/{contact_id}")
        assert await a_round(messages) == 1 and await notices(contact_id) == [("sent", None)]
        return
    async with transaction() as session:
        await session.execute(update(Contact).values(assigned_at=clock.now() - timedelta(minutes=5)))
    async with transaction() as session:
        assert await release_expired(session) == 1
    assert await a_round(messages) == 0 and await notices(contact_id) == [("not_sent", "not_begun")]
    # Whoever takes it next is somebody who works on it.
    async with transaction() as session:
        await taking.take(session, agent.id, contact_id)
    assert await a_round(messages) == 1 and (await notices(contact_id))[1] == ("sent", None)


@pytest.mark.usefixtures("database")
async def test_the_trail_names_who_gave_it_and_to_whom(signed_in: SignIn) -> None:
    supervisor = await make_agent(role="supervisor", name="Supervisor, Test", login="supervisor.hands")
    (agent,) = await desk_of("Agent, Waste")
    by_supervisor, by_software, own = await make_contact(), await make_contact(), await make_contact()
    await hand(supervisor, by_supervisor, agent)
    async with transaction() as session:
        await taking.assign(session, agent.id, by_software, 1, {"assigned": "automatic", "reasons": ["Free."]})
        await taking.take(session, agent.id, own)

    async def lines(**asked: str) -> set[tuple[str, str, str, str]]:
        async with transaction() as session:
            found = await trail.search(session, AuditView(**asked))
        return {
            (one.about, one.who, one.what, one.detail) for one in found.lines if "contact" in one.what and one.about
        }

    given = "Gave a contact to somebody"
    supervised = (
        (await contact_now(by_supervisor)).reference,
        "Supervisor, Test (supervisor.hands)",
        given,
        f"to: {agent.login}",
    )
    automatic = (
        (await contact_now(by_software)).reference,
        "Software or nobody we know",
        given,
        f"to: {agent.login}",
    )
    taken = ((await contact_now(own)).reference, f"Agent, Waste ({agent.login})", "Took a contact", "")
    assert await lines() == {supervised, automatic, taken}
    assert await lines(who="supervisor.hands") == {supervised}
    assert await lines(who=agent.login) == {supervised, automatic, taken}
    assert await lines(what="given") == {supervised, automatic}
    assert await lines(what="taken") == {taken}
    page = (await (await signed_in(agent)).get(f"/desk/contacts/{by_supervisor}")).text
    assert "A supervisor, to Agent, Waste" in page
