"""What surveys do when something happened elsewhere, and what they look after by themselves."""

from datetime import timedelta
from functools import lru_cache
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from connectors.kinds import Messages
from connectors.registry import connect
from triage import clock, record
from triage.catalogue import catalogue
from triage.surveying.questions import asking
from triage.surveys import cases, letters, outcome, outcome_repository, repository
from triage.tables import Contact, Conversation

# Of each kind, in one round; the next round takes what is left.
MOST_AT_ONCE = 200
# A step that has not run by then was lost with its worker.
LOST_AFTER = timedelta(hours=1)
# A link is open for days; what was invited longer ago than this has been looked at long since.
RAN_OUT_WITHIN = timedelta(days=120)
# What went on after its end and stopped again longer ago than this has been looked at long since.
GONE_ON_WITHIN = timedelta(days=1)
# How far back a missing case is looked for.
LOOK_BACK = timedelta(days=15)


@lru_cache
def messages() -> Messages:
    """The supplier of messages that the council has switched on. Raises connectors.errors.UnknownConnector."""
    return connect(catalogue().council.get("connectors", {})).messages


async def invite_after_contact(session: AsyncSession, contact_id: UUID) -> None:
    """After ContactClosed: put its ending on record, ask whoever is to be asked, and plan the outcome check."""
    await record.hold_conversations(session, Contact.id == contact_id)
    contact = await session.get(Contact, contact_id, with_for_update=True, populate_existing=True)
    if contact is None or contact.state != "closed":
        return
    await cases.end_contact(session, contact)
    await outcome.plan(session, contact)


async def note_failed(session: AsyncSession, message_id: UUID, for_good: bool) -> None:
    """After MessageFailed: whom a letter never reached was not asked. What may arrive later is left to the reminder."""
    if for_good:
        await letters.note_failed(session, message_id)


async def invite_after_conversation(session: AsyncSession, conversation_id: UUID) -> None:
    """After ConversationEnded: put its ending on record, and ask in the chat whoever is to be asked."""
    conversation = await session.get(Conversation, conversation_id, with_for_update=True, populate_existing=True)
    if conversation is not None:
        await cases.end_conversation(session, conversation, there=True)


async def go_on(session: AsyncSession, contact_id: UUID) -> None:
    """After ContactReopened: its case has not ended after all, unless they have been asked about it already."""
    await record.hold_conversations(session, Contact.id == contact_id)
    contact = await session.get(Contact, contact_id, with_for_update=True, populate_existing=True)
    if contact is None or contact.state == "closed":
        return
    await outcome_repository.put_off(session, contact_id)
    case = await repository.case_of_contact(session, contact)
    if case.invited_at is None and case.answered_at is None:
        case.ending = case.ended_at = case.eligible = None
        case.why_not, case.reasons = None, []
        await outcome_repository.forget_unsent(session, case.id)


async def end_idle(session: AsyncSession) -> int:
    """Judge the conversations that were left without an end; how many. Whoever has the page open still is asked.

    One that goes on after a pause ends anew: how it stood at the pause is not how it ended.
    """
    now = clock.now()
    before = now - timedelta(minutes=asking().idle_minutes)
    found = await repository.idle(session, before, MOST_AT_ONCE)
    again = await repository.gone_on(session, before, before - GONE_ON_WITHIN, MOST_AT_ONCE)
    for conversation_id in [*found, *again]:
        conversation = await session.get(Conversation, conversation_id, with_for_update=True, populate_existing=True)
        if conversation is None:
            continue
        there = conversation.here_until is not None and conversation.here_until > now
        await cases.end_conversation(session, conversation, there=there)
    return len(found) + len(again)


async def deliver() -> int:
    """Send every letter that is due by now; how many went out. Each in transactions of its own."""
    return await letters.deliver(messages())


async def nightly(session: AsyncSession) -> None:
    """At night: write what is missing, let links run out, plan the checks, and forget where answers came from."""
    now = clock.now()
    talks, contacts = await repository.without_case(session, now - LOOK_BACK, MOST_AT_ONCE)
    for conversation_id in talks:
        conversation = await session.get(Conversation, conversation_id)
        if conversation is not None:
            await repository.case_of_conversation(session, conversation)
    for contact_id in contacts:
        contact = await session.get(Contact, contact_id)
        if contact is not None:
            await repository.case_of_contact(session, contact)
    for contact_id in await repository.closed_and_open(session, now - LOST_AFTER, MOST_AT_ONCE):
        await invite_after_contact(session, contact_id)
    await repository.expire(session, now, now - RAN_OUT_WITHIN)
    await outcome_repository.expire(session, now - timedelta(days=asking().outcome_open_days))
    await repository.forget_sources(session, now - timedelta(days=asking().source_days))
