"""The whole journey on a real database: every step that is due, as the worker runs it."""

from collections.abc import AsyncIterator, Awaitable, Callable

import procrastinate
import pytest

from triage import journey
from triage.outbox import jobs

Follow = Callable[[], Awaitable[None]]


@pytest.fixture
async def follow(database: str, trained: None) -> AsyncIterator[Follow]:
    """Run every step that is due, and those that follow them, until none is left."""
    assert journey.STEPS
    connector = procrastinate.PsycopgConnector(conninfo=database, min_size=1, max_size=4)
    with jobs.replace_connector(connector):
        async with jobs.open_async():

            async def run() -> None:
                await jobs.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False)

            yield run
