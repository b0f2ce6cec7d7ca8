"""Counting: an event marks the days that it changes; marked days are counted again whole, once a minute at most.

So a step that runs twice adds nothing, and a busy day costs one count a minute and not one for each event.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.database import transaction
from triage.metrics.counting import marking, repository
from triage.metrics.counting.measures import LOOK_BACK, Subject
from triage.settings import get_settings

log = structlog.get_logger(__name__)

# Days that one round counts: a move of a thousand old contacts is spread over some rounds.
MOST_DAYS = 60


async def _mark(session: AsyncSession, days: Iterable[date], *subjects: Subject) -> None:
    days = tuple(days)
    await marking.mark(session, dict.fromkeys(subjects, days))


async def count_answer(session: AsyncSession, answer_id: UUID) -> None:
    """After SurveyAnswered: the day of the answer, of its invite and of its chat is to be counted again."""
    days = await repository.days_of_answer(session, answer_id)
    await _mark(session, days, Subject.ANSWERS, Subject.INVITES, Subject.CHATS)


async def count_invite(session: AsyncSession, invite_id: UUID) -> None:
    """After SurveyInvited: the day of the invite is."""
    await _mark(session, await repository.days_of_invite(session, invite_id), Subject.INVITES)


async def count_contact(session: AsyncSession, contact_id: UUID) -> None:
    """After ContactQueued and ContactClosed: every day on which the contact is counted is."""
    await marking.mark(session, await repository.days_of_contact(session, contact_id))


async def count_reopened(session: AsyncSession, contact_id: UUID) -> None:
    """After ContactReopened: the days on which it was closed are, on which its clocks were met by that, and on which
    whoever has not been asked yet could have been."""
    days = await repository.days_of_contact(session, contact_id)
    closed = await repository.days_closed(session, contact_id)
    again = {of: on for of, on in days.items() if of in (Subject.CONTACTS, Subject.CLOCKS)}
    await marking.mark(session, again | {Subject.INVITES: closed})


async def count_call(session: AsyncSession, contact_id: UUID) -> None:
    """After ResidentRang: each day on which somebody rang about the contact is."""
    await _mark(session, await repository.days_of_calls(session, contact_id), Subject.CONTACTS)


async def count_danger(session: AsyncSession, contact_id: UUID) -> None:
    """After ContactMoreUrgent and ContactTaken: the days on which its danger was seen are, if there was one."""
    await _mark(session, await repository.days_in_danger(session, contact_id), Subject.CONTACTS)


async def count_breach(session: AsyncSession, contact_id: UUID, clock_id: UUID) -> None:
    """After ClockBreached: the day on which the clock was missed is."""
    await _mark(session, await repository.days_of_clock(session, clock_id), Subject.CLOCKS)


async def count_outcome(session: AsyncSession, check_id: UUID) -> None:
    """After OutcomeAnswered: the day of the closing that it asked about is."""
    await _mark(session, await repository.days_of_outcome(session, check_id), Subject.OUTCOMES)


async def count_chat(session: AsyncSession, conversation_id: UUID) -> None:
    """After ConversationEnded: the day on which the chat began is."""
    await _mark(session, await repository.day_of_chat(session, conversation_id), Subject.CHATS)


async def count_marked() -> int:
    """Count marked days whose turn it is, each in a transaction of its own; how many. Safe to run twice at once.

    A day that cannot be counted is logged, does not hold the others up, and has another turn.
    """
    every = timedelta(seconds=get_settings().counted_every_s)
    async with transaction() as session:
        days = await marking.due(session, every, MOST_DAYS)
    counted = 0
    for day in days:
        try:
            counted += await _count_marked(day, every)
        except Exception:  # Whatever is wrong with one day, the others are counted.
            log.exception("count.failed", day=day.isoformat())
            async with transaction() as session:
                await marking.put_off(session, day)
    return counted


async def _count_marked(day: date, every: timedelta) -> bool:
    async with transaction() as session:
        marks = await marking.take(session, day, every)
        if not marks:
            return False
        await repository.recount_day(session, day, marks)
        await marking.done(session, day, marks)
    return True


def last_days(today: date) -> list[date]:
    """The days that the night counts again, oldest first."""
    return [today - timedelta(days=back) for back in range(LOOK_BACK.days, -1, -1)]


async def recount(days: Sequence[date], tell: Callable[[date], None] = lambda _: None) -> list[date]:
    """Count days again from the record, all of each, in a transaction a day; those that failed, which are logged.

    `tell` hears of each day that was counted.
    """
    failed = []
    for day in days:
        try:
            async with transaction() as session:
                await repository.recount_day(session, day)
        except Exception:  # Whatever is wrong with one day, the others are counted.
            log.exception("count.failed", day=day.isoformat())
            failed.append(day)
        else:
            tell(day)
    return failed


async def recount_last_days() -> None:
    """At night: count the last days again from the record. Raises DaysNotCounted when some could not be."""
    if failed := await recount(last_days(clock.today())):
        raise DaysNotCounted(f"{len(failed)} days, the first of them {failed[0]}")


class DaysNotCounted(RuntimeError):
    """Some days could not be counted again; each is in the log. The rest were."""
