"""The survey room alone over a test's database, and links to answer."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI

from triage import clock, codes, faults, shields
from triage.database import transaction
from triage.surveying import links
from triage.surveys import endpoints
from triage.tables import Invite

MakeLink = Callable[..., Awaitable[str]]


@pytest.fixture
async def client(database: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A resident's browser, on our own pages."""
    app = FastAPI()
    faults.install(app)
    app.add_middleware(shields.Shields)
    app.include_router(endpoints.router)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app),
        base_url="https://testserver",
        headers={"accept": "text/html", "sec-fetch-site": "same-origin"},
    ) as browser:
        yield browser


@pytest.fixture
def make_link(database: str) -> MakeLink:
    """Stores an invite of the first version, as those of before cases, and returns its token."""

    async def make(**fields: Any) -> str:
        token = links.token_for(uuid4())
        values = {
            "token_hash": codes.hash_secret(token),
            "service": "missed_bin",
            "queue": "Q-WASTE",
            "channel": "chat",
            "expires_at": clock.now() + timedelta(days=14),
        } | fields
        async with transaction() as session:
            session.add(Invite(**values))
        return token

    return make
