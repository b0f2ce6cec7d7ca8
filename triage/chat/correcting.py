"""Undo, outside a form. What was sent is with a person and is never deleted unseen: a correction is added to it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import live
from triage.chat import passing_on, repository
from triage.chat.answering import MESSAGE, PERSON, Room
from triage.chat.rendering import Said, choices
from triage.contacts import note_history
from triage.content import Choice
from triage.tables import Contact, Conversation

CORRECTION = "correction"
ADD, LEAVE = "add_correction", "leave_as_it_is"


async def undo(session: AsyncSession, conversation: Conversation, room: Room) -> list[Said]:
    """What can be done about the newest thing that was sent from this conversation."""
    contact = await repository.newest_contact(session, conversation.id)
    if contact is None:
        return [room.line("nothing_was_sent")]
    if contact.state == "closed":
        said = room.line("undo_closed", reference=contact.reference)
        said.extras["choices"] = choices([PERSON, MESSAGE])
        return [said]
    said = room.line("undo_sent", reference=contact.reference)
    said.extras["choices"] = choices(
        [Choice(label="Add a correction", do=ADD), Choice(label="Leave it as it is", do=LEAVE), PERSON]
    )
    return [said]


async def begin(session: AsyncSession, conversation: Conversation, room: Room) -> list[Said]:
    """Ask for the correction."""
    contact = await repository.newest_contact(session, conversation.id)
    if contact is None or contact.state == "closed":
        return await undo(session, conversation, room)
    passing_on.wait_for(conversation, CORRECTION, contact=str(contact.id))
    return [room.line("correction_words", reference=contact.reference)]


async def add(session: AsyncSession, conversation: Conversation, room: Room, text: str) -> list[Said]:
    """Add what was typed to the contact, where its agent reads it."""
    contact = await session.get(Contact, UUID(passing_on.waiting_for(conversation)["contact"]))
    passing_on.wait_for(conversation, None)
    if contact is None or contact.state == "closed":
        return await undo(session, conversation, room)
    contact.version += 1
    await note_history(session, contact.id, "added", detail={"said": text})
    await live.announce(session, "desk")
    await live.announce(session, f"contact:{contact.id}")
    return [room.line("correction_added", reference=contact.reference)]
