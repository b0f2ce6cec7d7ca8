"""A full desk: how long its pages take the server with 500 contacts open, and how soon 500 event streams hear a change.

The desk's own routes, with the middleware that a deployment has, over a real PostgreSQL, as one process held to one
core. What asks and what changes contacts runs beside it on another core, as agents' browsers would.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx2

from bench._database import deployed
from bench._desk_filled import Filled, fill
from bench.reporting.figures import Figure, printed
from triage.running.checks import free_port
from triage.settings import ROOT

PAGE_MARK_MS, EVENT_MARK_MS = 150.0, 1000.0
LONGEST_START_S = 60.0
# As desk.js does: a list that changed is read again a little later, and not by every desk at once.
GATHER_S, FAR_S = 0.15, 1.5


def served() -> Any:
    """The desk and the way in alone, as a deployment serves it."""
    from contextlib import asynccontextmanager

    from fastapi import FastAPI
    from fastapi.staticfiles import StaticFiles

    from triage import database, faults, journey, shields
    from triage.desk.endpoints import router
    from triage.live import Listener
    from triage.pages import STATIC
    from triage.people.endpoints import router as people
    from triage.settings import get_settings

    @asynccontextmanager
    async def life(app: FastAPI) -> Any:
        assert journey.STEPS
        app.state.live = Listener(get_settings().database_url)
        await app.state.live.start()
        yield
        await app.state.live.stop()
        await database.close()

    app = FastAPI(lifespan=life)
    faults.install(app)
    app.add_middleware(shields.Shields)
    app.include_router(router)
    app.include_router(people)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


def main(argv: list[str]) -> int:
    """`python -m bench desk [--contacts 500] [--streams 500]`: a table, and the same as one JSON line."""
    parser = argparse.ArgumentParser(prog="python -m bench desk", description=__doc__)
    parser.add_argument("--contacts", type=int, default=500, help="how many contacts are open")
    parser.add_argument("--streams", type=int, default=500, help="how many event streams are open")
    parser.add_argument("--desks", type=int, default=20, help="how many desks read their page again at each change")
    parser.add_argument("--pages", type=int, default=200, help="how often each page is asked for")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long changes are made")
    given = parser.parse_args(argv)
    with deployed("desk") as url:
        return asyncio.run(_measure(given, url))


async def _measure(given: argparse.Namespace, url: str) -> int:
    from triage import database, journey

    assert journey.STEPS
    filled = await fill(given.contacts)
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
    port = free_port()
    process = _start(port, cores[0])
    if len(cores) > 1:
        os.sched_setaffinity(0, set(cores[1:]))
    try:
        base = f"http://127.0.0.1:{port}"
        await _wait(base, process)
        pages = await _pages(base, filled, given.pages)
        late, lost, told = await _streams(base, port, filled, given)
    finally:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        if process.poll() is None:
            process.kill()
        await database.close()
    figures = [
        Figure(f"{name}, {given.contacts} open contacts, p95", p95, "ms", PAGE_MARK_MS, "lower")
        for name, p95 in pages.items()
    ]
    who = f"{given.streams} streams, one core, {given.desks} desks reading again"
    figures += [
        Figure(f"an event from commit to arrival, {who}, p95", late, "ms", EVENT_MARK_MS, "lower"),
        Figure("events that never arrived", float(lost), "", 0.0, "lower"),
    ]
    return printed("desk", figures, {"arrivals": told})


def _start(port: int, core: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "uvicorn", "bench.desk:served", "--factory", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--log-level", "warning", "--no-access-log", "--timeout-graceful-shutdown", "2"],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(process.pid, {core})
    return process


async def _wait(base: str, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + LONGEST_START_S
    async with httpx2.AsyncClient() as client:
        while time.monotonic() < ends:
            assert process.poll() is None, "the desk did not start"
            with suppress(httpx2.HTTPError):
                if (await client.get(f"{base}/desk/sign-in")).status_code == 200:
                    return
            await asyncio.sleep(0.2)
    raise TimeoutError("the desk did not start in time")


async def _pages(base: str, filled: Filled, times: int) -> dict[str, float]:
    """The p95 of each page in milliseconds, asked for one after another."""
    found = {}
    async with httpx2.AsyncClient(base_url=base, timeout=30) as client:
        for name, path in (
            ("the desk", "/desk"),
            ("a queue", f"/desk/queues/{filled.queue}?show=open"),
            ("a contact", f"/desk/contacts/{filled.contact}"),
        ):
            took = []
            for turn in range(times + 10):
                began = time.perf_counter()
                answer = await client.get(path, headers=_cookie(filled.tokens[0]))
                assert answer.status_code == 200, f"{path}: {answer.status_code}"
                # The first loads what is loaded late.
                if turn >= 10:
                    took.append(1000 * (time.perf_counter() - began))
            found[name] = round(_p95(took), 1)
            print(f"{name}: p50 {sorted(took)[len(took) // 2]:.1f} ms, p95 {found[name]} ms", file=sys.stderr)
    return found


def _cookie(token: str) -> dict[str, str]:
    from triage.access import DESK_COOKIE

    return {"Cookie": f"{DESK_COOKIE}={token}"}


def _p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))] if values else float("nan")


@dataclass
class Ear:
    """One event stream: what was committed and has not been heard yet, and how late each thing was heard."""

    waits: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    ready: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def hear(self, port: int, path: str, token: str) -> None:
        """Listen until it is cancelled."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            cookie = _cookie(token)["Cookie"]
            writer.write(f"GET {path} HTTP/1.1\r\nHost: bench\r\nCookie: {cookie}\r\n\r\n".encode())
            await writer.drain()
            async for line in reader:
                if line.startswith(b"event: hello"):
                    self.ready = True
                elif line.startswith(b"event: changed"):
                    now = time.perf_counter()
                    if self.waits:
                        # What came together is told once: the one that waited longest counts.
                        self.late.append(1000 * (now - self.waits[0]))
                        self.waits.clear()
                    self.changed.set()
        finally:
            writer.close()


