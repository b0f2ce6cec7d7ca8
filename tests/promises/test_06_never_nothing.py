"""Promise 6: no message ends with neither a reply nor a hand-over, whatever becomes of Rasa or of the process."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import exists, select, update

from tests.chat.conftest import Chat, ToldEngine
from triage import clock
from triage.chat import steps, turns
from triage.chat.engine import EngineUnavailable, Turn, Understood
from triage.database import transaction
from triage.tables import Contact, Conversation, Message

UNDERSTOOD = Understood("bin_collection_day", 0.97, False, (("bin_collection_day", 0.97),))
WORDS = ("when is my bin day", "my bin was not emptied", "i want to speak to a person", "asdf", "he is hurting me")
# What becomes of a turn.
ENDS = ("answers", "away", "empty", "unknown", "breaks", "killed")


def as_told(end: str) -> Any:
    match end:
        case "away":
            return EngineUnavailable()
        case "breaks":
            return RuntimeError("a fault of its own")
        case "empty":
            return lambda words: Turn(says=(), understood=UNDERSTOOD)
        case "unknown":
            return lambda words: Turn(says=({"answer": "nobody_knows_this"},), understood=UNDERSTOOD)
    return lambda words: Turn(says=({"answer": "bin_collection_day"},), understood=UNDERSTOOD)


async def say(chat: Chat, end: str, text: str) -> None:
    chat.engine.then = as_told(end)
    turn = asyncio.create_task(chat.say(text))
    if end == "killed":
        # Long enough to be stored, and then its process is gone.
        original = chat.engine.turn

        async def dies(*args: Any) -> Turn:
            turn.cancel()
            await asyncio.sleep(1)
            return await original(*args)

        chat.engine.turn = dies  # type: ignore[method-assign]
        with suppress(asyncio.CancelledError, Exception):
            await turn
        chat.engine.turn = original  # type: ignore[method-assign]
        return
    with suppress(Exception):
        await turn


async def left_with_nothing() -> list[str]:
    """Residents' messages that nothing answered and no person waits to read."""
    reply = Message.__table__.alias()
    answered = exists().where(reply.c.answers_id == Message.id)
    with_a_person = exists().where(
        Conversation.id == Message.conversation_id, Conversation.mode.in_(("waiting", "person"))
    )
    contact = exists().where(Contact.conversation_id == Message.conversation_id)
    async with transaction() as session:
        rows = select(Message.text).where(Message.author == "resident", ~answered, ~(with_a_person & contact))
        return list((await session.scalars(rows)).all())


async def sweep() -> None:
    async with transaction() as session:
        past = clock.now() - timedelta(seconds=20)
        await session.execute(update(Message).where(Message.answered_at.is_(None)).values(said_at=past))
    async with transaction() as session:
        await steps.answer_forgotten(session)


@pytest.mark.parametrize("end", ENDS)
async def test_one_message_whatever_becomes_of_its_turn(database: str, trained: None, end: str) -> None:
    chat = await begin()
    await say(chat, end, "when is my bin day")
    await sweep()
    assert await left_with_nothing() == []


async def begin() -> Chat:
    async with transaction() as session:
        conversation, secret, _ = await turns.begin(session)
        return Chat(ToldEngine(), conversation.id, secret)


async def test_nor_any_row_of_them(database: str, trained: None) -> None:
    loop = asyncio.get_running_loop()

    @given(st.lists(st.tuples(st.sampled_from(ENDS), st.sampled_from(WORDS)), min_size=1, max_size=6))
    @settings(max_examples=25, deadline=None)
    def rows(said: list[tuple[str, str]]) -> None:
        async def run() -> list[str]:
            chat = await begin()
            for end, text in said:
                await say(chat, end, text)
                await sweep()
            return await left_with_nothing()

        assert asyncio.run_coroutine_threadsafe(run(), loop).result(60) == []

    await asyncio.to_thread(rows)


async def test_a_message_that_nothing_answered_is_seen(database: str, trained: None) -> None:
    chat = await begin()
    await say(chat, "killed", "when is my bin day")
    assert await left_with_nothing() == ["when is my bin day"]
