"""The chat goes along from page to page, and can be left in a hurry."""

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import ELSEWHERE, axe
from tests.journeys.people import Widget

pytestmark = pytest.mark.journey


def test_the_conversation_survives_another_page(page_of: Any) -> None:
    resident = page_of("resident")
    resident.goto("/")
    chat = Widget(resident)
    chat.open()
    chat.type("how do I pay my council tax?")
    expect(chat.log.locator(".said.assistant")).to_have_count(2)
    told = chat.said("assistant").inner_text()
    chat.box.fill("half a sent")

    resident.goto("/accessibility")
    axe(resident)
    resident.goto("/")
    expect(chat.panel).to_be_visible()
    expect(chat.log).to_contain_text("how do I pay my council tax?")
    expect(chat.log.locator(".said.assistant")).to_have_count(2)
    assert chat.said("assistant").inner_text() == told
    expect(chat.box).to_have_value("half a sent")
    axe(resident)

    # And it goes on where it was.
    resident.reload()
    chat.box.fill("")
    chat.type("thank you")
    chat.hear("You're welcome")
    expect(chat.log.locator(".said.assistant")).to_have_count(3)


def test_leaving_quickly_goes_away_and_leaves_nothing(page_of: Any) -> None:
    resident = page_of("resident")
    resident.goto("/")
    chat = Widget(resident)
    chat.open()
    chat.type("my partner hits me")
    expect(chat.log.locator(".said.danger")).to_have_count(1)
    axe(resident)
    chat.panel.get_by_role("button", name="Menu").click()
    axe(resident)
    chat.panel.get_by_role("button", name="Leave this site quickly").last.click()
    resident.wait_for_url(ELSEWHERE)

    # Going back shows a page without a trace of it.
    resident.goto("/")
    expect(chat.launcher).to_be_visible()
    expect(chat.panel).to_be_hidden()
    assert "partner" not in json.dumps(resident.evaluate("({...sessionStorage})"))
    chat.open()
    expect(chat.log).not_to_contain_text("my partner hits me")
