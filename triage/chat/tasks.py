"""What the engine asked the web app to do: each task does its work in the turn's transaction and says the result."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, codes, outbox
from triage.chat import answering, languages, passing_on, paused, repository
from triage.chat.answering import Room
from triage.chat.engine import Turn, Understood
from triage.chat.outcomes import LEFT_OUT, outcome_of
from triage.chat.rendering import Said, plain_date, render
from triage.chat.search import second_chance
from triage.contacts import NewContact, file_contact
from triage.events import ConversationEnded
from triage.hours import due as due_at
from triage.hours import opening
from triage.tables import Contact, Conversation


@dataclass(frozen=True)
class Doing:
    """One task's surroundings. `code` is a contact's code typed in this very message; it is stored nowhere."""

    session: AsyncSession
    conversation: Conversation
    room: Room
    turn: Turn
    code: str | None = None
    looked_up: dict[str, Any] | None = None
    found: second_chance.Found | None = None


Task = Callable[[Doing], Awaitable[list[Said]]]


async def clarify(doing: Doing) -> list[Said]:
    """Not understood: what search found, and the nearest services; after two failures in a row, a person unasked."""
    failures = int(doing.conversation.context.get("failures", 0)) + 1
    about = second_chance.now_spoken_of(doing.room, doing.found, doing.turn.understood)
    doing.conversation.context = {**doing.conversation.context, **about, "failures": failures}
    otherwise = answering.not_understood(doing.room, doing.turn.understood, failures)
    return second_chance.beside(doing.room, doing.found, otherwise)


async def detail(doing: Doing) -> list[Said]:
    """A question that leans on the service just spoken of: "how much is it?", "and for my mum?"."""
    about = (doing.turn.understood.service or "").removeprefix("more_")
    return [answering.detail(doing.room, doing.conversation.context.get("service"), about)]


async def wrong_answer(doing: Doing) -> list[Said]:
    """Not what was asked: what else it may have been; after two failures in a row, a person without being asked."""
    context = doing.conversation.context
    services = doing.room.catalogue.services
    nearest = [name for name in context.get("nearest", ()) if name in services and name != context.get("service")]
    failures = int(context.get("failures", 0)) + 1
    doing.conversation.context = {**context, "failures": failures}
    if failures >= 2 or not nearest:
        ranking = tuple((name, 1.0) for name in nearest)
        return [answering.not_understood(doing.room, Understood(ranking=ranking), 2)]
    return [answering.wrong_answer(doing.room, nearest)]


async def no_form(doing: Doing) -> list[Said]:
    """The task needs a form and the engine that holds forms is away: the page and a person still work."""
    return [answering.engine_down(doing.room)]


async def person(doing: Doing) -> list[Said]:
    """Hand over to a person, with what we know, once the resident has seen it."""
    return await passing_on.to_a_person(
        doing.session, doing.conversation, doing.room, doing.conversation.context.get("form"), doing.turn.slots
    )


async def repeat(doing: Doing) -> list[Said]:
    """Say the newest reply again."""
    newest = await repository.newest_reply(doing.session, doing.conversation.id)
    if newest is None:
        return [doing.room.line("repeat_nothing")]
    return [Said(newest.text, dict(newest.extras))]


async def start_again(doing: Doing) -> list[Said]:
    """Forget where we were; what was said stays in the record."""
    doing.conversation.context = {}
    return [render(doing.room.catalogue.everyday.answers["start_again"], doing.room.catalogue, clock.today())]


async def end(doing: Doing) -> list[Said]:
    """Say goodbye; the survey follows."""
    doing.conversation.mode = "ended"
    paused.forget(doing.conversation)
    doing.conversation.ended_at = clock.now()
    await outbox.publish(doing.session, ConversationEnded(doing.conversation.id))
    return [render(doing.room.catalogue.everyday.answers["goodbye"], doing.room.catalogue, clock.today())]


async def leave_message(doing: Doing) -> list[Said]:
    """File the message that the form gathered, a complaint being one kind."""
    slots = doing.turn.slots
    complaint = slots.get("message_kind") == "complaint"
    return await _file(
        doing,
        "message",
        text=str(slots.get("message_text") or ""),
        reply_to=_given(slots.get("message_reply_to")),
        service="complaint" if complaint else None,
        details={"How to reply": _given(slots.get("message_reply_to")) or "Not given"},
    )


async def report_missed_bin(doing: Doing) -> list[Said]:
    """File a missed bin with the answers the resident checked."""
    slots = doing.turn.slots
    details = answering.answers(doing.room, "missed_bin", slots)
    return await _file(
        doing,
        "missed_bin",
        text="Missed bin: " + "; ".join(f"{label}: {value}" for label, value in details.items()),
        place=_given(slots.get("missed_bin_address")),
        service="missed_bin",
        details=details,
    )


async def library_hours(doing: Doing) -> list[Said]:
    """The opening hours that were looked up before this transaction began."""
    note = doing.looked_up or {}
    return [answering.form_note(doing.room, "library", "hours" if note.get("today") else "unknown_hours", note)]


async def own_status(doing: Doing) -> list[Said]:
    """Where the newest contact of this very conversation has got to; nothing when there is none."""
    contact = await repository.newest_contact(doing.session, doing.conversation.id)
    return [_status(doing.room, contact)] if contact else []


async def contact_status(doing: Doing) -> list[Said]:
    """Where a contact has got to, for whoever holds its code, or began it in this conversation."""
    reference = codes.find_reference(str(doing.turn.slots.get("contact_reference") or ""))
    contact = await repository.contact_by_reference(doing.session, reference) if reference else None
    allowed = contact is not None and (
        contact.conversation_id == doing.conversation.id
        or (doing.code is not None and codes.matches(doing.code, contact.secret_hash))
    )
    if contact is None or not allowed:
        return [answering.form_note(doing.room, "contact_status", "not_found", {})]
    return [_status(doing.room, contact)]


def _status(room: Room, contact: Contact) -> Said:
    due = contact.settle_due_at
    return answering.form_note(
        room,
        "contact_status",
        "late" if contact.state != "closed" and due and due < clock.now() else contact.state,
        {
            "reference": contact.reference,
            "due": plain_date(due.astimezone(clock.LONDON).date()) if due else None,
            "outcome": contact.outcome,
        },
    )


FINISH = "finish_"
TASKS: dict[str, Task] = {
    "clarify": clarify,
    "detail": detail,
    "wrong_answer": wrong_answer,
    "no_form": no_form,
    "person": person,
    "repeat": repeat,
    "start_again": start_again,
    "end": end,
    "leave_message": leave_message,
    "report_missed_bin": report_missed_bin,
    "library_hours": library_hours,
    "contact_status": contact_status,
}


def task_of(do: str) -> Task | None:
    """The task that the engine names; finish_<form> is one for every declared form. None for an unknown name."""
    form_id = do.removeprefix(FINISH)
    return partial(finish, form_id=form_id) if form_id != do else TASKS.get(do)


async def finish(doing: Doing, form_id: str) -> list[Said]:
    """What comes of a declared form, and a contact filed where something is left to be done."""
    service, form = doing.room.catalogue.form(form_id)
    given = {
        slot.removeprefix(f"{form_id}_"): str(value)
        for slot, value in doing.turn.slots.items()
        if slot.startswith(f"{form_id}_") and value is not None
    }
    outcome = outcome_of(form_id, given, clock.today())
    *before, last = outcome.notes
    said = [answering.form_note(doing.room, form_id, note, dict(outcome.values)) for note in before]
    if not outcome.files:
        return [*said, answering.form_note(doing.room, form_id, last, dict(outcome.values))]
    details = answering.answers(doing.room, form_id, doing.turn.slots) | dict(outcome.details)
    name = doing.room.catalogue.services[service].name if service else "Message"
    return said + await _file(
        doing,
        form_id,
        text=f"{name}: " + "; ".join(f"{label}: {value}" for label, value in details.items()),
        details=details,
        service=outcome.service or service,
        place=_given(given.get(form.place or "")),
        reply_to=_given(given.get(form.reply_to or "")),
        priority=outcome.priority,
        note=last,
        values=outcome.values,
        safe=outcome.safe,
    )


def _given(value: Any) -> str | None:
    text = str(value).strip() if value is not None else ""
    return None if text.lower() in ("", "none", *LEFT_OUT) else text


async def _file(
    doing: Doing,
    form_id: str,
    *,
    text: str,
    details: dict[str, Any],
    service: str | None = None,
    place: str | None = None,
    reply_to: str | None = None,
    priority: str | None = None,
    note: str = "sent",
    values: Mapping[str, Any] | None = None,
    safe: bool | None = None,
) -> list[Said]:
    concern = doing.conversation.context.get("concern")
    catalogue = doing.room.catalogue
    known = catalogue.services.get(service or "")
    filed = await file_contact(
        doing.session,
        NewContact(
            channel="chat",
            text=text,
            conversation_id=doing.conversation.id,
            details=languages.details(doing.conversation) | details,
            reply_to=reply_to,
            place=place,
            safe_to_contact=safe,
            consent=True,
            service=service,
            danger=concern["signal"] if concern else None,
            priority=min(known.priority if known else "P3", concern["priority"] if concern else "P4", priority or "P4"),
            demo=doing.conversation.demo,
        ),
        catalogue.council["reference_prefix"],
    )
    due = clock.now()
    if known:
        queue = catalogue.queues[catalogue.queue(known.queue)]
        due = due_at(clock.now(), queue.settle, opening(queue.calendar))
    said = answering.form_note(
        doing.room,
        form_id,
        note,
        {
            **(values or {}),
            "reference": filed.reference,
            "due": plain_date(due.astimezone(clock.LONDON).date()) if known else None,
        },
    )
    # The code itself is not stored: whoever holds the conversation's secret is shown it when the message is read.
    said.extras["reference"] = {"reference": filed.reference, "contact_id": str(filed.contact_id)}
    return [said]
