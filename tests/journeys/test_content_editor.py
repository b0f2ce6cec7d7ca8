"""A content editor finds the service that needs attention, reads why, and tries a message; by keyboard, at 320 px."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import axe, fits
from tests.journeys.house import House
from tests.journeys.people import sign_in
from tests.journeys.test_small_and_keyboard import tab_to

pytestmark = pytest.mark.journey

SMALL = {"width": 320, "height": 640}
# Nothing that we answer; asked three times, it fell through often enough to be looked at.
VAGUE = "my name is Priya Zelkova and it is about the bill for parking"


def fall_through(page_of: Any) -> None:
    """A resident asks three times what is not understood."""
    resident = page_of("resident", java_script_enabled=False)
    resident.goto("/chat")
    for _ in range(3):
        resident.get_by_label("Your message").fill(VAGUE)
        resident.get_by_role("button", name="Send", exact=True).click()
        expect(resident.get_by_role("log")).to_contain_text("the bill for parking")


def open_confusions(page: Page) -> None:
    """Open the first service that its examples are mistaken for."""
    part = page.get_by_role("region", name="What its examples are mistaken for")
    part.locator("summary").first.click()
    expect(part.locator(".edit-lines").first).to_be_visible()


def test_from_what_needs_attention_to_a_message_tried(page_of: Any, house: House) -> None:
    fall_through(page_of)
    editor = page_of("editor")
    sign_in(editor, house, "editor", to="/content")
    expect(editor.get_by_role("heading", name="What needs attention?")).to_be_visible()
    axe(editor)
    first = editor.locator(".edit-row").first
    expect(first).to_contain_text("messages near it fell through lately")
    name = first.get_by_role("link").inner_text()
    first.get_by_role("link").click()
    expect(editor.get_by_role("heading", name=name, exact=True)).to_be_visible()
    open_confusions(editor)
    axe(editor)
    words = editor.get_by_role("region", name="What its examples are mistaken for").locator(".edit-words")
    expect(words.first).to_be_visible()
    expect(editor.locator("body")).not_to_contain_text("Zelkova")

    editor.get_by_role("link", name="Fell through").first.click()
    expect(editor.get_by_role("heading", name="Messages that fell through")).to_be_visible()
    # Others may have fallen through in the same house; these are the newest.
    for at in range(3):
        expect(editor.locator(".edit-words").nth(at)).to_contain_text(re.compile(r"\[name\].*the bill for parking"))
    expect(editor.locator("body")).not_to_contain_text("Zelkova")
    axe(editor)

    editor.get_by_role("link", name="Due for review").click()
    expect(editor.get_by_role("heading", name="Due for review")).to_be_visible()
    axe(editor)

    editor.get_by_role("link", name="Try a message").click()
    editor.get_by_label("What might a resident say?").fill("my bin was missed")
    editor.get_by_role("button", name="Try it").click()
    expect(editor.get_by_role("region", name="What is understood")).to_contain_text("Missed bin.")
    # The engine that residents have answers: the form's first question, which the spare one cannot ask.
    reply = editor.get_by_role("region", name="What a resident would see")
    expect(reply).to_contain_text("Which bin was missed?")
    expect(reply.get_by_role("button")).to_have_count(0)
    axe(editor)


def test_by_keyboard_at_320_pixels_without_javascript(page_of: Any, house: House) -> None:
    editor = page_of("editor", viewport=SMALL, java_script_enabled=False)
    editor.goto("/content")
    editor.wait_for_url(re.compile("/desk/sign-in"))
    editor.get_by_label("Sign-in name").fill("editor")
    editor.get_by_label("Password", exact=True).fill(house.logins["editor"])
    editor.keyboard.press("Enter")
    # The page to sign in on ends in this too, as what comes after it.
    editor.wait_for_url(re.compile(r":\d+/content$"))
    fits(editor)
    axe(editor, scripts=False)
    editor.get_by_label("Find a service").focus()
    editor.keyboard.type("single person")
    editor.keyboard.press("Enter")
    expect(editor.get_by_role("heading", name=re.compile("^[1-9][0-9]? of"))).to_be_visible()
    fits(editor)
    link = editor.locator(".edit-row__name").first
    name = link.inner_text()
    link.focus()
    editor.keyboard.press("Enter")
    expect(editor.get_by_role("heading", name=name, exact=True)).to_be_visible()
    summary = editor.get_by_role("region", name="What its examples are mistaken for").locator("summary").first
    summary.focus()
    editor.keyboard.press("Enter")
    expect(editor.locator(".edit-lines").first).to_be_visible()
    fits(editor)
    axe(editor, scripts=False)
    for address in ("/content/fell-through", "/content/review", "/content/try"):
        editor.goto(address)
        fits(editor)
        axe(editor, scripts=False)
    editor.get_by_label("What might a resident say?").focus()
    editor.keyboard.type("i live on my own, do i pay less council tax? " + "w" * 60)
    editor.keyboard.press("Tab")
    editor.keyboard.press("Enter")
    expect(editor.get_by_role("heading", name="What a resident would see")).to_be_visible()
    fits(editor)
    axe(editor, scripts=False)


def test_a_mouse_is_not_needed(page_of: Any, house: House) -> None:
    editor = page_of("editor")
    sign_in(editor, house, "editor", to="/content")
    tab_to(editor, "Try a message")
    editor.keyboard.press("Enter")
    expect(editor.get_by_role("heading", name="Try a message")).to_be_visible()
    tab_to(editor, "What might a resident say?")
    editor.keyboard.type("when is the tip open")
    tab_to(editor, "Try it")
    editor.keyboard.press("Enter")
    expect(editor.get_by_role("region", name="What is understood")).to_contain_text("The tip")
