"""The supervisor's pages in Chromium: axe, 320 pixels, the keyboard, live counts, and no JavaScript."""

import asyncio
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser import axe, fits, started_browser
from tests.makers import make_agent, make_contact, session_of
from triage import taking
from triage.database import transaction

pytestmark = pytest.mark.journey

SMALL = {"width": 320, "height": 640}
WIDE = {"width": 1280, "height": 800}


def opened(browser: Browser, address: str, token: str, **options: object) -> Page:
    """A page of somebody who has signed in."""
    context = browser.new_context(base_url=address, locale="en-GB", **options)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"/as/{token}")
    return page


def _tab_to(page: Page, name: str) -> None:
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim().replace(/\\s+/g, ' ')") == name:
            return
    raise AssertionError(f"Tab never came to {name!r}")


async def test_a_supervisors_morning_by_keyboard_at_two_widths(address: str) -> None:
    supervisor, agent = await make_agent(role="supervisor", name="Supervisor"), await make_agent(name="Agent, Waste")
    token = await session_of(supervisor)
    await session_of(agent)
    held = await make_contact()
    async with transaction() as session:
        await taking.take(session, agent.id, held)
    for number in range(3):
        await make_contact(priority=f"P{number + 1}", live=number == 0)
    await make_contact(queue="Q-HOLDING", placement="bounced")
    loop = asyncio.get_running_loop()

    def arrives() -> None:
        """Somebody else's contact joins the queue and every desk is told, from the server's own loop."""

        async def one() -> None:
            contact_id = await make_contact()
            async with transaction() as session:
                await taking.announce_change(session, contact_id)

        asyncio.run_coroutine_threadsafe(one(), loop).result(20)

    def visit() -> None:
        with started_browser() as browser:
            for size in (SMALL, WIDE):
                page = opened(browser, address, token, viewport=size)
                for path in ("", "/contacts", "/contacts?queue=Q-LIB", f"/contacts/{held}"):
                    page.goto(f"/desk/supervisor{path}")
                    expect(page.get_by_role("heading", level=1)).to_be_visible()
                    axe(page)
                    fits(page)
            # Live: a count changes by itself.
            page.goto("/desk/supervisor")
            row = page.get_by_role("row").filter(has=page.get_by_role("link", name="Bin collections"))
            expect(row.get_by_role("cell").first).to_have_text("3")
            arrives()
            expect(row.get_by_role("cell").first).to_have_text("4")
            # Switch a queue by keyboard.
            _tab_to(page, "Switch on automatic assignment of Bin collections")
            page.keyboard.press("Enter")
            expect(row.get_by_text("Automatically")).to_be_visible()
            # Tick, choose, say why, move; then undo. All by keyboard.
            page.goto("/desk/supervisor/contacts?queue=Q-WASTE&state=waiting")
            page.get_by_role("checkbox").first.focus()
            page.keyboard.press("Space")
            page.get_by_label("Move to", exact=True).focus()
            page.keyboard.type("Libraries")
            page.keyboard.press("Tab")
            page.keyboard.type("It is about books.")
            _tab_to(page, "Move")
            page.keyboard.press("Enter")
            expect(page.get_by_text(re.compile("1 moved"))).to_be_visible()
            axe(page)
            fits(page)
            page.get_by_role("button", name="Undo this move").focus()
            page.keyboard.press("Enter")
            expect(page.get_by_text(re.compile("1 went back"))).to_be_visible()
            # Hand on what somebody has, without JavaScript.
            plain = opened(browser, address, token, viewport=SMALL, java_script_enabled=False)
            plain.goto(f"/desk/supervisor/contacts/{held}")
            plain.get_by_role("button", name="Take it back to the queue").click()
            expect(plain.get_by_text("Waiting", exact=True)).to_be_visible()
            plain.get_by_label("Who is at the desk").select_option(index=1)
            plain.get_by_role("button", name="Give it to them").click()
            expect(plain.get_by_text(re.compile("Given, not opened yet"))).to_be_visible()
            axe(plain, scripts=False)
            fits(plain)

    await asyncio.to_thread(visit)
