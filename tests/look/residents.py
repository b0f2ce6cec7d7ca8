"""The widget on the council's page, as residents use it: answers, questions, danger, a person, the survey."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.house import House
from tests.journeys.people import Widget, sign_in
from tests.look.camera import Camera

PageOf = Callable[..., Page]

DANGERS = {
    "suicide": "i want to kill myself",
    "abuse": "my partner hits me",
    "homeless": "i have nowhere to sleep tonight",
    "now": "my neighbour is beating his child",
    "gas": "i can smell gas in my flat",
}
CONCERNS = {
    "eviction": "my landlord is evicting me next month",
    "may-be": "sos",
}


def chat_of(page_of: PageOf, who: str = "resident") -> Widget:
    """A new resident with the chat open on the council's page."""
    page = page_of(who)
    page.goto("/")
    chat = Widget(page)
    chat.open()
    return chat


def ask(chat: Widget, text: str, danger: bool = False) -> None:
    """Say something and wait until the assistant has said something back."""
    replies = chat.log.locator(".said.danger" if danger else ".said.assistant")
    before = replies.count()
    chat.type(text)
    expect(replies).not_to_have_count(before)
    expect(chat.panel.locator(".typing")).to_be_hidden()


def council_page(camera: Camera, page_of: PageOf, house: House) -> None:
    """The council's page: the chat closed, open, and with its menu."""
    page = page_of("resident")
    page.goto("/")
    chat = Widget(page)
    expect(chat.launcher).to_be_visible()
    camera.take(page, "council-closed")
    chat.open()
    camera.take_phone(page, "council-open")
    camera.take_widget(page, "council-open")
    chat.panel.get_by_role("button", name="Menu").click()
    camera.take_widget(page, "council-menu")
    chat.panel.get_by_role("button", name="Start again").click()
    camera.take_widget(page, "council-menu-start-again", forced=False)


def answers(camera: Camera, page_of: PageOf, house: House) -> None:
    """An answer with its source, one that is not sure, none at all, twice."""
    chat = chat_of(page_of)
    ask(chat, "how do I pay my council tax bill?")
    camera.take_phone(chat.page, "widget-answer")
    camera.take_widget(chat.page, "widget-answer")
    for state, words in (("did-you-mean", "the bill for parking"), ("outside", "who won the football last night")):
        chat = chat_of(page_of)
        ask(chat, words)
        camera.take_widget(chat.page, f"widget-{state}")
    ask(chat, "asdf qwer zxcv")
    camera.take_widget(chat.page, "widget-not-understood-twice")


def report(camera: Camera, page_of: PageOf, house: House) -> None:
    """A report from its first question to its reference, with an answer that is refused."""
    chat = chat_of(page_of)
    ask(chat, "report a missed bin")
    camera.take_widget(chat.page, "widget-question-choices")
    chat.choose("Blue bin (recycling)")
    chat.hear("house number and postcode")
    ask(chat, "somewhere")
    camera.take_widget(chat.page, "widget-refused")
    ask(chat, "12 Ballards Lane N3 1AB")
    camera.take_widget(chat.page, "widget-question-yes-no", forced=False)
    chat.choose("Yes")
    chat.hear("Was anything wrong with the bin?")
    chat.choose("No, nothing")
    chat.hear("Check your answers")
    camera.take_widget(chat.page, "widget-check")
    chat.choose("Yes, send it")
    chat.hear("We have your report")
    camera.take_widget(chat.page, "widget-sent")


def dangers(camera: Camera, page_of: PageOf, house: House) -> None:
    """What somebody in danger sees, at each level, and the question whether it is safe to contact them."""
    for kind, words in DANGERS.items():
        chat = chat_of(page_of)
        ask(chat, words, danger=True)
        camera.take_phone(chat.page, f"widget-danger-{kind}")
        camera.take_widget(chat.page, f"widget-danger-{kind}")
        if kind == "abuse":
            chat.hear("Is it safe for us to contact you?")
            chat.choose("No, do not contact me")
            chat.hear("We will not call, text or email you")
            camera.take_widget(chat.page, "widget-danger-not-safe", forced=False)
    for kind, words in CONCERNS.items():
        chat = chat_of(page_of)
        ask(chat, words)
        camera.take_widget(chat.page, f"widget-concern-{kind}")


def person(camera: Camera, page_of: PageOf, house: House) -> None:
    """Waiting for a person, talking to one, the end, and the survey in the chat."""
    agent = page_of("agent")
    sign_in(agent, house, "agent.revenues")
    chat = chat_of(page_of)
    ask(chat, "how do I pay my council tax bill?")
    chat.choose("Talk to a person")
    chat.hear("Is it right?")
    camera.take_widget(chat.page, "widget-summary")
    chat.choose("Yes, pass it on")
    chat.hear("I have asked for a person")
    expect(chat.log).to_contain_text(re.compile("You are next|ahead of you"))
    camera.take_widget(chat.page, "widget-waiting")

    agent.get_by_role("button", name="Take next").click()
    expect(chat.log).to_contain_text("has joined")
    camera.take_widget(chat.page, "widget-joined", forced=False)
    agent.get_by_label("Reply in the chat").fill("Hello. You can pay by direct debit. Shall I send you the form?")
    agent.get_by_role("button", name="Send", exact=True).click()
    chat.hear("You can pay by direct debit", author="agent")
    chat.type("Yes please, to my address")
    camera.take_widget(chat.page, "widget-with-person")
    expect(agent.get_by_role("region", name="What was said")).to_contain_text("Yes please, to my address")
    camera.take(agent, "desk-contact-live")
    agent.locator("#close > summary").click()
    agent.get_by_label("Answered: they have what they need to know").check()
    agent.get_by_label("What happened, in a sentence").fill("We sent you the direct debit form.")
    agent.get_by_role("button", name="Close contact").click()
    agent.wait_for_url("**/desk?done=*")

    expect(chat.panel).to_contain_text("chat ended")
    expect(chat.choice("Satisfied")).to_be_visible()
    camera.take_widget(chat.page, "widget-ended-survey")
    chat.choose("Satisfied")
    expect(chat.panel.get_by_role("group", name="Did you get what you came for?")).to_be_visible()
    camera.take_widget(chat.page, "widget-ended-survey-2", forced=False)
    chat.choose("Partly")
    expect(chat.panel.get_by_role("group", name="How easy or hard was it to deal with us?")).to_be_visible()
    chat.choose("Easy")
    chat.choose("Skip")
    expect(chat.log.get_by_role("textbox")).to_be_visible()
    camera.take_widget(chat.page, "widget-ended-survey-3")
    chat.choose("Skip")
    expect(chat.log.get_by_text(re.compile("^Thank you"))).to_be_visible()
    camera.take_widget(chat.page, "widget-ended-thanks", forced=False)


def engine_down(camera: Camera, page_of: PageOf, house: House) -> None:
    """The assistant's engine dies: in the widget and on the page without scripts."""
    chat = chat_of(page_of)
    ask(chat, "report a missed bin")
    plain = page_of("resident without scripts", java_script_enabled=False)
    plain.goto("/chat?service=missed_bin")
    rasa = house.rasa()
    assert rasa is not None, "the engine is not there to begin with"
    rasa.kill()
    rasa.wait(10)
    chat.choose("Blue bin (recycling)")
    chat.hear("What you wrote is saved")
    plain.get_by_label("Your message").fill("asdf qwer")
    plain.get_by_role("button", name="Send", exact=True).click()
    camera.of("noscript").take(plain, "chat-engine-down")
    camera.take_widget(chat.page, "widget-engine-down")
