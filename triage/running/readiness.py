"""Whether a process does its work: asked over HTTP, or read from the database where the workers sign in."""

import asyncio
import time

import httpx2
import psycopg

from triage.running.messages import say
from triage.running.processes import Process
from triage.running.supervisor import Running

ASK_EVERY_S = 0.25
# procrastinate's workers sign in every 10 seconds; three missed and one is not there.
WORKER_SILENCE_S = 30
# A wait is said again only after this, so that a quick start stays short to read.
SAY_EVERY_S = 10.0


async def is_ready(process: Process, address: str, database_url: str) -> bool:
    """Whether `process` is ready: 200 from `address` + its path, or a worker signed in lately."""
    if process.ready_path is None:
        return await _worker_signed_in(database_url)
    try:
        async with httpx2.AsyncClient(timeout=5, trust_env=False) as client:
            return (await client.get(address + process.ready_path)).status_code == 200
    except httpx2.HTTPError:
        return False


async def wait_until_ready(process: Process, running: Running, address: str, database_url: str) -> None:
    """Return when `process` is ready, saying so, and saying meanwhile that it is awaited."""
    began = said = time.monotonic()
    while not await is_ready(process, address, database_url):
        if time.monotonic() - said >= SAY_EVERY_S:
            said = time.monotonic()
            say(f"  waiting for {process.about} ({said - began:.0f} s)")
        await asyncio.sleep(ASK_EVERY_S)
    running.ready = True
    say(f"  {process.about}: ready ({time.monotonic() - began:.1f} s)")


async def _worker_signed_in(database_url: str) -> bool:
    try:
        async with await psycopg.AsyncConnection.connect(database_url, connect_timeout=2) as link:
            answer = await link.execute(
                "select 1 from procrastinate_workers where last_heartbeat > now() - make_interval(secs => %s)",
                [WORKER_SILENCE_S],
            )
            return await answer.fetchone() is not None
    except psycopg.Error:
        return False
