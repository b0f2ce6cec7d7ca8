"""The end of a case: how it ended, who could be asked, and the question put to whoever is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, reaching, record, telling
from triage.catalogue import catalogue
from triage.surveying.addresses import hash_of
from triage.surveying.questions import asking
from triage.surveys import inviting, repository, rules
from triage.tables import Contact, Conversation, SurveyCase

# They were shown a danger's number, and have not said that nobody is in danger (chat/handover.py).
ALARMED = ("alarmed", "asked_safe")


@dataclass(frozen=True)
class Known:
    """What contacts tell of whoever they are of: how it ends is asked of nobody whom one of them speaks against."""

    unsafe: bool
    staff: bool
    never_again: bool


async def end_conversation(session: AsyncSession, conversation: Conversation, *, there: bool) -> SurveyCase:
    """Judge how a locked conversation ended, and ask in it whoever is `there` and to be asked. Asked once."""
    case = await repository.case_of_conversation(session, conversation)
    if case.ending is not None and case.invited_at is not None:
        return case
    talk = await repository.talk_of(session, conversation, _came_to(conversation))
    ending = rules.ending_of_talk(talk, asking().not_eligible_notes)
    service = conversation.context.get("service")
    about = catalogue().services.get(service or "")
    queue = catalogue().queue(about.queue) if about else None
    ended_at = conversation.ended_at if conversation.mode == "ended" else None
    contacts = await repository.contacts_of(session, conversation)
    # Whoever left an address here is who they are at that address: asked there lately, they are not asked here.
    case.address_hash = next((found for one in contacts if (found := hash_of(one.reply_to))), None)
    known = await _known_of(session, contacts)
    person = rules.Person(
        sampled=case.sampled,
        way="chat" if there else None,
        demo=conversation.demo,
        staff=case.staff or known.staff,
        # The conversation may be over and calm while the contact that it left is of somebody in danger.
        unsafe=_in_danger(conversation) or known.unsafe,
        never_again=known.never_again,
        asked_later=await repository.will_be_asked_later(session, conversation),
        asked_lately=await _asked_lately(session, case, conversation),
    )
    standing = _judge(case, ending, person, service, queue, None)
    case.ended_at = ended_at or conversation.last_at
    if await _goes_on(session, case, standing):
        await inviting.ask_in_chat(session, case, conversation)
    return case


async def end_contact(session: AsyncSession, contact: Contact) -> SurveyCase:
    """Judge how a locked, closed contact ended; ask in the chat if its resident is there, else by a letter. Once."""
    case = await repository.case_of_contact(session, contact)
    if case.ending is not None and (case.invited_at is not None or case.why_not == "before"):
        return case
    talk = await session.get(Conversation, contact.conversation_id) if contact.conversation_id else None
    case.address_hash = hash_of(contact.reply_to)
    watched = talk is not None and talk.context.get("safe") is False
    known = await _known_of(session, [contact])
    by_message = reaching.why_no_message(contact, watched or known.unsafe) is None
    # Whoever has left the chat sees no question in it: they are not asked there, and find it on their contact's page.
    in_chat = talk is not None and contact.live and _was_there(talk, contact.closed_at or clock.now())
    person = rules.Person(
        sampled=case.sampled,
        way="chat" if in_chat else ("message" if by_message else None),
        demo=contact.demo,
        staff=case.staff or known.staff or await repository.staff_began(session, contact.conversation_id),
        unsafe=watched or known.unsafe,
        never_again=known.never_again or await repository.refused_in(session, contact.conversation_id),
        asked_lately=await _asked_lately(session, case, talk),
    )
    ending = rules.ending_of_contact(contact.merged_into is not None)
    held = contact.partner if contact.partner in catalogue().partners else None
    standing = _judge(case, ending, person, contact.service, contact.queue, held)
    case.ended_at = contact.closed_at or clock.now()
    if await _goes_on(session, case, standing):
        if in_chat and talk is not None:
            await inviting.ask_in_chat(session, case, talk)
        else:
            await inviting.write_later(session, case)
    return case


async def _known_of(session: AsyncSession, contacts: Sequence[Contact]) -> Known:
    """What is known of whoever these contacts are of, each by itself and by the address that it names."""
    unsafe = staff = never_again = False
    for one in contacts:
        unsafe |= telling.not_safe(one) is not None or await reaching.unsafe_address(session, one.reply_to)
        staff |= await repository.is_of_staff(session, one.reply_to)
        never_again |= await repository.refused(session, hash_of(one.reply_to))
    return Known(unsafe, staff, never_again)


def _judge(
    case: SurveyCase,
    ending: rules.Ending,
    person: rules.Person,
    service: str | None,
    queue: str | None,
    partner: str | None,
) -> rules.Standing:
    standing = rules.standing(ending.name, person)
    case.service, case.queue = service, queue
    case.partner = partner or (catalogue().partner_id(queue, clock.today()) if queue else None)
    case.ending, case.eligible, case.demo = ending.name, standing.eligible, person.demo
    case.reasons = [ending.reason, standing.reason]
    return standing


async def _goes_on(session: AsyncSession, case: SurveyCase, standing: rules.Standing) -> bool:
    """Keep the verdict; whether somebody is to be asked now. What ended before this was kept is left alone."""
    if case.invited_at is None and case.why_not != "before":
        case.why_not = standing.why_not
    await session.flush()
    if case.invited_at is not None or case.why_not is not None:
        return False
    return await repository.invite_of_case(session, case.id) is None


async def _asked_lately(session: AsyncSession, case: SurveyCase, talk: Conversation | None) -> bool:
    await repository.hold_address(session, case.address_hash)
    since = clock.now() - timedelta(days=asking().quiet_days)
    return await repository.asked_since(session, case, talk.id if talk else None, since)


def _came_to(conversation: Conversation) -> str | None:
    """What the last form came to, if it was about what was spoken of last."""
    came_to = conversation.context.get(record.CAME_TO) or {}
    about = catalogue().services.get(conversation.context.get("service") or "")
    spoken_of = about is not None and came_to.get("form") in about.forms
    return f"{came_to['form']}.{came_to['note']}" if spoken_of else None


def _in_danger(conversation: Conversation) -> bool:
    safe = conversation.context.get("safe")
    return safe is False or (safe is None and any(conversation.context.get(key) for key in ALARMED))


def _was_there(talk: Conversation, moment: datetime) -> bool:
    """Whether the chat was open at its resident's when an agent closed it: this may run some time after that."""
    return talk.here_until is not None and talk.here_until > moment
