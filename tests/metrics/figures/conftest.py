"""Facts to read."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from triage.database import transaction
from triage.tables import Fact

MakeFact = Callable[..., Awaitable[None]]


@pytest.fixture
def fact(database: str) -> MakeFact:
    """Stores one fact: about a missed bin that came by the chat, unless told otherwise."""

    async def make(day: date, measure: str, level: str, count: int, **about: str) -> None:
        values = {"service": "missed_bin", "queue": "Q-WASTE", "partner": "council", "channel": "chat"} | about
        async with transaction() as session:
            session.add(Fact(day=day, measure=measure, level=level, count=count, **values))

    return make
