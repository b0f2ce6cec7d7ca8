"""A call about a contact, by keyboard, at 320 pixels and without JavaScript."""

import asyncio

import pytest
from playwright.sync_api import expect

from tests.desk.test_supervising_in_a_browser import SMALL, WIDE, opened
from tests.journeys.browser import axe, fits, started_browser
from tests.makers import contact_now, make_agent, make_contact, session_of
from triage import clock, taking
from triage.database import transaction

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("trained")]

CLOSED = {"state": "closed", "close_reason": "done", "outcome": "We have emptied it."}


async def test_a_call_about_a_contact_is_written_down(address: str) -> None:
    agent, colleague = await make_agent(name="Agent, Waste"), await make_agent(name="Agent, Bins")
    token = await session_of(agent)
    mine, held, closed = await make_contact(), await make_contact(), await make_contact(**CLOSED, closed_at=clock.now())
    async with transaction() as session:
        await taking.take(session, agent.id, mine)
        await taking.take(session, colleague.id, held)
    reference = (await contact_now(held)).reference

    def visit() -> None:
        with started_browser() as browser:
            page = opened(browser, address, token, viewport=WIDE)
            # Of mine, by keyboard alone: the box is open and has the focus.
            page.goto(f"/desk/contacts/{mine}")
            page.wait_for_load_state("load")
            page.keyboard.press("Escape")
            page.keyboard.press("y")
            box = page.get_by_label("What the caller said, in their own words")
            expect(box).to_be_focused()
            axe(page)
            page.keyboard.insert_text("It is the blue one.")
            page.keyboard.press("Control+Enter")
            expect(page.get_by_text("We have added what they said.")).to_be_visible()
            axe(page)
            # Loaded anew it is sent anew, and kept once.
            page.reload()
            page.goto(f"/desk/contacts/{mine}")
            expect(page.locator("#log").get_by_text("It is the blue one.")).to_have_count(1)
            expect(page.locator("#log")).to_contain_text("by phone (written down by Agent, Waste)")
            # What a colleague has, from where it was looked up; small.
            small = opened(browser, address, token, viewport=SMALL)
            small.goto("/desk/look-up")
            small.get_by_label("Look up", exact=True).fill(reference)
            small.keyboard.press("Enter")
            small.get_by_role("main").get_by_text("Somebody rang about this").click()
            axe(small)
            fits(small)
            small.get_by_label("What the caller said, in their own words").fill("And the lid is broken.")
            small.get_by_role("button", name="Keep what they said").click()
            expect(small.get_by_text("We have added what they said.")).to_be_visible()
            fits(small)
            # What is closed, without JavaScript.
            plain = opened(browser, address, token, viewport=SMALL, java_script_enabled=False)
            plain.goto(f"/desk/contacts/{closed}")
            plain.locator("#rang > summary").click()
            axe(plain, scripts=False)
            fits(plain)
            plain.get_by_label("What the caller said, in their own words").fill("It is full still.")
            plain.get_by_label("It is not settled: it is opened again").check()
            plain.get_by_role("button", name="Keep what they said").click()
            expect(plain.get_by_text("It is open again")).to_be_visible()
            fits(plain)

    await asyncio.to_thread(visit)
    assert (await contact_now(closed)).state == "sorted"
