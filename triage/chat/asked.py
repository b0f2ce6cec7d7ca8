"""An agent asked the resident something, and the clocks stand still until they answer: here, with no agent beside them.

The assistant has the conversation then, and would take "flat 3" for a new question of theirs. What is typed while an
agent's question is open is an answer to it: it is passed on, they are told so, and the clocks go on.
"""

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import outbox
from triage.chat import paused, repository
from triage.chat.answering import Room
from triage.chat.rendering import Said
from triage.clocks import keeping
from triage.events import ResidentWrote
from triage.record import SHOWN
from triage.tables import Contact, Conversation

if TYPE_CHECKING:
    from triage.chat.replying import InHand

# In a conversation's context: the contact whose question was answered here last. Answers come in several messages.
ANSWERED = "answered_to"
UNCLEAR = {"do": "clarify"}


async def passed_on(session: AsyncSession, conversation: Conversation, room: Room, in_hand: "InHand") -> list[Said]:
    """What is said of passing it on; [] when nothing is. Where that is all there is to say, the turn is set aside.

    A form's question that stands below the agent's is what is answered first: the form goes on, and so does the pause.
    """
    turn = in_hand.turn
    unclear = turn is None or turn.says == (UNCLEAR,)
    contact = None
    if in_hand.asked and not in_hand.send:
        newest = await repository.newest_reply(session, conversation.id)
        answers = newest is not None and newest.author != "assistant"
        if conversation.context.get("form") and not answers:
            return []
        contact = await keeping.asked(session, conversation.id)
        unclear = unclear or (answers and turn is not None and turn.says != ({"do": "person"},))
    elif unclear and not in_hand.send and not conversation.context.get("form"):
        contact = await _answered_before(session, conversation)
    if contact is None:
        return []
    if contact.paused_at is not None:
        # A step of its own, as in every other talk with an agent (turns.py).
        await outbox.publish(session, ResidentWrote(conversation.id, in_hand.message.said_at.isoformat()))
    told = {ANSWERED: str(contact.id), SHOWN: str(contact.id)}
    conversation.context = {**conversation.context, **told}
    said = [room.line("answer_passed_on")]
    if unclear:
        in_hand.turn, in_hand.between = None, True
        form = paused.kept(conversation.context, conversation.dialogue)
        if form and form["asking"]:
            said[0].extras.pop("choices", None)
            said.append(paused.question(room, form, conversation.context))
    return said


async def _answered_before(session: AsyncSession, conversation: Conversation) -> Contact | None:
    """The open contact whose question was answered here, when nothing else was understood since."""
    known = conversation.context.get(ANSWERED)
    contact = await session.get(Contact, UUID(known)) if known else None
    return contact if contact is not None and contact.state != "closed" else None
