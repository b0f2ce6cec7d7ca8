"""What the engine asked the web app to do: each task does its work in the turn's transaction and says the result."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from triage import clock, outbox, record, referrals
from triage.chat import answering, languages, passing_on, paused, repository, status
from triage.chat import library_hours as hours
from triage.chat.doing import Doing, Task
from triage.chat.engine import Understood
from triage.chat.outcomes import LEFT_OUT, outcome_of
from triage.chat.rendering import Said, choices, plain_date, render
from triage.chat.search import second_chance
from triage.contacts import Filed, NewContact, file_contact
from triage.content import Choice
from triage.events import ConversationEnded
from triage.hours import due as due_at
from triage.hours import opening
from triage.tables import Contact


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
    """File the message that the form gathered."""
    slots = doing.turn.slots
    return await _file(
        doing,
        "message",
        text=str(slots.get("message_text") or ""),
        reply_to=_given(slots.get("message_reply_to")),
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
        heard=True,
    )


async def library_hours(doing: Doing) -> list[Said]:
    """The opening hours that were looked up before this transaction began."""
    note = doing.looked_up or {}
    # The next question may lean on this one: "and the east finchley one?".
    spoken_of = {"service": hours.SERVICE, hours.LIBRARY: doing.turn.slots.get("library_site")}
    doing.conversation.context = {**doing.conversation.context, **spoken_of}
    return [answering.form_note(doing.room, "library", "hours" if note.get("week") else "unknown_hours", note)]


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
    "contact_status": status.contact_status,
    # Two forms that file nothing new: what they gathered belongs to a contact that is there already.
    "finish_not_settled": status.follow_up,
    "finish_add_to_contact": status.follow_up,
}


def task_of(do: str) -> Task | None:
    """The task that the engine names; finish_<form> is one for every declared form. None for an unknown name."""
    form_id = do.removeprefix(FINISH)
    return TASKS.get(do) or (partial(finish, form_id=form_id) if form_id != do else None)


async def finish(doing: Doing, form_id: str) -> list[Said]:
    """What comes of a declared form, and a contact filed where something is left to be done."""
    service, form = doing.room.catalogue.form(form_id)
    given = {
        slot.removeprefix(f"{form_id}_"): str(value)
        for slot, value in doing.turn.slots.items()
        if slot.startswith(f"{form_id}_") and slot != f"{form_id}_beside" and value is not None
    }
    outcome = outcome_of(form_id, given, clock.today(), doing.room.catalogue)
    services = doing.room.catalogue.services
    offers = [services[one] for one in outcome.offers]
    values = dict(outcome.values) | ({"offered": offers[0].name.lower()} if offers else {})
    if form.reply_to and given.get(form.reply_to) == "skip":
        # Who skipped it must be told where our answer will be.
        values["unreachable"] = "number or email address"
    *before, last = outcome.notes
    said = [answering.form_note(doing.room, form_id, note, values) for note in before]
    if not outcome.files:
        # How the conversation ended is told apart by it (surveys/rules.py).
        came_to = {record.CAME_TO: {"form": form_id, "note": outcome.notes[0]}}
        doing.conversation.context = {**doing.conversation.context, **came_to}
        return [*said, answering.form_note(doing.room, form_id, last, values)]
    details = answering.answers(doing.room, form_id, doing.turn.slots) | dict(outcome.details)
    if outcome.about:
        details |= answering.run_by(doing.room, services[outcome.about])
    consent = answering.consent(doing.room, form_id, given, clock.now())
    about = service if outcome.service is None else outcome.service
    name = form.heading or (services[about].name if about else "Message")
    schemes = doing.room.catalogue.referrals.schemes if doing.room.catalogue.referrals else {}
    scheme = schemes.get(outcome.referral) if outcome.referral else None
    filed, note = await _filed(
        doing,
        form_id,
        text=f"{name}: " + "; ".join(f"{label}: {value}" for label, value in details.items()),
        details=details | ({"Consent": consent.words} if consent else {}),
        service=about or None,
        place=_given(given.get(outcome.place or form.place or "")),
        reply_to=_given(given.get(form.reply_to or "")),
        priority=outcome.priority,
        note=last,
        values=values,
        safe=outcome.safe,
        heard=True,
        queue=scheme.queue if scheme else None,
        statutory=outcome.statutory,
    )
    if outcome.referral and scheme and consent:
        await referrals.refer(doing.session, filed.contact_id, outcome.referral, consent)
    said += [note, *(answering.form_note(doing.room, form_id, one, values) for one in outcome.then)]
    if offers:
        more = choices([Choice(label=one.name, service=one.id) for one in offers], start=90)
        said[-1].extras["choices"] = [*more, *said[-1].extras.get("choices", ())]
    return said


def _given(value: Any) -> str | None:
    text = str(value).strip() if value is not None else ""
    return None if text.lower() in ("", "none", *LEFT_OUT) else text


async def _file(doing: Doing, form_id: str, **about: Any) -> list[Said]:
    _, said = await _filed(doing, form_id, **about)
    return [said]


async def _filed(
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
    heard: bool = False,
    queue: str | None = None,
    statutory: str | None = None,
) -> tuple[Filed, Said]:
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
            queue=queue,
            statutory=statutory,
            danger=concern["signal"] if concern else None,
            priority=min(known.priority if known else "P3", concern["priority"] if concern else "P4", priority or "P4"),
            demo=doing.conversation.demo,
        ),
        catalogue.council["reference_prefix"],
        heard=heard,
    )
    due = clock.now()
    if known:
        works = catalogue.queues[catalogue.queue(queue or known.queue)]
        due = due_at(clock.now(), works.settle, opening(works.calendar))
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
    answering.with_reference(said, filed.reference, filed.contact_id)
    contact = await doing.session.get(Contact, filed.contact_id)
    answering.point_to_messages(said, contact, doing.conversation.context.get("safe"))
    return filed, said
