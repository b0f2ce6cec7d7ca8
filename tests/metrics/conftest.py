"""The owner's and the survey rooms alone over a test's database, and answers to count."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from tests.makers import make_agent, session_of
from triage import access, codes, faults, shields
from triage.database import transaction
from triage.metrics import endpoints
from triage.tables import Answer, Fact, Invite, SurveyCase

MakeAnswer = Callable[..., Awaitable[UUID]]
MakeFact = Callable[..., Awaitable[None]]


@pytest.fixture
async def client(database: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser that is not signed in."""
    app = FastAPI()
    faults.install(app)
    app.add_middleware(shields.Shields)
    app.include_router(endpoints.router)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app), base_url="https://testserver", headers={"accept": "text/html"}
    ) as browser:
        yield browser


@pytest.fixture
async def owner(client: httpx2.AsyncClient) -> httpx2.AsyncClient:
    """The same browser, with a service owner signed in."""
    token = await session_of(await make_agent(role="owner", name="Service owner"))
    client.cookies.set(access.DESK_COOKIE, token)
    return client


@pytest.fixture
def make_answer(database: str) -> MakeAnswer:
    """Stores a case, its invite, and its answer unless satisfaction is None; the answer's id, or the invite's."""

    async def make(satisfaction: int | None, at: datetime, got_it: str | None = None, **about: Any) -> UUID:
        asked = about.pop("invited_at", at - timedelta(minutes=5))
        values = {"service": "missed_bin", "queue": "Q-WASTE", "channel": "chat"} | about
        async with transaction() as session:
            talk = values.get("conversation_id")
            case = await session.scalar(select(SurveyCase).where(SurveyCase.conversation_id == talk)) if talk else None
            if case is None:
                case = SurveyCase(
                    kind="contact", channel="chat", began_at=asked, ending="closed", share=1, sampled=True
                )
                case.service, case.queue, case.demo = values["service"], values["queue"], values.get("demo", False)
                session.add(case)
            case.ended_at, case.eligible, case.invited_at, case.invited_by = asked, True, asked, "chat"
            case.answered_at = at if satisfaction else None
            await session.flush()
            invite = Invite(
                case_id=case.id,
                token_hash=codes.hash_secret(codes.new_secret()),
                invited_at=asked,
                expires_at=asked + timedelta(days=14),
                answered_at=at if satisfaction else None,
                **values,
            )
            session.add(invite)
            await session.flush()
            if satisfaction is None:
                return invite.id
            answer = Answer(invite_id=invite.id, satisfaction=satisfaction, got_it=got_it, answered_at=at)
            session.add(answer)
            await session.flush()
            return answer.id

    return make


@pytest.fixture
def make_facts(database: str) -> Callable[..., Awaitable[None]]:
    """Stores the ratings of one day as facts: counts of levels 1 to 5, in that order."""

    async def make(day: Any, levels: tuple[int, int, int, int, int], **about: Any) -> None:
        values = {"service": "missed_bin", "queue": "Q-WASTE", "channel": "chat", "source": "live"} | about
        async with transaction() as session:
            session.add_all(
                Fact(day=day, measure="satisfaction", level=str(level), count=count, **values)
                for level, count in enumerate(levels, start=1)
                if count
            )

    return make


@pytest.fixture
def fact(database: str) -> MakeFact:
    """Stores one fact: about a missed bin that came by the chat, unless told otherwise."""

    async def make(day: date, measure: str, level: str, count: int, **about: str) -> None:
        values = {"service": "missed_bin", "queue": "Q-WASTE", "partner": "council", "channel": "chat"} | about
        async with transaction() as session:
            session.add(Fact(day=day, measure=measure, level=level, count=count, **values))

    return make
