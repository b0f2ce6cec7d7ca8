"""The pages of sorting in Chromium: axe and 320 pixels, with and without something to show."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI, Response
from fastapi.staticfiles import StaticFiles
from playwright.sync_api import Browser

from tests.journeys.browser import axe, fits, started_browser
from tests.learning.conftest import corrected, make_sorted, make_version, settle
from tests.makers import make_agent, session_of
from tests.serving import served
from triage import access, shields
from triage.database import transaction
from triage.learning import endpoints, examples, ruling
from triage.learning.replaying import replay
from triage.learning.ruling import Asked
from triage.pages import STATIC
from triage.sorters.contract import Score, sorter_kind

pytestmark = pytest.mark.journey

SMALL, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 800}


@pytest.fixture
async def address(database: str) -> AsyncIterator[str]:
    """The pages of sorting alone, served on a port of this machine."""
    app = FastAPI()
    app.include_router(endpoints.router)
    app.add_middleware(shields.Shields)

    @app.get("/as/{token}")
    async def signed_in_as(token: str) -> Response:
        response = Response("Signed in.", media_type="text/plain")
        access.set_cookie(response, access.DESK_COOKIE, token, 1)
        return response

    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    async with served(app) as address:
        yield address


def _look(browser: Browser, address: str, token: str, pages: list[str]) -> None:
    for size in (WIDE, SMALL):
        context = browser.new_context(base_url=address, locale="en-GB", viewport=size)
        page = context.new_page()
        page.goto(f"/as/{token}")
        for one in pages:
            answer = page.goto(one)
            assert answer is not None and answer.status == 200, one
            for summary in page.locator("summary").all():
                summary.click()
            axe(page)
            fits(page)
        if "/desk/sorting/rules" in pages:
            # What was wrong is said on the page that it was sent from.
            page.goto("/desk/sorting/rules")
            page.locator("main form[action='/desk/sorting/rules'] button").first.click()
            page.wait_for_selector(".govuk-error-summary")
            axe(page)
            fits(page)
        context.close()


async def test_every_page_of_sorting_is_for_everybody(address: str) -> None:
    supervisor, editor = await make_agent(role="supervisor"), await make_agent(role="editor")
    tokens = await session_of(supervisor), await session_of(editor)
    pages = ["/desk/sorting", "/desk/sorting/rules", "/desk/sorting/examples"]

    def look(token: str, at: list[str]) -> None:
        with started_browser() as browser:
            _look(browser, address, token, at)

    # With nothing to show yet.
    await asyncio.to_thread(look, tokens[0], pages)
    for _ in range(3):
        await settle(await make_sorted())
    await corrected("Q-STREET", text="The drain is blocked.")
    await corrected("Q-PARK", text="Somebody has left a sofa on the pavement.")
    await make_version("better", live_version=sorter_kind().built())
    await make_version("worse", "past", score=Score(200, 10, 100).kept())
    async with transaction() as session:
        await examples.gather(session)
        asked = Asked(name="Christmas trees", phrases="christmas tree", queue="Q-WASTE")
        rule_id = await ruling.make(session, supervisor, asked)
        job_id = await ruling.ask_to_try(session, supervisor, rule_id, 1)
    await make_sorted("Q-STREET", text="Where does my christmas tree go?")
    await replay(job_id)
    await asyncio.to_thread(look, tokens[0], [*pages, f"/desk/sorting/rules/{rule_id}"])
    await asyncio.to_thread(look, tokens[1], ["/desk/sorting/examples"])
