"""A day's record to count, and what was counted of it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from triage.database import transaction
from triage.metrics.counting import repository

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
Counted = Callable[..., Awaitable[dict[str, int]]]


@pytest.fixture
def counted(database: str) -> Counted:
    """Counts a day and returns {level: count} of a measure; with `by`, {that column: count}."""

    async def count(measure: str, by: str = "level", day: date = DAY, dimension: str = "") -> dict[str, int]:
        key = f"counted.{by}" if by in ("level", "member") else by
        async with transaction() as session:
            await repository.recount_day(session, day)
        async with transaction() as session:
            rows = await session.execute(
                text(
                    f"select {key}, sum(n)::int from fact, "
                    "fact_counts(dimension, fact.level, fact.member, count, levels) counted "
                    "where day = :day and measure = :measure and dimension = :dimension group by 1"
                ),
                {"day": day, "measure": measure, "dimension": dimension},
            )
            return {row[0]: row[1] for row in rows}

    return count
