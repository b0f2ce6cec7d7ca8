"""Answers and contacts become facts, once, on the right day, and never from demonstrations."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from tests.makers import make_contact
from tests.metrics.conftest import MakeAnswer
from triage import clock
from triage.database import transaction
from triage.metrics import repository, steps
from triage.tables import ContactHistory, Fact

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = date(2026, 11, 20)


_COUNTED = text(
    "select day, measure, counted.level, service, queue, channel, source, n from fact, "
    "fact_counts(dimension, fact.level, fact.member, count, levels) counted"
)


async def facts(measure: str | None = None) -> set[tuple[object, ...]]:
    async with transaction() as session:
        rows = await session.execute(_COUNTED)
        return {tuple(row) for row in rows if measure in (None, row.measure)}


async def count(answer_id: UUID) -> None:
    async with transaction() as session:
        await steps.count_answer(session, answer_id)
    await steps.count_marked()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day is counted as soon as it is marked, however short a time ago it was counted."""
    monkeypatch.setenv("FRONTDOOR_COUNTED_EVERY_S", "0")


async def test_answers_become_facts(make_answer: MakeAnswer) -> None:
    await make_answer(5, NOON, got_it="yes")
    await make_answer(5, NOON + timedelta(hours=1))
    await make_answer(None, NOON)
    await count(await make_answer(2, NOON, got_it="no", service=None, queue=None))
    about = ("missed_bin", "Q-WASTE", "chat", "live")
    unknown = ("", "", "chat", "live")
    assert await facts() == {
        (DAY, "satisfaction", "5", *about, 2),
        (DAY, "satisfaction", "2", *unknown, 1),
        (DAY, "rated", "closed:5", *about, 2),
        (DAY, "rated", "closed:2", *unknown, 1),
        (DAY, "version", "2026-11", *about, 2),
        (DAY, "version", "2026-11", *unknown, 1),
        (DAY, "ended", "closed", *about, 3),
        (DAY, "ended", "closed", *unknown, 1),
        (DAY, "got_it", "yes", *about, 1),
        (DAY, "got_it", "no", *unknown, 1),
        (DAY, "invited", "answered", *about, 2),
        (DAY, "invited", "unopened", *about, 1),
        (DAY, "invited", "answered", *unknown, 1),
        (DAY, "survey", "answered", *about, 2),
        (DAY, "survey", "invited:waiting", *about, 1),
        (DAY, "survey", "answered", *unknown, 1),
        (DAY, "answered", "", *about, 2),
        (DAY, "answered", "", *unknown, 1),
    }


async def test_a_step_that_runs_twice_adds_nothing(make_answer: MakeAnswer) -> None:
    answer_id = await make_answer(4, NOON)
    await count(answer_id)
    once = await facts()
    await count(answer_id)
    assert await facts() == once


async def test_workers_at_once_count_each_answer_once(make_answer: MakeAnswer) -> None:
    answers = [await make_answer(level % 5 + 1, NOON + timedelta(seconds=level)) for level in range(10)]
    await asyncio.gather(*(count(answer) for answer in answers))
    await steps.count_marked()
    assert {(row[2], row[-1]) for row in await facts("satisfaction")} == {(str(level), 2) for level in range(1, 6)}


async def test_demonstrations_are_never_counted_as_live(make_answer: MakeAnswer) -> None:
    await make_answer(1, NOON, demo=True)
    await make_contact(arrived_at=NOON, demo=True)
    await count(await make_answer(5, NOON))
    assert {row[:3] + row[-1:] for row in await facts()} == {
        (DAY, "satisfaction", "5", 1),
        (DAY, "rated", "closed:5", 1),
        (DAY, "version", "2026-11", 1),
        (DAY, "ended", "closed", 1),
        (DAY, "invited", "answered", 1),
        (DAY, "survey", "answered", 1),
        (DAY, "answered", "", 1),
    }


