"""Live changes: told at commit, gathered, ended when the agent signs out, and never kept from the lease."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from fastapi import FastAPI, Request
from sqlalchemy import delete, select, update

from tests.makers import make_agent, make_contact, session_of
from triage import clock, taking
from triage.access import DESK_COOKIE
from triage.database import transaction
from triage.desk import streams
from triage.tables import SignIn


def _request(app: FastAPI, token: str) -> Request:
    headers = [(b"cookie", f"{DESK_COOKIE}={token}".encode())]
    return Request({"type": "http", "method": "GET", "path": "/desk/events", "headers": headers, "app": app})


async def _next(stream: AsyncIterator[bytes]) -> str:
    return (await asyncio.wait_for(anext(stream), 5)).decode()


async def test_a_change_is_told_once_it_is_committed(desk_app: FastAPI) -> None:
    agent, contact_id = await make_agent(), await make_contact()
    request = _request(desk_app, await session_of(agent))
    stream = streams._changes(request, desk_app.state.live, taking.DESK)
    assert "event: hello" in await _next(stream)
    upcoming = asyncio.create_task(_next(stream))
    with pytest.raises(RuntimeError, match="undone"):
        async with transaction() as session:
            await taking.take(session, agent.id, contact_id)
            raise RuntimeError("undone")
    # The listener may have said that it began to listen; nothing else may have been heard.
    await asyncio.sleep(0.5)
    if upcoming.done():
        upcoming = asyncio.create_task(_next(stream))
        await asyncio.sleep(0.3)
    assert not upcoming.done()
    async with transaction() as session:
        await taking.take(session, agent.id, contact_id)
    heard = await upcoming
    assert "event: changed" in heard
    assert str(contact_id) not in heard
    await stream.aclose()  # type: ignore[attr-defined]


async def test_a_stream_ends_when_the_agent_signs_out_and_is_no_sign_of_life(
    desk_app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "QUIET_S", 0.05)
    agent = await make_agent()
    request = _request(desk_app, await session_of(agent))
    long_ago = clock.now() - timedelta(hours=1)
    async with transaction() as session:
        await session.execute(update(SignIn).values(seen_at=long_ago))
    stream = streams._changes(request, desk_app.state.live, "nothing")
    await _next(stream)
    for _ in range(2):
        assert (await _next(stream)).startswith(":")
    async with transaction() as session:
        assert await session.scalar(select(SignIn.seen_at)) == long_ago
        await session.execute(delete(SignIn))
    with pytest.raises(StopAsyncIteration):
        for _ in range(3):
            await _next(stream)
