"""What changes by itself on a screen: PostgreSQL tells every process, and each tells its own streams.

A notice carries a topic and a few words, never a resident's text: whoever hears it reads the record again,
so a stream that was lost for any time shows the true state once it is back.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import psycopg
import structlog
from sqlalchemy import ColumnElement, Text, cast, func, literal, text
from sqlalchemy.ext.asyncio import AsyncSession

from triage.database import limited

log = structlog.get_logger(__name__)

CHANNEL = "frontdoor_live"
# A reader that has fallen this far behind is told to read everything again.
MOST_WAITING = 100
# So often it is seen whether the database is still there, and so long it may take to say so.
STILL_THERE_S = 20.0

Notice = dict[str, Any]


async def announce(session: AsyncSession, topic: str, **notice: Any) -> None:
    """Tell every process about `topic` when, and only if, this transaction commits."""
    body = json.dumps({"topic": topic, **notice})
    await session.execute(text("select pg_notify(:channel, :body)"), {"channel": CHANNEL, "body": body})


async def announce_all(session: AsyncSession, topics: Sequence[str]) -> None:
    """`announce` for many topics, in one statement."""
    bodies = [json.dumps({"topic": topic}) for topic in topics]
    if bodies:
        await session.execute(
            text("select count(pg_notify(:channel, body)) from unnest(cast(:bodies as text[])) as body"),
            {"channel": CHANNEL, "bodies": bodies},
        )


def announcing(topic: ColumnElement[str], **columns: ColumnElement[Any]) -> ColumnElement[None]:
    """`announce` as something that a statement returns, with numbers that only that statement knows."""
    named = [part for name, column in columns.items() for part in (literal(name), column)]
    body = func.json_build_object(literal("topic"), topic, *named)
    return func.pg_notify(CHANNEL, cast(body, Text))


class Listener:
    """One database connection a process that hears every notice and hands it to the streams of its topic."""

    def __init__(self, url: str) -> None:
        self._url = limited(url)
        self._queues: dict[str, set[asyncio.Queue[Notice]]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to listen, in the background."""
        self._task = asyncio.create_task(self._run(), name="live-listener")

    async def stop(self) -> None:
        """Stop listening and let every stream end."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as connection:
                    await connection.execute(f"listen {CHANNEL}")
                    # Something may have been said while nobody listened: every stream reads the record again.
                    self._tell_all({"missed": True})
                    while True:
                        async for heard in connection.notifies(timeout=STILL_THERE_S):
                            notice = json.loads(heard.payload)
                            self._tell(notice.pop("topic"), notice)
                        # Silence may be a way that is gone: whoever only listens would never notice.
                        async with asyncio.timeout(STILL_THERE_S):
                            await connection.execute("select 1")
            except (psycopg.Error, OSError) as error:
                log.warning("live.reconnecting", error=type(error).__name__)
                await asyncio.sleep(1)

    def _tell(self, topic: str, notice: Notice) -> None:
        for queue in self._queues.get(topic, ()):
            if queue.full():
                while not queue.empty():
                    queue.get_nowait()
                notice = {"missed": True}
            queue.put_nowait(notice)

    def _tell_all(self, notice: Notice) -> None:
        for topic in list(self._queues):
            self._tell(topic, notice)

    @asynccontextmanager
    async def hear(self, *topics: str) -> AsyncIterator[asyncio.Queue[Notice]]:
        """A queue of the notices on these topics for as long as the block runs."""
        queue: asyncio.Queue[Notice] = asyncio.Queue(MOST_WAITING)
        self.follow(queue, *topics)
        try:
            yield queue
        finally:
            for topic in [topic for topic, queues in self._queues.items() if queue in queues]:
                self._queues[topic].discard(queue)
                if not self._queues[topic]:
                    del self._queues[topic]

    def follow(self, queue: asyncio.Queue[Notice], *topics: str) -> None:
        """Let a queue that hears already hear these topics too, until its block ends."""
        for topic in topics:
            self._queues[topic].add(queue)
