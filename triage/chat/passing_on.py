"""The resident asks for a person: what we know is shown to them first, and goes to the person with their say on it.

Asking is never a barrier. Who asks a second time, says anything else, or says nothing for a minute is handed over all
the same, and the summary is marked as not checked. Danger never comes here: handover.in_danger asks nothing.
"""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, live, outbox, presence
from triage.chat import answering, handover, paused, repository, summary
from triage.chat.answering import MESSAGE, PERSON, Room
from triage.chat.rendering import Said, choices
from triage.contacts import Checked, note_history, note_summary
from triage.content import Choice
from triage.events import SummaryShown
from triage.hours import opening
from triage.tables import Contact, Conversation
from triage.timetable import GENERAL

WAITS = "waits_for"
"""In a conversation's context: what the assistant waits for besides a form's answer, {what, …}."""
SUMMARY, WORDS, REPLY_TO = "summary", "words", "reply_to"
NOBODY_YET = ("assistant", "waiting")
"""Modes in which no agent reads along: what is typed then is the assistant's to keep."""
SILENCE = timedelta(seconds=60)
SILENCE_WHILE_TYPING = timedelta(minutes=5)
# What the buttons under the summary say.
APPROVE, CHANGE, DECLINE, SKIP = "pass_on", "change_summary", "pass_on_nothing", "no_reply_to"

_YES = re.compile(
    r"(yes|yeah|yea|yep|yup|ye|yh|y|ok|okay|sure|correct|right|perfect|fine|good|it is|that s right|thats right|"
    r"all good|looks (good|right)|go ahead|pass (it|that) on|send it|please do|yes please|yes it is|yes that s right|"
    r"yes pass it on|yes thats right|please)"
)
_CHANGE = re.compile(
    r"(no|nope|nah|change|change (it|that|something)|edit( it)?|wrong|not (quite )?right|no it isn t|no it s not|"
    r"no its not|that s wrong|thats wrong|it s wrong|its wrong|no change it|no that s wrong)"
)
_NOTHING = re.compile(
    r"(no )?(nothing|pass on nothing|none of it|(please )?(don t|dont|do not) pass (on )?"
    r"(anything|it|that|any of it)( on)?)"
)
_STOP = re.compile(
    r"(stop|cancel|cancel (it|that)|never ?mind|forget (it|about it)|leave it|no person|"
    r"i (ve )?changed my mind|no thanks|no thank you|undo|go back)"
)
# Words that leave open where to answer.
_SKIP = re.compile(r"(skip|no|none|nope|nah|no thanks|no need|rather not|i d rather not|don t|dont)")


def plain(text: str) -> str:
    """Lower case, words only."""
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


def meant(text: str) -> str | None:
    """What was typed under the summary: one of the buttons, "stop", or None for anything else."""
    words = plain(text)
    for pattern, means in ((_YES, APPROVE), (_NOTHING, DECLINE), (_CHANGE, CHANGE), (_STOP, "stop")):
        if pattern.fullmatch(words):
            return means
    return None


def skips(text: str) -> bool:
    """Whether the question where we can answer is left unanswered on purpose."""
    return _SKIP.fullmatch(plain(text)) is not None


def waiting_for(conversation: Conversation) -> dict[str, Any]:
    """What the assistant waits for besides a form's answer; {} for nothing."""
    found: dict[str, Any] = conversation.context.get(WAITS) or {}
    return found


def wait_for(conversation: Conversation, what: str | None, **more: Any) -> None:
    """Wait for this and nothing else; None waits for nothing."""
    rest = {key: value for key, value in conversation.context.items() if key != WAITS}
    conversation.context = {**rest, WAITS: {"what": what, **more}} if what else rest


async def _there(session: AsyncSession, conversation: Conversation, room: Room) -> bool:
    """Whether a person can be offered now: the queue is open, and somebody who works it is at the desk."""
    about = room.catalogue.services.get(str(conversation.context.get("service") or ""))
    queue = room.catalogue.queue(about.queue if about else GENERAL)
    if not opening(room.catalogue.queues[queue].calendar).is_open(clock.now()):
        return False
    return await presence.somebody_is_there(session, queue)


