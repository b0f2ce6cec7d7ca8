"""Counting days again, and finding the days on which a thing is counted.

A day is a date on a wall in London. Only live rows are ever rewritten here; others come from files.
"""

import json
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from triage import ringing
from triage.catalogue import catalogue
from triage.clock import LONDON
from triage.contacts import DANGER_SEEN
from triage.following_up import ADDED, REOPENED
from triage.metrics.counting import sql
from triage.metrics.counting.avoidable import as_case, case_of_calls, reasons
from triage.metrics.counting.measures import BINS, MEASURES, MINUTES, Subject
from triage.tables import (
    Answer,
    Contact,
    ContactClock,
    ContactHistory,
    Conversation,
    Correction,
    Invite,
    OutcomeCheck,
    SurveyCase,
)
from triage.tables.contact_clock import FIRST

# The first key of our advisory locks, so that they meet nobody else's. The second is the month, because the days of a
# month are added up in the same rows.
_LOCK = 0x6661


def bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of a London day and of the next; 23 or 25 hours apart when the clocks change."""
    return (
        datetime.combine(day, time.min, LONDON),
        datetime.combine(day + timedelta(days=1), time.min, LONDON),
    )


def london_day(moment: datetime) -> date:
    """The date in London of a moment."""
    return moment.astimezone(LONDON).date()


@lru_cache
def _statements() -> tuple[dict[Subject, TextClause], dict[Subject, frozenset[str]], dict[str, Any]]:
    """The statement of each subject, the names that it is given, and what those are of the reasons."""
    case, given = as_case(reasons())
    built = {subject: text(sql.recount(subject, case, case_of_calls(reasons()))) for subject in Subject}
    return built, {subject: frozenset(made._bindparams) for subject, made in built.items()}, given


async def recount_day(session: AsyncSession, day: date, subjects: Iterable[Subject] = tuple(Subject)) -> None:
    """Count a day again from the record. Safe to run twice, and by two at once.

    Two workers in one month go one after the other; the lock is let go when the transaction ends.
    """
    await session.execute(select(func.pg_advisory_xact_lock(_LOCK, day.year * 12 + day.month)))
    start, end = bounds(day)
    known = catalogue()
    run_by = {queue: partner for queue in known.queues if (partner := known.partner_id(queue, day))}
    built, names, of_reasons = _statements()
    values = {
        **of_reasons,
        "day": day,
        "start": start,
        "end": end,
        "bins": list(BINS),
        "minutes": list(MINUTES),
        "run_by": json.dumps(run_by),
        "service_queues": json.dumps({service.id: known.queue(service.queue) for service in known.services.values()}),
        "with_form": [service.id for service in known.services.values() if service.forms],
    }
    for subject in subjects:
        given = values | {"measures": list(MEASURES[subject])}
        await session.execute(built[subject], {name: given[name] for name in names[subject]})


def _days(row: Iterable[datetime | None] | None) -> set[date]:
    return {london_day(moment) for moment in row or () if moment is not None}


async def days_of_answer(session: AsyncSession, answer_id: UUID) -> set[date]:
    """The days on which an answer is counted: its own, its case's and its chat's. Empty when it has gone."""
    found = await session.execute(
        select(Answer.answered_at, Invite.invited_at, SurveyCase.ended_at, Conversation.started_at)
        .join(Invite, Invite.id == Answer.invite_id)
        .outerjoin(SurveyCase, SurveyCase.id == Invite.case_id)
        .outerjoin(Conversation, Conversation.id == Invite.conversation_id)
        .where(Answer.id == answer_id)
    )
    return _days(found.first())


async def days_of_invite(session: AsyncSession, invite_id: UUID) -> set[date]:
    """The days on which an invite is counted: its own, and when what it asks about ended. Empty when it has gone."""
    found = await session.execute(
        select(Invite.invited_at, SurveyCase.ended_at)
        .outerjoin(SurveyCase, SurveyCase.id == Invite.case_id)
        .where(Invite.id == invite_id)
    )
    return _days(found.first())


async def days_of_outcome(session: AsyncSession, check_id: UUID) -> set[date]:
    """The day of the closing that an outcome check asks about. Empty when it has gone."""
    return _days((await session.execute(select(OutcomeCheck.closed_at).where(OutcomeCheck.id == check_id))).first())


async def days_of_contact(session: AsyncSession, contact_id: UUID) -> dict[Subject, set[date]]:
    """The days on which a contact is counted, by what is counted of it then. Empty when it has gone.

    It arrived, told of a danger, was rung about, was answered, was closed (each time), its chat began, it was settled
    where it belonged, and what it repeats was closed, which came back by it.
    """
    found = await session.execute(
        select(
            Contact.arrived_at,
            Contact.repeat_of,
            Conversation.started_at,
            Correction.settled_at,
        )
        .outerjoin(Conversation, Conversation.id == Contact.conversation_id)
        .outerjoin(Correction, Correction.contact_id == Contact.id)
        .where(Contact.id == contact_id)
    )
    row = found.first()
    if row is None:
        return {}
    closed, earlier = await days_closed(session, contact_id), set[date]()
    danger, rang = await days_of_danger(session, contact_id), await days_of_calls(session, contact_id)
    if row.repeat_of is not None:
        earlier = await days_closed(session, row.repeat_of)
    clocks = (
        await session.execute(
            select(ContactClock.kind, ContactClock.met_at, ContactClock.breached_at).where(
                ContactClock.contact_id == contact_id
            )
        )
    ).all()
    answered = _days(clock.met_at for clock in clocks if clock.kind == FIRST)
    return {
        Subject.CONTACTS: _days((row.arrived_at,)) | answered | danger | rang | closed | earlier,
        # A limit that only the closing had met is met no longer once that is taken back.
        Subject.CLOCKS: _days(moment for clock in clocks for moment in (clock.met_at, clock.breached_at)) | closed,
        Subject.CHATS: _days((row.started_at,)),
        Subject.SORTING: _days((row.settled_at,)),
    }


async def days_of_clock(session: AsyncSession, clock_id: UUID) -> set[date]:
    """The days on which a clock was met or missed. Empty when it has gone with its contact."""
    found = await session.execute(
        select(ContactClock.breached_at, ContactClock.met_at).where(ContactClock.id == clock_id)
    )
    return _days(found.first())


async def day_of_chat(session: AsyncSession, conversation_id: UUID) -> set[date]:
    """The day on which a chat began. Empty when it has gone."""
    return _days(
        (await session.execute(select(Conversation.started_at).where(Conversation.id == conversation_id))).first()
    )


async def days_closed(session: AsyncSession, contact_id: UUID) -> set[date]:
    """Every day on which a contact was closed, whether or not it was opened again."""
    return await _days_of_lines(session, contact_id, "closed")


async def days_of_danger(session: AsyncSession, contact_id: UUID) -> set[date]:
    """Every day on which what came after a contact's arrival told of a danger."""
    return await _days_of_lines(session, contact_id, DANGER_SEEN)


async def days_of_calls(session: AsyncSession, contact_id: UUID) -> set[date]:
    """Every day on which somebody rang about a contact that they had."""
    rows = await session.scalars(
        select(ContactHistory.at).where(
            ContactHistory.contact_id == contact_id,
            ContactHistory.what.in_((ADDED, REOPENED)),
            ContactHistory.detail[ringing.CHANNEL].astext == ringing.PHONE,
        )
    )
    return _days(rows)


async def _days_of_lines(session: AsyncSession, contact_id: UUID, what: str) -> set[date]:
    rows = await session.scalars(
        select(ContactHistory.at).where(ContactHistory.contact_id == contact_id, ContactHistory.what == what)
    )
    return _days(rows)


async def days_in_danger(session: AsyncSession, contact_id: UUID) -> set[date]:
    """The days on which somebody's danger was seen who has this contact; none for anybody else."""
    found = select(Contact.arrived_at).where(Contact.id == contact_id, Contact.danger.is_not(None))
    arrived = await session.scalar(found)
    return _days((arrived,)) | await days_of_danger(session, contact_id) if arrived else set()
