"""On a small screen and by keyboard alone."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import axe, fits
from tests.journeys.people import Widget

pytestmark = pytest.mark.journey

SMALL = {"width": 320, "height": 640}
RESIDENT_PAGES = (
    "/",
    "/chat",
    "/chat?service=missed_bin",
    "/contact",
    "/contact?service=missed_bin",
    "/contacts/BN-AAAA-AAAA",
    "/reports/2016-q4?source=demo",
    "/accessibility",
    "/desk/sign-in",
)


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control with this name has the focus, seen by whoever looks at the screen."""
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        now = page.evaluate(
            """() => {
                let at = document.activeElement;
                while (at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
                const label = at.labels && at.labels[0] ? at.labels[0].textContent : "";
                return (at.getAttribute("aria-label") || label || at.textContent).trim();
            }"""
        )
        seen.append(now)
        if now == name:
            return
    raise AssertionError(f"Tab never came to {name!r}: {seen}")


def test_a_whole_conversation_by_keyboard_at_320_pixels(page_of: Any) -> None:
    resident = page_of("resident", viewport=SMALL)
    resident.goto("/")
    chat = Widget(resident)
    expect(chat.launcher).to_be_visible()
    tab_to(resident, "Ask the council")
    while not chat.launcher.evaluate("one => one.getRootNode().activeElement === one"):
        tab_to(resident, "Ask the council")
    resident.keyboard.press("Enter")
    expect(chat.box).to_be_focused()
    chat.hear("automated assistant, not a person")
    axe(resident)
    fits(resident)

    resident.keyboard.type("my bin was missed")
    resident.keyboard.press("Enter")
    chat.hear("Which bin was missed?")
    for choice, words in (("Black bin (rubbish)", "house number and postcode"),):
        resident.keyboard.press("Shift+Tab")
        tab_back_to(resident, choice)
        resident.keyboard.press("Enter")
        chat.hear(words)
    expect(chat.box).to_be_focused()
    resident.keyboard.type("3 NW4 4BG")
    resident.keyboard.press("Enter")
    chat.hear("Was the bin out")
    resident.keyboard.type("yes")
    resident.keyboard.press("Enter")
    chat.hear("Was anything wrong with the bin?")
    resident.keyboard.type("nothing")
    resident.keyboard.press("Enter")
    chat.hear("Check your answers")
    axe(resident)
    fits(resident)
    tab_back_to(resident, "Yes, send it")
    resident.keyboard.press("Space")
    chat.hear("We have your report")
    fits(resident)

    # The menu, then out again; the focus goes back to where the chat was opened.
    resident.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_focused()
    resident.keyboard.press("Enter")
    tab_back_to(resident, "Menu")
    resident.keyboard.press("Enter")
    expect(chat.panel.get_by_role("button", name="Start again")).to_be_visible()
    axe(resident)
    resident.keyboard.press("Escape")
    expect(chat.panel.get_by_role("button", name="Menu")).to_be_focused()
    fits(resident)


def tab_back_to(page: Page, name: str) -> None:
    """The same with Shift and Tab."""
    for _ in range(60):
        at = page.evaluate(
            """() => {
                let at = document.activeElement;
                while (at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
                return at.textContent.trim();
            }"""
        )
        if at == name:
            return
        page.keyboard.press("Shift+Tab")
    raise AssertionError(f"Shift and Tab never came to {name!r}")


@pytest.mark.parametrize("address", RESIDENT_PAGES)
def test_no_page_scrolls_sideways_at_320_pixels(page_of: Any, address: str) -> None:
    page = page_of("resident", viewport=SMALL)
    page.goto(address)
    fits(page)
    axe(page)


def test_nothing_runs_off_a_form_with_errors_at_320_pixels(page_of: Any) -> None:
    page = page_of("resident", viewport=SMALL, forgive=["status of 422", "status of 404"])
    page.goto("/contact")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_be_visible()
    fits(page)
    axe(page)
    page.get_by_label("What do you want to tell us?").fill("w" * 300)
    page.get_by_label("You may keep what I have written").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Check what you are sending")).to_be_visible()
    fits(page)
    page.get_by_role("button", name=re.compile("^Send this to")).click()
    expect(page.get_by_role("heading", name="We have your message")).to_be_visible()
    fits(page)
    axe(page)
    page.goto("/nothing-here")
    fits(page)
    axe(page)
