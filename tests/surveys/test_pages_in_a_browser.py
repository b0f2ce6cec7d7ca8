"""The pages that letters lead to in Chromium: axe, 320 pixels, with and without JavaScript, and what "opened" means."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI, Response
from fastapi.staticfiles import StaticFiles
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy import select, update

from tests.journeys.browser import axe, fits, started_browser
from tests.serving import served
from tests.surveys.test_cases import AGREED, closed
from triage import clock, faults, home, shields
from triage.database import transaction
from triage.pages import STATIC
from triage.surveying.links import token_for
from triage.surveys import endpoints, inviting, repository
from triage.tables import Answer, OutcomeCheck, SurveyCase

pytestmark = pytest.mark.journey

SMALL: ViewportSize = {"width": 320, "height": 640}
# Where to leave pictures to be looked at; none are made unless it is said.
PICTURES = os.environ.get("FRONTDOOR_PICTURES")


@pytest.fixture
async def address(database: str) -> AsyncIterator[str]:
    """The survey room alone, served on a port of this machine."""
    app = FastAPI()
    faults.install(app)
    app.add_middleware(shields.Shields)
    app.include_router(endpoints.router)
    app.include_router(home.router)

    @app.get("/icon")
    async def icon() -> Response:
        return Response(status_code=204)

    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    async with served(app) as address:
        yield address


async def asked() -> tuple[SurveyCase, str]:
    """Somebody who was invited by message, and asked whether it is settled."""
    case = await closed(**AGREED)
    async with transaction() as session:
        held = await repository.case(session, case.id, lock=True)
        assert held is not None
        await inviting.invite(session, held, "message")
        await session.execute(update(OutcomeCheck).values(asked_at=clock.now(), due_at=clock.now() - timedelta(days=1)))
    return case, f"/survey/{token_for(case.id)}"


def look(page: Page, name: str, scripts: bool) -> None:
    axe(page, scripts=scripts)
    fits(page)
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}-{'with' if scripts else 'without'}.png", full_page=True)


def answer_all(page: Page, at: str, scripts: bool) -> None:
    page.goto(at)
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_text("Choose one of the answers.").first).to_be_visible()
    look(page, "1-error", scripts)
    page.get_by_label("Dissatisfied", exact=True).check()
    page.get_by_role("button", name="Send my answer").click()
    for place, label in ((2, "Partly"), (3, "Hard"), (4, "No")):
        expect(page.get_by_text(f"question {place} of 5")).to_be_visible()
        look(page, f"{place}", scripts)
        page.get_by_label(label, exact=True).check()
        page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_text("question 5 of 5")).to_be_visible()
    look(page, "5", scripts)
    page.get_by_role("textbox").fill("Say which day.")
    page.get_by_role("button", name="Send my comment").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    look(page, "6-done", scripts)


def settle(page: Page, at: str, scripts: bool) -> None:
    page.goto(f"{at}/settled")
    look(page, "settled", scripts)
    page.get_by_role("button", name="Send my answer").click()
    look(page, "settled-error", scripts)
    page.get_by_label("No, it is not settled").check()
    page.get_by_label("what is still wrong?").fill("The bin is still full.")
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_role("heading", name="We have opened it again")).to_be_visible()
    look(page, "settled-told", scripts)


def refuse(page: Page, at: str, scripts: bool) -> None:
    page.goto(f"{at}/never")
    look(page, "never", scripts)
    page.get_by_role("button", name="Never ask me again").click()
    expect(page.get_by_role("heading", name="We will not ask you again")).to_be_visible()
    look(page, "never-done", scripts)


@pytest.mark.parametrize("scripts", [True, False])
async def test_every_page_is_accessible_and_works_on_a_small_screen(address: str, scripts: bool) -> None:
    _, at = await asked()

    def visit() -> None:
        with started_browser() as browser:
            context = browser.new_context(
                base_url=address,
                viewport=SMALL,
                java_script_enabled=scripts,
                locale="en-GB",
            )
            page = context.new_page()
            answer_all(page, at, scripts)
            settle(page, at, scripts)
            refuse(page, at, scripts)

    await asyncio.to_thread(visit)
    async with transaction() as session:
        (answer,) = (await session.scalars(select(Answer))).all()
        (check,) = (await session.scalars(select(OutcomeCheck))).all()
    assert (answer.satisfaction, answer.got_it, answer.effort, answer.comment) == (2, "partly", 2, "Say which day.")
    assert {answer.taken_seriously, answer.clear_next_step} == {"no", None}
    assert check.settled is False


async def test_a_page_that_somebody_sees_is_opened_and_one_that_a_scanner_reads_is_not(address: str) -> None:
    case, at = await asked()

    async def opened() -> bool:
        async with transaction() as session:
            return (await session.get_one(SurveyCase, case.id)).opened_at is not None

    def visit(scripts: bool) -> None:
        with started_browser() as browser:
            page = browser.new_context(base_url=address, java_script_enabled=scripts).new_page()
            if scripts:
                with page.expect_response(lambda response: response.url.endswith("/opened")):
                    page.goto(at)
            else:
                page.goto(at)

    await asyncio.to_thread(visit, False)
    assert not await opened()
    await asyncio.to_thread(visit, True)
    assert await opened()
