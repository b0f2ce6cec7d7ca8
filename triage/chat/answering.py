"""What the assistant says, made from a decision and from data/ alone: answers, questions, notes, danger lines."""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from language.danger import Sighting
from language.danger.model import Dangers
from triage import clock, record, telling
from triage.catalogue import Catalogue
from triage.chat.engine import Turn, Understood
from triage.chat.rendering import Said, choices, plain_date, pounds, render
from triage.content import Choice, Detail, Form, Service, Wording
from triage.helping import danger_help, signal_help
from triage.pages import plain_time
from triage.referrals import Consent
from triage.tables import Contact

# A guess below this is not worth offering as a choice.
WORTH_OFFERING = 0.04
MOST_GUESSES = 3
# A form's note may offer things to choose from, such as addresses; more than these is a wall.
MOST_OFFERED = 5

# A question that did not apply, as bot/actions/declared.py marks it.
NOT_ASKED = "not asked"
# How bot/actions/answers.py keeps a date and a sum of money.
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_SUM = re.compile(r"\d{1,9}\.\d{2}")
PERSON = Choice(label="Talk to a person", do="person")
MESSAGE = Choice(label="Leave a message", service="leave_message")


@dataclass(frozen=True)
class Room:
    """What chat's decisions need at hand."""

    catalogue: Catalogue
    dangers: Dangers

    def line(self, line_id: str, /, **values: Any) -> Said:
        """One of the fixed lines of data/services/everyday."""
        return render(self.catalogue.everyday.lines[line_id], self.catalogue, clock.today(), values=values)


def with_reference(said: Said, reference: str, contact_id: UUID, *, code: bool = True) -> Said:
    """`said`, with the reference below it, and the code that lets its resident follow it unless `code` is False.

    The code itself is not stored: whoever holds the conversation's secret is shown it when the message is read.
    """
    said.extras["reference"] = {"reference": reference} | ({"contact_id": str(contact_id)} if code else {})
    return said


def with_reference_of(said: Said, contact: Contact) -> Said:
    """`with_reference` of a contact: with its code unless somebody may be watched, or has said that it is not safe."""
    return with_reference(said, contact.reference, contact.id, code=not may_be_watched(contact))


def may_be_watched(contact: Contact) -> bool:
    """Whether somebody else may read along: it is not safe, or nobody has said so of a danger that it would be."""
    if contact.safe_to_contact is not None:
        return not contact.safe_to_contact
    return contact.danger is not None and bool(signal_help(contact.danger)["quick_exit"])


def answer(room: Room, name: str, point: str | None = None) -> Said:
    """The answer of a service, or of an everyday intent; with `point`, to the one thing that was asked of a service."""
    service = room.catalogue.services.get(name)
    if service is None:
        return render(room.catalogue.everyday.answers[name], room.catalogue, clock.today())
    if point is not None and point in service.points:
        said = render(service.points[point], room.catalogue, clock.today(), service=name)
        # What can be finished here, and the general answer, stay one press away.
        there = {choice["send"].get("do") for choice in said.extras.get("choices", ())}
        forms = [one for one in service.answer.next if (one.do or "").startswith("start_") and one.do not in there]
        more = choices([*forms, Choice(label=f"More: {service.name}"[:60], service=name)], start=60)
        said.extras["choices"] = [*said.extras.get("choices", ()), *more]
        return said
    return render(service.answer, room.catalogue, clock.today(), service=name)


def everyday_point(room: Room, point: str) -> Said:
    """The answer to an everyday question that no service and no intent covers."""
    return render(room.catalogue.everyday.points[point], room.catalogue, clock.today())


def second_need(room: Room, name: str) -> Said:
    """The answer to the second thing that one message asked, saying what it answers."""
    said = answer(room, name)
    said.text = f"{room.line('second_need', service=room.catalogue.services[name].name.lower()).text}\n\n{said.text}"
    return said


def second_need_offered(room: Room, name: str) -> Said:
    """A button to the second thing that one message may have asked."""
    service = room.catalogue.services[name]
    said = room.line("second_need_offered", service=service.name)
    said.extras["choices"] = choices([Choice(label=service.name[:60], service=name)])
    return said


def detail(room: Room, name: str | None, about: str) -> Said:
    """What somebody asks next about the service just spoken of: `about` is one of content.Detail."""
    service = room.catalogue.services.get(name or "")
    if service is None:
        return room.line("detail_of_what")
    wording = service.details.get(cast(Detail, about))
    if wording is not None:
        return render(wording, room.catalogue, clock.today(), service=service.id)
    said = room.line("detail_unknown", service=service.name)
    source = render(service.answer, room.catalogue, clock.today(), service=service.id).extras
    return Said(said.text, {**source, **said.extras})


