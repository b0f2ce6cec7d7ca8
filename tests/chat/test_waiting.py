"""Who waits for a person is answered; once the person is there the assistant is quiet."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from tests.chat.conftest import Chat
from tests.makers import contact_now, make_agent, make_contact
from triage import clock
from triage.chat import handover, repository, steps
from triage.chat.engine import Turn, Understood
from triage.chat.replying import InHand
from triage.database import transaction
from triage.desk import service
from triage.settings import get_settings
from triage.tables import Agent, Conversation


@pytest.fixture(autouse=True)
def on_a_wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDOOR_NOW", "2026-11-25T10:00")
    get_settings.cache_clear()
    clock._shift.cache_clear()


async def test_who_waits_is_told_that_it_was_added_and_no_engine_is_asked(chat: Chat) -> None:
    chat.engine.then = lambda words: Turn(says=({"do": "person"},), understood=Understood("person", 1.0, False))
    await chat.say("a person please")
    result = await chat.say("are you there")
    (told,) = result.messages
    assert "Nobody has joined yet" in told.text and result.handover and len(chat.engine.asked) == 1
    assert [choice["send"] for choice in told.extras["choices"]] == [{"do": "leave_queue"}]


async def test_the_assistant_is_quiet_once_a_person_is_there(chat: Chat) -> None:
    async with transaction() as session:
        (await session.get_one(Conversation, chat.id)).mode = "person"
    result = await chat.say("are you there")
    assert result.messages == [] and result.handover and chat.engine.asked == []


async def with_an_agent(chat: Chat) -> tuple[Agent, UUID]:
    """An agent talks with the resident in the chat."""
    agent = await make_agent()
    contact_id = await make_contact(
        channel="chat",
        conversation_id=chat.id,
        live=True,
        state="taken",
        agent_id=agent.id,
        lease_until=clock.now() + timedelta(minutes=2),
    )
    async with transaction() as session:
        here = update(Conversation).where(Conversation.id == chat.id)
        await session.execute(here.values(mode="person", contact_id=contact_id))
    return agent, contact_id


async def close(agent: Agent, contact_id: UUID) -> None:
    version = (await contact_now(contact_id)).version
    async with transaction() as session:
        await service.close(session, agent, contact_id, version, "done", "The crew comes on Friday.")


def meanwhile(chat: Chat, monkeypatch: pytest.MonkeyPatch, happens: Callable[[], Awaitable[None]]) -> None:
    """Let something happen between the two transactions of the next turn: the message is stored, and not answered."""
    decide = chat.turns.decide

    async def decided(in_hand: InHand) -> None:
        await happens()
        await decide(in_hand)

    monkeypatch.setattr(chat.turns, "decide", decided)


@pytest.mark.parametrize("told_before", [False, True], ids=["its step has not run", "its step has run"])
async def test_what_is_written_as_the_contact_is_closed_is_not_taken_for_read(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, told_before: bool
) -> None:
    agent, contact_id = await with_an_agent(chat)

    async def closed() -> None:
        await close(agent, contact_id)
        if told_before:
            async with transaction() as session:
                await steps.tell_closed(session, contact_id)

    meanwhile(chat, monkeypatch, closed)
    (told,) = (await chat.say("and the brown bin was left too")).messages
    assert "may not have been read" in told.text and ("Friday" in told.text) is not told_before
    assert {"do": "start_not_settled"} in [choice["send"] for choice in told.extras["choices"]]
    async with transaction() as session:
        await steps.tell_closed(session, contact_id)
    async with transaction() as session:
        said = [message.text for message in await repository.messages_after(session, chat.id)]
        talk = await session.get_one(Conversation, chat.id)
    assert sum("This was closed" in text or "This is now closed" in text for text in said) == 1 + told_before
    assert talk.context["contact_shown"] == str(contact_id) and talk.mode != "person"


async def test_what_is_written_as_the_line_is_left_is_kept_and_no_trouble_is_told(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    await with_an_agent(chat)

    async def left() -> None:
        async with transaction() as session:
            conversation = await session.get_one(Conversation, chat.id, with_for_update=True)
            await handover.leave_queue(session, conversation, chat.turns.room())

    meanwhile(chat, monkeypatch, left)
    (told,) = (await chat.say("and the brown bin was left too")).messages
    assert "a person will read it" in told.text and "trouble" not in told.text
