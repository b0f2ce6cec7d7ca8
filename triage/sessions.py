"""Desk sessions: begun, found, ended. They live in the database; a browser's cookie holds a token, we hold its hash."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, codes
from triage.settings import get_settings
from triage.tables import Agent, SignIn

# How long somebody has between their password and the code from their app.
HALF_WAY = timedelta(minutes=10)
MOST_LISTED = 50
HEARTBEAT = "/desk/heartbeat"
_BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)  # fmt: skip


def browser_of(request: Request) -> str:
    """The kind of browser, such as 'Chrome on Windows': enough for a person to know their own."""
    agent = request.headers.get("user-agent", "")[:500]
    browser = next((name for sign, name in _BROWSERS if re.search(rf"\b{sign}", agent)), "A browser")
    system = next((name for sign, name in _SYSTEMS if sign in agent), None)
    return f"{browser} on {system}" if system else browser


def going_on(now: datetime) -> tuple[Any, ...]:
    """The conditions under which a session counts: whole, not past its end, and not at rest for too long."""
    rested = now - timedelta(minutes=get_settings().session_idle_minutes)
    return (SignIn.stage == "open", SignIn.ends_at > now, SignIn.acted_at > rested)


def acts(request: Request) -> bool:
    """Whether a person made this request, and not an open page by itself (its heartbeat, or reading itself again)."""
    if request.method not in ("GET", "HEAD"):
        return request.url.path != HEARTBEAT
    return request.headers.get("sec-fetch-mode", "navigate") == "navigate"


async def find(session: AsyncSession, token: str, request: Request) -> tuple[Agent, SignIn] | None:
    """The person and the session of a token while it goes on; marks the session as seen."""
    now = clock.now()
    row = (
        await session.execute(
            select(Agent, SignIn)
            .join(SignIn, SignIn.agent_id == Agent.id)
            .where(SignIn.token_hash == codes.hash_secret(token), *going_on(now), Agent.active)
        )
    ).first()
    if row is None:
        return None
    agent, sign_in = row.Agent, row.SignIn
    # One write a minute is enough to know who is at the desk.
    marks = {"seen_at": now} if now - sign_in.seen_at > timedelta(minutes=1) else {}
    if acts(request) and now - sign_in.acted_at > timedelta(minutes=1):
        marks["acted_at"] = now
    if marks:
        await session.execute(update(SignIn).where(SignIn.token_hash == sign_in.token_hash).values(marks))
    return agent, sign_in


async def half_way(session: AsyncSession, token: str) -> tuple[Agent, SignIn] | None:
    """The person whose password was right and who has not shown a second factor yet."""
    row = (
        await session.execute(
            select(Agent, SignIn)
            .join(SignIn, SignIn.agent_id == Agent.id)
            .where(
                SignIn.token_hash == codes.hash_secret(token),
                SignIn.stage != "open",
                SignIn.ends_at > clock.now(),
                Agent.active,
            )
        )
    ).first()
    return (row.Agent, row.SignIn) if row else None


async def begin(
    session: AsyncSession,
    agent: Agent,
    request: Request,
    *,
    method: str,
    stage: str = "open",
    second_factor_at: datetime | None = None,
    instead_of: str | None = None,
) -> str:
    """A new session's token. The one that the browser had before (`instead_of`) ends: no token outlives a sign-in."""
    if instead_of:
        await session.execute(delete(SignIn).where(SignIn.token_hash == codes.hash_secret(instead_of)))
    now = clock.now()
    token = codes.new_secret()
    lasts = timedelta(hours=get_settings().session_hours) if stage == "open" else HALF_WAY
    session.add(
        SignIn(
            token_hash=codes.hash_secret(token),
            agent_id=agent.id,
            began_at=now,
            ends_at=now + lasts,
            seen_at=now,
            acted_at=now,
            method=method,
            stage=stage,
            second_factor_at=second_factor_at,
            browser=browser_of(request),
        )
    )
    await session.flush()
    return token


async def end(session: AsyncSession, token: str) -> None:
    """End a session; an unknown token is no error."""
    await session.execute(delete(SignIn).where(SignIn.token_hash == codes.hash_secret(token)))


async def end_all(session: AsyncSession, agent_id: UUID, *, but: UUID | None = None) -> int:
    """End every session of a person, except the one named; how many ended."""
    gone = delete(SignIn).where(SignIn.agent_id == agent_id)
    if but is not None:
        gone = gone.where(SignIn.id != but)
    return len((await session.execute(gone.returning(SignIn.id))).all())


async def end_one(session: AsyncSession, agent_id: UUID, sign_in_id: UUID) -> bool:
    """End one session of this person and of nobody else; whether there was one."""
    gone = delete(SignIn).where(SignIn.agent_id == agent_id, SignIn.id == sign_in_id).returning(SignIn.id)
    return (await session.scalar(gone)) is not None


async def of(session: AsyncSession, agent_id: UUID) -> list[SignIn]:
    """A person's sessions that go on, newest first."""
    rows = await session.scalars(
        select(SignIn)
        .where(SignIn.agent_id == agent_id, *going_on(clock.now()))
        .order_by(SignIn.began_at.desc())
        .limit(MOST_LISTED)
    )
    return list(rows)
