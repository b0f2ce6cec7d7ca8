"""Reading what was counted of groups of people: whole quarters, by group and service."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Date, Integer, Row, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from triage.metrics.figures.shapes import Dimension
from triage.tables import FactMonth, FactTotal

# (first day of the quarter, dimension or '' for everybody, member, service, measure, level, n)
Crossed = Sequence[Row[date, str, str, str, str, str, int]]


async def crossed(
    session: AsyncSession, dimension: Dimension, measures: Sequence[str], first: date, last: date
) -> Crossed:
    """Everybody and each group of a dimension, by service, in the quarters from `first` to `last`, both whole."""
    quarter = cast(func.date_trunc("quarter", FactMonth.month), Date)
    of = FactMonth
    keys = (quarter, of.dimension, of.member, of.service, of.measure, of.level)
    found = await session.execute(
        select(*keys, cast(func.sum(of.count), Integer))
        .where(
            of.source == "live",
            of.dimension.in_(("", dimension)),
            of.measure.in_(measures),
            of.month.between(first, last),
        )
        .group_by(*keys)
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
