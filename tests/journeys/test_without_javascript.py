"""Everything a resident can do works without scripts: the chat, a person, the survey, the form and its page."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import axe
from tests.journeys.house import House
from tests.journeys.people import close_contact, sign_in

pytestmark = pytest.mark.journey


def say(page: Page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def hear(page: Page, words: str) -> None:
    """The resident looks for new messages, as the page tells them to, until these words are there."""
    log = page.get_by_role("log", name="Conversation")
    for _ in range(20):
        if words in log.inner_text():
            return
        page.get_by_role("link", name="Check for new messages").click()
    expect(log).to_contain_text(words)


def test_a_person_and_a_survey_without_scripts(house: House, page_of: Any) -> None:
    resident = page_of("resident without scripts", java_script_enabled=False)
    resident.goto("/chat")
    axe(resident, scripts=False)
    say(resident, "the tap leaks in my council home")
    expect(resident.get_by_role("log")).to_contain_text("council home")
    axe(resident, scripts=False)
    resident.get_by_role("button", name="Speak to a person").click()
    expect(resident.get_by_role("log")).to_contain_text("Is it right?")
    axe(resident, scripts=False)
    resident.get_by_role("button", name="Change it").click()
    say(resident, "The kitchen tap in my council flat drips day and night.")
    expect(resident.get_by_role("log")).to_contain_text("I have asked for a person")
    expect(resident.get_by_text("You are waiting for a person.")).to_be_visible()
    axe(resident, scripts=False)

    agent = page_of("agent for housing")
    sign_in(agent, house, "agent.housing")
    agent.get_by_role("button", name="Take next").click()
    summary = agent.get_by_role("region", name="The resident's own summary")
    expect(summary).to_contain_text("The kitchen tap in my council flat drips day and night.")
    said = agent.get_by_role("region", name="What was said")
    expect(said).to_contain_text("the tap leaks in my council home")
    agent.get_by_label("Reply in the chat").fill("Hello. Which tap is it?")
    agent.get_by_role("button", name="Send", exact=True).click()
    expect(said).to_contain_text("Which tap is it?")

    hear(resident, "Which tap is it?")
    axe(resident, scripts=False)
    say(resident, "The one in the kitchen")
    expect(said).to_contain_text("The one in the kitchen")
    close_contact(agent, "Done: what they asked for has happened", "Someone comes on Thursday to mend the tap.")

    hear(resident, "Someone comes on Thursday to mend the tap.")
    resident.goto("/chat")
    expect(resident.get_by_text("This conversation has ended.")).to_be_visible()
    axe(resident, scripts=False)
    resident.get_by_label("Very satisfied", exact=True).check()
    resident.get_by_role("button", name="Send my answer").click()
    expect(resident.get_by_role("heading", name="Did you get what you came for?")).to_be_visible()
    axe(resident, scripts=False)
    resident.get_by_label("Yes", exact=True).check()
    resident.get_by_role("button", name="Send my answer").click()
    expect(resident.get_by_role("heading", name="How easy or hard was it to deal with us?")).to_be_visible()
    axe(resident, scripts=False)
    resident.get_by_label("Very easy", exact=True).check()
    resident.get_by_role("button", name="Send my answer").click()
    # One of two questions takes its turn here; any may be skipped.
    expect(resident.get_by_text("question 4 of 5")).to_be_visible()
    axe(resident, scripts=False)
    resident.get_by_role("button", name="Skip this question").click()
    axe(resident, scripts=False)
    resident.get_by_role("textbox").fill("It was easy.")
    resident.get_by_role("button", name="Send my comment").click()
    expect(resident.get_by_role("heading", name="Thank you")).to_be_visible()
    axe(resident, scripts=False)


def test_a_message_is_left_checked_sent_and_followed_without_scripts(page_of: Any) -> None:
    resident = page_of("resident without scripts", java_script_enabled=False, forgive=["status of 422"])
    resident.goto("/contact")
    axe(resident, scripts=False)
    resident.get_by_role("button", name="Continue").click()
    expect(resident.get_by_role("alert")).to_contain_text("There is a problem")
    axe(resident, scripts=False)
    resident.get_by_label("What do you want to tell us?").fill("The street light outside number 4 is out.")
    resident.get_by_label("Where is it?").fill("4 Long Lane")
    resident.get_by_label("Your email or phone number").fill("resident@example.com")
    resident.get_by_label("You may keep what I have written").check()
    resident.get_by_role("button", name="Continue").click()

    expect(resident.get_by_role("heading", name="Check what you are sending")).to_be_visible()
    expect(resident.get_by_text("The street light outside number 4 is out.")).to_be_visible()
    axe(resident, scripts=False)
    resident.get_by_role("button", name="Change something").click()
    expect(resident.get_by_label("Where is it?")).to_have_value("4 Long Lane")
    resident.get_by_label("Where is it?").fill("4 Long Lane, N3")
    resident.get_by_role("button", name="Continue").click()
    expect(resident.get_by_text("4 Long Lane, N3")).to_be_visible()
    resident.get_by_role("button", name=re.compile("^Send this to")).click()

    expect(resident.get_by_role("heading", name="We have your message")).to_be_visible()
    axe(resident, scripts=False)
    reference = resident.locator(".fd-reference dd").first.inner_text()
    code = resident.locator(".fd-reference__code").inner_text()

    resident.goto("/")
    resident.get_by_label("Your reference").fill(reference.lower())
    resident.get_by_role("button", name="See where it has got to").click()
    resident.get_by_label("Your code").fill(code.lower())
    resident.get_by_role("button", name="Continue").click()
    expect(resident.get_by_text("The street light outside number 4 is out.")).to_be_visible()
    axe(resident, scripts=False)
    resident.get_by_label("Add more").fill("It has been out for a week.")
    resident.get_by_role("button", name="Add this").click()
    expect(resident.get_by_text("We have added what you wrote.")).to_be_visible()
    expect(resident.get_by_text("It has been out for a week.").first).to_be_visible()
    axe(resident, scripts=False)
