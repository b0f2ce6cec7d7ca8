"""The SQL of open data: what a quarter holds, and the editions that were made of it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from triage.tables import Fact, OpenDataEdition

# The first key of our advisory lock: one maker of editions at a time.
_LOCK = 0x6F64
# Where facts count groups of people again (a ward, a language), those rows are not added to the rest.
_EVERYBODY = [column == "" for column in Fact.__table__.columns if column.name == "dimension"]

Held = Sequence[Row[str, str, str, int]]


async def lock(session: AsyncSession) -> None:
    """Wait for whoever makes editions at this moment, until the transaction ends."""
    await session.execute(select(func.pg_advisory_xact_lock(_LOCK, 0)))


async def quarters(session: AsyncSession, source: str, measure: str, until: date) -> list[date]:
    """The first days of the quarters up to `until` in which anything was counted."""
    quarter = func.date_trunc("quarter", Fact.day).cast(Fact.day.type)
    found = await session.scalars(
        select(quarter)
        .where(Fact.source == source, Fact.measure == measure, Fact.day <= until, *_EVERYBODY)
        .distinct()
        .order_by(quarter)
    )
    return list(found)


async def held(session: AsyncSession, source: str, measure: str, first: date, last: date) -> Held:
    """(service, queue, level, count) between two days, both included."""
    found = await session.execute(
        select(Fact.service, Fact.queue, Fact.level, func.sum(Fact.count))
        .where(Fact.source == source, Fact.measure == measure, Fact.day.between(first, last), *_EVERYBODY)
        .group_by(Fact.service, Fact.queue, Fact.level)
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
