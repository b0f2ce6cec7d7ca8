"""Counting while a busy day goes on: what one event costs, and how long its day takes to be counted.

A council's day of 27,000 contacts is on record with their history and clocks, each closed on the day, half of residents
who had written before. An event used to count its day again; now it marks it, and the day is counted once a minute at
most. Both are measured: the first as it was done, a transaction that finds the contact's days and counts them.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from uuid import UUID

import psycopg

from bench._database import deployed
from bench.reporting.figures import Figure, printed

DAY = date(2026, 11, 18)
# What 50 million contacts in five years are on one day.
CONTACTS = 27_000
EVENTS_A_CONTACT = 2

_LOAD = """
insert into contact (id, reference, secret_hash, channel, text, details, reply_to, consent, priority, state, queue,
    live, version, demo, arrived_at, queued_at, first_due_at, settle_due_at, service, first_answer_at, closed_at,
    close_reason, outcome)
select gen_random_uuid(), 'BN-' || n, decode(md5(n::text), 'hex'), (array['web', 'chat', 'phone', 'email'])[1 + n %% 4],
    'A contact of a few lines. ' || repeat('word ', 40), '{}', 'resident' || n / 2 || '@example.org', true, 'P3',
    'closed', (array['Q-WASTE', 'Q-CTAX', 'Q-PARK', 'Q-HWAY', 'Q-LIB'])[1 + n %% 5], false, 1, false, arrived, arrived,
    arrived + interval '2 days', arrived + interval '10 days', (%(services)s::text[])[1 + n %% %(many)s],
    arrived + interval '5 minutes', arrived + interval '20 minutes', 'done', 'We have done what you asked.'
from (select n, %(day)s::timestamp at time zone 'Europe/London' + random() * interval '23 hours' as arrived
    from generate_series(1, %(contacts)s) as n) as numbered
"""

# What each has in its history, and the two promises that it kept.
_LINES = """
insert into contact_history (id, contact_id, what, agent_id, detail, at)
select gen_random_uuid(), contact.id, said.what, null, '{}', said.at from contact cross join lateral (values
    ('arrived', arrived_at), ('sorted', arrived_at), ('queued', arrived_at), ('viewed', arrived_at),
    ('taken', arrived_at), ('answered', first_answer_at), ('closed', closed_at)
) said (what, at)
"""
_CLOCKS = """
insert into contact_clock (id, contact_id, kind, rule, queue, partner, began_at, counts_from, due_at, warn_at, met_at)
select gen_random_uuid(), contact.id, kept.kind, '2 wd', queue, 'council', arrived_at, arrived_at, kept.due, kept.due,
    kept.met from contact cross join lateral (values
    ('first', first_due_at, first_answer_at), ('settle', settle_due_at, closed_at)
) kept (kind, due, met)
"""


def main(argv: list[str]) -> int:
    """`python -m bench counting [--contacts N] [--times N] [--quick]`: a table, and the same as one JSON line."""
    parser = argparse.ArgumentParser(prog="python -m bench counting", description=__doc__)
    parser.add_argument("--contacts", type=int, default=CONTACTS)
    parser.add_argument("--times", type=int, default=200, help="how many events are measured")
    parser.add_argument("--quick", action="store_true", help="1,000 contacts, to see that it runs")
    given = parser.parse_args(argv)
    if given.quick:
        given.contacts, given.times = 1_000, 10
    with deployed("counting", FRONTDOOR_COUNTED_EVERY_S="0") as url:
        return asyncio.run(_measure(given, _loaded(url, given.contacts)))


def _loaded(url: str, contacts: int) -> list[UUID]:
    from bench._figures_filled import services

    known = [one["service"] for one in services()]
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(_LOAD, {"services": known, "many": len(known), "day": DAY, "contacts": contacts})
        for more in (_LINES, _CLOCKS):
            link.execute(more)
        link.execute("vacuum analyze contact, contact_history, contact_clock")
        return [row[0] for row in link.execute("select id from contact")]


async def _measure(given: argparse.Namespace, ids: list[UUID]) -> int:
    from triage import database
    from triage.database import transaction
    from triage.metrics import steps
    from triage.metrics.counting import repository

    chance = random.Random(1)

    async def counted_at_once() -> None:
        async with transaction() as session:
            days = await repository.days_of_contact(session, chance.choice(ids))
            for day in sorted(set[date]().union(*days.values())):
                await repository.recount_day(session, day, [subject for subject, on in days.items() if day in on])

    async def marked() -> None:
        async with transaction() as session:
            await steps.count_contact(session, chance.choice(ids))

    async def round_of_counting() -> None:
        await marked()
        if await steps.count_marked() != 1:
            raise SystemExit("the day was not counted")

    try:
        before = await _times(counted_at_once, max(3, given.times // 20))
        mark = await _times(marked, given.times)
        counting = await _times(round_of_counting, max(3, given.times // 20))
    finally:
        await database.close()
    events = EVENTS_A_CONTACT * given.contacts
    figures = [
        Figure("an event that counts its day, p50", _at(before, 0.5), "ms"),
        Figure("an event that marks its day, p50", _at(mark, 0.5), "ms"),
        Figure("an event that marks its day, p95", _at(mark, 0.95), "ms", mark=20, better="lower"),
        Figure("counting the whole day, p50", _at(counting, 0.5), "ms"),
        Figure("a day's events, when each counts", round(events * _at(before, 0.5) / 60_000, 1), "min"),
        Figure(
            "a day's events and a count a minute",
            round((events * _at(mark, 0.5) + 24 * 60 * _at(counting, 0.5)) / 60_000, 1),
            "min",
        ),
    ]
    return printed("counting", figures, {"contacts": given.contacts, "events": events})


async def _times(what: Callable[[], Awaitable[Any]], times: int) -> list[float]:
    """How long each of so many took, in milliseconds, shortest first; the first two load what is loaded late."""
    took = []
    for turn in range(times + 2):
        began = time.perf_counter()
        await what()
        if turn >= 2:
            took.append(1000 * (time.perf_counter() - began))
    return sorted(took)


def _at(took: list[float], part: float) -> float:
    return round(took[int(part * (len(took) - 1))], 1)
