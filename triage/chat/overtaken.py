"""What is said to whoever wrote to a person at the moment at which the talk with a person came to an end.

Their words were stored while somebody was there, or was waited for, and no engine was asked. When the answer is due
nobody reads along any more: without a word here nothing would be said, or that we are having trouble.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.chat.answering import Room, with_reference_of
from triage.chat.presence import WITH_PEOPLE
from triage.chat.rendering import Said
from triage.record import SHOWN
from triage.tables import Contact, Conversation


async def overtaken(session: AsyncSession, conversation: Conversation, room: Room, before: str) -> list[Said] | None:
    """What is said when it was overtaken; None when it was not. `before`: the mode in which it was written.

    Whoever closes a contact at the desk holds its conversation first (record.py), as this turn does now.
    """
    if conversation.mode not in WITH_PEOPLE and before not in WITH_PEOPLE:
        return None
    contact = None
    if conversation.contact_id is not None:
        contact = await session.get(Contact, conversation.contact_id, populate_existing=True)
    closed = contact is not None and contact.state == "closed"
    if conversation.mode in WITH_PEOPLE:
        if contact is None or not closed:
            return None
        # The step that tells of it finds it told.
        end(conversation, contact)
        return [with_reference_of(room.line("closed_meanwhile", outcome=contact.outcome), contact)]
    ended, conversation.mode, conversation.contact_id = conversation.mode == "ended", "assistant", None
    return [room.line("closed_meanwhile" if ended and closed else "kept_meanwhile")]


def end(conversation: Conversation, contact: Contact) -> None:
    """The conversation ends with its contact, and "This is not settled", pressed there, means that one."""
    conversation.mode, conversation.ended_at = "ended", clock.now()
    conversation.context = {**conversation.context, SHOWN: str(contact.id)}
