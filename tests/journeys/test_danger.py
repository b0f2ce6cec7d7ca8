"""Somebody may come to harm: the number comes first, and the desk sees it before everything else."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import axe
from tests.journeys.house import House
from tests.journeys.people import Widget, sign_in

pytestmark = pytest.mark.journey


def test_help_comes_first_and_the_desk_sees_it_first(house: House, page_of: Any) -> None:
    resident = page_of("resident", viewport={"width": 390, "height": 844}, has_touch=True)
    resident.goto("/")
    chat = Widget(resident)
    chat.open()
    chat.type("i want to kill myself")

    told = chat.log.locator(".said.danger").last
    number = told.get_by_role("link").first
    expect(number).to_have_attribute("href", "tel:999")
    box = number.bounding_box()
    assert box is not None and box["height"] >= 44, f"the number is hard to tap: {box}"
    # The number stands before every other word of what is said.
    first = told.locator("a, p:not(.name)").first
    expect(first).to_contain_text("999")
    expect(told).to_contain_text("Samaritans")
    expect(told.get_by_role("link", name="116 123")).to_have_attribute("href", "tel:116123")
    for loud in ("!", "URGENT", "WARNING"):
        expect(told).not_to_contain_text(loud)
    axe(resident)

    chat.hear("Is it safe for us to contact you?")
    reference = re.findall(r"BN-[0-9A-Z]{4}-[0-9A-Z]{4}", chat.said("assistant").inner_text())[0]
    chat.choose("No, do not contact me")
    chat.hear("We will not call, text or email you")
    axe(resident)

    agent = page_of("agent")
    sign_in(agent, house, "agent.triage")
    line = agent.get_by_role("region", name="Next in line").get_by_role("listitem")
    expect(line.filter(has_text=reference)).to_be_visible()
    levels = [re.findall(r"P[0-4]", words)[0] for words in line.all_inner_texts()]
    place = [reference in words for words in line.all_inner_texts()].index(True)
    assert set(levels[: place + 1]) == {"P0"}, f"something came before it: {levels}"
    axe(agent)
    agent.get_by_role("button", name=f"Take {reference}").click()
    know = agent.get_by_role("region", name="What I need to know")
    expect(know).to_contain_text("Danger was seen")
    expect(know).to_contain_text("It is not safe to contact this person outside this chat.")
    expect(agent.get_by_role("region", name="What was said")).to_contain_text("i want to kill myself")
    axe(agent)
    expect(chat.log).to_contain_text("has joined")


def test_without_scripts_the_number_is_what_is_seen_first(page_of: Any) -> None:
    resident = page_of("resident", java_script_enabled=False, viewport={"width": 320, "height": 640})
    resident.goto("/chat")
    resident.get_by_label("Your message").fill("my partner hits me")
    resident.get_by_role("button", name="Send", exact=True).click()
    told = resident.locator(".fd-danger")
    expect(told.get_by_role("link").first).to_have_attribute("href", "tel:999")
    expect(told.get_by_role("link").first).to_be_in_viewport(ratio=1)
    # The number, the calm words, the way out, then the other numbers.
    shown = told.locator(".fd-number, .fd-leave").all_inner_texts()
    assert shown[:2] == ["999", "Leave this site quickly"] and len(shown) > 2
    axe(resident, scripts=False)
