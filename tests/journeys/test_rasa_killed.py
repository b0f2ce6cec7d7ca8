"""The assistant's engine dies in the middle of a report: the resident is told at once, and goes on when it is back."""

import time
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import axe
from tests.journeys.house import House, until
from tests.journeys.people import Widget

pytestmark = pytest.mark.journey

PROMISED_S = 5.0


def test_a_report_survives_the_death_of_rasa(house: House, page_of: Any) -> None:
    resident = page_of("resident in a report")
    resident.goto("/")
    chat = Widget(resident)
    chat.open()
    chat.type("report a missed bin")
    chat.hear("Which bin was missed?")
    chat.choose("Blue bin (recycling)")
    chat.hear("house number and postcode")
    other = page_of("resident with a question")
    other.goto("/")
    question = Widget(other)
    question.open()

    rasa = house.rasa()
    assert rasa is not None
    rasa.kill()
    rasa.wait(10)

    began = time.monotonic()
    chat.type("14 N3 1AB")
    chat.hear("What you wrote is saved")
    assert time.monotonic() - began < PROMISED_S
    expect(chat.choice("Talk to a person")).to_be_visible()
    expect(chat.said("assistant").get_by_role("link", name="Leave a message")).to_be_visible()
    axe(resident)

    # A plain question needs no form, and is answered all the same.
    began = time.monotonic()
    question.type("how do I pay my council tax?")
    question.hear("by direct debit")
    assert time.monotonic() - began < PROMISED_S
    axe(other)

    until(house.rasa_answers, lambda: f"Rasa did not come back:\n{house.text()[-2000:]}")
    assert house.rasa() != rasa
    chat.type("14 N3 1AB")
    chat.hear("Was the bin out")
    chat.choose("Yes")
    chat.hear("Was anything wrong with the bin?")
    chat.choose("No, nothing")
    chat.hear("Bin: Blue bin (recycling)")
    chat.hear("14 ")
    axe(resident)
