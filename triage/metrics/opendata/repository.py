"""The SQL of open data: what a quarter holds, and the editions that were made of it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from triage.tables import FactMonth, OpenDataEdition

# The first key of our advisory lock: one maker of editions at a time.
_LOCK = 0x6F64
_COUNTED = FactMonth.__table__
_ON: ColumnElement[date] = _COUNTED.c.month
_PARTNER: ColumnElement[str] = _COUNTED.c.partner
# Groups of people (a ward, a language) are counted again, in rows that are not added to the rest.
_EVERYBODY = _COUNTED.c.dimension == ""

Held = Sequence[Row[date, str, str, str, str, int]]


async def lock(session: AsyncSession) -> None:
    """Wait for whoever makes editions at this moment, until the transaction ends."""
    await session.execute(select(func.pg_advisory_xact_lock(_LOCK, 0)))


def _of(source: str, measure: str) -> list[ColumnElement[bool]]:
    return [_COUNTED.c.source == source, _COUNTED.c.measure == measure, _EVERYBODY]


async def quarters(session: AsyncSession, source: str, measure: str, until: date) -> list[date]:
    """The first days of the quarters up to `until` in which anything was counted."""
    quarter = func.date_trunc("quarter", _ON).cast(Date)
    found = await session.scalars(
        select(quarter).where(*_of(source, measure), _ON.between(date.min, until)).distinct().order_by(quarter)
    )
    return list(found)


async def held(session: AsyncSession, source: str, measure: str, first: date, last: date) -> Held:
    """(month, service, queue, partner or '', level, count) of whole months, from `first` to `last`."""
    keys = (func.date_trunc("month", _ON).cast(Date), _COUNTED.c.service, _COUNTED.c.queue, _PARTNER, _COUNTED.c.level)
    found = await session.execute(
        select(*keys, func.sum(_COUNTED.c.count)).where(*_of(source, measure), _ON.between(first, last)).group_by(*keys)
    )
    return found.all()


async def editions(session: AsyncSession, source: str, measure: str) -> list[OpenDataEdition]:
    """Every edition, oldest quarter first and then by number; withdrawn ones as well."""
    found = await session.scalars(
        select(OpenDataEdition)
        .where(OpenDataEdition.source == source, OpenDataEdition.measure == measure)
        .order_by(OpenDataEdition.quarter, OpenDataEdition.number)
    )
    return list(found)


async def add(session: AsyncSession, **values: Any) -> OpenDataEdition:
    """Store an edition."""
    made = OpenDataEdition(**values)
    session.add(made)
    await session.flush()
    return made


async def standing_measures(session: AsyncSession, source: str, quarter: date) -> list[str]:
    """What stands of a quarter: satisfaction, faces, or both."""
    found = await session.scalars(
        select(OpenDataEdition.measure)
        .where(
            OpenDataEdition.source == source,
            OpenDataEdition.quarter == quarter,
            OpenDataEdition.withdrawn_at.is_(None),
        )
        .order_by(OpenDataEdition.measure.desc())
    )
    return list(found)


async def withdraw(session: AsyncSession, source: str, quarter: date, now: datetime) -> int:
    """The editions of a quarter stand no longer; how many there were."""
    found = await session.scalars(
        update(OpenDataEdition)
        .where(
            OpenDataEdition.source == source,
            OpenDataEdition.quarter == quarter,
            OpenDataEdition.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now)
        .returning(OpenDataEdition.id)
    )
    return len(list(found))
