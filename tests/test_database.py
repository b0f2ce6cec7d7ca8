"""The pool of connections."""

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from triage import database as pool
from triage.database import transaction


async def _end_its_connection(url: str) -> None:
    """Use the pool's connection, then let the server end it, as a restart does."""
    async with transaction() as session:
        process = await session.scalar(text("select pg_backend_pid()"))
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as other:
        await other.execute("select pg_terminate_backend(%s, 5000)", (process,))


async def test_a_connection_that_died_while_it_rested_is_replaced(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "RESTED_S", 0.0)
    await _end_its_connection(database)
    async with transaction() as session:
        assert await session.scalar(text("select 1")) == 1


async def test_one_that_was_used_a_moment_ago_is_not_asked(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What that costs: the one request that met the restart fails, and the next is well."""
    monkeypatch.setattr(pool, "RESTED_S", 60.0)
    await _end_its_connection(database)
    with pytest.raises(DBAPIError):
        async with transaction() as session:
            await session.execute(text("select 1"))
    async with transaction() as session:
        assert await session.scalar(text("select 1")) == 1
