"""A resident asks for a person, talks to one, and says how it went; the service owner sees it counted."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import axe
from tests.journeys.house import House, until
from tests.journeys.people import Widget, answers_about, close_contact, sign_in

pytestmark = pytest.mark.journey


def test_a_person_joins_answers_and_closes_and_the_answer_is_counted(house: House, page_of: Any) -> None:
    owner = page_of("owner")
    sign_in(owner, house, "owner", to="/owner")
    before = answers_about(owner, "council_tax_bill")

    resident = page_of("resident")
    resident.goto("/")
    chat = Widget(resident)
    chat.open()
    chat.type("how do I pay my council tax bill?")
    chat.hear("by direct debit")
    chat.choose("Talk to a person")
    # What was said is passed on once the resident has seen it.
    chat.hear("what I will pass on")
    chat.hear("About: Council tax")
    axe(resident)
    chat.choose("Yes, pass it on")
    chat.hear("I have asked for a person")
    expect(chat.log).to_contain_text("You are next")
    axe(resident)

    agent = page_of("agent for council tax")
    sign_in(agent, house, "agent.revenues")
    agent.get_by_role("button", name="Take next").click()
    said = agent.get_by_role("region", name="What was said")
    expect(said).to_contain_text("how do I pay my council tax bill?")
    summary = agent.get_by_role("region", name="Summary that the resident approved")
    expect(summary).to_contain_text("how do I pay my council tax bill?")
    know = agent.get_by_role("region", name="What I need to know")
    expect(know.get_by_role("heading", name="Why it is here")).to_be_visible()
    expect(know).to_contain_text("Council tax")
    expect(know).not_to_contain_text("No reason is on record.")
    axe(agent)

    # The resident's page changes by itself.
    expect(chat.log).to_contain_text("has joined")
    axe(resident)
    agent.get_by_label("Reply in the chat").fill("Hello. You can pay by direct debit. Shall I send the form?")
    agent.get_by_role("button", name="Send", exact=True).click()
    chat.hear("You can pay by direct debit", author="agent")
    expect(agent.get_by_label("Reply in the chat")).to_have_value("")
    chat.type("Yes please, to my address")
    expect(said).to_contain_text("Yes please, to my address")
    axe(agent)
    assert "assistant" not in (chat.log.locator(".said").last.get_attribute("class") or ""), "the bot is not quiet"

    close_contact(agent, "Answered: they have what they need to know", "We sent you the direct debit form.")
    expect(chat.log).to_contain_text("We sent you the direct debit form.")
    expect(chat.panel).to_contain_text("chat ended")
    expect(chat.panel.get_by_role("group", name="Overall, how satisfied are you")).to_be_visible()
    axe(resident)

    for label in (
        "Very satisfied",
        "Satisfied",
        "Neither satisfied nor dissatisfied",
        "Dissatisfied",
        "Very dissatisfied",
    ):
        expect(chat.choice(label)).to_be_visible()
    chat.choose("Satisfied")
    expect(chat.panel.get_by_role("group", name="Did you get what you came for?")).to_be_visible()
    axe(resident)
    chat.choose("Partly")
    expect(chat.panel.get_by_role("group", name="How easy or hard was it to deal with us?")).to_be_visible()
    axe(resident)
    chat.choose("Easy")
    expect(chat.choice("Easy")).to_be_hidden()
    axe(resident)
    chat.choose("Skip")
    comment = chat.log.get_by_role("textbox")
    axe(resident)
    comment.fill("Quick and kind, thank you.")
    chat.choose("Send")
    expect(chat.log.get_by_text("Thank you. Your answers are counted with everybody else")).to_be_visible()
    axe(resident)

    # The chat is over, and what the council calls settled can be called not settled where it was said.
    chat.choose("This is not settled")
    chat.hear("What is still wrong?")

    until(
        lambda: answers_about(owner, "council_tax_bill") == before + 1,
        lambda: f"the owner's page never counted the answer: still {before}",
        patience_s=60,
    )
