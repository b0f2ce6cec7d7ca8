"""Residents' whole pages: the chat without the widget, the form, a reference, the survey and what goes wrong."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.house import House
from tests.journeys.people import sign_in
from tests.look.camera import NARROW, Camera
from tests.look.residents import CONCERNS, DANGERS, PageOf

# More than may be sent at once, and by no accident.
TOO_MUCH = 300_000


def say(page: Page, words: str) -> None:
    """Send a message on /chat."""
    page.get_by_label("Your message").fill(words)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("log")).to_contain_text(words)


def chat(camera: Camera, page_of: PageOf, house: House) -> None:
    """/chat: its first view, from a service's link, an answer, a refused one, danger, a person, the end, the survey."""
    # A person is offered while one is there.
    sign_in(page_of("agent for bins"), house, "agent.waste")
    page = visitor(camera, page_of, forgive=["status of 422"])
    page.goto("/chat")
    camera.take(page, "chat-first")
    page.get_by_role("button", name="Send", exact=True).click()
    camera.take(page, "chat-nothing-typed", forced=False)
    for service in ("missed_bin", "council_tax_bill"):
        page.goto(f"/chat?service={service}")
        camera.take(page, f"chat-service-{service.replace('_', '-')}", forced=False)
    say(page, "the bill for parking")
    camera.take(page, "chat-did-you-mean", forced=False)
    say(page, "how do I pay my council tax bill?")
    camera.take(page, "chat-answer")
    say(page, "report a missed bin")
    camera.take(page, "chat-question")
    page.get_by_role("button", name="Speak to a person").click()
    expect(page.get_by_role("log")).to_contain_text("Is it right?")
    camera.take(page, "chat-summary")
    page.get_by_role("button", name="Yes, pass it on").click()
    expect(page.get_by_role("log")).to_contain_text("I have asked for a person")
    camera.take(page, "chat-waiting")
    if camera.kind:
        page.get_by_role("link", name="Look for new messages every 20 seconds for me").click()
        camera.take(page, "chat-watching")


def chat_dangers(camera: Camera, page_of: PageOf, house: House) -> None:
    """Danger on /chat, at each level."""
    for kind, words in {**DANGERS, **CONCERNS}.items():
        page = visitor(camera, page_of)
        page.goto("/chat")
        page.set_viewport_size(NARROW)
        say(page, words)
        camera.take_phone(page, f"chat-danger-{kind}")
        camera.take(page, f"chat-danger-{kind}", forced=False)


def survey(camera: Camera, page_of: PageOf, house: House) -> None:
    """The end of a conversation on /chat, then the survey's own pages."""
    page = visitor(camera, page_of, forgive=["status of 422", "status of 409"])
    page.goto("/chat")
    say(page, "how do I pay my council tax bill?")
    page.get_by_role("button", name="End this chat").click()
    expect(page.get_by_text("This conversation has ended.")).to_be_visible()
    camera.take(page, "chat-ended")
    link = page.locator("form[action^='/survey/']").first.get_attribute("action") or ""
    page.goto(link)
    camera.take(page, "survey-first")
    page.get_by_role("button", name="Send my answer").click()
    camera.take(page, "survey-error", forced=False)
    page.get_by_label("Very satisfied", exact=True).check()
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_role("heading", name="Did you get what you came for?")).to_be_visible()
    camera.take(page, "survey-second", forced=False)
    page.get_by_label("Yes", exact=True).check()
    page.get_by_role("button", name="Send my answer").click()
    camera.take(page, "survey-third", forced=False)
    page.get_by_label("Very easy", exact=True).check()
    page.get_by_role("button", name="Send my answer").click()
    page.get_by_role("button", name="Skip this question").click()
    camera.take(page, "survey-last", forced=False)
    page.get_by_role("textbox").fill("It was easy.")
    page.get_by_role("button", name="Send my comment").click()
    camera.take(page, "survey-done")
    page.goto(link)
    camera.take(page, "survey-again", forced=False)


def contact(camera: Camera, page_of: PageOf, house: House) -> None:
    """A message that is left: its errors, its check, danger in it, its reference, and where it has got to."""
    page = visitor(camera, page_of, forgive=["status of 422", "status of 404"])
    page.goto("/contact")
    camera.take(page, "contact-empty")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_be_visible()
    camera.take(page, "contact-errors")
    fill(page, "The street light outside number 4 is out. My husband hits me when it is dark.", "4 Long Lane, N3")
    page.get_by_role("button", name="Continue").click()
    camera.take(page, "contact-check-danger")
    page.goto("/contact?service=missed_bin")
    fill(page, "The street light outside number 4 is out.", "4 Long Lane, N3")
    page.get_by_label("Your email or phone number").fill("resident@example.com")
    page.get_by_role("button", name="Continue").click()
    camera.take(page, "contact-check", forced=False)
    page.get_by_role("button", name=re.compile("^Send this to")).click()
    expect(page.get_by_role("heading", name="We have your message")).to_be_visible()
    camera.take(page, "contact-sent")
    reference = page.locator(".fd-reference dd").first.inner_text()
    code = page.locator(".fd-reference__code").inner_text()
    page.goto(f"/contacts/{reference}")
    camera.take(page, "status-code")
    page.get_by_label("Your code").fill("AAAA")
    page.get_by_role("button", name="Continue").click()
    camera.take(page, "status-wrong-code", forced=False)
    page.get_by_label("Your code").fill(code)
    page.get_by_role("button", name="Continue").click()
    camera.take(page, "status-open")
    page.get_by_label("Add more").fill("It has been out for a week.")
    page.get_by_role("button", name="Add this").click()
    camera.take(page, "status-added", forced=False)
    page.get_by_label("Your email or UK mobile number").fill("by post")
    page.get_by_role("button", name="Send me messages").click()
    camera.take(page, "status-messages-error", forced=False)
    page.get_by_label("Your email or UK mobile number").fill("resident@example.com")
    page.get_by_role("button", name="Send me messages").click()
    camera.take(page, "status-messages-on", forced=False)


def fill(page: Page, words: str, place: str) -> None:
    """Fill in what must be filled in to leave a message."""
    page.get_by_label("What do you want to tell us?").fill(words)
    page.get_by_label("Where is it?").fill(place)
    page.get_by_label("You may keep what I have written").check()


def others(camera: Camera, page_of: PageOf, house: House) -> None:
    """The pages that are only read, and those that say what went wrong."""
    page = visitor(camera, page_of, forgive=["status of 404", "status of 413", "status of 429"])
    page.goto("/accessibility")
    camera.take(page, "accessibility", forced=False)
    page.goto("/nothing-here")
    camera.take(page, "error-404", forced=False)
    page.goto("/contact")
    fill(page, "w" * TOO_MUCH, "4 Long Lane, N3")
    page.get_by_role("button", name="Continue").click()
    camera.take(page, "error-413", forced=False)


def visitor(camera: Camera, page_of: PageOf, **options: object) -> Page:
    """A resident, without scripts where the camera's pictures are of that."""
    return page_of("resident", java_script_enabled=camera.kind != "noscript", **options)
