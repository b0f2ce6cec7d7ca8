"""A contact that waits for its resident goes on from the moment at which they write in their chat."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from tests.chat.conftest import Chat
from tests.makers import contact_now, make_agent, make_contact
from triage import clock, taking
from triage.database import transaction
from triage.desk import waiting
from triage.queues import steps
from triage.tables import Conversation


async def resuming() -> list[dict[str, str]]:
    """What the step that follows ResidentWrote has been asked to do."""
    async with transaction() as session:
        rows = await session.scalars(
            text("select args->'payload' from procrastinate_jobs where args->>'step' = 'queues.resume_clocks'")
        )
        return list(rows)


async def with_a_person(chat: Chat, *, pause: bool) -> UUID:
    contact_id, agent = await make_contact(conversation_id=chat.id, live=True), await make_agent()
    async with transaction() as session:
        await taking.take(session, agent.id, contact_id)
        conversation = await session.get_one(Conversation, chat.id)
        conversation.mode, conversation.contact_id = "person", contact_id
    if pause:
        version = (await contact_now(contact_id)).version
        until = (clock.today() + timedelta(days=3)).isoformat()
        async with transaction() as session:
            await waiting.pause(session, agent, contact_id, version, "resident", until)
    return contact_id


async def test_words_in_the_chat_end_the_pause(chat: Chat) -> None:
    contact_id = await with_a_person(chat, pause=True)
    assert (await contact_now(contact_id)).paused_at is not None
    await chat.say("It is flat 3.")
    (asked,) = await resuming()
    for _ in range(2):
        async with transaction() as session:
            await steps.resume_clocks(session, chat.id, asked["at"])
    contact = await contact_now(contact_id)
    assert (contact.paused_at, contact.paused_until, contact.pause_reason) == (None, None, None)


async def test_words_that_were_said_before_the_pause_do_not_end_it(chat: Chat) -> None:
    contact_id = await with_a_person(chat, pause=True)
    before = (clock.now() - timedelta(minutes=1)).isoformat()
    async with transaction() as session:
        await steps.resume_clocks(session, chat.id, before)
    assert (await contact_now(contact_id)).paused_at is not None


async def test_a_contact_that_does_not_wait_asks_for_nothing(chat: Chat) -> None:
    await with_a_person(chat, pause=False)
    await chat.say("Hello?")
    assert await resuming() == []
