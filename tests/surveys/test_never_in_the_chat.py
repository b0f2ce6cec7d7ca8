"""Whoever is asked in the chat can say there that they are never to be asked again: in the widget and on /chat."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy import select, update

from tests.journeys.browser import axe, fits, started_browser
from tests.makers import make_contact, make_conversation
from tests.serving import served
from tests.surveys.test_cases import AGREED, SAID, closed, the_case
from triage import clock, codes, faults, home, shields
from triage.access import CHAT_COOKIE
from triage.chat import endpoints as chat
from triage.chat import pages
from triage.database import transaction
from triage.pages import STATIC
from triage.surveying.links import token_for
from triage.surveys import endpoints, steps
from triage.tables import Answer, Conversation, SurveyCase, SurveyRefusal

HERE = {"accept": "text/html", "sec-fetch-site": "same-origin"}
SECRET = "a secret of this test alone"
SMALL: ViewportSize = {"width": 320, "height": 640}
KNOWN, UNKNOWN = "to this email address or phone number", "You left us no email address or phone number"


async def asked(**left: Any) -> SurveyCase:
    """Somebody who was asked in the chat that they have ended; `left`: the contact that they left in it before."""
    talk = await make_conversation(SAID, mode="ended")
    if left:
        ended = {"state": "closed", "close_reason": "done", "closed_at": clock.now(), "live": True}
        await make_contact(conversation_id=talk, **ended, **left)
    async with transaction() as session:
        await session.execute(update(Conversation).values(secret_hash=codes.hash_secret(SECRET)))
        await steps.invite_after_conversation(session, talk)
    case = await the_case(conversation_id=talk)
    assert case.invited_by == "chat"
    return case


async def refused() -> list[bytes]:
    async with transaction() as session:
        return list(await session.scalars(select(SurveyRefusal.address_hash)))


async def test_with_an_address_it_is_the_same_as_on_the_page(client: httpx2.AsyncClient) -> None:
    case = await asked(**AGREED)
    said = await client.post(f"/api/surveys/{token_for(case.id)}/never", json={})
    assert said.status_code == 200 and KNOWN in said.json()["said"]
    assert len(await refused()) == 1 and (await the_case(id=case.id)).why_not == "never_again"
    page = await client.post(f"/survey/{token_for(case.id)}/never")
    assert page.status_code == 200 and said.json()["said"] in page.text
    assert len(await refused()) == 1, "twice is no error"
    later = await closed(**AGREED)
    assert later.why_not == "never_again"


async def test_an_address_that_was_left_after_the_question_counts_too(client: httpx2.AsyncClient) -> None:
    case = await asked()
    await make_contact(conversation_id=case.conversation_id, **AGREED)
    said = await client.post(f"/api/surveys/{token_for(case.id)}/never", json={})
    assert KNOWN in said.json()["said"] and len(await refused()) == 1


async def test_without_an_address_they_are_not_asked_about_this_chat_again(client: httpx2.AsyncClient) -> None:
    case = await asked()
    never = f"/survey/{token_for(case.id)}/never"
    assert f'href="{never}"' in (await client.get(never.removesuffix("/never"))).text
    before = await client.get(never)
    assert "Never ask me again" in before.text and "we cannot know you when you come back" in before.text
    said = await client.post(f"/api{never.replace('survey', 'surveys')}", json={})
    assert UNKNOWN in said.json()["said"] and await refused() == []
    assert (await the_case(id=case.id)).why_not == "never_again"
    # What came of the chat is closed later, and now an address is known.
    about_it = await closed(conversation_id=case.conversation_id, **AGREED)
    assert (about_it.eligible, about_it.why_not) == (True, "never_again")


async def test_skipping_refuses_nothing(client: httpx2.AsyncClient) -> None:
    case = await asked(**AGREED)
    await client.post(f"/api/surveys/{token_for(case.id)}", json={"skip": "satisfaction"})
    assert await refused() == [] and (await the_case(id=case.id)).why_not is None


async def test_a_link_that_nothing_can_be_refused_by_is_not_found(client: httpx2.AsyncClient) -> None:
    by_page = await closed()
    for token in ("0" * 64, UUID(int=1).hex + "0" * 32, token_for(UUID(int=7)), token_for(by_page.id)):
        assert (await client.post(f"/api/surveys/{token}/never", json={})).status_code == 404
    assert await refused() == []


@pytest.fixture
def house(database: str) -> FastAPI:
    """The rooms of the chat and of surveys, without an engine: nothing is said here."""
    app = FastAPI()
    faults.install(app)
    app.add_middleware(shields.Shields)
    for room in (chat, pages, endpoints, home):
        app.include_router(room.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    return app


async def test_the_chat_without_scripts_leads_there(house: FastAPI) -> None:
    case = await asked()
    at = httpx2.ASGITransport(house)
    async with httpx2.AsyncClient(transport=at, base_url="https://testserver", headers=HERE) as browser:
        browser.cookies.set(CHAT_COOKIE, f"{case.conversation_id}.{SECRET}")
        page = (await browser.get("/chat")).text
        never = f"/survey/{token_for(case.id)}/never"
        assert f'href="{never}">Never ask me again</a>' in page and 'value="satisfaction">Skip' in page
        done = (await browser.post(never)).text
    assert "We will not ask you again" in done and 'href="/chat#newest"' in done


@pytest.fixture
async def address(house: FastAPI) -> AsyncIterator[str]:
    """The same, served on a port of this machine."""
    async with served(house) as address:
        yield address


def refuse(page: Page) -> None:
    """By keyboard alone, on a small screen; the first time they think better of it."""
    page.locator("#frontdoor-chat .launcher").press("Enter")
    group = page.get_by_role("group", name="Overall, how satisfied are you")
    expect(group).to_be_visible()
    axe(page)
    press(page, "Never ask me again")
    sure = page.get_by_role("group", name="Do you want us never to ask you again?")
    expect(sure).to_be_visible()
    axe(page)
    fits(page)
    press(page, "Back to the question")
    expect(group).to_be_visible()
    press(page, "Skip")
    expect(page.get_by_role("group", name="Did you get what you came for?")).to_be_visible()
    press(page, "Never ask me again")
    press(page, "Never ask me again")
    expect(page.get_by_text(KNOWN)).to_be_focused()
    expect(page.get_by_role("button", name="Never ask me again")).to_be_hidden()
    axe(page)
    page.reload()
    page.locator("#frontdoor-chat .launcher").press("Enter")
    expect(page.get_by_text(KNOWN)).to_be_visible()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).press("Enter")


@pytest.mark.journey
async def test_in_the_widget(address: str) -> None:
    case = await asked(**AGREED)
    saved = {"open": True, "id": str(case.conversation_id), "secret": SECRET, "unsent": [], "surveys": {}}

    def visit() -> None:
        with started_browser() as browser:
            page = browser.new_context(base_url=address, viewport=SMALL, locale="en-GB").new_page()
            kept = f"sessionStorage.setItem('frontdoor:{address}', JSON.stringify({json.dumps(saved)}))"
            page.add_init_script(f"if (!sessionStorage.length) {kept}")
            page.goto("/")
            refuse(page)

    await asyncio.to_thread(visit)
    async with transaction() as session:
        assert list(await session.scalars(select(Answer))) == []
    assert len(await refused()) == 1 and (await the_case(id=case.id)).why_not == "never_again"
