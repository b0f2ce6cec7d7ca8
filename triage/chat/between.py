"""What is answered here and by no engine: the questions that we ask ourselves, undo, and presses that come too late."""

from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.asyncio import AsyncSession

from language.entities import reply_address
from language.taking_back import takes_back
from triage.chat import correcting, passing_on, paused
from triage.chat.answering import Room
from triage.chat.rendering import Said
from triage.chat.sending import STALE
from triage.tables import Conversation

if TYPE_CHECKING:
    from triage.chat.replying import InHand

# Buttons under what was shown before a person is asked; they count after the minute as well.
OF_THE_SUMMARY = (passing_on.APPROVE, passing_on.CHANGE, passing_on.DECLINE)
BUTTONS = (*OF_THE_SUMMARY, passing_on.SKIP, correcting.ADD, correcting.LEAVE, paused.RESUME, STALE)


def ours(text: str | None, send: dict[str, Any], mode: str, context: dict[str, Any]) -> bool:
    """Whether this is answered here: pure, so that it can be asked before the engine is and again afterwards."""
    do = send.get("do")
    if do in BUTTONS or paused.resumes(text, send, context):
        return True
    what = (context.get(passing_on.WAITS) or {}).get("what")
    if what in (passing_on.SUMMARY, passing_on.WORDS) and mode == "assistant" and do == "person":
        return True
    if send or text is None:
        return False
    if what in (passing_on.SUMMARY, passing_on.WORDS, correcting.CORRECTION):
        return True
    if what == passing_on.REPLY_TO:
        return mode in passing_on.NOBODY_YET and (reply_address(text) is not None or passing_on.skips(text))
    return mode == "assistant" and not context.get("form") and takes_back(text)


async def answer(session: AsyncSession, conversation: Conversation, room: Room, in_hand: "InHand") -> list[Said] | None:
    """What is said, or None when it is for the engine after all; whatever was waited for is then waited for no more."""
    text, send = in_hand.words.text, in_hand.send
    if not ours(text, send, conversation.mode, conversation.context):
        if passing_on.waiting_for(conversation) and conversation.mode == "assistant":
            passing_on.wait_for(conversation, None)
        return None
    if paused.resumes(text, send, conversation.context):
        passing_on.wait_for(conversation, None)
        return paused.resume(conversation, room)
    if send.get("do") in BUTTONS:
        return await _pressed(session, conversation, room, str(send["do"]))
    typed = text or ""
    match passing_on.waiting_for(conversation).get("what"):
        case passing_on.SUMMARY:
            return await passing_on.answered(session, conversation, room, passing_on.meant(typed), typed)
        case passing_on.WORDS if send.get("do") == "person":
            return await passing_on.answered(session, conversation, room, None, typed)
        case passing_on.WORDS:
            stops = passing_on.meant(typed) == "stop"
            said = passing_on.answered(session, conversation, room, "stop", typed) if stops else None
            return await (said or passing_on.in_own_words(session, conversation, room, typed))
        case passing_on.REPLY_TO:
            return await passing_on.reply_to(session, conversation, room, reply_address(typed), typed)
        case correcting.CORRECTION:
            if takes_back(typed) or passing_on.meant(typed) in ("stop", passing_on.DECLINE):
                return _left_as_it_is(conversation, room)
            return await correcting.add(session, conversation, room, in_hand.message.text)
        case _:
            return await correcting.undo(session, conversation, room)


async def _pressed(session: AsyncSession, conversation: Conversation, room: Room, do: str) -> list[Said]:
    if do in OF_THE_SUMMARY:
        shown = passing_on.waiting_for(conversation).get("what") in (passing_on.SUMMARY, passing_on.WORDS)
        if shown or await passing_on.can_still_say(session, conversation):
            return await passing_on.answered(session, conversation, room, do, "")
    elif do == passing_on.SKIP and passing_on.waiting_for(conversation).get("what") == passing_on.REPLY_TO:
        return await passing_on.reply_to(session, conversation, room, None)
    elif do == correcting.ADD:
        return await correcting.begin(session, conversation, room)
    elif do == correcting.LEAVE:
        return _left_as_it_is(conversation, room)
    return stale(conversation, room)


def _left_as_it_is(conversation: Conversation, room: Room) -> list[Said]:
    passing_on.wait_for(conversation, None)
    return [room.line("left_as_it_is")]


def stale(conversation: Conversation, room: Room) -> list[Said]:
    """A press that answers a question which is no longer open: said plainly, then the question that is."""
    said = room.line("stale_choice")
    form = paused.kept(conversation.context, conversation.dialogue)
    if form is None or form["asking"] is None:
        return [said]
    said.extras.pop("choices", None)
    return [said, paused.question(room, form, conversation.context)]
