"""The SQL of facts: counting a day again from the record, and reading what was counted.

A day is a date on a wall in London. Only live rows are ever rewritten here; demonstration rows come from a file.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Row, delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from triage.clock import LONDON
from triage.tables import Answer, Contact, ContactClock, ContactHistory, Fact, Invite, Referral

# The first key of our advisory locks, so that they meet nobody else's. The second is the day.
_LOCK = 0x6661

# A breach has the queue and the partner that held the contact when it was due: `level` is "settle:csg".
# `answered` belongs to the day of the invite, so that answered ÷ invited is a share of the same people.
_RECOUNT = text("""
    with
    said as (
        select answer.satisfaction, answer.got_it, invite.service, invite.queue, invite.channel
        from answer join invite on invite.id = answer.invite_id
        where not invite.demo and answer.excluded is null and answer.answered_at >= :start and answer.answered_at < :end
    ),
    asked as (
        select service, queue, channel, answered_at
        from invite where not demo and invited_at >= :start and invited_at < :end
    ),
    counted as (
        select 'satisfaction' as measure, satisfaction::text as level, service, queue, channel from said
            where satisfaction is not null
        union all select 'got_it', got_it, service, queue, channel from said where got_it is not null
        union all select 'invited', '', service, queue, channel from asked
        union all select 'answered', '', service, queue, channel from asked where answered_at is not null
        union all select 'arrived', '', service, queue, channel from contact
            where not demo and arrived_at >= :start and arrived_at < :end
        union all select 'closed', '', service, queue, channel from contact
            where not demo and closed_at >= :start and closed_at < :end
        union all select 'breach', clock.kind || ':' || coalesce(clock.partner, ''), service, clock.queue, channel
            from contact_clock clock join contact on contact.id = clock.contact_id
            where not demo and breached_at >= :start and breached_at < :end
    )
    insert into fact (day, measure, level, service, queue, channel, source, count)
    select :day, measure, level, coalesce(service, ''), coalesce(queue, ''), channel, 'live', count(*)
    from counted group by 2, 3, 4, 5, 6
""")


def bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of a London day and of the next; 23 or 25 hours apart when the clocks change."""
    return (
        datetime.combine(day, time.min, LONDON),
        datetime.combine(day + timedelta(days=1), time.min, LONDON),
    )


def london_day(moment: datetime) -> date:
    """The date in London of a moment."""
    return moment.astimezone(LONDON).date()


async def recount_day(session: AsyncSession, day: date) -> None:
    """Throw a day's live rows away and write them again from the record. Safe to run twice, and by two at once.

    Two workers on one day go one after the other; the lock is let go when the transaction ends.
    """
    await session.execute(select(func.pg_advisory_xact_lock(_LOCK, day.toordinal())))
    await session.execute(delete(Fact).where(Fact.day == day, Fact.source == "live"))
    start, end = bounds(day)
    await session.execute(_RECOUNT, {"day": day, "start": start, "end": end})


async def days_of_answer(session: AsyncSession, answer_id: UUID) -> set[date]:
    """The days on which an answer is counted: its own and its invite's. Empty when it has gone."""
    row = (
        await session.execute(
            select(Answer.answered_at, Invite.invited_at)
            .join(Invite, Invite.id == Answer.invite_id)
            .where(Answer.id == answer_id)
        )
    ).first()
    return {london_day(moment) for moment in row} if row else set()


async def days_of_invite(session: AsyncSession, invite_id: UUID) -> set[date]:
    """The day on which an invite is counted. Empty when it has gone."""
    moment = await session.scalar(select(Invite.invited_at).where(Invite.id == invite_id))
    return {london_day(moment)} if moment else set()


async def days_of_contact(session: AsyncSession, contact_id: UUID) -> set[date]:
    """The days on which a contact is counted: when it arrived, and when it was closed if it was."""
    row = (await session.execute(select(Contact.arrived_at, Contact.closed_at).where(Contact.id == contact_id))).first()
    return {london_day(moment) for moment in row if moment is not None} if row else set()


async def days_of_breach(session: AsyncSession, clock_id: UUID) -> set[date]:
    """The day on which a clock was missed. Empty when it has gone with its contact."""
    moment = await session.scalar(select(ContactClock.breached_at).where(ContactClock.id == clock_id))
    return {london_day(moment)} if moment else set()


async def days_closed(session: AsyncSession, contact_id: UUID) -> set[date]:
    """Every day on which a contact was closed, whether or not it was opened again."""
    rows = await session.scalars(
        select(ContactHistory.at).where(ContactHistory.contact_id == contact_id, ContactHistory.what == "closed")
    )
    return {london_day(moment) for moment in rows}


