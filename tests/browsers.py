"""Browsers without a screen: clients that send what a browser sends from our own pages, for tests of pages."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx2
from fastapi import FastAPI

from tests.makers import session_of
from triage.access import DESK_COOKIE
from triage.tables import Agent

Browser = httpx2.AsyncClient
NewBrowser = Callable[[], Browser]
SignIn = Callable[[Agent], Awaitable[Browser]]


@asynccontextmanager
async def browsers(app: FastAPI) -> AsyncIterator[NewBrowser]:
    """Makes browsers that have not signed in; each is closed at the end."""
    opened: list[Browser] = []

    def make() -> Browser:
        client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app),
            base_url="https://testserver",
            headers={"sec-fetch-site": "same-origin"},
        )
        opened.append(client)
        return client

    yield make
    for client in opened:
        await client.aclose()


def signing_in(new: NewBrowser) -> SignIn:
    """Makes a browser in which somebody has signed in."""

    async def make(agent: Agent) -> Browser:
        client = new()
        client.cookies.set(DESK_COOKIE, await session_of(agent), domain="testserver.local")
        return client

    return make
