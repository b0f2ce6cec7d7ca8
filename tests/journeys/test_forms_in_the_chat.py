"""What a resident finishes in the chat, without scripts: a likely band, school dates, and help with work to its end."""

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


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).last.click()


def hear(page: Page, *words: str) -> None:
    for each in words:
        expect(page.get_by_role("log")).to_contain_text(each)


def test_the_likely_band_put_right_before_it_is_told(page_of: Any) -> None:
    resident = page_of("resident who wants a council home", java_script_enabled=False)
    resident.goto("/chat")
    say(resident, "how do i get on the council housing list")
    press(resident, "See which band is likely")
    hear(resident, "How many years in a row")
    say(resident, "6 years")
    press(resident, "We don't have enough rooms")
    press(resident, "Yes, but it is hard")
    press(resident, "None of these")
    press(resident, "No, just tell me")
    hear(resident, "Is this right?")
    say(resident, "no, I work")
    hear(resident, "What you do: Work, or train for work")
    press(resident, "Yes, that's right")
    hear(resident, "Band 2 is likely", "A person decides", "Nothing was sent")
    axe(resident, scripts=False)


def test_school_dates_after_another_question(page_of: Any) -> None:
    resident = page_of("parent", java_script_enabled=False)
    resident.goto("/chat")
    say(resident, "when do i apply for secondary school for my daughter")
    press(resident, "Which year, and am I in time?")
    hear(resident, "When was your child born")
    say(resident, "what time does the library open?")
    say(resident, "year 4")
    press(resident, "Yes, that's right")
    hear(resident, "nothing to do yet for secondary school", "council where your child lives")
    axe(resident, scripts=False)


def test_help_with_work_from_consent_to_what_came_of_it(house: House, page_of: Any) -> None:
    resident = page_of("resident who looks for work", java_script_enabled=False)
    resident.goto("/chat")
    say(resident, "i need help to find a job")
    press(resident, "Ask for help with work")
    press(resident, "Finding work, or better work")
    press(resident, "No")
    press(resident, "Yes")
    say(resident, "Burnt Oak")
    say(resident, "kitchen work in the mornings")
    hear(resident, "May we share these answers with Barnet Homes and Jobcentre Plus")
    press(resident, "No")
    press(resident, "Skip")
    hear(resident, "May be shared: No")
    press(resident, "Yes, send it")
    hear(resident, "We share it with nobody outside the council")
    axe(resident, scripts=False)
    found = re.search(r"BN-[0-9A-Z]{4}-[0-9A-Z]{4}", resident.get_by_role("log").inner_text())
    assert found

    agent = page_of("agent for jobs")
    sign_in(agent, house, "agent.schools")
    agent.get_by_role("link", name=found[0], exact=True).first.click()
    agent.get_by_role("button", name="Take this contact").click()
    expect(agent.get_by_text("Do not share outside the council.")).to_be_visible()
    axe(agent)
    contact = agent.url
    close_contact(agent, "Done: what they asked for has happened", "We met you and found you a kitchen job.")
    agent.goto(contact)
    agent.get_by_label("What came of it", exact=True).select_option("Started work")
    agent.get_by_role("button", name="Record this").click()
    expect(agent.get_by_role("region", name="Referral to BOOST")).to_contain_text("Started work,")
    axe(agent)

    owner = page_of("owner")
    sign_in(owner, house, "owner", to="/owner")
    owner.get_by_role("link", name="Help into work").click()
    expect(owner.get_by_role("heading", name="What comes of help into work?")).to_be_visible()
    expect(owner.get_by_text("Let us share with partners")).to_have_count(2)
    axe(owner)
