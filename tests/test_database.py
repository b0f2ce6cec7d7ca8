"""The pool of connections."""

import asyncio

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from triage import database as pool
from triage.database import transaction
from triage.settings import get_settings


async def test_nothing_waits_for_ever_for_a_row_that_somebody_holds(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRONTDOOR_DATABASE_LOCK_S", "0.2")
    get_settings.cache_clear()
    await pool.close()
    wants = text("select pg_advisory_xact_lock(1, 1)")
    async with transaction() as holds:
        await holds.execute(wants)
        with pytest.raises(DBAPIError, match="lock timeout"):
            async with asyncio.timeout(10), transaction() as session:
                await session.execute(wants)
    await pool.close()
    get_settings.cache_clear()


@pytest.mark.parametrize("way", ["engine", "limited"])
async def test_every_connection_is_opened_with_limits_and_0_is_none(
    database: str, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setenv("FRONTDOOR_DATABASE_IDLE_S", "0")
    get_settings.cache_clear()
    await pool.close()
    asked = (
        "select array[current_setting('statement_timeout'), current_setting('lock_timeout'), "
        "current_setting('idle_in_transaction_session_timeout')]"
    )
    if way == "engine":
        async with transaction() as session:
            found = await session.scalar(text(asked))
    else:
        async with await psycopg.AsyncConnection.connect(pool.limited(database)) as connection:
            (found,) = await (await connection.execute(asked)).fetchone() or (None,)
    assert found == ["5min", "1min", "0"]
    await pool.close()
    get_settings.cache_clear()


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
