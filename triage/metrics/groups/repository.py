"""Reading what was counted of groups of people: whole quarters, by group and service."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Row, cast, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from triage.metrics.figures.shapes import Dimension
from triage.tables import FactMonth, FactTotal

# (first day of the quarter, member or '' for everybody, service or '' for all of them, measure, level, n)
Counted = Sequence[Row[date, str, str, str, str, int]]
# (first day of the quarter, member, service, n)
Numbers = Sequence[Row[date, str, str, int]]

_QUARTER: ColumnElement[date] = cast(func.date_trunc("quarter", FactMonth.month), Date)
_N: ColumnElement[int] = cast(func.sum(FactMonth.count), Integer)


def _of(source: str, dimension: str, measures: Sequence[str], first: date, last: date) -> list[ColumnElement[bool]]:
    return [
        FactMonth.source == source,
        FactMonth.dimension == dimension,
        FactMonth.measure.in_(measures),
        FactMonth.month.between(first, last),
    ]


async def everybody(session: AsyncSession, source: str, measures: Sequence[str], first: date, last: date) -> Counted:
    """Everybody by service, in the quarters from `first` to `last`, both whole."""
    keys = (_QUARTER, FactMonth.service, FactMonth.measure, FactMonth.level)
    found = await session.execute(
        select(_QUARTER, literal(""), *keys[1:], _N).where(*_of(source, "", measures, first, last)).group_by(*keys)
    )
    return found.all()


async def numbers(
    session: AsyncSession,
    source: str,
    dimension: Dimension,
    keys: Collection[tuple[str, str]],
    first: date,
    last: date,
) -> Numbers:
    """How many there are of each group in each service, counting the facts of these (measure, level)."""
    by = (_QUARTER, FactMonth.member, FactMonth.service)
    found = await session.execute(
        select(*by, _N)
        .where(
            *_of(source, dimension, sorted({measure for measure, _ in keys}), first, last),
            tuple_(FactMonth.measure, FactMonth.level).in_(sorted(keys)),
        )
        .group_by(*by)
    )
    return found.all()


async def levels(
    session: AsyncSession,
    source: str,
    dimension: Dimension,
    measures: Sequence[str],
    first: date,
    last: date,
    *,
    member: str = "",
    service: str = "",
    by_service: bool = False,
) -> Counted:
    """The counts of each group or of one, of one service or of all: together, or each by itself."""
    label: Any = FactMonth.service if by_service else literal("")
    keys: list[Any] = [_QUARTER, FactMonth.member, FactMonth.measure, FactMonth.level]
    keys += [FactMonth.service] if by_service else []
    wanted = _of(source, dimension, measures, first, last)
    wanted += [FactMonth.member == member] if member else []
    wanted += [FactMonth.service == service] if service else []
    found = await session.execute(
        select(_QUARTER, FactMonth.member, label, FactMonth.measure, FactMonth.level, _N).where(*wanted).group_by(*keys)
    )
    return found.all()


async def members(session: AsyncSession, dimension: Dimension) -> list[str]:
    """The groups of a dimension of whom anything was ever counted, by name."""
    found = await session.scalars(
        select(FactTotal.member)
        .where(FactTotal.span == "month", FactTotal.source == "live", FactTotal.dimension == dimension)
        .distinct()
        .order_by(FactTotal.member)
    )
    return list(found)


async def last_month(session: AsyncSession, source: str) -> date | None:
    """The first day of the newest month in which anything was counted of a group; None where nothing ever was."""
    found: date | None = await session.scalar(
        select(func.max(FactTotal.start)).where(
            FactTotal.span == "month", FactTotal.source == source, FactTotal.dimension != ""
        )
    )
    return found
