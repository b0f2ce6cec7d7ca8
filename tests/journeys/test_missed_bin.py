"""A bin was not emptied: reported in the chat by keyboard and by buttons, and seen by the right agent."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import axe
from tests.journeys.house import House
from tests.journeys.people import Widget, sign_in

pytestmark = pytest.mark.journey


def test_a_resident_reports_a_missed_bin_and_the_right_team_has_it(house: House, page_of: Any) -> None:
    resident = page_of("resident")
    resident.goto("/")
    axe(resident)
    chat = Widget(resident)
    chat.open()
    axe(resident)

    chat.type("my bin was not emptied this morning")
    chat.hear("Which bin was missed?")
    axe(resident)
    chat.choose("Blue bin (recycling)")
    chat.hear("house number and postcode")
    chat.type("12 Ballards Lane N3 1AB")
    chat.hear("Was the bin out")
    chat.choose("Yes")
    chat.hear("Was anything wrong with the bin?")
    chat.type("no")

    # Nothing is sent before it has been read back.
    chat.hear("Check your answers")
    chat.hear("Bin: Blue bin (recycling)")
    chat.hear("12 Ballards Lane, N3 1AB")
    axe(resident)
    chat.choose("Yes, send it")

    chat.hear("We have your report")
    shown = chat.said("assistant").locator("dl dd")
    reference, code = shown.first.inner_text(), chat.said("assistant").locator("dd.code").inner_text()
    assert re.fullmatch(r"BN-[0-9A-Z]{4}-[0-9A-Z]{4}", reference)
    chat.hear(f"Your reference is {reference}")
    axe(resident)

    # The page of the report asks for the code before it shows anything.
    resident.goto(f"/contacts/{reference}")
    expect(resident.get_by_text("Ballards Lane")).to_have_count(0)
    axe(resident)
    resident.get_by_label("Your code").fill(code)
    resident.get_by_role("button", name="Continue").click()
    expect(resident.get_by_text("12 Ballards Lane, N3 1AB").first).to_be_visible()
    expect(resident.get_by_text("About: Missed bin")).to_be_visible()
    axe(resident)

    # The team for bins has it, with what was said and why it is theirs.
    agent = page_of("agent for bins")
    sign_in(agent, house, "agent.waste")
    line = agent.get_by_role("listitem").filter(has=agent.get_by_role("link", name=reference))
    expect(line).to_contain_text("Missed bin")
    axe(agent)
    line.get_by_role("link", name=reference).click()
    know = agent.get_by_role("region", name="What I need to know")
    expect(know).to_contain_text("12 Ballards Lane, N3 1AB")
    expect(know).to_contain_text("Blue bin (recycling)")
    expect(know.get_by_role("heading", name="Why it is here")).to_be_visible()
    expect(know).not_to_contain_text("No reason is on record.")
    axe(agent)

    # Another team does not.
    other = page_of("agent for schools")
    sign_in(other, house, "agent.schools")
    expect(other.get_by_role("link", name=reference)).to_have_count(0)
