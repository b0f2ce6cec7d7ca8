"""What comes by itself, such as the place in line, takes no button from under a finger or the focus."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.house import until
from tests.journeys.people import Widget

pytestmark = pytest.mark.journey

# What the house tells an open page comes when the test lets it through, so that it meets the press each time.
HOLD = """
window.hold = true;
const ask = window.fetch;
window.fetch = async (...of) => {
  const answer = await ask(...of);
  if (!String(of[0]).endsWith("/events") || !answer.body) return answer;
  const late = new TransformStream({ async transform(piece, on) {
    while (window.hold) await new Promise((then) => setTimeout(then, 20));
    on.enqueue(piece);
  } });
  return new Response(answer.body.pipeThrough(late), { status: answer.status, headers: answer.headers });
};
"""
IN_LINE = re.compile("You are (next|number)")
# The conversation as the house has it, which the page was not told of yet.
KNOWN = """async () => {
  const key = Object.keys(sessionStorage).find((one) => one.startsWith("frontdoor:"));
  const { id, secret } = JSON.parse(sessionStorage.getItem(key));
  const answer = await fetch(`/api/conversations/${id}`, { headers: { Authorization: `Bearer ${secret}` } });
  return (await answer.json()).messages.map((message) => message.text).join(" ");
}"""

# The last of an answer comes into view and is pressed within one picture: where a button stands as the press begins,
# and two pictures later, when the page has heard of the scrolling.
PRESSED_AT_ONCE = """async ([button, log]) => {
  const place = () => [button.getBoundingClientRect().top, log.getRootNode().querySelector(".jump").hidden];
  log.scrollTop = log.scrollHeight;
  button.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, composed: true }));
  const then = place();
  for (const _ of [1, 2, 3]) await new Promise(requestAnimationFrame);
  return [then, place()];
}"""


def in_line(page: Page) -> None:
    """Wait until the house has told the place in line, which the page still holds back."""
    until(lambda: bool(IN_LINE.search(page.evaluate(KNOWN))), lambda: "the place in line was never told")


@pytest.mark.parametrize("height", [900, 420])
def test_a_press_in_the_moment_in_which_the_place_in_line_comes_is_kept(page_of: Any, height: int) -> None:
    resident = page_of("resident", viewport={"width": 360, "height": height})
    resident.add_init_script(HOLD)
    resident.goto("/")
    chat = Widget(resident)
    chat.open()
    chat.type("i want to kill myself")
    chat.hear("Is it safe for us to contact you?")
    in_line(resident)
    # What the answer itself moves has moved by then: the press meets only what comes by itself.
    resident.wait_for_timeout(1_000)
    no = chat.choice("No, do not contact me")
    no.scroll_into_view_if_needed()
    no.hover()
    resident.mouse.down()
    resident.evaluate("window.hold = false")
    resident.wait_for_timeout(500)
    resident.mouse.up()
    expect(chat.log).to_contain_text("We will not call, text or email you")
    expect(chat.log).to_contain_text(IN_LINE)


def test_a_button_that_was_just_scrolled_to_stays_under_the_finger(page_of: Any) -> None:
    """ "More below" goes once all is seen, and what it covered moves: after the press, and not during it."""
    resident = page_of("resident", viewport={"width": 320, "height": 640})
    resident.goto("/")
    chat = Widget(resident)
    chat.open()
    chat.type("Blue Badge")
    chat.hear("Apply for or renew a Blue Badge")
    more = chat.panel.get_by_role("button", name="More below")
    expect(more).to_be_visible()
    check = chat.choice("Check if I can get one")
    first, later = resident.evaluate(PRESSED_AT_ONCE, [check.element_handle(), chat.log.element_handle()])
    assert not first[1], "the press did not begin while there was more below"
    assert later == first
    resident.evaluate('dispatchEvent(new PointerEvent("pointerup"))')
    expect(more).to_be_hidden()
    check.click()
    expect(chat.said("resident")).to_contain_text("Check if I can get one")


def test_the_focus_stays_on_the_button_that_the_place_in_line_offers_again(page_of: Any) -> None:
    resident = page_of("resident")
    resident.add_init_script(HOLD)
    resident.goto("/")
    chat = Widget(resident)
    chat.open()
    chat.type("how do I pay my council tax bill?")
    chat.hear("by direct debit")
    chat.choose("Talk to a person")
    chat.hear("what I will pass on")
    chat.choose("Yes, pass it on")
    chat.hear("I have asked for a person")
    in_line(resident)
    stop = chat.choice("Stop waiting and leave it as a message")
    stop.focus()
    resident.evaluate("window.hold = false")
    expect(chat.log).to_contain_text(IN_LINE)
    expect(stop).to_have_count(1)
    expect(stop).to_be_focused()
    resident.keyboard.press("Enter")
    chat.hear("You have left the line")
