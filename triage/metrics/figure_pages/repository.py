"""Up to which month anything was counted."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from triage.metrics.counting.measures import MEASURES
from triage.tables import FactMonth


async def newest_month(session: AsyncSession, source: str, before: date = date.max) -> date | None:
    """The newest month before a day with a fact of any measure; None when there is none.

    Asked of each measure by itself, so that it is the last entry of an index and no reading of all.
    """
    months = [
        select(func.max(FactMonth.month))
        .where(
            FactMonth.source == source,
            FactMonth.dimension == "",
            FactMonth.measure == measure,
            FactMonth.month < before,
        )
        .scalar_subquery()
        for measures in MEASURES.values()
        for measure in measures
    ]
    found: date | None = await session.scalar(select(func.greatest(*months)))
    return found
