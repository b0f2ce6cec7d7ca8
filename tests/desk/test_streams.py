"""Live changes: told at commit, gathered, ended when the agent signs out, and never kept from the lease."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from fastapi import FastAPI, Request
from sqlalchemy import delete, select, update

from tests.browsers import SignIn as SignedIn
from tests.makers import make_agent, make_contact, make_conversation, session_of
from triage import clock, live, record, taking
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
    monkeypatch.setattr(streams, "BEAT_S", 0.05)
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


async def test_a_busy_stream_ends_too_when_the_agent_signs_out(
    desk_app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "BEAT_S", 0.5)
    monkeypatch.setattr(streams, "GATHER_S", 0.01)
    request = _request(desk_app, await session_of(await make_agent()))
    stream = streams._changes(request, desk_app.state.live, "busy")
    await _next(stream)

    async def never_quiet() -> None:
        while True:
            desk_app.state.live._tell("busy", {})
            await asyncio.sleep(0.02)

    busy = asyncio.create_task(never_quiet())
    try:
        assert "event: changed" in await _next(stream)
        async with transaction() as session:
            await session.execute(delete(SignIn))
        told = [line async for line in stream]
    finally:
        busy.cancel()
    # It went on until the beat and no longer. A busy machine may be quiet for a moment; mostly it was not.
    assert 1 < len(told) < 100
    assert sum(b"event: changed" in line for line in told) > len(told) / 2


async def test_an_agent_hears_every_conversation_that_is_theirs_and_who_types_in_it(desk_app: FastAPI) -> None:
    agent = await make_agent()
    talk = await make_conversation(("resident", "Hello?"), mode="person")
    request = _request(desk_app, await session_of(agent))
    stream = streams._changes(request, desk_app.state.live, "nothing", agent_id=agent.id)
    assert "event: hello" in await _next(stream)
    upcoming = asyncio.create_task(_next(stream))
    await asyncio.sleep(0.5)
    # Taken while the stream is open: from now on it is heard.
    contact_id = await make_contact(conversation_id=talk, live=True, channel="chat")
    async with transaction() as session:
        await taking.take(session, agent.id, contact_id)
    assert "event: changed" in await upcoming
    upcoming = asyncio.create_task(_next(stream))
    await asyncio.sleep(0.5)
    async with transaction() as session:
        topic = record.conversation_topic(talk)
        await live.announce(session, topic, typing="resident", conversation=str(talk))
    heard = await upcoming
    assert "event: typing" in heard and str(talk) in heard
    upcoming = asyncio.create_task(_next(stream))
    async with transaction() as session:
        await record.append_message(session, talk, "resident", "Are you there?")
    heard = await upcoming
    assert "event: changed" in heard and '"near": true' in heard and "Are you there?" not in heard
    await stream.aclose()  # type: ignore[attr-defined]


async def test_only_the_agent_who_has_it_tells_that_they_type(signed_in: SignedIn) -> None:
    agent, colleague = await make_agent("Q-WASTE"), await make_agent("Q-WASTE")
    contact_id = await make_contact()
    async with transaction() as session:
        await taking.take(session, agent.id, contact_id)
    assert (await (await signed_in(agent)).post(f"/desk/contacts/{contact_id}/typing")).status_code == 204
    assert (await (await signed_in(colleague)).post(f"/desk/contacts/{contact_id}/typing")).status_code == 404
