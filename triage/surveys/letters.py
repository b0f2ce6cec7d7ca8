"""Asking by email or text message: decided and written down first, sent with no session open, then noted."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from connectors.errors import ConnectorError, MessageRefused, SupplierUnavailable
from connectors.kinds import Messages
from connectors.shapes import Receipt
from triage import clock, reaching, telling
from triage.catalogue import catalogue
from triage.database import transaction
from triage.sending import sender
from triage.sending.rules import at_least
from triage.settings import get_settings
from triage.surveying.addresses import hash_of
from triage.surveying.links import token_for
from triage.surveying.questions import asking
from triage.surveys import inviting, outcome_repository, repository, rules
from triage.surveys.wording import words
from triage.tables import Contact, Conversation, SurveyCase, SurveyLetter

MOST_AT_ONCE = 100
SIDE_BY_SIDE = 4
# The longest wait for a supplier's answer.
SUPPLIER_S = 10.0
# A try that failed, or whose process died, is made again after so long: nobody waits for a survey. A day of tries.
TRY_AGAIN = timedelta(minutes=15)
MOST_TRIES = 96


@dataclass(frozen=True)
class Letter:
    """A message that is ready to go."""

    letter_id: UUID
    to: str
    template: str
    fields: dict[str, str]


async def deliver(messages: Messages) -> int:
    """Send every letter that is due by now, in the hours for it; how many went out. Safe to run twice at once."""
    now, rule = clock.now(), asking()
    if rules.at_a_good_hour(now, rule.message_from_hour, rule.message_to_hour) > now:
        return 0
    async with transaction() as session:
        due = await outcome_repository.due(session, now, MOST_AT_ONCE)
    room = asyncio.Semaphore(SIDE_BY_SIDE)

    async def one(letter_id: UUID) -> bool:
        async with room:
            return await send(letter_id, messages)

    return sum(await asyncio.gather(*(one(letter_id) for letter_id in due)))


async def send(letter_id: UUID, messages: Messages) -> bool:
    """See to one letter; whether it went out."""
    async with transaction() as session:
        letter = await prepare(session, letter_id)
    if letter is None:
        return False
    to, template, fields = letter.to, letter.template, letter.fields

    async def noted(session: AsyncSession, sent: Receipt | ConnectorError) -> None:
        await note_sent(session, letter_id, sent)

    return await sender.send(
        sender.messenger(), SUPPLIER_S, lambda: messages.send(to, template, fields, str(letter_id)), noted
    )


async def prepare(session: AsyncSession, letter_id: UUID) -> Letter | None:
    """Claim a letter and put it together, if whoever it asks may still be asked; else write down why not."""
    now = clock.now()
    letter = await outcome_repository.to_send(session, letter_id, now)
    if letter is None:
        return None
    contact = await _contact_of(session, letter)
    if contact is None:
        letter.state, letter.why, letter.done_at = "not_sent", "no_way_to_ask", now
        return None
    case = await repository.case_of_contact(session, contact)
    case.address_hash = hash_of(contact.reply_to)
    await repository.hold_address(session, case.address_hash)
    why = await _why_not(session, letter, contact, case)
    if why is not None:
        letter.state, letter.why, letter.done_at = "not_sent", why, now
        await _put_down(session, letter, case, why)
        return None
    letter.attempts += 1
    if later := await sender.left_alone_until(session, sender.messenger(), now):
        # As if it had been tried, so that it is given up after a day all the same.
        await note_sent(session, letter_id, SupplierUnavailable(wait_s=(later - now).total_seconds()))
        return None
    letter.next_at = now + TRY_AGAIN
    if letter.kind == "invite" and case.invited_at is None:
        await inviting.invite(session, case, "message")
    if letter.check_id is not None:
        # The link works from the moment that it may be read.
        check = await outcome_repository.check(session, letter.check_id)
        check.asked_at = check.asked_at or now
    return _put_together(letter, contact, case)


async def _contact_of(session: AsyncSession, letter: SurveyLetter) -> Contact | None:
    if letter.check_id is not None:
        about = (await outcome_repository.check(session, letter.check_id)).contact_id
    else:
        case = await repository.case(session, letter.case_id) if letter.case_id else None
        about = case.contact_id if case else None
    return await session.get(Contact, about) if about else None


async def _why_not(session: AsyncSession, letter: SurveyLetter, contact: Contact, case: SurveyCase) -> str | None:
    """Why a letter that was planned is not sent after all; None: it is. Looked up when it is sent, as it is then."""
    if contact.state != "closed":
        return "open_again"
    if await repository.refused(session, case.address_hash):
        return "never_again"
    talk = await session.get(Conversation, contact.conversation_id) if contact.conversation_id else None
    watched = talk is not None and talk.context.get("safe") is False
    unsafe = watched or await reaching.unsafe_address(session, contact.reply_to)
    if why := reaching.why_no_message(contact, unsafe):
        return rules.WHY_NOT_OF[why]
    if await reaching.one_of_too_many(session, contact.id):
        return rules.WHY_NOT_OF[reaching.TOO_MANY]
    if letter.kind == "outcome":
        assert letter.check_id is not None
        check = await outcome_repository.check(session, letter.check_id)
        return "answered" if check.answered_at is not None else None
    invite = await repository.invite_of_case(session, case.id)
    if invite is not None and (invite.answered_at or invite.finished_at):
        return "answered"
    if letter.kind == "reminder":
        return "expired" if invite is None or invite.expires_at < clock.now() else None
    if invite is None:
        since = clock.now() - timedelta(days=asking().quiet_days)
        if await repository.asked_since(session, case, contact.conversation_id, since):
            return "asked_lately"
    return None


async def _put_down(session: AsyncSession, letter: SurveyLetter, case: SurveyCase, why: str) -> None:
    """What a letter that is not sent means for its case or check."""
    if letter.kind == "outcome":
        assert letter.check_id is not None
        check = await outcome_repository.check(session, letter.check_id)
        if check.answered_at is None and why != "answered":
            check.why_not = why
    elif letter.kind == "invite" and why not in ("answered", "open_again"):
        # A try before this one may have been made, and failed.
        if case.invited_at is not None and case.answered_at is None:
            await _not_invited(session, case)
        case.why_not = why


async def _not_invited(session: AsyncSession, case: SurveyCase) -> None:
    invite = await repository.invite_of_case(session, case.id)
    if invite is not None and invite.answered_at is None:
        await repository.take_back(session, invite)
        case.invited_at = case.invited_by = case.opened_at = None


def _put_together(letter: SurveyLetter, contact: Contact, case: SurveyCase) -> Letter:
    link = f"{get_settings().address}/survey/{token_for(case.id)}"
    values = {
        "council": str(catalogue().council["name"]),
        "reference": contact.reference,
        "link": f"{link}/settled" if letter.kind == "outcome" else link,
        "never": f"{link}/never",
    }
    wording = words()[letter.kind]
    fields = {
        "reference": contact.reference,
        "link": values["link"],
        "subject": wording.subject.format_map(values),
        "text": " ".join(wording.say).format_map(values),
    }
    # The rules have found an address, or there would be no letter.
    to = telling.address(contact.reply_to) or ""
    return Letter(letter.id, to, f"survey_{letter.kind}", fields)


async def note_sent(session: AsyncSession, letter_id: UUID, sent: Receipt | ConnectorError) -> None:
    """Write down what came of a try: sent and perhaps to be reminded, to be tried again, or failed."""
    letter = await outcome_repository.letter(session, letter_id)
    if letter is None or letter.state != "due":
        return
    now, rule = clock.now(), asking()
    if isinstance(sent, Receipt):
        letter.state, letter.done_at, letter.receipt = "sent", now, sent.id
        if letter.kind == "invite":
            wanted = now + timedelta(days=rule.remind_after_days)
            at = rules.at_a_good_hour(wanted, rule.message_from_hour, rule.message_to_hour)
            session.add(SurveyLetter(case_id=letter.case_id, kind="reminder", next_at=at))
        return
    if not isinstance(sent, MessageRefused) and letter.attempts < MOST_TRIES:
        letter.next_at = now + at_least(TRY_AGAIN, sent.wait_s)
        return
    await _give_up(session, letter, "refused" if isinstance(sent, MessageRefused) else "gave_up")


async def note_failed(session: AsyncSession, letter_id: UUID) -> None:
    """Whoever carries our messages says that a letter never arrives: nobody was asked by it. Once."""
    letter = await outcome_repository.letter(session, letter_id)
    if letter is not None and letter.state in ("due", "sent"):
        await _give_up(session, letter, "refused")


async def _give_up(session: AsyncSession, letter: SurveyLetter, why: str) -> None:
    letter.state, letter.done_at, letter.why = "failed", clock.now(), why
    if letter.check_id is not None:
        check = await outcome_repository.check(session, letter.check_id)
        if check.answered_at is None:
            check.asked_at, check.why_not = None, "undeliverable"
    elif letter.kind == "invite" and letter.case_id is not None:
        case = await repository.case(session, letter.case_id, lock=True)
        if case is not None and case.answered_at is None:
            await _not_invited(session, case)
            case.why_not = "undeliverable"
