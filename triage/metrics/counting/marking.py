"""Which days are to be counted again: events mark them, whoever counts takes those whose turn it is.

A mark is stored by the step that follows an event, whose job was stored in the event's own transaction: so none is
lost, and what it tells of is there before it. Counting reads how many marks a day has first and the record after
that; a mark that comes meanwhile leaves the two numbers apart, and the day has another turn.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from triage.metrics.counting.measures import Subject
from triage.tables import DayCount

# The first key of our advisory locks, so that they meet nobody else's. The second is the day.
_LOCK = 0x6662


async def mark(session: AsyncSession, days: Mapping[Subject, Iterable[date]]) -> None:
    """Mark days of these subjects as to be counted again. A row is held for no longer than this small transaction."""
    # In one order, so that two who mark the same days do not wait for each other.
    rows = sorted({(day, subject.value) for subject, on in days.items() for day in on})
    if not rows:
        return
    marked = insert(DayCount).values([{"day": day, "subject": subject} for day, subject in rows])
    again = {"marks": DayCount.marks + 1}
    await session.execute(marked.on_conflict_do_update(index_elements=[DayCount.day, DayCount.subject], set_=again))


async def due(session: AsyncSession, every: timedelta, most: int) -> Sequence[date]:
    """Days that are marked and were last tried so long ago: those that have waited longest first."""
    tried = func.min(DayCount.tried_at)
    found = await session.scalars(
        select(DayCount.day)
        .where(DayCount.marks != DayCount.counted, _turn(every))
        .group_by(DayCount.day)
        .order_by(tried.nulls_first(), DayCount.day)
        .limit(most)
    )
    return found.all()


def _turn(every: timedelta) -> ColumnElement[bool]:
    # The database's clock: a demonstration's may be moved, and must not hold the counting up.
    return or_(DayCount.tried_at.is_(None), DayCount.tried_at <= func.now() - every)


async def take(session: AsyncSession, day: date, every: timedelta) -> dict[Subject, int]:
    """What is to be counted of a day, with its marks; nothing when somebody else counts it at this moment."""
    if not await session.scalar(select(func.pg_try_advisory_xact_lock(_LOCK, day.toordinal()))):
        return {}
    rows = await session.execute(
        select(DayCount.subject, DayCount.marks).where(
            DayCount.day == day, DayCount.marks != DayCount.counted, _turn(every)
        )
    )
    return {Subject(row.subject): row.marks for row in rows}


async def done(session: AsyncSession, day: date, marks: Mapping[Subject, int]) -> None:
    """These subjects of a day were counted with so many marks."""
    for subject, count in marks.items():
        await session.execute(
            update(DayCount)
            .where(DayCount.day == day, DayCount.subject == subject.value)
            .values(counted=count, tried_at=func.now())
        )


async def put_off(session: AsyncSession, day: date) -> None:
    """A day could not be counted: it stays marked, and has its next turn after the others."""
    await session.execute(
        update(DayCount).where(DayCount.day == day, DayCount.marks != DayCount.counted).values(tried_at=func.now())
    )