def _nobody_here(room: Room) -> Said:
    """Nobody is here, or nobody is free: with the next opening while the desk is shut."""
    return room.line("no_one_here", **_opens())


def _opens() -> dict[str, str]:
    now = clock.now()
    return {} if opening("office").is_open(now) else {"opens": handover.next_opening_words(now)}


async def to_a_person(
    session: AsyncSession, conversation: Conversation, room: Room, form: str | None, slots: dict[str, Any]
) -> list[Said]:
    """The resident asked for a person. `form` was open when they did, and `slots` hold what it was told."""
    if conversation.mode in ("waiting", "person"):
        return [room.line("still_waiting")]
    before = waiting_for(conversation)
    if before.get("what") in (SUMMARY, WORDS):
        return await hand_over(session, conversation, room, Checked.UNCHECKED)
    text = summary.compose(room, await summary.gather(session, conversation, room, form, slots))
    if text is None:
        return await _straight(session, conversation, room)
    if conversation.context.get("language"):
        # A question in English would stand in the way of somebody who does not read it.
        wait_for(conversation, SUMMARY, text=text, seq=conversation.last_seq)
        return await hand_over(session, conversation, room, Checked.UNCHECKED)
    wait_for(conversation, SUMMARY, text=text, seq=conversation.last_seq)
    if await _there(session, conversation, room):
        await _hear_silence(session, conversation, SILENCE)
        return [_asked(room.line("summary_check", summary=text))]
    closed = _nobody_here(room)
    del closed.extras["choices"]
    return [closed, _asked(room.line("summary_check_closed", summary=text), MESSAGE)]


async def _straight(session: AsyncSession, conversation: Conversation, room: Room) -> list[Said]:
    if not await _there(session, conversation, room):
        said = _nobody_here(room)
        said.extras.setdefault("choices", choices([MESSAGE]))
        return [said]
    await handover.file(session, conversation, room)
    return [handover.with_leave_queue(room.line("handing_over"))]


def _asked(said: Said, *more: Choice) -> Said:
    said.extras["choices"] = choices(
        [
            Choice(label="Yes, pass it on", do=APPROVE),
            Choice(label="Change it", do=CHANGE),
            Choice(label="Don't pass on anything", do=DECLINE),
            *more,
        ]
    )
    return said


async def _hear_silence(session: AsyncSession, conversation: Conversation, after: timedelta) -> None:
    seq = int(waiting_for(conversation)["seq"])
    await outbox.publish(session, SummaryShown(conversation.id, seq), after=after)


async def after_silence(session: AsyncSession, conversation: Conversation, room: Room, seq: int) -> list[Said]:
    """A while after the summary was shown: a resident who has not answered it is handed over. [] for all others."""
    waits = waiting_for(conversation)
    same = waits.get("what") in (SUMMARY, WORDS) and waits.get("seq") == seq
    if conversation.mode != "assistant" or not same:
        return []
    return await hand_over(session, conversation, room, Checked.UNCHECKED)


async def answered(
    session: AsyncSession, conversation: Conversation, room: Room, means: str | None, text: str
) -> list[Said]:
    """The answer to "Is it right?": one of the buttons, "stop", or anything else that was typed or pressed."""
    match means:
        case "pass_on":
            return await hand_over(session, conversation, room, Checked.APPROVED)
        case "pass_on_nothing":
            return await _decline(session, conversation, room)
        case "change_summary":
            old = waiting_for(conversation)
            wait_for(conversation, WORDS, text=old.get("text"), seq=conversation.last_seq)
            if conversation.mode == "assistant" and await _there(session, conversation, room):
                await _hear_silence(session, conversation, SILENCE_WHILE_TYPING)
            return [room.line("summary_words")]
        case "stop":
            wait_for(conversation, None)
            said = room.line("person_not_asked")
            return [paused.offered(conversation, room, said)]
        case _:
            return await hand_over(session, conversation, room, Checked.UNCHECKED)


