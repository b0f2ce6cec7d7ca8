"""An agent asks something about what came by a form in the chat, where nobody is with the resident any more."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from tests.chat.conftest import Chat
from tests.makers import contact_now, make_agent, make_contact
from triage import clock
from triage.chat.engine import Turn, Understood
from triage.database import transaction
from triage.desk import service
from triage.settings import get_settings
from triage.tables import Conversation

UNCLEAR = Turn(says=({"do": "clarify"},), understood=Understood("outside", 0.4), memory=[{"turn": "unclear"}])


@pytest.fixture(autouse=True)
def on_a_wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDOOR_NOW", "2026-11-25T10:00")
    get_settings.cache_clear()
    clock._shift.cache_clear()


async def asked(chat: Chat) -> UUID:
    """Something that came by a form: its agent asks, stops the clocks for the answer, and gives it back."""
    agent = await make_agent()
    contact_id = await make_contact(channel="chat", conversation_id=chat.id, state="taken", agent_id=agent.id)
    async with transaction() as session:
        await service.reply(session, agent, contact_id, 1, "Which flat is it?", pauses=True)
    async with transaction() as session:
        await service.release(session, agent, contact_id, (await contact_now(contact_id)).version)
    return contact_id


@pytest.mark.parametrize("mode", ["assistant", "ended"])
async def test_what_is_typed_is_passed_on_and_the_clocks_go_on(
    chat: Chat, follow: Callable[[], Any], mode: str
) -> None:
    async with transaction() as session:
        await session.execute(update(Conversation).values(mode=mode))
    contact_id = await asked(chat)
    chat.engine.then = lambda _: UNCLEAR
    (told,) = (await chat.say("flat 3")).messages
    assert "passed that on to the person who asked" in told.text
    assert (await chat.state()).dialogue == [], "it is no question of theirs to the assistant"
    await follow()
    contact = await contact_now(contact_id)
    assert contact.paused_at is None and contact.state == "queued"
    (more,) = (await chat.say("the one with the blue door")).messages
    assert more.text == told.text, "an answer comes in several messages"


async def test_a_question_of_their_own_is_answered_as_well(chat: Chat) -> None:
    answers = chat.engine.then
    await asked(chat)
    chat.engine.then = lambda _: UNCLEAR
    await chat.say("one moment")
    chat.engine.then = answers
    told, answer = (await chat.say("which day do my bins go out")).messages
    assert "passed that on" in told.text and "bin" in answer.text.lower()


async def test_the_answer_to_a_forms_question_below_it_is_the_forms(chat: Chat, follow: Callable[[], Any]) -> None:
    contact_id = await asked(chat)
    form = Turn(
        says=({"ask": "missed_bin.address"},),
        understood=Understood("missed_bin", 0.99, False),
        form="missed_bin",
        asking="missed_bin_address",
    )
    chat.engine.then = lambda _: form
    await chat.press("1.c1")
    (asks,) = (await chat.say("the blue one")).messages
    assert "passed that on" not in asks.text
    await follow()
    assert (await contact_now(contact_id)).paused_at is not None