async def _streams(base: str, port: int, filled: Filled, given: argparse.Namespace) -> tuple[float, int, int]:
    ears = [Ear() for _ in range(given.streams)]
    tasks = []
    for number, ear in enumerate(ears):
        path = "/desk/events" if number % 2 else f"/desk/contacts/{filled.contact}/events"
        token = filled.tokens[0] if number % 2 == 0 else filled.tokens[number % len(filled.tokens)]
        tasks.append(asyncio.create_task(ear.hear(port, path, token)))
        if number % 25 == 24:
            await asyncio.sleep(0.2)
    ends = time.monotonic() + 60
    while not all(ear.ready for ear in ears):
        assert time.monotonic() < ends, f"{sum(ear.ready for ear in ears)} of {len(ears)} streams opened"
        await asyncio.sleep(0.1)
    await asyncio.sleep(1)
    readers = [
        asyncio.create_task(_read_again(base, ears[-1 - number], filled.tokens[number % len(filled.tokens)]))
        for number in range(given.desks)
    ]
    await _change(ears, filled, given.seconds)
    await asyncio.sleep(3)
    for task in (*readers, *tasks):
        task.cancel()
    await asyncio.gather(*readers, *tasks, return_exceptions=True)
    late = [each for ear in ears for each in ear.late]
    return round(_p95(late), 1), sum(1 for ear in ears if ear.waits), len(late)


async def _read_again(base: str, ear: Ear, token: str) -> None:
    """A desk that reads its page again when something changed."""
    async with httpx2.AsyncClient(base_url=base, timeout=30) as client:
        while True:
            await ear.changed.wait()
            await asyncio.sleep(GATHER_S + random.random() * FAR_S)
            ear.changed.clear()
            with suppress(httpx2.HTTPError):
                await client.get("/desk", headers=_cookie(token))


async def _change(ears: list[Ear], filled: Filled, seconds: float) -> None:
    """One contact taken or given back each second, as desks do."""
    from triage import taking
    from triage.database import transaction
    from triage.tables import Contact

    ends = time.monotonic() + seconds
    held: list[UUID] = []
    while time.monotonic() < ends:
        began = time.monotonic()
        async with transaction() as session:
            if len(held) < 5:
                taken = await taking.take_next(session, filled.agents[1], [])
                held += [taken] if taken else []
            else:
                contact = await session.get_one(Contact, held.pop())
                contact.state, contact.agent_id, contact.lease_until = "queued", None, None
                contact.version += 1
                await taking.announce_change(session, contact.id)
        now = time.perf_counter()
        for ear in ears:
            ear.waits.append(now)
        await asyncio.sleep(max(0.0, 1 - (time.monotonic() - began)))
