"""What chat does when something happened elsewhere: the resident is told, in the conversation."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, live, presence, reading, record, taking
from triage.catalogue import catalogue
from triage.chat import going_home, overtaken, passing_on, repository, waits
from triage.chat.answering import Room, with_reference_of
from triage.record import SHOWN
from triage.tables import Agent, Conversation, Message

# A turn that has not ended by now belongs to a process that died.
FORGOTTEN = timedelta(seconds=12)
# In a conversation's context: which agent its resident was last told has joined.
JOINED = "joined"


def _room() -> Room:
    return Room(catalogue(), reading.dangers())


async def tell_waiting(session: AsyncSession, contact_id: UUID) -> None:
    """After ContactQueued: tell a waiting resident their place. Said once for each time the contact is queued."""
    row = await repository.live_conversation(session, contact_id)
    if row is None or not row[0].live or row[1].mode != "waiting" or row[0].state != "queued":
        return
    contact, conversation = row
    if conversation.context.get("told_waiting") == str(contact.queued_at):
        return
    if contact.queue and not await presence.somebody_is_there(session, contact.queue):
        # No place in a line that nobody works: a person would be promised who is not there.
        conversation.context = {**conversation.context, "told_waiting": str(contact.queued_at)}
        await going_home.tell_nobody(session, _room(), contact, conversation)
        return
    place = await taking.place_in_queue(session, contact_id) or 1
    wait = await waits.usual_wait(session, contact.queue) if contact.queue else None
    known = {"wait": wait} if wait else {}
    room = _room()
    said = room.line("waiting_first", **known) if place == 1 else room.line("waiting", position=place, **known)
    conversation.context = {**conversation.context, "told_waiting": str(contact.queued_at)}
    await record.append_message(session, conversation.id, "system", said.text, extras=said.extras)


async def hand_over_unanswered(session: AsyncSession, conversation_id: UUID, seq: int) -> None:
    """After SummaryShown: a resident who did not say whether it is right is handed over all the same."""
    conversation = await session.get(Conversation, conversation_id, with_for_update=True)
    if conversation is None:
        return
    said = await passing_on.after_silence(session, conversation, _room(), seq)
    await session.flush()
    for one in said:
        await record.append_message(session, conversation.id, "assistant", one.text, extras=one.extras)
    if said:
        await live.announce(session, record.conversation_topic(conversation.id), mode=conversation.mode)


async def tell_joined(session: AsyncSession, contact_id: UUID) -> None:
    """After ContactTaken: the agent has joined, and the assistant goes quiet. Of the next agent they are told as well.

    Who was given it and has not opened it has not joined.
    """
    row = await repository.live_conversation(session, contact_id)
    if row is None or not row[0].live or row[0].state != "taken" or row[0].assigned_at is not None:
        return
    contact, conversation = row
    if conversation.mode == "person" and conversation.context.get(JOINED) == str(contact.agent_id):
        return
    conversation.context = {**conversation.context, JOINED: str(contact.agent_id)}
    agent = await session.get(Agent, contact.agent_id)
    name = agent.name if agent else "Somebody"
    said = _room().line("joined", name=name)
    await _tell(session, conversation, "person", said.text)


async def tell_agent_left(session: AsyncSession, contact_id: UUID) -> None:
    """After ContactTransferred or ContactReleased: the resident waits for the next person, with nothing to repeat."""
    row = await repository.live_conversation(session, contact_id)
    if row is None or not row[0].live or row[0].state != "queued" or row[1].mode != "person":
        return
    await _tell(session, row[1], "waiting", _room().line("agent_left").text)


async def tell_postponed(session: AsyncSession, contact_id: UUID) -> None:
    """After ContactPostponed: nobody waits in the chat any more, and the assistant is there again."""
    row = await repository.live_conversation(session, contact_id)
    if row is None or row[0].live or row[1].mode not in ("waiting", "person"):
        return
    contact, conversation = row
    conversation.contact_id = None
    conversation.context = {**conversation.context, SHOWN: str(contact_id)}
    said = with_reference_of(_room().line("postponed"), contact)
    await _tell(session, conversation, "assistant", said.text, said.extras)


async def tell_closed(session: AsyncSession, contact_id: UUID) -> None:
    """After ContactClosed: what was agreed, in the conversation."""
    row = await repository.live_conversation(session, contact_id)
    if row is None or row[0].state != "closed" or row[1].mode == "ended":
        return
    contact, conversation = row
    said = with_reference_of(_room().line("closed", outcome=contact.outcome), contact)
    overtaken.end(conversation, contact)
    await _tell(session, conversation, "ended", said.text, said.extras)


async def _tell(
    session: AsyncSession, conversation: Conversation, mode: str, text: str, extras: dict[str, Any] | None = None
) -> None:
    conversation.mode = mode
    await session.flush()
    await record.append_message(session, conversation.id, "system", text, extras=extras)
    await live.announce(session, record.conversation_topic(conversation.id), mode=mode)


async def tell_desk_closed(session: AsyncSession) -> int:
    """Whoever still waits when the desk has gone home is told so, and waits no longer. Returns how many there were."""
    return await going_home.tell_who_waits(session, _room())


async def tell_nobody_there(session: AsyncSession) -> int:
    """Whoever waits while nobody of their queue is at the desk is told so, once. Returns how many there were."""
    return await going_home.tell_who_waits_for_nobody(session, _room())


async def answer_forgotten(session: AsyncSession) -> int:
    """Answer messages whose process died in mid-turn: say so, with a way on. Returns how many there were."""
    forgotten = await repository.forgotten(session, clock.now() - FORGOTTEN)
    room = _room()
    answered = 0
    for message in forgotten:
        still = await session.scalar(
            update(Message)
            .where(Message.id == message.id, Message.answered_at.is_(None))
            .values(answered_at=clock.now())
            .returning(Message.id)
            .execution_options(synchronize_session=False)
        )
        if still is None:
            continue
        answered += 1
        said = room.line("engine_down")
        said.extras.setdefault("links", [{"label": "Leave us a message", "href": "/contact"}])
        said.extras[record.AWAY] = True
        await record.append_message(
            session,
            message.conversation_id,
            "assistant",
            said.text,
            extras=said.extras,
            answers_id=message.id,
        )
        await session.execute(
            update(Conversation).where(Conversation.id == message.conversation_id).values(turn_until=None)
        )
    return answered
