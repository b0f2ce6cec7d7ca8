"""Days are marked by what happens and counted in turn: none is lost, none holds the others up, none is counted for each
event.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from datetime import date, timedelta

import procrastinate
import pytest
from sqlalchemy import func, select, text

from tests.metrics.conftest import MakeAnswer
from tests.metrics.counting.conftest import DAY, NOON
from triage import clock, journey
from triage.database import transaction
from triage.errors import Invalid
from triage.metrics import steps
from triage.metrics.counting import command, marking, repository
from triage.metrics.counting.measures import Subject
from triage.outbox import jobs
from triage.settings import ROOT, get_settings
from triage.tables import Audit, DayCount, Fact

NEXT = DAY + timedelta(days=1)
AT_ONCE, MINUTE = timedelta(0), timedelta(minutes=1)


async def mark(*days: date) -> None:
    async with transaction() as session:
        await marking.mark(session, {Subject.ANSWERS: days, Subject.INVITES: days})


async def rated() -> dict[date, int]:
    async with transaction() as session:
        found = await session.execute(
            select(Fact.day, func.sum(Fact.count)).where(Fact.measure == "satisfaction").group_by(Fact.day)
        )
        return {row[0]: row[1] for row in found}


@pytest.fixture
async def refused(database: str) -> AsyncIterator[date]:
    """A day of which the database takes no facts, for whatever reason."""
    async with transaction() as session:
        await session.execute(
            text(
                "create function refuse() returns trigger language plpgsql as "
                "$$ begin raise exception 'not this day'; end $$"
            )
        )
        await session.execute(
            text(
                f"create trigger refuse before insert on fact for each row when (new.day = '{DAY}') "
                "execute function refuse()"
            )
        )
    yield DAY


async def test_a_burst_is_counted_once_and_again_after_its_time(make_answer: MakeAnswer) -> None:
    for _ in range(20):
        answer = await make_answer(5, NOON)
        async with transaction() as session:
            await steps.count_answer(session, answer)
    assert await rated() == {}
    assert [await steps.count_marked() for _ in range(3)] == [1, 0, 0]
    assert await rated() == {DAY: 20}
    async with transaction() as session:
        await steps.count_answer(session, await make_answer(4, NOON))
    # It was counted a moment ago, so it waits for its turn.
    assert await steps.count_marked() == 0
    async with transaction() as session:
        assert await marking.due(session, MINUTE, 10) == []
        assert await marking.due(session, AT_ONCE, 10) == [DAY]
        await session.execute(text("update day_count set tried_at = tried_at - interval '61 seconds'"))
    assert await steps.count_marked() == 1
    assert await rated() == {DAY: 21}


async def test_what_happens_while_a_day_is_counted_gives_it_another_turn(make_answer: MakeAnswer) -> None:
    await mark(DAY)
    async with transaction() as counting:
        marks = await marking.take(counting, DAY, AT_ONCE)
        await repository.recount_day(counting, DAY, marks)
        # Meanwhile: it does not wait for the count, and another worker leaves the day alone.
        await make_answer(5, NOON)
        await asyncio.wait_for(mark(DAY), 5)
        async with transaction() as other:
            assert await marking.take(other, DAY, AT_ONCE) == {}
        await marking.done(counting, DAY, marks)
    assert await rated() == {}
    async with transaction() as session:
        assert set(await marking.take(session, DAY, AT_ONCE)) == {Subject.ANSWERS, Subject.INVITES}


async def test_a_day_that_cannot_be_counted_holds_no_other_up(refused: date, make_answer: MakeAnswer) -> None:
    for moment in (NOON, NOON + timedelta(days=1)):
        await make_answer(5, moment)
    await mark(refused, NEXT)
    assert await steps.count_marked() == 1
    assert await rated() == {NEXT: 1}
    async with transaction() as session:
        left = (await session.scalars(select(DayCount).where(DayCount.marks != DayCount.counted))).all()
        assert {one.day for one in left} == {refused} and all(one.tried_at for one in left)
        await session.execute(text("drop trigger refuse on fact"))
        await session.execute(text("update day_count set tried_at = tried_at - interval '61 seconds'"))
    assert await steps.count_marked() == 1
    assert await rated() == {DAY: 1, NEXT: 1}


async def test_a_part_of_the_night_that_fails_is_seen_and_the_rest_is_done(
    refused: date, database: str, make_answer: MakeAnswer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "today", lambda: NEXT)
    for moment in (NOON, NOON + timedelta(days=1)):
        await make_answer(5, moment)
    async with transaction() as session:
        old = clock.now() - timedelta(days=get_settings().audit_days + 1)
        session.add(Audit(what="signed_in", at=old, detail={}))
    with jobs.replace_connector(procrastinate.PsycopgConnector(conninfo=database)):
        async with jobs.open_async():
            with pytest.raises(journey.NightNotWhole, match=r"^figures$"):
                await journey.nightly(0)
    assert await rated() == {NEXT: 1}
    async with transaction() as session:
        assert await session.scalar(select(func.count()).select_from(Audit)) == 0


async def test_days_are_counted_again_on_command(refused: date, make_answer: MakeAnswer) -> None:
    for moment in (NOON, NOON + timedelta(days=1)):
        await make_answer(5, moment)

    async def frontdoor(*said: str) -> tuple[int | None, str]:
        run = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "triage.cli", "recount", *said),
            cwd=ROOT,
            env=dict(os.environ),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        out, _ = await run.communicate()
        return run.returncode, out.decode()

    code, said = await frontdoor("2026-11-19", "2026-11-21")
    assert code == 1 and "1 of 3 days could not be counted: 2026-11-20." in said and "count.failed" in said
    assert "not this day" not in said
    assert await rated() == {NEXT: 1}
    async with transaction() as session:
        await session.execute(text("drop trigger refuse on fact"))
    assert (await frontdoor("2026-11-20", "2026-11-20"))[0] == 0
    assert await rated() == {DAY: 1, NEXT: 1}


def test_only_days_that_have_been_and_not_too_many() -> None:
    assert command.days(date(2026, 2, 27), date(2026, 3, 1)) == [
        date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1),
    ]  # fmt: skip
    for first, last in ((DAY, DAY - timedelta(days=1)), (DAY, date(9000, 1, 1)), (date(1900, 1, 1), DAY)):
        with pytest.raises(Invalid):
            command.days(first, last)
