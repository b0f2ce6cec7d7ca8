"""What an agent typed is never lost: a reply that the server did not take stays in the box, and its draft too."""

import asyncio
from uuid import UUID

import pytest
from playwright.sync_api import Page, Route, expect

from tests.desk.test_supervising_in_a_browser import WIDE, opened
from tests.journeys.browser import axe, started_browser
from tests.makers import make_agent, make_contact, session_of
from triage import taking
from triage.database import transaction

pytestmark = pytest.mark.journey

TYPED = "We come on Tuesday."


def _typed(page: Page, contact_id: UUID) -> None:
    page.goto(f"/desk/contacts/{contact_id}")
    page.wait_for_load_state("load")
    page.get_by_label("Answer", exact=True).fill(TYPED)


async def test_a_reply_that_was_not_taken_stays_in_the_box(address: str) -> None:
    agent, contact_id = await make_agent(name="Agent, Waste"), await make_contact()
    token = await session_of(agent)
    async with transaction() as session:
        await taking.take(session, agent.id, contact_id)

    def busy(route: Route) -> None:
        route.fulfill(status=503, content_type="text/html", body="<h1>Try again in a minute</h1>")

    def lost(route: Route) -> None:
        # It reaches the server, and the answer never comes back.
        route.fetch(max_redirects=0)
        route.abort()

    def visit() -> None:
        with started_browser() as browser:
            page = opened(browser, address, token, viewport=WIDE)
            _typed(page, contact_id)
            box, log = page.locator("#reply-text"), page.locator("#log")
            for answer, shown in ((busy, "still in the box"), (lost, "still in the box")):
                page.route("**/reply", answer)
                page.get_by_role("button", name="Send").click()
                expect(page.locator("#not-sent")).to_contain_text(shown)
                expect(box).to_have_value(TYPED)
                page.unroute("**/reply")
            axe(page)
            # The page has read itself again since, and the draft is there when it is loaded anew.
            expect(log).to_contain_text(TYPED)
            page.reload()
            expect(box).to_have_value(TYPED)
            # The second had arrived: sent once more, it stands there once.
            page.get_by_role("button", name="Send").click()
            expect(box).to_have_value("")
            expect(log.get_by_text(TYPED)).to_have_count(1)
            page.reload()
            expect(box).to_have_value("")
            # What is refused is shown, to copy, and is in the box when the contact is loaded again.
            box.fill("/no such thing")
            page.keyboard.press("Escape")
            page.evaluate("document.getElementById('reply').requestSubmit()")
            expect(page.get_by_text("Nothing was changed")).to_be_visible()
            page.get_by_role("link", name="Load the contact again").click()
            expect(box).to_have_value("/no such thing")
            # Signed out meanwhile.
            box.fill(TYPED)
            page.context.clear_cookies()
            page.evaluate("document.getElementById('reply').requestSubmit()")
            expect(page.locator("#not-sent")).to_contain_text("You have been signed out")
            expect(box).to_have_value(TYPED)
            page.context.close()

    await asyncio.to_thread(visit)
