"""The worker: runs the steps of journey.py as their jobs arrive, until it is asked to stop.

What asks somebody else's system has a queue and hands of its own: however long it is kept waiting there, what looks
after residents here goes on.
"""

import asyncio
import contextlib
import signal

import procrastinate
import structlog

from triage import database, journey, logs, reading
from triage.database import engine, limited, sqlalchemy_url
from triage.keeping.schedule import schedule
from triage.outbox import HERE, OUTSIDE, jobs
from triage.sending.guard import refuse_stand_ins
from triage.settings import get_settings

log = structlog.get_logger(__name__)

# How many jobs of each queue run side by side. Steps are short and wait for the database; outside, waits are longer.
SIDE_BY_SIDE = {HERE: 4, OUTSIDE: 10}
# Each queue's listener, and what keeps jobs' marks meanwhile.
SPARE_CONNECTIONS = 4
LET_FINISH_S = 10


def connector_url() -> str:
    """The database's address as procrastinate's own pool takes it."""
    return limited(sqlalchemy_url(get_settings().database_url))


async def work() -> None:
    """Open the jobs' pool and run them. SIGINT and SIGTERM let the jobs in hand finish, then stop."""
    most = sum(SIDE_BY_SIDE.values()) + SPARE_CONNECTIONS
    connector = procrastinate.PsycopgConnector(conninfo=connector_url(), min_size=1, max_size=most)
    with jobs.replace_connector(connector):
        async with jobs.open_async():
            log.info("worker.ready", steps=len(journey.STEPS), reader=reading.reader_version())
            await _run_all()
    await database.close()


async def _run_all() -> None:
    """Every queue's worker, until one of them ends or the process is asked to stop; then all of them stop."""
    running = [asyncio.create_task(_run(queue, most), name=f"worker {queue}") for queue, most in SIDE_BY_SIDE.items()]
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)

    def stop() -> None:
        # A second signal ends the process as it would any other.
        for one in signals:
            loop.remove_signal_handler(one)
        for task in running:
            task.cancel()

    for one in signals:
        loop.add_signal_handler(one, stop)
    try:
        await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stop()
        await asyncio.wait(running)
    for task in running:
        # Who was asked to stop was cancelled; whatever else ended a queue's worker ends the process, and is seen.
        with contextlib.suppress(asyncio.CancelledError):
            task.result()


async def _run(queue: str, most: int) -> None:
    await jobs.run_worker_async(
        queues=[queue],
        name=queue,
        concurrency=most,
        fetch_job_polling_interval=1.0,
        shutdown_graceful_timeout=LET_FINISH_S,
        delete_jobs="successful",
        install_signal_handlers=False,
    )


def main() -> None:
    """Run the worker in this process."""
    logs.begin()
    refuse_stand_ins()
    # A schedule that cannot be meant is told now, and not at night.
    schedule()
    engine()
    asyncio.run(work())


if __name__ == "__main__":
    main()
