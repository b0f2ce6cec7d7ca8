"""The demonstration's people and figures: made once, and never in production."""

from datetime import date

import pytest
from sqlalchemy import func, select

from triage import access, demo
from triage.catalogue import catalogue
from triage.database import transaction
from triage.settings import get_settings
from triage.tables import Agent, Fact, SurveyImport


async def _count() -> tuple[int, int, int]:
    async with transaction() as session:
        people = await session.scalar(select(func.count()).select_from(Agent))
        rows, total = (await session.execute(select(func.count(), func.coalesce(func.sum(Fact.count), 0)))).one()
    return people or 0, rows, total


async def test_people_and_figures_are_made_once(database: str) -> None:
    logins = await demo.load()
    assert [login.login for login in logins] == [person.login for person in demo.PEOPLE]
    assert len({login.password for login in logins}) == len(logins)
    once = await _count()
    assert once[1] > 4000
    assert await demo.load() == []
    assert await _count() == once
    async with transaction() as session:
        assert await access.check_password(session, logins[0].login, logins[0].password)
        assert await access.check_password(session, logins[0].login, logins[1].password) is None
        assert set(await session.scalars(select(Fact.source).distinct())) == {"demo"}
        hashes = list(await session.scalars(select(Agent.password_hash)))
    assert all(kept.startswith("$argon2id$") for kept in hashes)


async def test_the_sample_says_what_the_brief_says(database: str) -> None:
    await demo.load()
    async with transaction() as session:
        held = (await session.scalars(select(SurveyImport).where(SurveyImport.layout != "comments"))).one()
        found = await session.execute(
            select(Fact.day, Fact.level, Fact.service, Fact.queue, Fact.count).where(
                Fact.source == "demo", Fact.measure == "satisfaction"
            )
        )
        rows = found.all()
    # They come by the import that the council's own past figures come by.
    assert (held.source, held.file_name, held.layout, held.rows) == (
        "demo",
        "brief_2013_2016.csv",
        "counted_answers",
        1296,
    )

    def satisfied(first: date, last: date) -> int:
        content = sum(row.count for row in rows if first <= row.day <= last and row.level in "45")
        return round(100 * content / sum(row.count for row in rows if first <= row.day <= last))

    assert satisfied(date(2013, 1, 1), date(2013, 3, 31)) == 52
    assert satisfied(date(2016, 10, 1), date(2016, 12, 31)) == 76
    assert {row.queue for row in rows} <= set(catalogue().queues)
    assert {row.service for row in rows} <= set(catalogue().services)


async def test_figures_from_before_imports_are_put_in_their_place(database: str) -> None:
    async with transaction() as session:
        session.add(Fact(day=date(2013, 1, 1), measure="satisfaction", level="5", source="demo", count=999))
    await demo.load()
    async with transaction() as session:
        assert not list(await session.scalars(select(Fact).where(Fact.count == 999)))


async def test_not_in_production(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDOOR_ENVIRONMENT", "production")
    get_settings.cache_clear()
    assert await demo.load() == []
    assert await _count() == (0, 0, 0)


def test_every_demo_queue_exists() -> None:
    assert {queue for person in demo.PEOPLE for queue in person.queues} <= set(catalogue().queues)
