"""The one database: an engine for the process, and a session for each request or step.

One request or step is one transaction, committed at the edge (here), so nothing else calls commit.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from triage.settings import get_settings


def sqlalchemy_url(url: str) -> str:
    """`postgresql://…` as SQLAlchemy's name for psycopg 3."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1).replace("postgres://", "postgresql+psycopg://", 1)


@lru_cache
def engine() -> AsyncEngine:
    """The process's pool of connections."""
    settings = get_settings()
    return create_async_engine(
        sqlalchemy_url(settings.database_url),
        pool_size=settings.pool_size,
        max_overflow=settings.pool_size,
        # A request that cannot have a connection in this time fails plainly instead of hanging.
        pool_timeout=3,
        pool_pre_ping=True,
        # An error of the database names its statement without what residents wrote into it.
        hide_parameters=True,
    )


@lru_cache
def _sessions() -> async_sessionmaker[AsyncSession]:
    return async_sessionmaker(engine(), expire_on_commit=False)


@asynccontextmanager
async def transaction() -> AsyncIterator[AsyncSession]:
    """A session whose work is committed when the block ends, and undone when it raises."""
    async with _sessions().begin() as session:
        yield session


async def close() -> None:
    """Give every connection back, at the end of the process or of a test."""
    await engine().dispose()
    engine.cache_clear()
    _sessions.cache_clear()
