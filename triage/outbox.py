"""Handing an event on: each step that follows it becomes a job, in the transaction that caused it.

procrastinate keeps the jobs in the same PostgreSQL, so either the change and its jobs are stored or neither is.
"""

from datetime import timedelta
from typing import Any

import procrastinate
from procrastinate.exceptions import ConnectorException
from sqlalchemy.ext.asyncio import AsyncSession

from triage.events import Event

# A step that fails is tried again at 2, 4, 8 … seconds: a passing fault is over by then, and a lasting one is
# visible as a failed job after about half an hour.
RETRY = procrastinate.RetryStrategy(max_attempts=10, exponential_wait=2)

# The queue of what is done here, procrastinate's own, and that of what asks somebody else's system, whose jobs wait as
# long as they are let: they take no hand from the others (worker.py).
HERE, OUTSIDE = "default", "outside"

# Event class name → names of the steps that follow. journey.py fills this in when it is imported.
routes: dict[str, tuple[str, ...]] = {}


class JourneyMissing(RuntimeError):
    """An event was published before triage.journey was imported, so nobody would have followed it."""


jobs = procrastinate.App(connector=procrastinate.PsycopgConnector(), import_paths=["triage.journey"])


async def publish(session: AsyncSession, event: Event, *, after: timedelta | None = None) -> None:
    """Store one job for each step that follows `event`, in the session's own transaction; `after`: not sooner.

    Raises JourneyMissing when no route is known for the event.
    """
    name = type(event).__name__
    if name not in routes:
        raise JourneyMissing(name)
    for step in routes[name]:
        await defer(session, step, event.payload(), after=after)


async def defer(session: AsyncSession, step: str, payload: dict[str, Any], *, after: timedelta | None = None) -> None:
    """Store one job for a named step in the session's own transaction; `after`: it is not done sooner."""
    await defer_task(session, "follow", {"step": step, "payload": payload}, after=after)


async def defer_task(
    session: AsyncSession, task: str, given: dict[str, Any], *, after: timedelta | None = None
) -> None:
    """Store one job for a task that is no step, such as one that works for minutes in transactions of its own."""
    await session.flush()
    raw = await (await session.connection()).get_raw_connection()
    later = {"seconds": int(after.total_seconds())} if after else None
    deferrer = jobs.configure_task(task, connection=raw.driver_connection, schedule_in=later)
    try:
        await deferrer.defer_async(**given)
    except ConnectorException as error:  # pragma: no cover - the transaction is lost with its connection
        raise RuntimeError("The job could not be stored; nothing of this request was kept.") from error
