"""The place in line and the wait that a resident is told, measured; and a person only when one is there."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select, update

from tests.chat.conftest import Chat
from tests.makers import make_agent, make_contact, make_conversation, session_of
from triage import clock, taking
from triage import presence as desk_presence
from triage.chat import presence, streams, waits
from triage.chat.engine import Turn, Understood
from triage.database import transaction
from triage.hours import opening
from triage.live import Listener
from triage.settings import get_settings
from triage.tables import Contact, Conversation, SignIn

# A Wednesday.
OPEN = "2026-11-25T10:00"


@pytest.fixture(autouse=True)
def on_a_wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDOOR_NOW", OPEN)
    get_settings.cache_clear()
    clock._shift.cache_clear()


async def waited(*minutes: float, queue: str = "Q-CTAX", live: bool = True) -> None:
    """People who were taken so many minutes after they joined the queue, just now."""
    now = clock.now()
    for each in minutes:
        await make_contact(queue=queue, live=live, state="taken", queued_at=now - timedelta(minutes=each), taken_at=now)


async def usual(queue: str = "Q-CTAX") -> str | None:
    async with transaction() as session:
        return await waits.usual_wait(session, queue)


async def test_the_wait_is_the_median_of_those_who_waited_in_the_chat(database: str) -> None:
    await waited(2, 4, 6, 8)
    await waited(400, live=False)
    await waited(90, queue="Q-WASTE")
    assert await usual() is None
    await waited(60)
    assert await usual() == "6 minutes"


async def test_what_was_waited_long_ago_is_not_counted(database: str) -> None:
    await waited(2, 4, 6, 8, 10)
    async with transaction() as session:
        before = clock.now() - timedelta(days=7)
        await session.execute(update(Contact).values(taken_at=before, queued_at=before - timedelta(minutes=5)))
    assert await usual() is None


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0.1, "1 minute"),
        (1.4, "1 minute"),
        (5.6, "6 minutes"),
        (60, "1 hour"),
        (63, "1 hour 5 minutes"),
        (121, "2 hours"),
    ],
)
def test_a_wait_is_said_no_finer_than_anybody_can_promise(minutes: float, words: str) -> None:
    assert waits.in_words(timedelta(minutes=minutes)) == words


def test_four_hours_of_opening_reach_over_a_night_and_a_weekend() -> None:
    office = opening("office")
    monday = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)
    since = waits.opened_since(office, monday, timedelta(hours=4))
    assert since.date() == datetime(2026, 11, 27).date()
    assert office.open_time_between(since, monday) == timedelta(hours=4)


async def next_event(stream: Any, name: str) -> dict[str, Any]:
    while True:
        event = await asyncio.wait_for(anext(stream), 8)
        if event.startswith(f"event: {name}") or f"\nevent: {name}" in event:
            found: dict[str, Any] = json.loads(event.partition("data: ")[2])
            return found


async def a_waiting_resident(**fields: Any) -> tuple[UUID, UUID]:
    talk = await make_conversation(("resident", "Hello?"), mode="waiting")
    contact_id = await make_contact(conversation_id=talk, live=True, channel="chat", **fields)
    async with transaction() as session:
        await session.execute(update(Conversation).where(Conversation.id == talk).values(contact_id=contact_id))
    return talk, contact_id


async def test_the_page_of_whoever_waits_is_told_its_place_as_it_changes(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "PLACE_S", 0.05)
    agent = await make_agent("Q-WASTE")
    await session_of(agent)
    ahead = await make_contact(live=True, first_due_at=clock.now() + timedelta(minutes=1))
    talk, _ = await a_waiting_resident()
    listener = Listener(database)
    await listener.start()
    stream = streams.conversation_events(listener, talk, 0)
    try:
        assert await next_event(stream, "place") == {"place": 2, "wait": None}
        coming = asyncio.create_task(next_event(stream, "place"))
        await asyncio.sleep(0.3)
        async with transaction() as session:
            await taking.take(session, agent.id, ahead)
        assert await coming == {"place": 1, "wait": None}
    finally:
        await stream.aclose()  # type: ignore[attr-defined]
        await listener.stop()


async def test_where_nobody_is_there_the_page_has_neither_a_place_nor_a_wait(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_S", 0.2)
    agent = await make_agent("Q-WASTE")
    await session_of(agent)
    # They work another queue.
    await session_of(await make_agent("Q-LIB"))
    await waited(*[10] * waits.FEWEST, queue="Q-WASTE")
    talk, _ = await a_waiting_resident()
    listener = Listener(database)
    await listener.start()
    stream = streams.conversation_events(listener, talk, 0)
    try:
        assert await next_event(stream, "place") == {"place": 1, "wait": "10 minutes"}
        for away, told in ((True, {"place": None, "wait": None}), (False, {"place": 1, "wait": "10 minutes"})):
            async with transaction() as session:
                await desk_presence.set_away(session, agent.id, away)
            assert await next_event(stream, "place") == told
        # Who closes the desk without a word was not seen for a while: the beat finds it, as no notice tells of it.
        async with transaction() as session:
            await session.execute(update(SignIn).values(seen_at=clock.now() - timedelta(minutes=5)))
        assert await next_event(stream, "place") == {"place": None, "wait": None}
    finally:
        await stream.aclose()  # type: ignore[attr-defined]
        await listener.stop()


@pytest.mark.parametrize("there", [True, False])
async def test_the_page_without_scripts_promises_nobody_who_is_not_there(
    app_client: httpx2.AsyncClient, there: bool
) -> None:
    await app_client.post("/chat", data={"text": "hello"}, headers={"Origin": "https://testserver"})
    if there:
        await session_of(await make_agent("Q-WASTE"))
    async with transaction() as session:
        conversation = (await session.scalars(select(Conversation))).one()
    contact_id = await make_contact(conversation_id=conversation.id, live=True, channel="chat")
    async with transaction() as session:
        await session.execute(update(Conversation).values(mode="waiting", contact_id=contact_id))
    page = (await app_client.get("/chat")).text
    assert ("You are next." in page) is there
    assert ("Nobody from this team is at their desk just now." in page) is not there


async def test_an_agent_sees_that_the_page_is_open_and_that_it_was_closed(database: str) -> None:
    talk, _ = await a_waiting_resident()
    listener = Listener(database)
    await listener.start()

    async def here() -> bool:
        async with transaction() as session:
            conversation = await session.get_one(Conversation, talk, populate_existing=True)
            return conversation.here_until is not None and conversation.here_until > clock.now()

    assert not await here()
    stream = streams.conversation_events(listener, talk, 0)
    await next_event(stream, "message")
    assert await here()
    await stream.aclose()  # type: ignore[attr-defined]
    for task in list(presence._leaving):
        await task
    assert not await here()
    await listener.stop()


async def test_of_whoever_talks_to_the_assistant_it_is_known_that_the_page_was_closed(database: str) -> None:
    talk = await make_conversation(("resident", "When is my bin day?"))
    listener = Listener(database)
    await listener.start()

    async def here_until() -> datetime | None:
        async with transaction() as session:
            return (await session.get_one(Conversation, talk, populate_existing=True)).here_until

    for _ in range(2):
        stream = streams.conversation_events(listener, talk, 0)
        await next_event(stream, "message")
        assert await here_until() is None, "not known to be closed"
        await stream.aclose()  # type: ignore[attr-defined]
        for task in list(presence._leaving):
            await task
        closed = await here_until()
        assert closed is not None and closed <= clock.now()
    await listener.stop()


async def test_a_busy_desk_does_not_make_an_open_page_look_closed(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_S", 0.2)
    talk, _ = await a_waiting_resident()
    async with transaction() as session:
        await session.execute(update(Conversation).where(Conversation.id == talk).values(mode="person"))
    listener = Listener(database)
    await listener.start()
    stream: Any = streams.conversation_events(listener, talk, 0)

    async def busy() -> None:
        while True:
            # More often than the beat, so that no wait between two of them is ever long enough.
            listener._tell(taking.DESK, {"contact": "another"})
            await asyncio.sleep(0.02)

    desk = None
    try:
        await next_event(stream, "mode")
        long_ago = clock.now() - timedelta(minutes=1)
        async with transaction() as session:
            await session.execute(update(Conversation).where(Conversation.id == talk).values(here_until=long_ago))
        desk = asyncio.create_task(busy())
        for _ in range(2):
            assert (await asyncio.wait_for(anext(stream), 3)).startswith(":"), "a line keeps the stream alive"
        async with transaction() as session:
            conversation = await session.get_one(Conversation, talk, populate_existing=True)
        assert conversation.here_until is not None and conversation.here_until > clock.now()
    finally:
        if desk:
            desk.cancel()
        await stream.aclose()
        await listener.stop()


async def test_that_somebody_types_is_announced_once_in_a_while_and_never_kept(database: str) -> None:
    talk, _ = await a_waiting_resident()
    listener = Listener(database)
    await listener.start()
    async with listener.hear(f"conversation:{talk}") as heard:
        await asyncio.sleep(0.3)
        while not heard.empty():
            heard.get_nowait()
        for _ in range(3):
            async with transaction() as session:
                await presence.is_typing(session, await session.get_one(Conversation, talk))
        assert await asyncio.wait_for(heard.get(), 3) == {"typing": "resident", "conversation": str(talk)}
        await asyncio.sleep(0.2)
        assert heard.empty()
    await listener.stop()


async def ask_for_a_person(chat: Chat) -> Any:
    chat.engine.then = lambda words: Turn(says=({"do": "person"},), understood=Understood("person", 1.0, False))
    return await chat.say("a person please")


@pytest.mark.nobody_there
async def test_while_the_desk_is_open_and_nobody_is_at_it_a_message_is_offered(chat: Chat) -> None:
    await session_of(await make_agent("Q-LIB"))
    await session_of(await make_agent(role="owner"))
    result = await ask_for_a_person(chat)
    said = " ".join(message.text for message in result.messages)
    assert "Nobody is free to talk just now." in said and "open again" not in said
    assert not result.handover and (await chat.state()).mode == "assistant"
    await session_of(await make_agent("Q-GENERAL"))
    assert (await ask_for_a_person(chat)).handover


@pytest.mark.nobody_there
async def test_whoever_left_the_desk_is_not_there(chat: Chat) -> None:

    await session_of(await make_agent())
    async with transaction() as session:
        await session.execute(update(SignIn).values(seen_at=clock.now() - timedelta(minutes=5)))
    assert not (await ask_for_a_person(chat)).handover