def wrong_answer(room: Room, nearest: Sequence[str]) -> Said:
    """The nearest services besides the one that was answered, which was not what they meant."""
    guesses = [Choice(label=room.catalogue.services[name].name, service=name) for name in nearest][:MOST_GUESSES]
    said = room.line("wrong_answer")
    said.extras["choices"] = choices([*guesses, PERSON, MESSAGE])
    return said


def not_understood(room: Room, understood: Understood, failures: int) -> Said:
    """Offer the nearest services; at the second failure in a row, a person without being asked."""
    guesses = [
        Choice(label=room.catalogue.services[name].name, service=name)
        for name, probability in understood.ranking
        if name in room.catalogue.services and probability >= WORTH_OFFERING
    ][:MOST_GUESSES]
    if failures >= 2:
        said = room.line("clarify_nothing")
        said.extras["choices"] = choices([PERSON, MESSAGE, *guesses[:2]])
        return said
    if not guesses or (understood.service == "outside" and not understood.abstained):
        outside = room.catalogue.everyday.answers["outside"]
        said = render(outside, room.catalogue, clock.today())
        said.extras["choices"] = choices([*guesses[:2], *outside.next])
        return said
    said = room.line("clarify")
    said.extras["choices"] = choices([*guesses, Choice(label="None of these", do="none_of_these"), PERSON])
    return said


def slot_of(form_id: str, slot: str) -> str:
    """A question by its slot's name: missed_bin_stream asks `stream`, and contact_reference asks `reference`."""
    return slot.removeprefix(f"{form_id}_") if slot.startswith(f"{form_id}_") else slot.partition("_")[2]


def question(room: Room, name: str, turn: Turn, *, again: bool = False) -> Said:
    """A form's question, `name` being form.slot; `again` when something else came between."""
    form_id, _, slot = name.partition(".")
    service, form = room.catalogue.form(form_id)
    said = render(_asked(room, form, slot), room.catalogue, clock.today(), service=service)
    if slot == "change" and slot not in form.ask:
        asked = [one for one in form.labels if turn.slots.get(f"{form_id}_{one}") not in (None, NOT_ASKED)]
        changes = [Choice(label=form.labels[one], say=f"change the {one}") for one in asked]
        said.extras["choices"] = choices([*changes, Choice(label="Nothing, go back", say="nothing")])
    if slot == "confirm":
        lines = [f"{label}: {value}" for label, value in answers(room, form_id, turn.slots).items()]
        said.text = "\n".join(lines) + "\n\n" + said.text
    if again:
        about = room.catalogue.services[service].name.lower() if service else None
        said.text = f"{room.line('back_to_form', form=about).text}\n\n{said.text}".strip()
    return said


def _asked(room: Room, form: Form, slot: str) -> Wording:
    """A form's own words for a question; the last look and what to change are asked alike in every form."""
    lines = room.catalogue.everyday.lines
    common = {"confirm": lines["form_confirm"], "change": lines["form_change"]}
    return form.ask[slot] if slot in form.ask else common[slot]


def form_note(room: Room, form_id: str, note: str, values: dict[str, Any] | None = None) -> Said:
    """Something a form says besides its questions."""
    service, form = room.catalogue.form(form_id)
    lines = room.catalogue.everyday.lines
    common = {
        "sent": lines["form_sent"],
        "stopped": lines["form_stopped"],
        "undone": lines["form_undone"],
        "corrected": lines["form_corrected"],
        "several": lines["form_several"],
        "asked": lines["form_asked"],
        "nothing_to_undo": lines["form_nothing_to_undo"],
    }
    wording = form.note.get(note) or common.get(note, lines["form_try_again"])
    return render(wording, room.catalogue, clock.today(), service=service, values=values)


def has_note(room: Room, name: str) -> bool:
    """Whether a form has words of its own for a note, form.note."""
    form_id, _, note_id = name.partition(".")
    return note_id in room.catalogue.form(form_id)[1].note


def note(room: Room, name: str, values: dict[str, Any] | None = None) -> Said:
    """A form's note by its full name, form.note."""
    form_id, _, note_id = name.partition(".")
    if note_id == "corrected" and values:
        _, form = room.catalogue.form(form_id)
        asked = values["question"]
        values = {"label": form.labels[asked], "answer": _in_words(form.ask[asked], str(values["answer"]))}
    said = form_note(room, form_id, note_id, values)
    if offered := (values or {}).get("choices"):
        said.extras["choices"] = choices([Choice(label=str(one)[:60], say=str(one)) for one in offered[:MOST_OFFERED]])
    return said


