"""Counting: after an answer or a contact, its days are counted again whole, so a step that runs twice adds nothing."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.metrics import repository

# A survey link is open for 14 days; whatever the steps missed in that time, the night mends.
LOOK_BACK = timedelta(days=15)


async def count_answer(session: AsyncSession, answer_id: UUID) -> None:
    """After SurveyAnswered: count again the day of the answer and the day of its invite."""
    for day in sorted(await repository.days_of_answer(session, answer_id)):
        await repository.recount_day(session, day)


async def count_invite(session: AsyncSession, invite_id: UUID) -> None:
    """After SurveyInvited: count again the day of the invite."""
    for day in sorted(await repository.days_of_invite(session, invite_id)):
        await repository.recount_day(session, day)


async def count_contact(session: AsyncSession, contact_id: UUID) -> None:
    """After ContactQueued and ContactClosed: count again the days on which it arrived and was closed."""
    for day in sorted(await repository.days_of_contact(session, contact_id)):
        await repository.recount_day(session, day)


async def count_reopened(session: AsyncSession, contact_id: UUID) -> None:
    """After ContactReopened: count again the days on which it was closed, as it is closed no longer."""
    for day in sorted(await repository.days_closed(session, contact_id)):
        await repository.recount_day(session, day)


async def count_breach(session: AsyncSession, contact_id: UUID, clock_id: UUID) -> None:
    """After ClockBreached: count again the day on which the clock was missed."""
    for day in sorted(await repository.days_of_breach(session, clock_id)):
        await repository.recount_day(session, day)


async def recount(session: AsyncSession) -> None:
    """At night: count the last days again from the record, oldest first, as every step locks its days."""
    today = clock.today()
    for back in range(LOOK_BACK.days, -1, -1):
        await repository.recount_day(session, today - timedelta(days=back))
