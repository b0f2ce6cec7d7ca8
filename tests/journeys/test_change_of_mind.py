"""A resident changes their mind and changes it back, takes an answer back, and puts right what was sent."""

from typing import Any

import pytest

from tests.journeys.browser import axe
from tests.journeys.house import House
from tests.journeys.people import Widget, sign_in

pytestmark = pytest.mark.journey


def test_to_another_form_and_back_with_an_answer_taken_back(house: House, page_of: Any) -> None:
    resident = page_of("resident")
    resident.goto("/")
    chat = Widget(resident)
    chat.open()
    chat.type("my bin was not emptied this morning")
    chat.hear("Which bin was missed?")
    chat.choose("Black bin (rubbish)")
    chat.hear("house number and postcode")

    # Something else comes to mind, and its form is begun.
    chat.type("how do I get rid of an old sofa?")
    chat.hear("house number and postcode")
    chat.choose("Book a collection")
    chat.hear("What do you want taken away")
    assert "I have kept what you told me about missed bin." in chat.log.inner_text()
    axe(resident)
    chat.type("stop")
    chat.hear("stopped")
    chat.choose("Go back to: Missed bin")
    chat.hear("house number and postcode")

    # The black bin was the wrong one.
    chat.type("oops")
    chat.hear("Which bin was missed?")
    chat.choose("Blue bin (recycling)")
    chat.hear("house number and postcode")
    chat.type("12 Ballards Lane N3 1AB")
    chat.hear("Was the bin out")
    chat.choose("Yes")
    chat.hear("Was anything wrong with the bin?")
    chat.choose("No, nothing")
    chat.hear("Bin: Blue bin (recycling)")
    chat.choose("Yes, send it")
    chat.hear("We have your report")
    reference = chat.said("assistant").locator("dl dd").first.inner_text()

    # What was sent is not deleted: a correction goes to the same agent.
    chat.type("that was a mistake")
    chat.hear(f"I can't take back {reference}")
    chat.choose("Add a correction")
    chat.hear("What is wrong, and what is right?")
    chat.type("It is number 14, not 12.")
    chat.hear(f"I have added that to {reference}")
    axe(resident)

    agent = page_of("agent for bins")
    sign_in(agent, house, "agent.waste")
    agent.get_by_role("listitem").filter(has=agent.get_by_role("link", name=reference)).get_by_role(
        "link", name=reference
    ).click()
    said = agent.get_by_role("region", name="What was said")
    assert "It is number 14, not 12." in said.inner_text()
    axe(agent)