async def test_counting_leaves_the_demonstration_history_alone(make_answer: MakeAnswer) -> None:
    row = (DAY, "satisfaction", "3", "missed_bin", "Q-WASTE", "chat", "demo", 7)
    async with transaction() as session:
        names = ("day", "measure", "level", "service", "queue", "channel", "source", "count")
        session.add(Fact(**dict(zip(names, row, strict=True))))
    await count(await make_answer(5, NOON))
    assert row in await facts()


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        # London is an hour ahead of UTC in summer, so half past eleven at night UTC is the next day.
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 12, 1, 23, 30, tzinfo=UTC), date(2026, 12, 1)),
        # The clocks go back on 25 October 2026: the day has 25 hours, and its last is still its own.
        (datetime(2026, 10, 24, 23, 0, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 59, 59, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 26, 0, 0, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
async def test_a_day_is_a_day_in_london(make_answer: MakeAnswer, moment: datetime, day: date) -> None:
    await count(await make_answer(5, moment, invited_at=moment))
    assert {row[0] for row in await facts()} == {day}


async def test_a_late_answer_counts_as_a_reply_on_the_day_of_its_invite(make_answer: MakeAnswer) -> None:
    await count(await make_answer(5, NOON, invited_at=NOON - timedelta(days=3)))
    asked = DAY - timedelta(days=3)
    of_the_invite = {(asked, measure) for measure in ("survey", "ended", "invited", "answered")}
    of_the_answer = {(DAY, measure) for measure in ("satisfaction", "rated", "version")}
    assert {row[:2] for row in await facts()} == of_the_answer | of_the_invite


async def test_contacts_are_counted_when_they_arrive_and_close(database: str) -> None:
    contact_id = await make_contact(
        service="missed_bin", state="closed", arrived_at=NOON - timedelta(days=1), closed_at=NOON
    )
    async with transaction() as session:
        session.add(ContactHistory(contact_id=contact_id, what="closed", at=NOON, detail={}))
        await session.flush()
        await steps.count_contact(session, contact_id)
    await steps.count_marked()
    about = ("missed_bin", "Q-WASTE", "web", "live", 1)
    assert await facts() == {
        (DAY - timedelta(days=1), "arrived", "needed", *about),
        (DAY, "closed", "stayed", *about),
        # 24 hours are in the bin from one day to two.
        (DAY, "settle_time", "2880", *about),
    }


async def test_what_has_gone_is_no_fault(database: str) -> None:
    async with transaction() as session:
        await steps.count_answer(session, uuid4())
        await steps.count_contact(session, uuid4())
    assert await steps.count_marked() == 0
    assert await facts() == set()


async def test_the_night_mends_what_the_day_missed(make_answer: MakeAnswer) -> None:
    now = clock.now()
    await make_answer(5, now - timedelta(days=10))
    await make_answer(4, now)
    async with transaction() as session:
        assert await repository.first_uncounted(session, clock.today() - timedelta(days=15)) is not None
    await steps.recount_last_days()
    async with transaction() as session:
        assert await repository.first_uncounted(session, clock.today() - timedelta(days=15)) is None
    assert {row[2] for row in await facts("satisfaction")} == {"4", "5"}


async def test_the_first_answer_that_is_not_counted_is_named(make_answer: MakeAnswer) -> None:
    await count(await make_answer(5, NOON))
    later = NOON + timedelta(hours=2)
    await make_answer(3, later)
    async with transaction() as session:
        assert await repository.first_uncounted(session, DAY - timedelta(days=1)) == later


async def test_the_journey_counts_by_the_names_in_the_jobs_table(make_answer: MakeAnswer) -> None:
    from triage import journey

    await journey.follow("metrics.count_answer", {"answer_id": str(await make_answer(5, NOON))})
    await journey.follow("metrics.count_contact", {"contact_id": str(await make_contact(arrived_at=NOON))})
    await journey.count(0)
    counted = {"satisfaction", "rated", "version", "survey", "ended", "invited", "answered", "arrived"}
    assert {row[1] for row in await facts()} == counted
