"""A contact as its holder sees it: where it is, who has it, what was promised, and what was said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy.ext.asyncio import AsyncSession

from triage import attachments, clock, ringing, telling
from triage.catalogue import catalogue
from triage.contacts import Summary
from triage.following_up import FROM, asked_in_vain
from triage.intake import repository
from triage.intake.schemas import AnswerGiven, State
from triage.pages import plain_date
from triage.surveying.offering import Offer, offer_of
from triage.tables import Contact, ContactHistory

STEPS = ("We have it", "It is with the team", "Somebody is working on it", "It is closed")
# Which of them a state is.
NOW = {"arrived": 0, "sorted": 0, "queued": 1, "taken": 2, "closed": 3}


@dataclass(frozen=True)
class Step:
    """One step on the way. `how` is done, now or next; `at` is when it began."""

    name: str
    how: str
    at: datetime | None


@dataclass(frozen=True)
class Whole:
    """The contact that this one was made part of, as far as this one's holder may know: it may be somebody else's."""

    reference: str
    state: str
    settle_due_at: datetime | None
    late: bool
    team: str | None


@dataclass(frozen=True)
class FileSent:
    """A file that the resident has sent."""

    name: str
    size: int
    at: datetime


@dataclass(frozen=True)
class Shown:
    """All that a contact's holder is shown. Moments are UTC; see templates/intake/status.html."""

    reference: str
    state: State
    service: str | None
    text: str
    summary: Summary | None
    outcome: str | None
    team: str | None
    partner: str | None
    steps: tuple[Step, ...]
    first_due_at: datetime | None
    settle_due_at: datetime | None
    answered: bool
    first_late: bool
    late: bool
    on_hold_since: datetime | None
    look_again_on: date | None
    answers: tuple[AnswerGiven, ...]
    waits_for_you: bool
    history: tuple[tuple[str, datetime, str | None], ...]
    whole: Whole | None
    messages: bool
    messages_to: str | None
    may_message: bool
    ask_messages: bool
    files: tuple[FileSent, ...]
    more_files: int
    survey: Offer | None


def is_late(contact: Contact, due: datetime | None) -> bool:
    """Whether a promise to settle has passed. A clock that stands still is not late."""
    return contact.state != "closed" and contact.paused_at is None and due is not None and due < clock.now()


def steps_of(contact: Contact) -> tuple[Step, ...]:
    """Where a contact is on its way, with the moments known."""
    now = NOW[contact.state]
    began = (contact.arrived_at, contact.queued_at, contact.taken_at, contact.closed_at)
    how = ("done", "now", "next")
    return tuple(
        Step(name, how[(number > now) + (number >= now)], began[number] if number <= now else None)
        for number, name in enumerate(STEPS)
    )


def team_of(contact: Contact) -> str | None:
    """The team that has a contact, by the name that the council gives it; never a person's."""
    queue = catalogue().queues.get(contact.queue or "")
    return queue.name if queue else None


def partner_of(contact: Contact) -> str | None:
    """Who runs that team: the partner who holds the contact, or else who runs the queue today."""
    held = catalogue().partners.get(contact.partner or "")
    runs = held or (catalogue().partner_of(contact.queue, clock.today()) if contact.queue else None)
    return runs.name if runs else None


async def answers_of(session: AsyncSession, history: Sequence[ContactHistory]) -> tuple[AnswerGiven, ...]:
    """What agents said, oldest first: on the contact itself, or in the conversation that it came from."""
    said = await repository.texts_of(session, [line.detail["message"] for line in history if "message" in line.detail])
    found = []
    for line in history:
        if line.what != "answered":
            continue
        text = line.detail.get("text") or said.get(line.detail.get("message", ""))
        if text:
            found.append(AnswerGiven(at=line.at, text=text, asks=bool(line.detail.get(telling.ASKS))))
    return tuple(found)


async def whole_of(session: AsyncSession, contact: Contact) -> Whole | None:
    """The contact that this one was made part of, if it was."""
    if contact.merged_into is None:
        return None
    whole = await repository.whole(session, contact.merged_into)
    return Whole(whole.reference, whole.state, whole.settle_due_at, is_late(whole, whole.settle_due_at), team_of(whole))


def words_of(line: ContactHistory) -> str | None:
    """What stands under a line of the history: the resident's own words, or why we need longer and until when."""
    if line.what == telling.LONGER and telling.LAST in line.detail:
        return f"We must answer you by {plain_date(line.detail[telling.LAST])}. This is why: {line.detail['reason']}"
    return line.detail.get("said")


async def _ask_messages(session: AsyncSession, contact: Contact) -> bool:
    """Whether to ask first thing if they want messages: they left an address in the chat, which does not ask there."""
    open_question = contact.channel == "chat" and contact.state != "closed" and not contact.messages_ok
    if not open_question or telling.address(contact.reply_to) is None or telling.not_safe(contact):
        return False
    return not await repository.chose_messages(session, contact)


def _happened(line: ContactHistory) -> str:
    """What happened, as the page has words for it; what they told us by phone has its own."""
    return f"{line.what}_by_phone" if ringing.by_phone(line.detail) and "said" in line.detail else line.what


async def show(session: AsyncSession, contact: Contact) -> Shown:
    """A contact as its holder sees it now."""
    # What the resident of a contact that was made part of this one has said is theirs alone.
    history = [line for line in await repository.history_for_resident(session, contact) if FROM not in line.detail]
    answers = await answers_of(session, history)
    known = catalogue().services.get(contact.service or "")
    unsafe = telling.not_safe(contact) is not None
    files = await attachments.sent_by_resident(session, contact.id)
    first_due = contact.first_due_at if contact.first_answer_at is None else None
    return Shown(
        reference=contact.reference,
        state=cast(State, contact.state),
        service=known.name if known else None,
        text=contact.text,
        summary=await repository.summary(session, contact),
        outcome=contact.outcome,
        team=team_of(contact),
        partner=partner_of(contact),
        steps=steps_of(contact),
        first_due_at=first_due,
        settle_due_at=contact.settle_due_at,
        answered=contact.first_answer_at is not None,
        first_late=is_late(contact, first_due),
        late=is_late(contact, contact.settle_due_at),
        on_hold_since=contact.paused_at if contact.state != "closed" else None,
        look_again_on=await repository.promised_day(session, contact) if contact.state != "closed" else None,
        answers=answers,
        waits_for_you=await asked_in_vain(session, contact),
        history=tuple((_happened(line), line.at, words_of(line)) for line in history),
        whole=await whole_of(session, contact),
        messages=contact.messages_ok and not unsafe,
        messages_to=telling.address(contact.reply_to),
        may_message=not unsafe,
        ask_messages=await _ask_messages(session, contact),
        files=tuple(FileSent(one.name, one.size, one.at) for one in files),
        more_files=max(0, attachments.MOST_FROM_RESIDENT - len(files)),
        survey=await offer_of(session, contact),
    )
