"""The desk goes home while residents wait in the chat: they are told, and what they wrote is a message from then on.

Whether somebody is there is asked when they are handed over. Without this their page would go on showing a place in
line until the morning.
"""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, contacts, live, presence, record, taking
from triage.catalogue import catalogue
from triage.chat import handover, passing_on, repository
from triage.chat.answering import Room, may_be_watched, with_reference_of
from triage.chat.rendering import choices
from triage.content import Choice
from triage.hours import opening
from triage.record import SHOWN
from triage.tables import Contact, Conversation

# In one round; the next is five seconds later.
MOST = 50
WENT_HOME = "desk closed"
# In a conversation's context: of which contact its resident was told that nobody is there.
NOBODY = "told_nobody"


async def tell_who_waits(session: AsyncSession, room: Room) -> int:
    """Tell whoever waits in a queue that is shut and that nobody is there to work; how many were told."""
    now = clock.now()
    shut = [code for code, rule in catalogue().queues.items() if not opening(rule.calendar).is_open(now)]
    waited_in = await repository.queues_waited_in(session, shut) if shut else []
    left = [code for code in waited_in if not await presence.somebody_is_there(session, code)]
    # Somebody who takes one at this moment has come after all: what is held is passed over.
    waiting = await repository.who_wait(session, left, MOST) if left else []
    for contact, conversation in waiting:
        await _tell(session, room, contact, conversation)
    return len(waiting)


async def tell_who_waits_for_nobody(session: AsyncSession, room: Room) -> int:
    """Tell whoever waits in a queue that is open, and that nobody at the desk works; how many were told.

    They keep their place: somebody may come back to it. It is said once of each contact.
    """
    now = clock.now()
    worked = [code for code, rule in catalogue().queues.items() if opening(rule.calendar).is_open(now)]
    waited_in = await repository.queues_waited_in(session, worked) if worked else []
    left = [code for code in waited_in if not await presence.somebody_is_there(session, code)]
    waiting = await repository.who_wait(session, left, MOST, untold=NOBODY) if left else []
    for contact, conversation in waiting:
        await tell_nobody(session, room, contact, conversation)
    return len(waiting)


async def tell_nobody(session: AsyncSession, room: Room, contact: Contact, conversation: Conversation) -> None:
    """Say that nobody is at the desk for this, and keep that it was said."""
    said = room.line("waiting_nobody")
    conversation.context = {**conversation.context, NOBODY: str(contact.id)}
    await session.flush()
    await record.append_message(session, conversation.id, "system", said.text, extras=said.extras)


async def _tell(session: AsyncSession, room: Room, contact: Contact, conversation: Conversation) -> None:
    contact.live = False
    contact.version += 1
    await contacts.note_history(session, contact.id, WENT_HOME)
    conversation.mode, conversation.contact_id = "assistant", None
    conversation.context = {**conversation.context, SHOWN: str(contact.id)}
    watched = may_be_watched(contact)
    said = room.line("desk_closed", **_known(contact, watched))
    messages = [said if watched else with_reference_of(said, contact)]
    asks = contact.reply_to is None and contact.danger is None and conversation.context.get("safe") is not False
    if asks and not passing_on.waiting_for(conversation):
        passing_on.wait_for(conversation, passing_on.REPLY_TO, contact=str(contact.id))
        where = room.line("where_to_answer")
        where.extras["choices"] = choices([Choice(label="Skip", do=passing_on.SKIP)])
        messages.append(where)
    await session.flush()
    for one in messages:
        await record.append_message(session, conversation.id, "assistant", one.text, extras=one.extras)
    await live.announce(session, record.conversation_topic(conversation.id), mode=conversation.mode)
    await taking.announce_change(session, contact.id)


def _known(contact: Contact, watched: bool) -> dict[str, Any]:
    """What fills the line: where somebody may be watched, nothing by which others find what they wrote."""
    now = clock.now()
    opens = {} if opening("office").is_open(now) else {"opens": handover.next_opening_words(now)}
    return opens if watched else {**opens, "reference": contact.reference}
