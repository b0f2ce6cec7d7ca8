"""The worker: runs the steps of journey.py as their jobs arrive, until it is asked to stop."""

import asyncio

import procrastinate
import structlog

from triage import database, journey, logs, reading
from triage.database import engine, sqlalchemy_url
from triage.keeping.schedule import schedule
from triage.outbox import jobs
from triage.sending.guard import refuse_stand_ins
from triage.settings import get_settings

log = structlog.get_logger(__name__)

# Steps are short and wait for the database, so a few may run side by side.
CONCURRENCY = 4


def connector_url() -> str:
    """The database's address as procrastinate's own pool takes it."""
    return sqlalchemy_url(get_settings().database_url).replace("postgresql+psycopg://", "postgresql://", 1)


async def work() -> None:
    """Open the jobs' pool and run them. SIGINT and SIGTERM let the jobs in hand finish, then stop."""
    connector = procrastinate.PsycopgConnector(conninfo=connector_url(), min_size=1, max_size=CONCURRENCY + 2)
    with jobs.replace_connector(connector):
        async with jobs.open_async():
            log.info("worker.ready", steps=len(journey.STEPS), reader=reading.reader_version())
            await jobs.run_worker_async(
                concurrency=CONCURRENCY,
                fetch_job_polling_interval=1.0,
                shutdown_graceful_timeout=10,
                delete_jobs="successful",
            )
    await database.close()


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
