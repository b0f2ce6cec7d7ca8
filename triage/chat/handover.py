"""From the assistant to a person, and the danger line that goes first when somebody may come to harm."""

import re
from datetime import timedelta
from typing import Any

from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncSession

from language.danger import Sighting
from triage import clock, live, outbox, record
from triage.chat import languages, paused, repository, summary
from triage.chat.answering import Room, danger_line, with_reference, with_reference_of
from triage.chat.rendering import Said, choices, plain_date
from triage.contacts import (
    BEFORE,
    DANGER_SEEN,
    Checked,
    Filed,
    NewContact,
    file_contact,
    note_history,
    note_not_safe,
    note_summary,
)
from triage.content import Choice
from triage.events import ContactMoreUrgent, ConversationEnded
from triage.helping import danger_help
from triage.hours import opening
from triage.tables import Contact, Conversation

# What is plainly an answer to "Is it safe for us to contact you?". Whoever is watched at home may say little.
_PLAINLY_NOT = re.compile(
    r"\b(not safe|unsafe|isn'?t safe|(don'?t|do not|cannot|can'?t|never|not) (\w+ )?"
    r"(call|ring|phone|text|email|write|message|contact|come)\b"
    r"|(he|she|they|somebody|someone)('?ll| will| might| may| can| could)? (always |often )?"
    r"(reads?|checks?|sees?|hears?|looks?|finds?|has|have|takes?) )",
    re.IGNORECASE,
)
# A no of a few words; a longer sentence that begins with one may speak of something else.
_NO = re.compile(r"\W*(no|nope|nah|never|not)\b", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:['’]\w+)*")
MOST_WORDS_OF_A_NO = 5
_SAFE = re.compile(r"\W*(yes|yeah|yep|yea|yh|ok|okay|sure|safe|it is safe|it'?s safe|u can|you can)\b", re.IGNORECASE)

# Set while a danger has just been spoken of, so that they can say that there is none.
ALARMED = "alarmed"
NOBODY = Choice(label="Nobody is in danger, go on", do="nobody_in_danger")
# Where those words would be cold, or true of somebody who still needs a person.
_GO_ON = {
    "suicide": Choice(label="I am safe, go on", do=NOBODY.do),
    "homeless_tonight": Choice(label="I do not need a person now", do=NOBODY.do),
}

# Where each priority ranks; the lower wins. A rule's priority is only ever raised (DESIGN decision 4).


def next_opening_words(moment: Any) -> str:
    """When the desk opens next, as it is read aloud."""
    opens = opening("office").next_opening(moment).astimezone(clock.LONDON)
    hour = f"{opens:%I:%M%p}".lstrip("0").lower().replace(":00", "")
    if opens.date() == clock.today():
        return f"today at {hour}"
    if opens.date() == clock.today() + timedelta(days=1):
        return f"tomorrow at {hour}"
    return f"{plain_date(opens.date())} at {hour}"


async def in_danger(
    session: AsyncSession, conversation: Conversation, room: Room, sighting: Sighting, text: str
) -> list[Said]:
    """The right number at once, then a person: the danger line, the contact, and is it safe to contact you?"""
    said = [danger_line(sighting)]
    contact = await session.get(Contact, conversation.contact_id) if conversation.contact_id else None
    if contact is not None and contact.state != "closed":
        await _raise_priority(session, contact, sighting)
        reference, contact_id = contact.reference, contact.id
    else:
        # The resident waits in the chat only if somebody works that queue at this hour; the safeguarding queues are
        # worked day and night (queues.toml).
        hours = opening(room.catalogue.queues[room.catalogue.queue(sighting.queue)].calendar)
        # Nobody in danger is asked whether it is right: what we know goes along unchecked.
        known = summary.compose(room, await summary.gather(session, conversation, room, None, {}))
        filed = await file(
            session,
            conversation,
            room,
            danger=sighting.signal,
            priority=sighting.priority,
            text=text,
            waits=hours.is_open(clock.now()),
        )
        if known:
            await note_summary(session, filed.contact_id, known, Checked.UNCHECKED, conversation.last_seq)
        reference, contact_id = filed.reference, filed.contact_id
    shown = danger_help(sighting)
    # Where somebody may be watched, nothing that opens what we write later stands on the screen before they say it is
    # safe.
    said.append(with_reference(room.line("danger_filed"), reference, contact_id, code=not shown["quick_exit"]))
    if conversation.mode == "waiting":
        with_leave_queue(said[-1])
    conversation.context = {**conversation.context, ALARMED: True}
    go_on = choices([_GO_ON.get(sighting.signal, NOBODY)], start=70)
    said[-1].extras["choices"] = [*said[-1].extras.get("choices", ()), *go_on]
    if shown["ask_safe"] and "safe" not in conversation.context:
        conversation.context = {**conversation.context, "asked_safe": True}
        said[-1].text += "\n\nIs it safe for us to contact you?"
        said[-1].extras["choices"] = [
            {"id": "safe_yes", "label": "Yes, it is safe", "send": {"safe": True}},
            {"id": "safe_no", "label": "No, do not contact me", "send": {"safe": False}},
            *go_on,
        ]
    return said


def safe_answer(text: str) -> bool | None:
    """What was typed after "Is it safe for us to contact you?": yes, no, or None when it is neither.

    None leaves the question open, and nobody writes or calls while it is. "Not tonight, it is the end of next month"
    speaks of something else and is no answer, so it must not close the door on somebody who wants to be called.
    """
    few = len(_WORD.findall(text)) <= MOST_WORDS_OF_A_NO
    if (few and _NO.match(text)) or _PLAINLY_NOT.search(text):
        return False
    return True if _SAFE.match(text) else None


async def nobody_in_danger(session: AsyncSession, conversation: Conversation, room: Room) -> list[Said]:
    """They say that nobody is in danger: they go on where they were, and a person still reads what was passed on.

    The contact keeps its priority: somebody may say so because they are watched (DESIGN decision 4).
    """
    contact = await session.get(Contact, conversation.contact_id) if conversation.contact_id else None
    context = {key: value for key, value in conversation.context.items() if key not in (ALARMED, "asked_safe")}
    if contact is not None and contact.state != "closed":
        context["concern"] = {"signal": contact.danger, "priority": contact.priority}
        contact.live = False
        await note_history(session, contact.id, "nobody in danger")
        await live.announce(session, "desk")
    conversation.context, conversation.mode, conversation.contact_id = context, "assistant", None
    said = [room.line("nobody_in_danger")]
    if context.get(paused.PAUSED):
        return [*said, *paused.resume(conversation, room)]
    return said


async def note_danger(session: AsyncSession, conversation: Conversation, sighting: Sighting) -> None:
    """A danger was told again: the contact that waits is as urgent as the gravest of them."""
    contact = await session.get(Contact, conversation.contact_id) if conversation.contact_id else None
    if contact is not None and contact.state != "closed":
        await _raise_priority(session, contact, sighting)


async def safe_to_contact(session: AsyncSession, conversation: Conversation, room: Room, safe: bool) -> list[Said]:
    """Keep the answer to 'Is it safe for us to contact you?' where the agent sees it first."""
    said = room.line("danger_safe_yes" if safe else "danger_safe_no")
    if conversation.contact_id:
        contact = await session.get_one(Contact, conversation.contact_id, with_for_update=True, populate_existing=True)
        if safe:
            contact.safe_to_contact = True
            with_reference_of(said, contact)
        else:
            await note_not_safe(session, contact)
        await live.announce(session, f"contact:{conversation.contact_id}")
    conversation.context = {**conversation.context, "safe": safe}
    return [said]


async def end(session: AsyncSession, conversation: Conversation, room: Room) -> None:
    """The resident ends the conversation. Whoever waits leaves the line, and what they said is kept as a message."""
    if conversation.mode == "ended":
        return
    if conversation.mode in ("waiting", "person"):
        for said in await leave_queue(session, conversation, room):
            await record.append_message(session, conversation.id, "assistant", said.text, extras=said.extras)
    conversation.mode = "ended"
    paused.forget(conversation)
    conversation.ended_at = clock.now()
    await session.flush()
    await live.announce(session, record.conversation_topic(conversation.id), mode="ended")
    await outbox.publish(session, ConversationEnded(conversation.id))


async def leave_queue(session: AsyncSession, conversation: Conversation, room: Room) -> list[Said]:
    """The resident stops waiting; what they said stays with us as a message."""
    contact = await session.get(Contact, conversation.contact_id) if conversation.contact_id else None
    conversation.mode = "assistant"
    conversation.contact_id = None
    if contact is None or contact.state == "closed":
        return [room.line("welcome_back")]
    contact.live = False
    await note_history(session, contact.id, "left the queue")
    await live.announce(session, "desk")
    return [with_reference_of(room.line("left_queue"), contact)]


def with_leave_queue(said: Said) -> Said:
    said.extras.setdefault(
        "choices", choices([Choice(label="Stop waiting and leave it as a message", do="leave_queue")])
    )
    return said


async def file(
    session: AsyncSession,
    conversation: Conversation,
    room: Room,
    *,
    danger: str | None = None,
    priority: str = "P3",
    text: str | None = None,
    said: str | None = None,
    secretly: bool = False,
    but: int | None = None,
    waits: bool = True,
) -> Filed:
    """A contact for this conversation; `waits`: its resident waits in the chat for an agent.

    `said` is the need in the words that the resident chose for it; `but` is the number of a message that says nothing
    of it. `secretly`: what they said before is not passed on, but for a danger.
    """
    if secretly:
        need, service = room.line("asked_for_a_person").text, None
    else:
        need = said or await repository.need_in_words(session, conversation.id, summary.SMALL_TALK, but)
        service = conversation.context.get("service")
    concern = conversation.context.get("concern")
    if danger is None and concern:
        danger, priority = concern["signal"], min(priority, concern["priority"])
    filed = await file_contact(
        session,
        NewContact(
            channel="chat",
            text=need or text or "",
            conversation_id=conversation.id,
            live=waits,
            details=languages.details(conversation),
            service=service if danger is None else None,
            danger=danger,
            priority=priority,
            demo=conversation.demo,
        ),
        room.catalogue.council["reference_prefix"],
    )
    conversation.contact_id = filed.contact_id
    if waits:
        conversation.mode = "waiting"
    return filed


async def _raise_priority(session: AsyncSession, contact: Contact, sighting: Sighting) -> None:
    # In the statement itself, so that whatever was set meanwhile is never lowered and no change goes uncounted.
    before = contact.danger
    raised = await session.scalar(
        update(Contact)
        .where(Contact.id == contact.id)
        .values(
            priority=func.least(Contact.priority, sighting.priority),
            danger=sighting.signal,
            version=Contact.version + 1,
        )
        .returning(Contact.priority)
        .execution_options(synchronize_session=False)
    )
    await session.refresh(contact)
    if raised == sighting.priority:
        # Its clocks are another step's: this transaction holds the conversation, and the desk holds a contact first.
        await outbox.publish(session, ContactMoreUrgent(contact.id))
    detail = {"signal": sighting.signal, "rule": sighting.rule, BEFORE: before}
    await note_history(session, contact.id, DANGER_SEEN, detail=detail)
    await live.announce(session, "desk")
    await live.announce(session, f"contact:{contact.id}")
