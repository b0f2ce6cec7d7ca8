"""Figures on real volume: five years of facts, of 50 million contacts and 10 million answers, and how long the server
takes for each thing that a page asks for, from opening the transaction to the values with their intervals.

The facts are made by rule and stored in the tables that a deployment has; the database is as it is deployed. Each
question is asked again and again with a service, queue, partner, channel or quarter drawn anew.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bench._database import deployed
from bench._figures_filled import CHANNELS, WARDS, fill, services
from bench.reporting.figures import Figure, printed

MARK_MS = 500.0
FIRST, LAST = date(2022, 1, 1), date(2026, 12, 31)
# Groups of people are shown of quarters that began by then; the rest is asked as the newest of them.
SETTLED = date(2026, 7, 1)


@dataclass(frozen=True)
class Question:
    """What a page asks for."""

    name: str
    ask: Callable[[Any, random.Random], Awaitable[Any]]


def main(argv: list[str]) -> int:
    """`python -m bench figures [--contacts N] [--times N] [--quick]`: a table, and the same as one JSON line."""
    parser = argparse.ArgumentParser(prog="python -m bench figures", description=__doc__)
    parser.add_argument("--contacts", type=int, default=50_000_000)
    parser.add_argument("--times", type=int, default=40, help="how often each question is asked")
    parser.add_argument("--quick", action="store_true", help="100,000 contacts of one quarter, to see that it runs")
    given = parser.parse_args(argv)
    start = FIRST
    if given.quick:
        given.contacts, given.times, start = 100_000, 3, date(2026, 10, 1)
    with deployed("figures") as url:
        began = time.perf_counter()
        fill(url, given.contacts, start, LAST)
        print(f"stored in {time.perf_counter() - began:.0f} s", file=sys.stderr)
        return asyncio.run(_measure(given, start))


async def _measure(given: argparse.Namespace, start: date) -> int:
    from sqlalchemy import text

    from triage import database
    from triage.database import transaction

    try:
        async with transaction() as session:
            sizes = (
                await session.execute(
                    text(
                        "select (select count(*) from fact), (select count(*) from fact_month), "
                        "pg_total_relation_size('fact') / 1048576, pg_total_relation_size('fact_month') / 1048576, "
                        "(select sum(count) from fact_month where measure = 'arrived' and dimension = ''), "
                        "(select sum(count) from fact_month where measure = 'satisfaction' and dimension = '')"
                    )
                )
            ).one()
        figures = []
        for question in questions(start):
            p95 = await _p95(question, given.times)
            figures.append(Figure(f"{question.name}, p95", p95, "ms", MARK_MS, "lower"))
    finally:
        await database.close()
    names = ("fact_rows", "fact_month_rows", "fact_mib", "fact_month_mib", "contacts", "answers")
    return printed("figures", figures, {name: int(size) for name, size in zip(names, sizes, strict=True)})


async def _p95(question: Question, times: int) -> float:
    from triage.database import transaction

    chance, took = random.Random(question.name), []
    for turn in range(times + 2):
        began = time.perf_counter()
        async with transaction() as session:
            await question.ask(session, chance)
        # The first two load what is loaded late, as a server that has just been started does.
        if turn >= 2:
            took.append(1000 * (time.perf_counter() - began))
    p95 = sorted(took)[int(0.95 * (len(took) - 1))]
    print(f"{question.name}: p50 {sorted(took)[len(took) // 2]:.0f} ms, p95 {p95:.0f} ms", file=sys.stderr)
    return round(p95, 1)


def questions(start: date) -> tuple[Question, ...]:
    """What the owner's pages, the report and the exports ask for."""
    from triage.metrics import figures
    from triage.metrics.figures import ALL, Filter
    from triage.metrics.groups import service as groups
    from triage.metrics.groups.schemas import GroupView
    from triage.metrics.room import ward
    from triage.metrics.room.schemas import View

    known, every = services(), list(ALL.values())
    satisfaction, times = ALL["satisfaction"], ALL["settlement_median"]
    whole = Filter(start, LAST)

    def quarter(chance: random.Random, **about: Any) -> Filter:
        first = chance.choice(
            [
                date(year, month, 1)
                for year in range(start.year, 2027)
                for month in (1, 4, 7, 10)
                if date(year, month, 1) >= start
            ]
        )
        return Filter(first, (first + timedelta(days=95)).replace(day=1) - timedelta(days=1), **about)

    def some(chance: random.Random) -> dict[str, Any]:
        one = chance.choice(known)
        return chance.choice(
            (
                {"service": one["service"]},
                {"queue": one["queue"]},
                {"partner": one["partner"]},
                {"service": one["service"], "channel": chance.choice(list(CHANNELS))},
            )
        )

    def gap_view(chance: random.Random) -> GroupView:
        first = quarter(chance).start
        code = f"{first.year}-q{(first.month + 2) // 3}"
        return GroupView(service=chance.choice(["", known[0]["service"]]), quarter="" if first > SETTLED else code)

    def ward_view(chance: random.Random) -> View:
        return View(ward=f"Ward {chance.randint(1, WARDS)}")

    async def by_partner(session: Any, chance: random.Random) -> None:
        view = quarter(chance)
        for definition in every:
            await figures.side_by_side(session, definition, view, "partner")

    return (
        Question("every figure of a quarter, whole council", lambda s, c: figures.figures(s, every, quarter(c))),
        Question(
            "every figure of a quarter, one part of it", lambda s, c: figures.figures(s, every, quarter(c, **some(c)))
        ),
        Question("every figure of five years, whole council", lambda s, c: figures.figures(s, every, whole)),
        Question("satisfaction by month, five years", lambda s, c: figures.series(s, satisfaction, whole)),
        Question(
            "satisfaction by month, five years, one part",
            lambda s, c: figures.series(s, satisfaction, Filter(start, LAST, **some(c))),
        ),
        Question(
            "satisfaction of each service, a quarter",
            lambda s, c: figures.side_by_side(s, satisfaction, quarter(c), "service"),
        ),
        Question(
            "satisfaction of each service, five years",
            lambda s, c: figures.side_by_side(s, satisfaction, whole, "service"),
        ),
        Question("time to settle by month, five years", lambda s, c: figures.series(s, times, whole)),
        Question(
            "what it cost by quarter, five years",
            lambda s, c: figures.series(s, ALL["cost_to_serve"], whole, "quarter"),
        ),
        Question("gaps by language, need and ward, a quarter (the page)", lambda s, c: groups.gaps(s, gap_view(c))),
        Question("a ward's year (the page)", lambda s, c: ward.lines_of(s, ward_view(c), "service")),
        Question(
            "every figure of 12 weeks to a Wednesday",
            lambda s, c: figures.figures(s, every, Filter(date(2026, 10, 8), date(2026, 12, 30))),
        ),
        Question("every figure by partner, a quarter (the report)", by_partner),
    )