def answers(room: Room, form_id: str, slots: dict[str, Any]) -> dict[str, str]:
    """A form's answers as label and value, in the order asked."""
    _, form = room.catalogue.form(form_id)
    found = {}
    beside = json.loads(str(slots.get(f"{form_id}_beside") or "{}"))
    for slot, label in form.labels.items():
        value = slots.get(f"{form_id}_{slot}")
        if value is not None and str(value).strip() and value != NOT_ASKED:
            found[label] = "Not given" if str(value) == "skip" else _in_words(form.ask[slot], str(value))
            chosen, words = beside.get(slot, (None, ""))
            if chosen == value:
                found[label] += f": {words}"
    return found


def run_by(room: Room, service: Service) -> dict[str, str]:
    """Which service it is and who runs it today, for the person who answers for it; the resident need not know."""
    partner = room.catalogue.partner_of(room.catalogue.queue(service.queue), clock.today())
    return {"About the service": service.name} | ({"Run by": partner.name} if partner else {})


def consent(room: Room, form_id: str, given: Mapping[str, str], at: datetime) -> Consent | None:
    """What was asked in a form about sharing its answers, what was said, and when; None where nothing was asked.

    Only a plain yes is consent (UK GDPR article 4(11)).
    """
    service, form = room.catalogue.form(form_id)
    if form.consent is None:
        return None
    asked = render(form.ask[form.consent], room.catalogue, at.astimezone(clock.LONDON).date(), service=service).text
    agreed = given.get(form.consent) == "yes"
    said = "Yes, they agreed" if agreed else "No, they did not agree"
    when = f"{plain_date(at.astimezone(clock.LONDON).date())} at {plain_time(at)}"
    return Consent(agreed, asked, at, f'{said}, on {when}. They were asked: "{asked}"')


def _in_words(asked: Wording, value: str) -> str:
    """A chosen answer as its button said it; a date and a sum of money as they are read aloud."""
    if _DATE.fullmatch(value):
        # A resident may have typed what only looks like a date.
        with suppress(ValueError):
            return plain_date(date.fromisoformat(value))
    if _SUM.fullmatch(value):
        return pounds(Decimal(value))
    return next((choice.label for choice in asked.choices if choice.say == value), value)


def engine_down(room: Room) -> Said:
    """The assistant is away: the message is kept, and there are other ways on."""
    said = room.line("engine_down")
    said.extras["choices"] = choices([PERSON])
    said.extras.setdefault("links", [{"label": "Leave us a message", "href": "/contact"}])
    said.extras[record.AWAY] = True
    return said


def point_to_messages(said: Said, contact: Contact | None, safe: bool | None) -> None:
    """Whoever has left an address that takes messages is shown where they choose whether we send any.

    `safe`: what they said in this chat of whether it is safe to contact them.
    """
    if contact is None or safe is False or telling.not_safe(contact) or telling.address(contact.reply_to) is None:
        return
    choose = {"label": "Choose if we message you when there is news", "href": f"/contacts/{contact.reference}"}
    said.extras["links"] = [*said.extras.get("links", ()), choose]


def danger_line(sighting: Sighting) -> Said:
    """The calm sentence for a signal, with its numbers to tap."""
    shown = danger_help(sighting)
    text = f"{shown['line']}\n\n{shown['note']}" if shown["note"] else shown["line"]
    return Said(text, {"danger": {"numbers": shown["numbers"], "quick_exit": shown["quick_exit"]}})


def first_reply(
    catalogue: Catalogue, dangers: Dangers, turn: Turn, sighting: Sighting | None, day: date, point: str | None = None
) -> Said:
    """The first thing a resident would hear in a new conversation, without storing anything."""
    room = Room(catalogue, dangers)
    if sighting is not None and sighting.level != "concern":
        return danger_line(sighting)
    say = turn.says[0]
    if "answer" in say:
        return answer(room, str(say["answer"]), point)
    if say["do"] == "clarify" and point in catalogue.everyday.points:
        return everyday_point(room, str(point))
    if say["do"] == "clarify":
        return not_understood(room, turn.understood, 1)
    if say["do"] == "detail":
        return detail(room, None, "")
    if say["do"] == "wrong_answer":
        return not_understood(room, Understood(), 2)
    wordings = catalogue.everyday.answers
    name = {"end": "goodbye", "no_form": turn.understood.service}.get(say["do"], say["do"])
    return render(wordings[str(name)], catalogue, day)
