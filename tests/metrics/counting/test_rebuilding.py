"""Order, merging and rebuilding do not matter: whatever was counted when, a day's facts are what its record says."""

import asyncio
import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text, update

from tests.makers import make_contact, make_conversation
from tests.metrics.conftest import MakeAnswer
from tests.metrics.counting.conftest import NOON
from triage.contacts import OURS_BY_POSTCODE, OURS_BY_PROPERTY, WARD, WHOSE
from triage.database import transaction
from triage.metrics import steps
from triage.metrics.counting import repository
from triage.metrics.counting.measures import Subject
from triage.settings import get_settings
from triage.tables import Contact, ContactHistory

DAYS = [date(2026, 10, 28) + timedelta(days=n) for n in range(12)]
SERVICES = ("missed_bin", "pothole", None)
# What looking a place up notes, if anything: by the property, by the postcode, by the border.
PLACES: tuple[dict[str, str], ...] = (
    {},
    {WARD: "Hendon", WHOSE: OURS_BY_PROPERTY},
    {WARD: "Hendon, by the postcode", WHOSE: OURS_BY_POSTCODE},
    {WARD: "Church End, by the postcode", WHOSE: OURS_BY_POSTCODE},
    {WHOSE: "Not sure"},
)
Rows = list[tuple[Any, ...]]

_KEY = "measure, {}level, service, queue, partner, channel, dimension, {}member, source"
_EIGHT = "order by 1, 2, 3, 4, 5, 6, 7, 8"
_ORDER = "order by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10"
_FACTS = text(f"select day, {_KEY.format('', '')}, count, levels from fact {_ORDER}")
_MONTHS = text(f"select month, {_KEY.format('', '')}, count from fact_month {_ORDER}")
_ADDED_UP = text(
    f"select date_trunc('month', day)::date, {_KEY.format('counted.', 'counted.')}, sum(n)::int from fact, "
    "fact_counts(dimension, fact.level, fact.member, count, levels) counted "
    f"group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 {_ORDER}"
)
_TOTALS = text(
    f"select span, start, measure, level, channel, dimension, member, source, count from fact_total {_EIGHT}"
)
_ALL_TOGETHER = text(
    "select 'day', day, measure, counted.level, channel, dimension, counted.member, source, sum(n)::int from fact, "
    "fact_counts(dimension, fact.level, fact.member, count, levels) counted where dimension = '' "
    "group by 1, 2, 3, 4, 5, 6, 7, 8 union all "
    "select 'month', month, measure, level, channel, dimension, member, source, sum(count)::int from fact_month "
    f"group by 1, 2, 3, 4, 5, 6, 7, 8 {_EIGHT}"
)


async def added_up() -> None:
    """Fails where what the triggers keep is not what the days add up to."""
    assert await rows(_MONTHS) == await rows(_ADDED_UP)
    assert await rows(_TOTALS) == await rows(_ALL_TOGETHER)


async def rows(statement: Any) -> Rows:
    async with transaction() as session:
        return [tuple(row) for row in await session.execute(statement)]


async def rebuilt() -> Rows:
    """All facts, counted anew from nothing."""
    async with transaction() as session:
        await session.execute(text("delete from fact"))
        for day in DAYS:
            await repository.recount_day(session, day)
    return await rows(_FACTS)


