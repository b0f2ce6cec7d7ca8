"""Counting: after an answer or a contact, its days are counted again whole, so a step that runs twice adds nothing."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.metrics.counting import repository
from triage.metrics.counting.measures import Subject

# A resident may come back with the same need for 14 days, and a survey's letter goes out some days after the end and
# is open for 14 more: whatever the steps missed in that time, the night mends.
LOOK_BACK = timedelta(days=21)


async def _recount(session: AsyncSession, days: Iterable[date], *subjects: Subject) -> None:
    # Oldest first, as each locks its month.
    for day in sorted(days):
        await repository.recount_day(session, day, subjects)


async def count_answer(session: AsyncSession, answer_id: UUID) -> None:
    """After SurveyAnswered: count again the day of the answer, of its invite and of its chat."""
    days = await repository.days_of_answer(session, answer_id)
    await _recount(session, days, Subject.ANSWERS, Subject.INVITES, Subject.CHATS)


async def count_invite(session: AsyncSession, invite_id: UUID) -> None:
    """After SurveyInvited: count again the day of the invite."""
    await _recount(session, await repository.days_of_invite(session, invite_id), Subject.INVITES)


async def count_contact(session: AsyncSession, contact_id: UUID) -> None:
    """After ContactQueued and ContactClosed: count again every day on which the contact is counted."""
    days = await repository.days_of_contact(session, contact_id)
    for day in sorted(set[date]().union(*days.values())):
        await _recount(session, [day], *(subject for subject, on in days.items() if day in on))


async def count_reopened(session: AsyncSession, contact_id: UUID) -> None:
    """After ContactReopened: count again the days on which it was closed, as it is closed no longer."""
    await _recount(session, await repository.days_closed(session, contact_id), Subject.CONTACTS, Subject.CLOCKS)


async def count_breach(session: AsyncSession, contact_id: UUID, clock_id: UUID) -> None:
    """After ClockBreached: count again the day on which the clock was missed."""
    await _recount(session, await repository.days_of_clock(session, clock_id), Subject.CLOCKS)


async def count_outcome(session: AsyncSession, check_id: UUID) -> None:
    """After OutcomeAnswered: count again the day of the closing that it asked about."""
    await _recount(session, await repository.days_of_outcome(session, check_id), Subject.OUTCOMES)


async def count_chat(session: AsyncSession, conversation_id: UUID) -> None:
    """After ConversationEnded: count again the day on which the chat began."""
    await _recount(session, await repository.day_of_chat(session, conversation_id), Subject.CHATS)


async def recount(session: AsyncSession) -> None:
    """At night: count the last days again from the record, oldest first, as every step locks its months."""
    today = clock.today()
    await _recount(session, (today - timedelta(days=back) for back in range(LOOK_BACK.days + 1)), *Subject)