def _view(source: str, service: str, queue: str) -> list[ColumnElement[bool]]:
    wanted = [Fact.source == source]
    if service:
        wanted.append(Fact.service == service)
    if queue:
        wanted.append(Fact.queue == queue)
    return wanted


Monthly = Sequence[Row[date, str, str, int]]
ByLabel = Sequence[Row[str, str, str, int]]
Daily = Sequence[Row[date, str, str, str, int]]
Referred = Sequence[Row[str | None, bool, int]]


async def by_month(session: AsyncSession, source: str, service: str, queue: str) -> Monthly:
    """(first of the month, measure, level, count) of everything in view."""
    month = func.date_trunc("month", Fact.day).cast(Fact.day.type).label("month")
    found = await session.execute(
        select(month, Fact.measure, Fact.level, func.sum(Fact.count).label("count"))
        .where(*_view(source, service, queue))
        .group_by(month, Fact.measure, Fact.level)
    )
    return found.all()


async def by_label(
    session: AsyncSession, label: str, source: str, service: str, queue: str, start: date, end: date
) -> ByLabel:
    """(service or queue, measure, level, count) from `start` to `end`; `label` is 'service' or 'queue'."""
    column = {"service": Fact.service, "queue": Fact.queue}[label]
    found = await session.execute(
        select(column, Fact.measure, Fact.level, func.sum(Fact.count).label("count"))
        .where(*_view(source, service, queue), Fact.day.between(start, end))
        .group_by(column, Fact.measure, Fact.level)
    )
    return found.all()


async def by_day_and_queue(session: AsyncSession, source: str, start: date, end: date) -> Daily:
    """(day, queue, measure, level, count) from `start` to `end`, for who ran each queue on each day."""
    found = await session.execute(
        select(Fact.day, Fact.queue, Fact.measure, Fact.level, func.sum(Fact.count).label("count"))
        .where(*_view(source, "", ""), Fact.day.between(start, end))
        .group_by(Fact.day, Fact.queue, Fact.measure, Fact.level)
    )
    return found.all()


async def labels(session: AsyncSession, source: str) -> tuple[set[str], set[str]]:
    """The services and the queues about which somebody has answered."""
    rated = (Fact.source == source, Fact.measure == "satisfaction")
    services = await session.scalars(select(Fact.service).where(*rated).distinct())
    queues = await session.scalars(select(Fact.queue).where(*rated).distinct())
    return set(services), set(queues)


async def first_uncounted(session: AsyncSession, since: date) -> datetime | None:
    """When the first answer was given, on `since` or later, that is stored and not counted yet; None: all are."""
    day = func.date(func.timezone("Europe/London", Answer.answered_at)).label("day")
    counts = (Invite.demo.is_(False), Answer.excluded.is_(None), Answer.satisfaction.is_not(None))
    stored = await session.execute(
        select(day, func.count())
        .join(Invite, Invite.id == Answer.invite_id)
        .where(Answer.answered_at >= bounds(since)[0], *counts)
        .group_by(day)
        .order_by(day)
    )
    counted = await session.execute(
        select(Fact.day, func.sum(Fact.count))
        .where(Fact.source == "live", Fact.measure == "satisfaction", Fact.day >= since)
        .group_by(Fact.day)
    )
    done: dict[date, int] = {row[0]: row[1] for row in counted}
    for on, total in stored:
        if done.get(on, 0) < total:
            start, end = bounds(on)
            moment: datetime | None = await session.scalar(
                select(Answer.answered_at)
                .join(Invite, Invite.id == Answer.invite_id)
                .where(Answer.answered_at >= start, Answer.answered_at < end, *counts)
                .order_by(Answer.answered_at)
                .offset(done.get(on, 0))
                .limit(1)
            )
            return moment
    return None


async def referrals(session: AsyncSession, scheme: str, start: date | None, end: date | None) -> Referred:
    """(outcome, may share, count) of those referred to a scheme from `start` to `end`; None: without an end.

    Read from the record and not from daily facts: an outcome is replaced when a later one is known, and there are
    few rows. Demonstration contacts are never counted.
    """
    wanted = [Referral.scheme == scheme, Referral.demo.is_(False)]
    if start:
        wanted.append(Referral.referred_at >= bounds(start)[0])
    if end:
        wanted.append(Referral.referred_at < bounds(end)[1])
    found = await session.execute(
        select(Referral.outcome, Referral.may_share, func.count())
        .where(*wanted)
        .group_by(Referral.outcome, Referral.may_share)
    )
    return found.all()