async def something(chance: random.Random, make_answer: MakeAnswer) -> Callable[[], Any]:
    """One thing that happens to the record, and the step that follows it."""
    moment = NOON.replace(month=10, day=28) + timedelta(hours=chance.randrange(8 * 24 - 14))
    service, language = chance.choice(SERVICES), chance.choice((None, None, "pl"))
    match chance.randrange(3):
        case 0:
            about = {"service": service, "contact_id": None}
            if chance.random() < 0.5:
                about["contact_id"] = await make_contact(
                    details=chance.choice(PLACES), state="closed", close_reason=chance.choice(("done", "no_reply"))
                )
            answer = await make_answer(chance.randint(1, 5), moment, got_it=chance.choice(("yes", "no")), **about)
            return lambda: _step(steps.count_answer, answer)
        case 1:
            talk = await make_conversation(("resident", "Hello"), started_at=moment)
            return lambda: _step(steps.count_chat, talk)
    about = {"service": service, "language": language, "reply_to": f"{chance.randrange(4)}@example.org"}
    about["details"] = chance.choice(PLACES)
    over = moment + timedelta(hours=chance.randrange(60))
    contact = await make_contact(arrived_at=moment, state="closed", closed_at=over, first_answer_at=moment, **about)
    async with transaction() as session:
        lines = [("closed", over)]
        if chance.random() < 0.3:
            # Opened again, on another day perhaps, and closed once more or open still.
            lines += [("reopened", over + timedelta(hours=5)), ("closed", over + timedelta(hours=9))][
                : chance.choice((1, 2))
            ]
            now = lines[2][1] if len(lines) > 2 else None
            await session.execute(update(Contact).where(Contact.id == contact).values(closed_at=now))
        session.add_all(ContactHistory(contact_id=contact, what=what, at=at, detail={}) for what, at in lines)
    return lambda: _step(steps.count_contact if len(lines) == 1 else steps.count_reopened, contact)


async def _step(step: Any, what: Any) -> None:
    async with transaction() as session:
        await step(session, what)


@pytest.mark.parametrize("seed", range(4))
async def test_facts_are_the_same_in_any_order_twice_at_once_and_from_nothing(
    make_answer: MakeAnswer, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRONTDOOR_COUNTED_EVERY_S", "0")
    get_settings.cache_clear()
    chance = random.Random(seed)
    follow = [await something(chance, make_answer) for _ in range(25)]
    # Each step once or twice, in any order, five at a time.
    todo = [step for step in follow for _ in range(chance.choice((1, 1, 2)))]
    chance.shuffle(todo)
    for start in range(0, len(todo), 5):
        await asyncio.gather(*(step() for step in todo[start : start + 5]), steps.count_marked())
    # Two who count at once, until nothing is left.
    while any(await asyncio.gather(steps.count_marked(), steps.count_marked())):
        pass
    for day in chance.sample(DAYS, len(DAYS)):
        async with transaction() as session:
            await repository.recount_day(session, day, chance.sample(list(Subject), len(Subject)))
    counted = await rows(_FACTS)
    assert len(counted) > 30
    await added_up()
    assert counted == await rebuilt()
    await added_up()
    # Wards are in it, by service alone, and nobody has two: all of them are no more than everybody.
    async with transaction() as session:
        of_wards = "select coalesce(sum(count), 0) from fact where measure = 'closed' and dimension = '{}'"
        ward, all_ = [await session.scalar(text(of_wards.format(name))) for name in ("ward", "")]
    assert 0 < ward <= all_
    assert not [row for row in counted if row[7] == "ward" and (row[4], row[5], row[6]) != ("", "", "")]


async def test_counting_a_day_again_writes_nothing_when_nothing_changed(make_answer: MakeAnswer) -> None:
    await make_answer(5, NOON)
    where = text("select day, measure, ctid::text from fact order by 1, 2, 3")
    async with transaction() as session:
        await repository.recount_day(session, NOON.date())
    before = await rows(where)
    async with transaction() as session:
        await repository.recount_day(session, NOON.date())
    assert before
    assert await rows(where) == before


async def test_what_is_no_longer_on_record_is_no_longer_counted(make_answer: MakeAnswer) -> None:
    await make_answer(5, NOON)
    for wanted in (True, False):
        async with transaction() as session:
            await repository.recount_day(session, NOON.date())
        assert bool(await rows(_FACTS)) == bool(await rows(_MONTHS)) == bool(await rows(_TOTALS)) == wanted
        async with transaction() as session:
            await session.execute(text("delete from answer"))
            await session.execute(text("delete from invite"))
            await session.execute(text("delete from survey_case"))
