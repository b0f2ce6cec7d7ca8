"""An agent's morning by keyboard alone: two residents in the chat at once, partners, a promise, what is not settled."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import axe, fits
from tests.journeys.house import House
from tests.journeys.people import Widget, sign_in

pytestmark = pytest.mark.journey

# What a page shows, without what differs between two loads of it: the words of clocks, and what is only this tab's.
SHOWN = """() => [...document.querySelectorAll("[data-live]")].map((part) => {
  const copy = part.cloneNode(true);
  for (const one of copy.querySelectorAll("details")) one.removeAttribute("open");
  for (const one of copy.querySelectorAll("[data-since], time, noscript, .desk-clock, .desk-typing")) one.remove();
  for (const one of copy.querySelectorAll("[class]")) one.classList.remove("htmx-request");
  for (const one of copy.querySelectorAll("[data-htmx-powered]")) one.removeAttribute("data-htmx-powered");
  return part.id + ": " + copy.textContent.replace(/\\s+/g, " ").trim();
})"""


def asks_for_a_person(page_of: Any, who: str, words: str, answer: str) -> Widget:
    """A resident who says something, asks for a person and waits."""
    page = page_of(who)
    page.goto("/")
    chat = Widget(page)
    chat.open()
    chat.type(words)
    chat.hear(answer)
    chat.choose("Talk to a person")
    chat.hear("what I will pass on")
    chat.choose("Yes, pass it on")
    chat.hear("I have asked for a person")
    return chat


def at_the_reply(page: Page) -> None:
    """The contact's page is loaded, its keys work, and the reply is where typing goes."""
    expect(page.locator("#reply-text")).to_be_focused()
    page.wait_for_load_state("load")


def shows_what_a_fresh_load_shows(page: Page, house: House) -> None:
    """The page as it changed by itself is the page as it is loaded anew."""
    fresh = page.context.new_page()
    try:
        fresh.goto(page.url.partition("#")[0])
        expect(fresh.locator("#desk")).to_be_visible()
        wanted = fresh.evaluate(SHOWN)
        for _ in range(40):
            if page.evaluate(SHOWN) == wanted:
                return
            page.wait_for_timeout(250)
        assert page.evaluate(SHOWN) == wanted
    finally:
        fresh.close()


def test_two_residents_at_once_by_keyboard(house: House, page_of: Any) -> None:
    agent = page_of("agent for council tax", forgive=["ERR_INTERNET_DISCONNECTED", "Failed to load resource"])
    sign_in(agent, house, "agent.revenues")
    one = asks_for_a_person(page_of, "first resident", "how do I pay my council tax bill?", "by direct debit")
    other = asks_for_a_person(page_of, "second resident", "how do I pay my council tax bill?", "by direct debit")
    expect(other.panel).to_contain_text("You are number 2 in line")
    axe(other.page)

    keys = agent.keyboard
    expect(agent.get_by_role("button", name="Take next")).to_be_visible()
    agent.wait_for_load_state("load")
    keys.press("n")
    at_the_reply(agent)
    first = agent.url.partition("#")[0]
    expect(one.log).to_contain_text("has joined")
    # The other resident's place changes by itself.
    expect(other.panel).to_contain_text("You are next.")
    expect(agent.locator("#presence")).to_contain_text("Their page is open.")
    keys.insert_text("Hello. What is your account number")
    expect(one.panel).to_contain_text("A person is typing")
    axe(agent)

    # The second, while the first is half answered: the draft stays with the first.
    keys.press("Escape")
    keys.press("m")
    expect(agent.get_by_role("button", name="Take next")).to_be_visible()
    agent.wait_for_load_state("load")
    keys.press("n")
    at_the_reply(agent)
    second = agent.url.partition("#")[0]
    assert second != first
    expect(agent.locator("#reply-text")).to_have_value("")
    other.box.focus()
    # That somebody types is told every three seconds while they do; a page that is only just open hears the next time.
    shown = agent.locator("#typing").filter(has_text="The resident is typing…")
    for word in ("Are", " you", " there"):
        other.page.keyboard.insert_text(word)
        if word != " there":
            other.page.wait_for_timeout(3_200)
    expect(shown).to_be_visible()
    other.page.keyboard.press("Enter")
    expect(agent.get_by_role("region", name="What was said")).to_contain_text("Are you there")
    one.type("It is 12345")
    mine = agent.get_by_role("region", name="My work")
    expect(mine).to_contain_text(re.compile(r"\d unanswered"))
    axe(agent)

    # A saved reply by two letters, then back to the first by key, and its draft is there.
    keys.insert_text("/anything")
    expect(agent.locator("#saved")).to_be_visible()
    axe(agent)
    keys.press("Enter")
    expect(agent.locator("#reply-text")).to_have_value("Is there anything else you would like me to do about this?")
    keys.press("Control+Enter")
    other.hear("Is there anything else", author="agent")
    expect(one.log).not_to_contain_text("Is there anything else")
    expect(agent.locator("#reply-text")).to_have_value("")
    keys.press("Escape")
    keys.press("j")
    agent.wait_for_url(lambda url: url.partition("#")[0] == first)
    expect(agent.locator("#reply-text")).to_have_value("Hello. What is your account number")
    keys.press("Control+Enter")
    one.hear("What is your account number", author="agent")
    expect(other.log).not_to_contain_text("account number")

    # The stream is lost, things happen, and once it is back each page is the page that a fresh load shows.
    for number, address in enumerate((first, "/desk", "/desk/queues/Q-CTAX?show=open")):
        if number:
            agent.goto(address)
        agent.context.set_offline(True)
        expect(agent.get_by_text("Out of touch.")).to_be_visible(timeout=45_000)
        axe(agent)
        one.type(f"Are you gone? {number}")
        other.type(f"Thank you {number}")
        one.hear(f"Are you gone? {number}", author="resident")
        agent.context.set_offline(False)
        expect(agent.get_by_text("Out of touch.")).to_be_hidden(timeout=30_000)
        shows_what_a_fresh_load_shows(agent, house)
        axe(agent)
        if not number:
            expect(agent.get_by_role("region", name="What was said")).to_contain_text("Are you gone? 0")

    # Narrow: nothing has to be scrolled sideways.
    agent.set_viewport_size({"width": 320, "height": 640})
    for address in ("/desk", "/desk/queues/Q-CTAX?show=open", first):
        agent.goto(address)
        fits(agent)
    agent.set_viewport_size({"width": 1280, "height": 800})

    # A promise in three keys: the resident is told, and need not wait.
    at_the_reply(agent)
    keys.press("Escape")
    keys.press("b")
    keys.press("1")
    axe(agent)
    keys.press("Control+Enter")
    one.hear("I'll get back to you by", author="agent")
    expect(one.log).to_contain_text("You need not wait here.")
    axe(one.page)

    # The other is closed by keyboard: c, a reason, and its sentence is there.
    keys.press("Escape")
    agent.goto(second)
    at_the_reply(agent)
    keys.press("Escape")
    keys.press("c")
    keys.press("2")
    axe(agent)
    keys.press("Control+Enter")
    agent.wait_for_url("**/desk?done=*")
    expect(other.panel).to_contain_text("chat ended")
    axe(agent)


