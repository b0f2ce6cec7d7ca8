"""What is said in answer to one message, and what is done: decided here, stored by turns.py in the same transaction."""

from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from language.danger import Sighting
from triage import live
from triage.chat import answering, handover
from triage.chat.answering import Room
from triage.chat.engine import Turn, Understood, Words
from triage.chat.rendering import Said
from triage.chat.tasks import TASKS, Doing
from triage.tables import Conversation, Message

log = structlog.get_logger(__name__)


@dataclass
class InHand:
    """A turn in hand, between its two transactions."""

    message: Message
    mode: str
    memory: list[Any]
    context: dict[str, Any]
    words: Words
    send: dict[str, Any]
    code: str | None
    claimed: bool
    turn: Turn | None = None
    sighting: Sighting | None = None
    looked_up: dict[str, Any] = field(default_factory=dict)
    engine_down: bool = False

    @property
    def outcome(self) -> str:
        """In one word, how the message was dealt with."""
        if self.turn is None:
            return "unanswered" if self.engine_down else "ours"
        return "spare" if self.engine_down else "engine"


async def replies(session: AsyncSession, conversation: Conversation, room: Room, in_hand: InHand) -> list[Said]:
    said: list[Said] = []
    sighting = in_hand.sighting
    if sighting is not None and sighting.level != "concern":
        return await handover.in_danger(session, conversation, room, sighting, in_hand.message.text)
    if "safe" in in_hand.send:
        return await handover.safe_to_contact(session, conversation, room, bool(in_hand.send["safe"]))
    if in_hand.send.get("do") == "leave_queue":
        return await handover.leave_queue(session, conversation, room)
    if in_hand.send.get("do") == "none_of_these":
        return [answering.not_understood(room, Understood(), 2)]
    if conversation.mode in ("waiting", "person"):
        # The message is on the agent's screen; the assistant stays quiet.
        await live.announce(session, "desk")
        return []
    if sighting is not None:
        conversation.context = {
            **conversation.context,
            "concern": {"signal": sighting.signal, "priority": sighting.priority},
        }
        said.append(answering.danger_line(room, sighting))
    if conversation.mode == "ended":
        conversation.mode, conversation.contact_id = "assistant", None
    if in_hand.turn is None:
        return [*said, answering.engine_down(room)]
    return [*said, *await _perform(session, conversation, room, in_hand, in_hand.turn)]


async def _perform(
    session: AsyncSession, conversation: Conversation, room: Room, in_hand: InHand, turn: Turn
) -> list[Said]:
    said: list[Said] = []
    asked = understood_now = False
    doing = Doing(session, conversation, room, turn, in_hand.code, in_hand.looked_up)
    for say in turn.says:
        if "answer" in say:
            said.append(answering.answer(room, str(say["answer"])))
            understood_now = True
            if say["answer"] in room.catalogue.services:
                conversation.context = {**conversation.context, "service": say["answer"]}
        elif "ask" in say:
            said.append(answering.question(room, str(say["ask"]), turn))
            asked = understood_now = True
        elif "note" in say:
            said.append(answering.note(room, str(say["note"]), say.get("values")))
        elif say.get("do") in TASKS:
            said += await TASKS[say["do"]](doing)
            understood_now = understood_now or say["do"] not in ("clarify", "no_form")
        else:
            log.error("chat.unknown_payload", keys=sorted(say))
    if turn.form and turn.asking and not asked:
        said.append(
            answering.question(room, f"{turn.form}.{answering.slot_of(turn.form, turn.asking)}", turn, again=True)
        )
    context = {**conversation.context, "form": turn.form}
    if understood_now:
        context["failures"] = 0
    conversation.context = context
    return said or [answering.engine_down(room)]
