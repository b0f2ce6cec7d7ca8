"""The pages of comments over a test's database, people to read them, and comments to count."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from tests.browsers import NewBrowser, SignIn, browsers, signing_in
from triage import codes, faults, shields
from triage.database import transaction
from triage.metrics.comments import endpoints
from triage.tables import Answer, CommentReading, Invite

MakeComment = Callable[..., Awaitable[UUID]]


@pytest.fixture
async def new_browser(database: str) -> AsyncIterator[NewBrowser]:
    """Makes browsers that have not signed in."""
    app = FastAPI()
    faults.install(app)
    app.add_middleware(shields.Shields)
    app.include_router(endpoints.router)
    async with browsers(app) as new:
        yield new


@pytest.fixture
def sign_in(new_browser: NewBrowser) -> SignIn:
    """Makes a browser in which somebody has signed in."""
    return signing_in(new_browser)


@pytest.fixture
def make_comment(database: str) -> MakeComment:
    """Stores an answer with its comment, read already when `themes` are given; returns the answer's id."""

    async def make(text: str, at: datetime, *themes: str, sentiment: int = 3, **about: Any) -> UUID:
        values = {"service": "missed_bin", "queue": "Q-WASTE", "demo": False} | about
        async with transaction() as session:
            invite = Invite(
                token_hash=codes.hash_secret(codes.new_secret()),
                channel="chat",
                expires_at=at + timedelta(days=14),
                answered_at=at,
                **values,
            )
            session.add(invite)
            await session.flush()
            answer = Answer(invite_id=invite.id, satisfaction=3, comment=text, answered_at=at)
            session.add(answer)
            await session.flush()
            if themes:
                session.add(
                    CommentReading(
                        answer_id=answer.id,
                        text=text,
                        themes=list(themes),
                        sentiment=sentiment,
                        version="themes-test",
                        answered_at=at,
                        **values,
                    )
                )
            return answer.id

    return make
