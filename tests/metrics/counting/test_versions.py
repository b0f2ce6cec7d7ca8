"""Every answer that counts is counted by the version of the questions that it answers, and counting again fills it."""

from datetime import timedelta

from sqlalchemy import delete, update

from tests.metrics.conftest import MakeAnswer
from tests.metrics.counting.conftest import DAY, NOON, Counted
from triage.database import transaction
from triage.metrics.repository import versions
from triage.tables import Answer, Fact


async def test_answers_are_counted_by_their_version(counted: Counted, make_answer: MakeAnswer) -> None:
    made = [await make_answer(5, NOON) for _ in range(4)]
    await make_answer(5, NOON, demo=True)
    async with transaction() as session:
        await session.execute(update(Answer).where(Answer.id.in_(made[:2])).values(version="2027-03"))
        await session.execute(update(Answer).where(Answer.id == made[2]).values(excluded="staff"))
    # What is stored without a version answers the first.
    assert await counted("version") == {"2026-11": 1, "2027-03": 2}


async def test_days_of_before_this_was_counted_are_filled_by_counting_again(
    counted: Counted, make_answer: MakeAnswer
) -> None:
    await make_answer(4, NOON)
    later = await make_answer(4, NOON + timedelta(days=3))
    async with transaction() as session:
        await session.execute(update(Answer).where(Answer.id == later).values(version="2027-03"))
    for day in (DAY, DAY + timedelta(days=3)):
        await counted("satisfaction", day=day)
    async with transaction() as session:
        assert (await versions(session, "live")).changed == ()
        assert set((await versions(session, "live")).months[DAY.replace(day=1)]) == {"2026-11", "2027-03"}
        await session.execute(delete(Fact).where(Fact.measure == "version"))
    async with transaction() as session:
        assert (await versions(session, "live")).months == {}
    await counted("version", day=DAY)
    async with transaction() as session:
        found = await versions(session, "live")
    assert found.months == {DAY.replace(day=1): {"2026-11": DAY}}
