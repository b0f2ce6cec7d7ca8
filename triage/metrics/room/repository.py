"""What the owner's page asks of the database: counts of a view, notes, saved views and summaries.

Counts are read from the months, which PostgreSQL adds up from the days. Who answered for it is counted with a fact;
where a history from a file does not say, it is who ran the queue as the month began (catalogue.run_by).
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, false, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute as Column

from triage.catalogue import catalogue
from triage.metrics.room.schemas import View
from triage.roles import ROLES, May
from triage.tables import Agent, Annotation, OwnerSubscription, OwnerSummary, SavedView, SurveyImport
from triage.tables import FactMonth as Month
from triage.tables import ImportedCount as Imported

Monthly = Sequence[Row[date, str, str, int]]
Labelled = Sequence[Row[str, str, str, int]]
ByPartner = Sequence[Row[date, str, str, str, str, int]]
Crossed = Sequence[Row[str, str, str, str, int]]

COLUMNS = {"service": Month.service, "queue": Month.queue, "channel": Month.channel}
# What the page shows, and no more is read: times and clocks have many levels.
SHOWN = ("satisfaction", "got_it", "invited", "answered", "arrived", "closed")
RATINGS = ("satisfaction",)
MOST_NOTES, MOST_VIEWS = 100, 30


def _in_view(view: View, measures: Sequence[str] = SHOWN) -> list[ColumnElement[bool]]:
    if view.ward:
        raise ValueError("a ward is read by room/ward.py alone, which knows what of it may be shown")
    # Rows of a dimension count again, for some, what the others count for everybody.
    wanted = [Month.source == view.source, Month.dimension == "", Month.measure.in_(measures)]
    wanted += [column == getattr(view, name) for name, column in COLUMNS.items() if getattr(view, name)]
    if view.partner:
        wanted.append(_run_by(view.partner))
    return wanted


def _run_by(partner: str) -> ColumnElement[bool]:
    return or_(Month.partner == partner, and_(Month.partner == "", _ran(partner, Month.queue, Month.month)))


def _ran(partner: str, queue: Column[str], day: Column[date]) -> ColumnElement[bool]:
    """Whether it was this partner who ran the queue on the day."""
    known = catalogue()
    spells = [
        and_(queue == row.queue, day >= row.from_, day <= (row.to or date.max))
        for row in known.run_by
        if row.partner == partner and row.profile == known.council["profile"]
    ]
    return or_(*spells) if spells else false()


async def by_month(session: AsyncSession, view: View) -> Monthly:
    """(first of the month, measure, level, count) of every month that was counted, the oldest first.

    Also of those before and after the view: what a month is held against does not depend on where one begins to look.
    """
    found = await session.execute(
        select(Month.month, Month.measure, Month.level, func.sum(Month.count).label("count"))
        .where(*_in_view(view))
        .group_by(Month.month, Month.measure, Month.level)
        .order_by(Month.month)
    )
    return found.all()


async def by_quarter(session: AsyncSession, view: View, measures: Sequence[str] = RATINGS) -> bool:
    """Whether some of what a view counts came from a file that counts quarters: each stands on its first day."""
    if view.source == "live":
        return False
    wanted = [getattr(Imported, name) == getattr(view, name) for name in COLUMNS if getattr(view, name)]
    if view.partner:
        wanted.append(_ran(view.partner, Imported.queue, Imported.day))
    some = (
        select(Imported.import_id)
        .join(SurveyImport, SurveyImport.id == Imported.import_id)
        .where(
            SurveyImport.source == view.source,
            SurveyImport.grain == "quarter",
            SurveyImport.taken_back_at.is_(None),
            Imported.measure.in_(measures),
            *wanted,
        )
    )
    return bool(await session.scalar(select(some.exists())))


async def brought_in(session: AsyncSession) -> tuple[date, date] | None:
    """The first and the last day of the past figures that files brought in; None where there are none."""
    found = await session.execute(
        select(func.min(SurveyImport.first_day), func.max(SurveyImport.last_day)).where(
            SurveyImport.source == "import", SurveyImport.taken_back_at.is_(None)
        )
    )
    first, last = found.one()
    return (first, last) if first and last else None


async def by_label(session: AsyncSession, view: View, kind: str, start: date, end: date) -> Labelled:
    """(service, queue or channel, measure, level, count) of everything in view from `start` to `end`."""
    column = COLUMNS[kind]
    found = await session.execute(
        select(column, Month.measure, Month.level, func.sum(Month.count).label("count"))
        .where(*_in_view(view), Month.month.between(start, end))
        .group_by(column, Month.measure, Month.level)
    )
    return found.all()


async def by_partner_and_queue(session: AsyncSession, view: View, start: date, end: date) -> ByPartner:
    """(month, queue, who answered for it, measure, level, count) of everything in view."""
    keys = (Month.month, Month.queue, Month.partner, Month.measure, Month.level)
    found = await session.execute(
        select(*keys, func.sum(Month.count).label("count"))
        .where(*_in_view(view), Month.month.between(start, end), Month.measure == "satisfaction")
        .group_by(*keys)
    )
    return found.all()


async def by_service_and_channel(
    session: AsyncSession, view: View, measures: Sequence[str], start: date, end: date
) -> Crossed:
    """(service, channel, measure, level, count) of some measures in view: what weights are made from."""
    found = await session.execute(
        select(Month.service, Month.channel, Month.measure, Month.level, func.sum(Month.count).label("count"))
        .where(*_in_view(view, measures), Month.month.between(start, end))
        .group_by(Month.service, Month.channel, Month.measure, Month.level)
    )
    return found.all()


async def rated(session: AsyncSession, source: str, kind: str) -> set[str]:
    """The services, queues or channels about which somebody has answered."""
    column = COLUMNS[kind]
    found = await session.scalars(
        select(column).where(Month.source == source, Month.measure == "satisfaction", Month.dimension == "").distinct()
    )
    return set(found)


async def notes(session: AsyncSession, view: View) -> Sequence[Annotation]:
    """The notes that belong to a view or to a wider one, the oldest day first."""
    wide = [
        column.in_(("", getattr(view, name)))
        for name, column in (
            ("service", Annotation.service),
            ("queue", Annotation.queue),
            ("partner", Annotation.partner),
            ("channel", Annotation.channel),
        )
    ]
    found = await session.scalars(
        select(Annotation)
        .where(Annotation.source == view.source, Annotation.removed_at.is_(None), *wide)
        .order_by(Annotation.day.desc(), Annotation.made_at.desc())
        .limit(MOST_NOTES)
    )
    return found.all()[::-1]


async def writers(session: AsyncSession, written: Sequence[Annotation]) -> dict[UUID, str]:
    """The role of everybody who wrote one of these notes, by their id."""
    found = await session.execute(select(Agent.id, Agent.role).where(Agent.id.in_({note.made_by for note in written})))
    return {row.id: row.role for row in found}


async def note(session: AsyncSession, note_id: UUID) -> Annotation | None:
    """A note that has not been taken off, locked."""
    found: Annotation | None = await session.scalar(
        select(Annotation).where(Annotation.id == note_id, Annotation.removed_at.is_(None)).with_for_update()
    )
    return found


async def views(session: AsyncSession, agent_id: UUID) -> Sequence[SavedView]:
    """Somebody's saved views by name."""
    found = await session.scalars(
        select(SavedView).where(SavedView.agent_id == agent_id).order_by(SavedView.name).limit(MOST_VIEWS)
    )
    return found.all()


