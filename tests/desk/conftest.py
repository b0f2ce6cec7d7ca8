"""The desk alone, over a real database, as an agent's browser sees it."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles

from tests.browsers import NewBrowser, SignIn, browsers, signing_in
from tests.serving import served
from triage import access, shields
from triage.desk.endpoints import router
from triage.errors import FrontdoorError
from triage.live import Listener
from triage.pages import STATIC


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
async def browser(desk_app: FastAPI) -> AsyncIterator[NewBrowser]:
    """Makes browsers that have not signed in and that send what a browser sends from our own pages."""
    async with browsers(desk_app) as new:
        yield new


@pytest.fixture
def signed_in(browser: NewBrowser) -> SignIn:
    """Makes a browser in which somebody has signed in."""
    return signing_in(browser)


@pytest.fixture
async def address(desk_app: FastAPI) -> AsyncIterator[str]:
    """The desk alone, served on a port of this machine."""
    desk_app.add_middleware(shields.Shields)

    # A browser takes a cookie that is for this host only from its server, and from nobody else.
    @desk_app.get("/as/{token}")
    async def signed_in_as(token: str) -> Response:
        response = Response("Signed in.", media_type="text/plain")
        access.set_cookie(response, access.DESK_COOKIE, token, 1)
        return response

    desk_app.mount("/static", StaticFiles(directory=STATIC), name="static")
    async with served(desk_app) as address:
        yield address
