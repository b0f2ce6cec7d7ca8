"""Whoever asks somebody else's system takes no hand from what looks after residents here, and asks once at a time."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import procrastinate
import pytest
from sqlalchemy import text

from triage import journey, worker
from triage.database import transaction
from triage.outbox import HERE, OUTSIDE, jobs
from triage.settings import get_settings

ROUNDS = ("tell", "hand_on", "ask_suppliers", "reconcile", "ask", "summarise", "read_mailbox")


@pytest.fixture
async def opened(database: str) -> AsyncIterator[int]:
    """The jobs' tables, and the number of a worker that takes what it is given."""
    assert journey.STEPS
    connector = procrastinate.PsycopgConnector(conninfo=database, min_size=1, max_size=4)
    with jobs.replace_connector(connector):
        async with jobs.open_async():
            yield await jobs.job_manager.register_worker()


@pytest.mark.parametrize("name", ROUNDS)
async def test_a_round_outside_waits_for_the_one_before_it_and_keeps_no_sweep_waiting(opened: int, name: str) -> None:
    async def next_of(queue: str) -> str | None:
        job = await jobs.job_manager.fetch_job(queues=[queue], worker_id=opened)
        return job.task_name if job else None

    await jobs.tasks[name].defer_async(timestamp=0)
    assert await next_of(HERE) is None
    assert await next_of(OUTSIDE) == name
    # It hangs; five seconds later the next one is due.
    await jobs.tasks[name].defer_async(timestamp=5)
    await jobs.tasks["sweep"].defer_async(timestamp=5)
    assert await next_of(OUTSIDE) is None
    assert await next_of(HERE) == "sweep"


def test_every_queue_has_somebody_who_works_on_it() -> None:
    assert {task.queue for name, task in jobs.tasks.items() if task.func.__module__ == journey.__name__} == set(
        worker.SIDE_BY_SIDE
    )


async def test_the_worker_does_what_is_on_either_queue_and_stops_when_it_is_asked_to(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database)
    get_settings.cache_clear()
    nobody = "00000000-0000-0000-0000-000000000000"
    connector = procrastinate.PsycopgConnector(conninfo=database)
    with jobs.replace_connector(connector):
        async with jobs.open_async():
            await jobs.tasks["locate"].defer_async(contact_id=nobody)
            await jobs.tasks["follow"].defer_async(step="delivery.hand_on", payload={"contact_id": nobody})
    left = text("select count(*) from procrastinate_jobs where task_name in ('locate', 'follow')")
    working = asyncio.create_task(worker.work())
    async with asyncio.timeout(20):
        while True:
            async with transaction() as session:
                if not await session.scalar(left):
                    break
            assert not working.done()
            await asyncio.sleep(0.05)
        os.kill(os.getpid(), signal.SIGTERM)
        await working
