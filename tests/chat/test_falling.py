"""A message that fell through is noted beside how it was read, without a word of it."""

from typing import Any

import pytest
from sqlalchemy import select

from tests.chat.conftest import Chat
from triage.chat.engine import Turn, Understood
from triage.database import transaction
from triage.tables import Message

RANKING = (("tip", 0.41), ("bulky_waste", 0.3), ("outside", 0.1), ("noise", 0.05))


def told(do: str = "clarify", **more: Any) -> Turn:
    return Turn(says=({"do": do},), understood=Understood("tip", 0.41, True, RANKING), **more)


async def noted(chat: Chat) -> dict[str, Any]:
    """How the resident's newest message is on record."""
    async with transaction() as session:
        newest = await session.scalar(
            select(Message)
            .where(Message.conversation_id == chat.id, Message.author == "resident")
            .order_by(Message.seq.desc())
            .limit(1)
        )
    assert newest is not None and newest.understood is not None
    return newest.understood


@pytest.mark.parametrize("do", ["clarify", "wrong_answer"])
async def test_it_is_noted_with_the_three_likeliest(chat: Chat, do: str) -> None:
    chat.engine.then = lambda words: told(do)
    await chat.say("paint tins zelkova")
    read = await noted(chat)
    assert read["fell"] == do and read["service"] == "tip"
    assert read["guesses"] == [["tip", 0.41], ["bulky_waste", 0.3], ["outside", 0.1]]
    assert "zelkova" not in str(read)


async def test_what_was_answered_is_not(chat: Chat) -> None:
    await chat.say("when is my bin day")
    assert "fell" not in await noted(chat)


async def test_an_answer_to_a_form_is_not(chat: Chat) -> None:
    chat.engine.then = lambda words: Turn(
        says=({"ask": "missed_bin.stream"},), understood=Understood(), form="missed_bin", asking="missed_bin_stream"
    )
    await chat.say("my bin was missed")
    chat.engine.then = lambda words: told()
    await chat.say("47 Quillfeather Road")
    assert "fell" not in await noted(chat)


@pytest.mark.parametrize("text", ["my husband hits me", "i feel so low i cannot cope"])
async def test_nothing_of_a_conversation_about_a_danger_is(chat: Chat, text: str) -> None:
    chat.engine.then = lambda words: told()
    await chat.say(text)
    read = await noted(chat)
    assert read["danger"] and "fell" not in read
    await chat.say("it is about the green thing")
    assert "fell" not in await noted(chat)