async def can_still_say(session: AsyncSession, conversation: Conversation) -> bool:
    """Whether a press after the minute counts: the resident waits, and a summary went with their contact."""
    if conversation.mode not in ("waiting", "person") or conversation.contact_id is None:
        return False
    found = await repository.summary_of_contact(session, conversation.contact_id)
    if found is not None:
        wait_for(conversation, SUMMARY, text=found.text, seq=conversation.last_seq)
    return found is not None


async def in_own_words(session: AsyncSession, conversation: Conversation, room: Room, text: str) -> list[Said]:
    """What the resident typed instead of the summary is passed on as it was typed."""
    wait_for(conversation, WORDS, text=text, seq=conversation.last_seq)
    return await hand_over(session, conversation, room, Checked.CHANGED)


async def _decline(session: AsyncSession, conversation: Conversation, room: Room) -> list[Said]:
    if conversation.mode == "assistant" and not await _there(session, conversation, room):
        wait_for(conversation, None)
        said = room.line("nothing_passed_on")
        said.extras["choices"] = choices([MESSAGE, PERSON])
        return [said]
    return await hand_over(session, conversation, room, Checked.DECLINED)


async def hand_over(session: AsyncSession, conversation: Conversation, room: Room, checked: Checked) -> list[Said]:
    """Pass the conversation on with its summary, or add the resident's say to a contact that waits already."""
    text = str(waiting_for(conversation).get("text") or "")
    wait_for(conversation, None)
    declined = checked is Checked.DECLINED
    contact = await session.get(Contact, conversation.contact_id) if conversation.contact_id else None
    if conversation.mode in ("waiting", "person") and contact is not None:
        # The answer came after the minute was over: what the agent sees changes.
        await note_summary(session, contact.id, "" if declined else text, checked, conversation.last_seq)
        await live.announce(session, f"contact:{contact.id}")
        return [room.line("summary_noted")]
    open_now = await _there(session, conversation, room)
    filed = await handover.file(
        session,
        conversation,
        room,
        said=text if checked is Checked.CHANGED else None,
        secretly=declined,
        # The "yes" itself says nothing of the need.
        but=conversation.last_seq if checked is Checked.APPROVED else None,
        waits=open_now,
    )
    await note_summary(session, filed.contact_id, "" if declined else text, checked, conversation.last_seq)
    if not open_now:
        # It is a message of its own: a danger that is told later has its own contact, on its own queue.
        conversation.contact_id = None
    if open_now:
        return [handover.with_leave_queue(room.line("handing_over_nothing" if declined else "handing_over"))]
    said = room.line("passed_on_closed", reference=filed.reference, **_opens())
    answering.with_reference(said, filed.reference, filed.contact_id)
    if conversation.context.get("safe") is False:
        return [said]
    wait_for(conversation, REPLY_TO, contact=str(filed.contact_id))
    where = room.line("where_to_answer")
    where.extras["choices"] = choices([Choice(label="Skip", do=SKIP)])
    return [said, where]


async def reply_to(
    session: AsyncSession, conversation: Conversation, room: Room, given: str | None, text: str = ""
) -> list[Said]:
    """Where the message that was just passed on can be answered, as it stood in `text`; None for nowhere."""
    waits = waiting_for(conversation)
    danger = bool(waits.get("danger"))
    contact = await session.get(Contact, UUID(waits["contact"]))
    wait_for(conversation, None)
    if given is None or contact is None or contact.state == "closed":
        return [room.line("danger_way_skipped" if danger else "reply_to_skipped")]
    contact.reply_to = given
    contact.version += 1
    await note_history(session, contact.id, "added", detail={"said": text or given})
    await live.announce(session, f"contact:{contact.id}")
    said = room.line("danger_way_kept" if danger else "reply_to_kept", reply_to=given)
    if danger:
        return [answering.with_reference_of(said, contact)]
    answering.point_to_messages(said, contact, conversation.context.get("safe"))
    return [said]
