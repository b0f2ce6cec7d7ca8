"""The one database: an engine for the process, and a session for each request or step.

One request or step is one transaction, committed at the edge (here), so nothing else calls commit.
"""

import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache

import psycopg
import psycopg.conninfo
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from triage.settings import get_settings

# A connection that was used a moment ago is taken to be alive.
RESTED_S = 0.5
CONNECT_S = 5


def sqlalchemy_url(url: str) -> str:
    """`postgresql://…` as SQLAlchemy's name for psycopg 3."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1).replace("postgres://", "postgresql+psycopg://", 1)


def limits() -> dict[str, str | int]:
    """What every connection of ours is opened with, so that none waits for ever.

    No honest step reaches the limits on statements: long work is done in many. Migrations and what is done by hand
    with PostgreSQL's own tools open connections of their own.
    """
    settings = get_settings()
    most = {
        "statement_timeout": settings.database_statement_s,
        "lock_timeout": settings.database_lock_s,
        "idle_in_transaction_session_timeout": settings.database_idle_s,
    }
    found: dict[str, str | int] = {
        "connect_timeout": CONNECT_S,
        # A database that is gone without a word is noticed in a minute.
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 60_000,
    }
    if options := " ".join(f"-c {name}={round(limit * 1000)}" for name, limit in most.items() if limit):
        found["options"] = options
    return found


def limited(url: str) -> str:
    """A database's address with our limits, for whoever opens a connection without the pool."""
    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    return psycopg.conninfo.make_conninfo(plain, **limits())


@lru_cache
def engine() -> AsyncEngine:
    """The process's pool of connections."""
    settings = get_settings()
    made = create_async_engine(
        sqlalchemy_url(settings.database_url),
        pool_size=settings.pool_size,
        max_overflow=settings.pool_size,
        # A request that cannot have a connection in this time fails plainly instead of hanging.
        pool_timeout=3,
        connect_args=limits(),
        # An error of the database names its statement without what residents wrote into it.
        hide_parameters=True,
    )
    event.listen(made.sync_engine, "checkin", _note_rest)
    event.listen(made.sync_engine, "checkout", _check_rested)
    return made


def _note_rest(_: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = time.monotonic()


def _check_rested(connection: DBAPIConnection, record: ConnectionPoolEntry, _: PoolProxiedConnection) -> None:
    """Ask a connection that has rested whether it still lives; a dead one is replaced, and all of its age with it.

    SQLAlchemy's own `pool_pre_ping` asks every time, which on a busy day is a sixth of what the database is asked.
    """
    if time.monotonic() - record.info.get("rests_since", math.inf) < RESTED_S:
        return
    try:
        cursor = connection.cursor()
        cursor.execute("select 1")
        cursor.close()
        connection.rollback()
    except psycopg.Error as error:
        raise InvalidatePoolError from error


@lru_cache
def _sessions() -> async_sessionmaker[AsyncSession]:
    return async_sessionmaker(engine(), expire_on_commit=False)


@asynccontextmanager
async def transaction() -> AsyncIterator[AsyncSession]:
    """A session whose work is committed when the block ends, and undone when it raises."""
    async with _sessions().begin() as session:
        yield session


def is_deadlock(error: DBAPIError) -> bool:
    """Whether the database ended a transaction because it and another waited for each other: it may be done again."""
    return getattr(error.orig, "sqlstate", None) == "40P01"


async def close() -> None:
    """Give every connection back, at the end of the process or of a test."""
    await engine().dispose()
    engine.cache_clear()
    _sessions.cache_clear()