def test_a_contact_crosses_partners_and_comes_back_when_it_is_not_settled(house: House, page_of: Any) -> None:
    resident = page_of("resident")
    resident.goto("/contact?service=missed_bin")
    resident.get_by_label("What do you want to tell us?").fill(
        "The tap in my council flat leaks, and no bin was emptied."
    )
    resident.get_by_label("Your email or phone number").fill("crossing@example.com")
    resident.get_by_label("You may keep what I have written").check()
    resident.get_by_role("button", name="Continue").click()
    resident.get_by_role("button", name=re.compile("^Send this to")).click()
    reference = resident.locator(".fd-reference dd").first.inner_text()
    code = resident.locator(".fd-reference__code").inner_text()

    waste = page_of("agent for bins")
    sign_in(waste, house, "agent.waste")
    # From the list of the queue, by keyboard.
    waste.keyboard.press("q")
    waste.goto("/desk/queues/Q-WASTE")
    axe(waste)
    line = waste.locator("#queue-list").get_by_role("link", name=reference)
    expect(line).to_be_visible(timeout=30_000)
    line.focus()
    waste.keyboard.press("Enter")
    waste.get_by_role("button", name="Take this contact").focus()
    waste.keyboard.press("Enter")
    at_the_reply(waste)
    waste.keyboard.press("Escape")
    waste.keyboard.press("a")
    waste.keyboard.insert_text("leak")
    waste.keyboard.press("Enter")
    expect(waste.get_by_role("list", name="Tags")).to_contain_text("leak")
    waste.wait_for_load_state("load")
    axe(waste)
    waste.keyboard.press("Escape")
    waste.keyboard.press("t")
    waste.get_by_label("Pass on to", exact=True).select_option("Q-REPAIR")
    waste.get_by_label("Because").select_option("next_step")
    waste.get_by_label("Note for the colleague who takes it").fill("The bin is done; the tap is yours.")
    waste.keyboard.press("Control+Enter")
    waste.wait_for_url("**/desk?done=*")

    housing = page_of("agent for housing")
    sign_in(housing, house, "agent.housing", to="/desk/queues/Q-REPAIR")
    housing.locator("#queue-list").get_by_role("link", name=reference).click()
    know = housing.get_by_role("region", name="What I need to know")
    expect(know).to_contain_text("the tap is yours")
    expect(know).to_contain_text("leak")
    housing.get_by_role("button", name="Take this contact").click()
    at_the_reply(housing)
    housing.keyboard.press("Escape")
    housing.keyboard.press("c")
    housing.keyboard.press("1")
    housing.keyboard.press("Control+Enter")
    housing.wait_for_url("**/desk?done=*")

    resident.goto(f"/contacts/{reference}")
    resident.get_by_label("Your code").fill(code)
    resident.get_by_role("button", name="Continue").click()
    expect(resident.get_by_text("We have done what you asked.").first).to_be_visible()
    axe(resident)
    resident.get_by_label("What is still wrong").fill("It still drips.")
    resident.get_by_role("button", name="This is not settled").click()
    housing.goto("/desk/queues/Q-REPAIR")
    again = housing.locator("#queue-list").get_by_role("link", name=reference)
    expect(again).to_be_visible(timeout=30_000)
    again.click()
    expect(housing.get_by_role("region", name="What was said")).to_contain_text("It still drips.")
    expect(housing.get_by_role("button", name="Take this contact")).to_be_visible()
    axe(housing)
