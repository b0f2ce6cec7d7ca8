"""A day's record to count, and what was counted of it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from triage.database import transaction
from triage.metrics.counting import repository
from triage.tables import Fact

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
Counted = Callable[..., Awaitable[dict[str, int]]]


@pytest.fixture
def counted(database: str) -> Counted:
    """Counts a day and returns {level: count} of a measure; with `by`, {that column: count}."""

    async def count(measure: str, by: str = "level", day: date = DAY, dimension: str = "") -> dict[str, int]:
        async with transaction() as session:
            await repository.recount_day(session, day)
        found: dict[str, int] = {}
        async with transaction() as session:
            wanted = (Fact.day == day, Fact.measure == measure, Fact.dimension == dimension)
            for row in await session.scalars(select(Fact).where(*wanted)):
                key = getattr(row, by)
                found[key] = found.get(key, 0) + row.count
        return found

    return count
