"""The demonstration's history: made up, the same every time, counted as real days are, and nobody's."""

from datetime import date

import pytest
from sqlalchemy import func, select

from triage import demo
from triage.database import transaction
from triage.demo import history
from triage.demo.story import FIRST, LAST, WORSE
from triage.metrics.figures import ALL, Filter, figures
from triage.settings import get_settings
from triage.tables import Contact, Conversation, Fact, FactTotal, SurveyCase

# One quarter shows what the year does, in a quarter of the time.
QUARTER = (date(2016, 10, 1), date(2016, 12, 31))


async def _make() -> bool:
    return await demo.make_history(*QUARTER)


async def test_every_figure_is_alive_and_what_the_brief_says_stays(database: str) -> None:
    await demo.load()
    assert await _make()
    async with transaction() as session:
        found = await figures(session, list(ALL.values()), Filter(*QUARTER, source="demo"))
        live = await session.scalar(select(func.count()).select_from(Fact).where(Fact.source != "demo"))
        record = (Contact, Conversation, SurveyCase)
        rows = [await session.scalar(select(func.count()).select_from(table)) for table in record]
        partners = set(await session.scalars(select(Fact.partner).distinct()))
        once = (await session.execute(select(func.count(), func.sum(Fact.count)))).one()
        answered = await session.execute(
            select(FactTotal.measure, FactTotal.channel, func.sum(FactTotal.count))
            .where(FactTotal.span == "month", FactTotal.start >= QUARTER[0], FactTotal.dimension == "")
            .where(FactTotal.measure.in_(("satisfaction", "answered")))
            .group_by(FactTotal.measure, FactTotal.channel)
        )
        by_channel = {(measure, channel): n for measure, channel, n in answered}
    assert not [name for name, value in found.items() if value.n < 10 or (value.value is None and value.low is None)]
    # Chats are asked about as well, and as many of them are satisfied as the sample says.
    assert round(100 * (found["satisfaction"].value or 0)) == 76
    # As many answered when they were asked as are counted as satisfied or not, whether a file or a chat says so.
    for channel in ("phone", "web", "email", "chat"):
        assert by_channel["answered", channel] == by_channel["satisfaction", channel] > 50
    # No made-up contact is left where residents' are, no made-up day among the real ones, and no partner is named.
    assert (live, rows, partners) == (0, [0, 0, 0], {""})
    # Started again, it stays as it is.
    assert not await _make()
    async with transaction() as session:
        assert (await session.execute(select(func.count(), func.sum(Fact.count)))).one() == once


async def test_not_in_production(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDOOR_ENVIRONMENT", "production")
    get_settings.cache_clear()
    assert not await _make()
    async with transaction() as session:
        assert await session.scalar(select(func.count()).select_from(Fact)) == 0


def test_the_story_can_be_seen() -> None:
    contacts = history.made().rows["contact"]

    def days_to_settle(service: str, month: int) -> float:
        took = sorted(
            (row["closed_at"] - row["arrived_at"]).total_seconds()
            for row in contacts
            if row["service"] == service and (row["arrived_at"].year, row["arrived_at"].month) == (2016, month)
        )
        return took[len(took) // 2] / 86_400

    # One service gets worse, its neighbour does not; Mondays are the busiest; it is one year.
    assert days_to_settle(WORSE, 12) > 1.8 * days_to_settle(WORSE, 2)
    assert 0.6 < days_to_settle("council_tax_bill", 12) / days_to_settle("council_tax_bill", 2) < 1.4
    weekdays = [sum(row["arrived_at"].weekday() == day for row in contacts) for day in range(7)]
    assert max(weekdays) == weekdays[0] > 1.15 * weekdays[1]
    assert (date(2016, 1, 1), date(2016, 12, 31)) == (FIRST, LAST)


def test_the_same_is_made_every_time() -> None:
    assert history.made(*QUARTER).rows == history.made(*QUARTER).rows
