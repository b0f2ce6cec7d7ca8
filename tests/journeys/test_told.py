"""A resident is told of each change, sees where their contact is, and has it opened again; none of it needs scripts."""

import json
import re
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import axe, fits
from tests.journeys.house import House, until
from tests.journeys.people import close_contact, sign_in

pytestmark = pytest.mark.journey

SMALL = {"width": 320, "height": 640}
NEED = "The school place list does not show my son's name."


def sent(house: House) -> list[str]:
    """The messages that the stand-in has taken, by their templates, as the worker's log has them."""
    lines = (house.home / "logs" / "worker.log").read_text().splitlines()
    found = [json.loads(line[line.index("{") :]) for line in lines if '"message.sent"' in line]
    return [one["template"] for one in found]


def check(page: Page) -> None:
    axe(page, scripts=False)
    fits(page)


def take(agent: Page, reference: str) -> None:
    """The agent takes the contact with this reference."""
    line = agent.get_by_role("link", name=reference)

    def there() -> bool:
        agent.goto("/desk")
        return line.count() > 0

    until(there, lambda: f"{reference} is not on the desk", 60)
    line.first.click()
    agent.get_by_role("button", name="Take this contact").click()
    expect(agent.get_by_label("Answer", exact=True)).to_be_visible()


def leave_message(resident: Page, messages: bool) -> tuple[str, str]:
    """The resident leaves a message with the form; its reference and code."""
    resident.goto("/contact?service=school_place_primary")
    resident.get_by_label("What do you want to tell us?").fill(NEED)
    resident.get_by_label("Your email or phone number").fill("resident@example.com")
    if messages:
        resident.get_by_label("Send me a message when there is news").check()
    resident.get_by_label("You may keep what I have written").check()
    check(resident)
    resident.get_by_role("button", name="Continue").click()
    check(resident)
    resident.get_by_role("button", name=re.compile("^Send this to")).click()
    expect(resident.get_by_role("heading", name="We have your message")).to_be_visible()
    check(resident)
    code = resident.locator(".fd-reference__code").inner_text()
    return resident.locator(".fd-reference dd").first.inner_text(), code


def test_a_resident_is_told_answers_and_has_it_opened_again(house: House, page_of: Any) -> None:
    before = sent(house)
    resident = page_of("resident without scripts", java_script_enabled=False, viewport=SMALL)
    reference, code = leave_message(resident, messages=True)

    def told() -> list[str]:
        return sent(house)[len(before) :]

    until(lambda: told() == ["received"], lambda: f"told of {told()}", 60)
    agent = page_of("agent for schools")
    sign_in(agent, house, "agent.schools")
    take(agent, reference)
    until(lambda: told() == ["received", "taken"], lambda: f"told of {told()}", 60)
    agent.get_by_label("Answer", exact=True).fill("What is his date of birth?")
    agent.get_by_label("Tell them that we need their answer").check()
    axe(agent)
    agent.get_by_role("button", name="Send", exact=True).click()
    expect(agent.get_by_role("region", name="What was said")).to_contain_text("What is his date of birth?")

    resident.goto(f"/contacts/{reference}")
    resident.get_by_label("Your code").fill(code)
    resident.get_by_role("button", name="Continue").click()
    assert code not in resident.url and code not in resident.content()
    expect(resident.get_by_text("We need your answer before we can go on.")).to_be_visible()
    expect(resident.get_by_text("What is his date of birth?")).to_be_visible()
    expect(resident.get_by_text("This team has it:")).to_be_visible()
    check(resident)
    resident.get_by_label("Your answer").fill("The third of May.")
    resident.get_by_role("button", name="Send your answer").click()
    expect(resident.get_by_text("We have added what you wrote.")).to_be_visible()
    check(resident)
    said = agent.get_by_role("region", name="What was said")
    expect(said).to_contain_text("The third of May.")
    close_contact(agent, "Done: what they asked for has happened", "We have put his name on the list.")

    # The code is not asked for again.
    resident.goto(f"/contacts/{reference}")
    expect(resident.get_by_role("heading", name="It is closed.")).to_be_visible()
    expect(resident.get_by_text("We have put his name on the list.").first).to_be_visible()
    check(resident)
    resident.get_by_label("What is still wrong").fill("His name is spelt wrong.")
    resident.get_by_role("button", name="This is not settled").click()
    expect(resident.get_by_text("We have opened it again.").first).to_be_visible()
    check(resident)

    take(agent, reference)
    expect(agent.get_by_role("region", name="What was said")).to_contain_text("His name is spelt wrong.")
    axe(agent)
    each = ["received", "taken", "asked", "closed", "reopened", "taken"]
    until(lambda: sorted(told()) == sorted(each), lambda: f"told of {told()}", 60)

    # No more messages from here on.
    resident.goto(f"/contacts/{reference}")
    resident.get_by_role("button", name="Stop the messages").click()
    expect(resident.get_by_text("Messages are off")).to_be_visible()
    check(resident)
    close_contact(agent, "Done: what they asked for has happened", "We have put the name right.")
    resident.get_by_role("button", name="Close this page").click()
    resident.goto(f"/contacts/{reference}")
    expect(resident.get_by_label("Your code")).to_be_visible()

    # Whoever is not safe is never written to, whatever was agreed.
    with httpx2.Client(base_url=house.address) as other:
        need = {
            "text": "My partner hits me and reads all my email",
            "reply_to": "resident2@example.com",
            "messages": True,
            "consent": True,
        }
        unsafe = other.post("/api/contacts", json=need).json()
        safe = other.post("/api/contacts", json=need | {"text": NEED, "reply_to": "resident3@example.com"}).json()
    assert unsafe["danger"] and not safe["danger"]
    until(lambda: len(told()) > len(each), lambda: f"told of {told()}", 60)
    assert sorted(told()) == sorted([*each, "received"]), "one for whoever agreed, none for the other two"

    supervisor = page_of("supervisor")
    sign_in(supervisor, house, "supervisor", to="/desk/notices")
    axe(supervisor)
    expect(supervisor.get_by_role("heading", name="Messages not sent")).to_be_visible()
    rows = supervisor.get_by_role("table")
    expect(rows).to_contain_text("Not told. Nobody has said that it is safe to contact them.")
    expect(rows).to_contain_text("Not told. They did not agree to messages.")
    supervisor.set_viewport_size(SMALL)
    axe(supervisor)
    fits(supervisor)
