"""The desk alone, over a real database, as an agent's browser sees it."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx2
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from tests.makers import session_of
from triage.access import DESK_COOKIE
from triage.desk.endpoints import router
from triage.errors import FrontdoorError
from triage.live import Listener
from triage.tables import Agent

Browser = httpx2.AsyncClient
SignIn = Callable[[Agent], Awaitable[Browser]]


def _fault(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, FrontdoorError)
    return JSONResponse({"error": type(error).__name__, "detail": error.detail}, status_code=error.status)


@pytest.fixture
async def desk_app(database: str) -> AsyncIterator[FastAPI]:
    """A web app with nothing but the desk in it."""
    app = FastAPI()
    app.include_router(router)
    app.add_exception_handler(FrontdoorError, _fault)
    app.state.live = Listener(database)
    await app.state.live.start()
    yield app
    await app.state.live.stop()


@pytest.fixture
async def browser(desk_app: FastAPI) -> AsyncIterator[Callable[[], Browser]]:
    """Makes browsers that have not signed in and that send what a browser sends from our own pages."""
    opened: list[Browser] = []

    def make() -> Browser:
        client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(desk_app),
            base_url="https://testserver",
            headers={"sec-fetch-site": "same-origin"},
        )
        opened.append(client)
        return client

    yield make
    for client in opened:
        await client.aclose()


@pytest.fixture
def signed_in(browser: Callable[[], Browser]) -> SignIn:
    """Makes a browser in which an agent has signed in."""

    async def make(agent: Agent) -> Browser:
        client = browser()
        client.cookies.set(DESK_COOKIE, await session_of(agent))
        return client

    return make
