"""Reading what was counted (counting/ counts it)."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from triage.metrics.counting.measures import VERSION
from triage.metrics.counting.repository import bounds
from triage.metrics.versions import Versions
from triage.surveying.questions import first_alike
from triage.tables import Answer, Fact, FactMonth, FactTotal, Invite, Referral

# What a Tally holds, and no more is read: times and clocks have many levels.
TALLIED = ("satisfaction", "got_it", "invited", "answered", "arrived", "closed")


def _counted(source: str) -> list[ColumnElement[bool]]:
    # Rows of one dimension count again, for some, what the others count for everybody.
    return [FactMonth.source == source, FactMonth.dimension == "", FactMonth.measure.in_(TALLIED)]


Monthly = Sequence[Row[date, str, str, int]]
ByPartner = Sequence[Row[date, str, str, str, str, int]]
Referred = Sequence[tuple[str | None, bool, int]]


async def by_month(session: AsyncSession, source: str) -> Monthly:
    """(first of the month, measure, level, count) of everything of one source."""
    month = FactMonth.month
    found = await session.execute(
        select(month, FactMonth.measure, FactMonth.level, func.sum(FactMonth.count).label("count"))
        .where(*_counted(source))
        .group_by(month, FactMonth.measure, FactMonth.level)
    )
    return found.all()


async def by_partner_and_queue(session: AsyncSession, source: str, start: date, end: date) -> ByPartner:
    """(first of the month, queue, who answered for it, measure, level, count) of the months from `start` to `end`."""
    keys = (FactMonth.month, FactMonth.queue, FactMonth.partner, FactMonth.measure, FactMonth.level)
    found = await session.execute(
        select(*keys, func.sum(FactMonth.count).label("count"))
        .where(*_counted(source), FactMonth.month.between(start, end))
        .group_by(*keys)
    )
    return found.all()


async def versions(session: AsyncSession, source: str) -> Versions:
    """Which versions of the questions were answered in each month, whatever the answers were about.

    The question is the whole council's, so a view that had no answer yet is cut where the others are. Versions that ask
    in the same words count as the oldest of them.
    """
    found = await session.execute(
        select(FactTotal.level, func.min(FactTotal.start).label("day"))
        .where(
            FactTotal.span == "day",
            FactTotal.source == source,
            FactTotal.dimension == "",
            FactTotal.measure == VERSION,
        )
        .group_by(FactTotal.level, func.date_trunc("month", FactTotal.start))
    )
    return Versions.of((first_alike(row.level), row.day) for row in found)


async def first_uncounted(session: AsyncSession, since: date) -> datetime | None:
    """When the first answer was given, on `since` or later, that is stored and not counted yet; None: all are."""
    counts = (Invite.demo.is_(False), Answer.excluded.is_(None), Answer.satisfaction.is_not(None))
    day = func.date(func.timezone("Europe/London", Answer.answered_at)).label("day")
    stored = await session.execute(
        select(day, func.count())
        .join(Invite, Invite.id == Answer.invite_id)
        .where(Answer.answered_at >= bounds(since)[0], *counts)
        .group_by(day)
        .order_by(day)
    )
    counted = await session.execute(
        select(Fact.day, func.sum(Fact.count))
        .where(Fact.source == "live", Fact.measure == "satisfaction", Fact.dimension == "", Fact.day >= since)
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
    return [(outcome, may_share, count) for outcome, may_share, count in found]


async def made_up_referrals(session: AsyncSession, scheme: str, start: date | None, end: date | None) -> Referred:
    """The same of the demonstration, of which only counted days are left. Their level is 'scheme:outcome:shared'."""
    wanted = [Fact.source == "demo", Fact.measure == "referral", Fact.level.startswith(f"{scheme}:", autoescape=True)]
    if start:
        wanted.append(Fact.day >= start)
    if end:
        wanted.append(Fact.day <= end)
    found = await session.execute(select(Fact.level, func.sum(Fact.count)).where(*wanted).group_by(Fact.level))
    each = [(level.split(":"), count) for level, count in found]
    return [(outcome or None, shared == "true", count) for (_, outcome, shared), count in each]