async def subscribers(session: AsyncSession, month: date, now: datetime, most: int) -> Sequence[UUID]:
    """Who is to be sent the summary of `month` by now: active, asked for it, and not done with."""
    found = await session.scalars(
        select(OwnerSubscription.agent_id)
        .join(Agent, Agent.id == OwnerSubscription.agent_id)
        .outerjoin(OwnerSummary, and_(OwnerSummary.agent_id == OwnerSubscription.agent_id, OwnerSummary.month == month))
        .where(
            Agent.active,
            # Whoever may not read the figures any more is not sent them.
            Agent.role.in_([name for name, role in ROLES.items() if May.FIGURES in role.may]),
            or_(
                OwnerSummary.state.is_(None),
                and_(OwnerSummary.state == "due", OwnerSummary.next_at <= now),
            ),
        )
        .order_by(OwnerSubscription.agent_id)
        .limit(most)
    )
    return found.all()


async def give_up_before(session: AsyncSession, month: date) -> None:
    """Summaries of earlier months that did not go out are not sent any more: it is said so on the page."""
    await session.execute(
        update(OwnerSummary).where(OwnerSummary.state == "due", OwnerSummary.month < month).values(state="failed")
    )


async def summary_of(session: AsyncSession, agent_id: UUID) -> OwnerSummary | None:
    """What became of the newest summary that somebody was to be sent."""
    found: OwnerSummary | None = await session.scalar(
        select(OwnerSummary).where(OwnerSummary.agent_id == agent_id).order_by(OwnerSummary.month.desc()).limit(1)
    )
    return found


async def send_again(session: AsyncSession, agent_id: UUID, month: date, now: datetime) -> None:
    """A summary that could not be sent is due once more."""
    await session.execute(
        update(OwnerSummary)
        .where(OwnerSummary.agent_id == agent_id, OwnerSummary.month == month, OwnerSummary.state == "failed")
        .values(state="due", attempts=0, next_at=now)
    )
