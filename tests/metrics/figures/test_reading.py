"""A figure is read for a view: which days, which part of the council, which people, and never two sources at once."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from tests.metrics.conftest import MakeFact
from triage.database import transaction
from triage.metrics import figures
from triage.metrics.figures import ALL, Filter, repository
from triage.metrics.figures.shapes import Value

YEAR = Filter(date(2026, 1, 1), date(2026, 12, 31))


async def satisfaction(**view: Any) -> tuple[int | None, int]:
    value = await read(Filter(**{"start": YEAR.start, "end": YEAR.end} | view))
    return value.numerator, value.n


async def read(view: Filter) -> Value:
    async with transaction() as session:
        return await figures.figure(session, ALL["satisfaction"], view)


@pytest.mark.parametrize(
    ("start", "end", "whole", "spans"),
    [
        # One month, to the day.
        ((2026, 2, 1), (2026, 2, 28), ((2026, 2, 1), (2026, 2, 1)), []),
        # From the middle of January to the tenth of April: February and March whole, days at either end.
        (
            (2026, 1, 15),
            (2026, 4, 10),
            ((2026, 2, 1), (2026, 3, 1)),
            [((2026, 1, 15), (2026, 1, 31)), ((2026, 4, 1), (2026, 4, 10))],
        ),
        # Over a year's end, without a whole month.
        ((2025, 12, 20), (2026, 1, 5), None, [((2025, 12, 20), (2026, 1, 5))]),
        ((2026, 3, 5), (2026, 3, 5), None, [((2026, 3, 5), (2026, 3, 5))]),
    ],
)
def test_whole_months_are_read_as_months_and_the_rest_as_days(
    start: Any, end: Any, whole: Any, spans: list[Any]
) -> None:
    months = None if whole is None else (date(*whole[0]), date(*whole[1]))
    days = [(date(*first), date(*last)) for first, last in spans]
    assert repository.split(date(*start), date(*end)) == (months, days)


async def test_a_view_is_of_its_days_and_of_nothing_else(fact: MakeFact) -> None:
    for day in (date(2026, 1, 14), date(2026, 1, 15), date(2026, 2, 10), date(2026, 4, 10), date(2026, 4, 11)):
        await fact(day, "satisfaction", "5", 1)
    assert await satisfaction(start=date(2026, 1, 15), end=date(2026, 4, 10)) == (3, 3)
    assert await satisfaction() == (5, 5)


async def test_a_view_is_of_its_part_of_the_council(fact: MakeFact) -> None:
    await fact(YEAR.start, "satisfaction", "5", 1)
    await fact(YEAR.start, "satisfaction", "5", 2, service="pothole", queue="Q-HWAY")
    await fact(YEAR.start, "satisfaction", "5", 4, partner="csg")
    await fact(YEAR.start, "satisfaction", "5", 8, channel="web")
    assert [
        (await satisfaction(**view))[1]
        for view in ({"service": "pothole"}, {"queue": "Q-HWAY"}, {"partner": "csg"}, {"channel": "web"}, {})
    ] == [2, 2, 4, 8, 15]


async def test_live_demonstration_and_import_are_never_added_together(fact: MakeFact) -> None:
    for source, count in (("live", 1), ("demo", 2), ("import", 4)):
        await fact(YEAR.start, "satisfaction", "4", count, source=source)
    assert [(await satisfaction(source=source))[1] for source in ("live", "demo", "import")] == [1, 2, 4]


async def test_a_group_is_counted_again_and_not_added_to_everybody(fact: MakeFact) -> None:
    await fact(YEAR.start, "satisfaction", "5", 70)
    await fact(YEAR.start, "satisfaction", "1", 30)
    await fact(YEAR.start, "satisfaction", "5", 4, dimension="language", member="pl")
    await fact(YEAR.start, "satisfaction", "1", 6, dimension="language", member="pl")
    assert await satisfaction() == (70, 100)
    assert await satisfaction(language="pl") == (4, 10)


async def test_a_series_has_every_month_also_those_without_an_answer(fact: MakeFact) -> None:
    await fact(date(2026, 1, 31), "satisfaction", "5", 3)
    await fact(date(2026, 3, 1), "satisfaction", "2", 2)
    view = Filter(date(2026, 1, 1), date(2026, 3, 31))
    async with transaction() as session:
        months = await figures.series(session, ALL["satisfaction"], view)
        [(quarter, value)] = await figures.series(session, ALL["satisfaction"], view, "quarter")
    assert [(period.code, value.numerator, value.n) for period, value in months] == [
        ("2026-01", 3, 3),
        ("2026-02", None, 0),
        ("2026-03", 0, 2),
    ]
    assert (quarter.code, value.numerator, value.n) == ("2026-q1", 3, 5)


async def test_services_stand_side_by_side(fact: MakeFact) -> None:
    await fact(YEAR.start, "satisfaction", "5", 3)
    await fact(YEAR.start, "satisfaction", "1", 2, service="pothole")
    async with transaction() as session:
        found = await figures.side_by_side(session, ALL["satisfaction"], YEAR, "service")
    assert {service: (value.numerator, value.n) for service, value in found.items()} == {
        "missed_bin": (3, 3),
        "pothole": (0, 2),
    }


async def test_a_rate_that_can_still_rise_says_so(fact: MakeFact) -> None:
    from triage import clock

    async with transaction() as session:
        now = await figures.figure(session, ALL["response_rate"], Filter(clock.today(), clock.today()))
        then = await figures.figure(session, ALL["response_rate"], Filter(date(2020, 1, 1), date(2020, 1, 31)))
    assert (now.provisional, then.provisional) == (True, False)


async def test_months_are_what_their_days_add_up_to_whoever_writes_them(fact: MakeFact) -> None:
    """Facts also come from files, and rows are changed and deleted: the months follow each."""
    await fact(date(2026, 1, 1), "satisfaction", "5", 3)
    await fact(date(2026, 1, 2), "satisfaction", "5", 4)
    await fact(date(2026, 2, 1), "satisfaction", "5", 5)
    steps = (
        "update fact set count = 10 where day = '2026-01-02'",
        "update fact set day = '2026-02-02' where day = '2026-01-01'",
        "delete from fact where day = '2026-01-02'",
        "delete from fact",
    )
    expected: tuple[list[tuple[int, int]], ...] = ([(1, 13), (2, 5)], [(1, 10), (2, 8)], [(2, 8)], [])
    for step, months in zip(steps, expected, strict=True):
        async with transaction() as session:
            await session.execute(text(step))
        async with transaction() as session:
            rows = await session.execute(
                text("select extract(month from month)::int, count from fact_month order by month")
            )
            assert [tuple(row) for row in rows] == months, step


def test_two_groups_at_once_are_refused() -> None:
    with pytest.raises(ValueError, match="at a time"):
        Filter(YEAR.start, YEAR.end, ward="Hendon", language="pl")


def test_a_ward_of_a_channel_is_refused() -> None:
    with pytest.raises(ValueError, match="by service alone"):
        Filter(YEAR.start, YEAR.end, ward="Hendon", channel="chat")
