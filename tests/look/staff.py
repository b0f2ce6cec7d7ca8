"""The agent's room, the owner's and the content editor's, and the page for programs."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.house import House
from tests.journeys.people import sign_in
from tests.look.camera import Camera
from tests.look.residents import PageOf

# One account is let in this often in a quarter of an hour; see __main__.
TRIES = 4


def signing_in(camera: Camera, page_of: PageOf, house: House) -> None:
    """Signing in: the page, a wrong password, and too many of them."""
    page = page_of("somebody", forgive=["status of 4"])
    page.goto("/desk/sign-in")
    camera.take(page, "sign-in")
    for attempt in range(TRIES + 1):
        page.goto("/desk/sign-in")
        page.get_by_label("Sign-in name").fill("nobody")
        page.get_by_label("Password", exact=True).fill("not a password")
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.locator("h1")).to_be_visible()
        if attempt == 0:
            camera.take(page, "sign-in-error")
    camera.take(page, "error-429", forced=False)


def empty_desk(camera: Camera, page_of: PageOf, house: House) -> None:
    """A desk on which there is nothing to do, with its list of keys."""
    page = page_of("agent for schools")
    sign_in(page, house, "agent.schools")
    camera.take(page, "desk-empty")
    page.locator("#keys > summary").click()
    camera.take(page, "desk-keys", forced=False)


CALLS = (
    {"words": "They have not eaten for two days and say that they want to kill themselves.", "mine": "yes"},
    {
        "words": "The brown bin was not emptied on Monday.",
        "place": "4 Long Lane, N3 2PX",
        "name": "Resident of Long Lane",
    },
    {"words": "The brown bin was not emptied, again.", "place": "4 Long Lane, N3 2PX", "number": "020 7946 0000"},
    {"words": "A freedom of information request: how many bins were missed last year?"},
)


def callers(camera: Camera, page_of: PageOf, house: House) -> None:
    """Somebody rings: calls are written down, with and without danger, and looked up; then the queue they are in."""
    page = page_of("agent for triage", forgive=["status of 422"])
    sign_in(page, house, "agent.triage", to="/desk/calls")
    camera.take(page, "desk-call")
    page.get_by_role("button", name="Keep this call").click()
    camera.take(page, "desk-call-error", forced=False)
    for call in CALLS:
        page.goto("/desk/calls")
        page.get_by_label("What they want, in their own words", exact=True).fill(call["words"])
        page.get_by_label("Their name", exact=True).fill(call.get("name", ""))
        page.get_by_label("Phone number or email address", exact=True).fill(call.get("number", ""))
        page.get_by_label("The place it is about").fill(call.get("place", ""))
        page.get_by_label("I deal with it now").set_checked("mine" in call)
        page.get_by_role("button", name="Keep this call").click()
        expect(page.get_by_role("heading", name="Read this out")).to_be_visible()
        camera.take(page, "desk-call-danger" if "mine" in call else "desk-call-filed", forced="mine" in call)
    expect(
        page.get_by_role("region", name="My work").get_by_role("link", name=re.compile("^BN-")).first
    ).to_be_visible()
    for name, typed in (("found", "long lane"), ("nothing-found", "nobody@example.com"), ("too-little", "a")):
        page.keyboard.press("Escape")
        page.keyboard.press("s")
        page.keyboard.insert_text(typed)
        page.keyboard.press("Enter")
        expect(page.locator("#found-title")).not_to_have_text("By what they tell you")
        camera.take(page, f"desk-look-up-{name}", forced=name == "found")
    page.goto("/desk/queues/Q-WASTE")
    expect(page.locator("#queue-list")).to_contain_text("Perhaps the same")
    camera.take(page, "desk-queue-waiting")


def full_desk(camera: Camera, page_of: PageOf, house: House) -> None:
    """A desk with contacts waiting, those in danger first; what an agent reads of one; what an agent may not read."""
    page = page_of("agent for triage", forgive=["status of 403"])
    sign_in(page, house, "agent.triage")
    camera.take(page, "desk-full")
    page.get_by_role("region", name="Next in line").get_by_role("link").first.click()
    expect(page.get_by_role("button", name="Take this contact")).to_be_visible()
    camera.take(page, "desk-danger-untaken", forced=False)
    page.get_by_role("button", name="Take this contact").click()
    expect(page.locator("#reply-text")).to_be_visible()
    camera.take(page, "desk-danger-taken")
    page.goto(page.url.split("#")[0] + "#know")
    camera.take(page, "desk-danger-know", forced=False)
    page.goto("/owner")
    camera.take(page, "error-403", forced=False)


def one_contact(camera: Camera, page_of: PageOf, house: House) -> None:
    """A report of a missed bin: taken, answered, noted, closed; and the next one, passed on."""
    page = page_of("agent for bins")
    sign_in(page, house, "agent.waste")
    page.get_by_role("button", name="Take next").click()
    reply = page.locator("#reply-text")
    expect(reply).to_be_visible()
    address = page.url
    reply.press_sequentially("/")
    expect(page.locator("#saved")).to_be_visible()
    camera.take(page, "desk-contact-saved-replies")
    for part in ("get-back", "rang", "tag", "link", "correct", "attach", "look-again"):
        open_part(page, part)
        camera.take(page, f"desk-contact-{part}", forced=part == "get-back")
        open_part(page, part)
    page.goto("/desk/queues/Q-WASTE?show=open")
    camera.take(page, "desk-queue")
    page.goto("/desk/queues/Q-WASTE?age=month")
    camera.take(page, "desk-queue-nothing-fits", forced=False)
    page.goto(address)
    reply.fill("Thank you for telling us. The crew come back tomorrow.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("region", name="What was said")).to_contain_text("The crew come back tomorrow.")
    camera.take(page, "desk-contact-answered", forced=False)
    open_part(page, "note")
    page.get_by_label("Note for colleagues").fill("Spoke to the crew: they pass again tomorrow.")
    camera.take(page, "desk-contact-note")
    page.get_by_role("button", name="Keep note").click()
    expect(page.get_by_role("region", name="What was said")).to_contain_text("they pass again tomorrow")
    camera.take(page, "desk-contact-noted", forced=False)
    open_part(page, "close")
    camera.take(page, "desk-contact-close")
    page.get_by_label("Answered: they have what they need to know").check()
    page.get_by_label("What happened, in a sentence").fill("We told you what happens next.")
    page.get_by_role("button", name="Close contact").click()
    page.wait_for_url("**/desk?done=*")
    page.goto(address)
    camera.take(page, "desk-contact-closed", forced=False)
    page.goto("/desk")
    page.get_by_role("button", name="Take next").click()
    expect(reply).to_be_visible()
    open_part(page, "transfer")
    page.get_by_label("Pass on to", exact=True).select_option(index=1)
    page.get_by_label("Because").select_option("next_step")
    page.get_by_label("Note for the colleague who takes it").fill("This is about another service.")
    camera.take(page, "desk-contact-pass-on", forced=False)
    page.locator("#transfer form button").click()
    page.wait_for_url("**/desk?done=*")
    camera.take(page, "desk-after-passing-on", forced=False)


def open_part(page: Page, part: str) -> None:
    """Open one of the parts below the reply."""
    page.locator(f"#{part} > summary").click()


def owner(camera: Camera, page_of: PageOf, house: House) -> None:
    """The owner's page without answers and with the demonstration's, and the public report on screen and paper."""
    page = page_of("owner")
    sign_in(page, house, "owner", to="/owner")
    camera.take(page, "owner-live")
    page.goto("/owner/referrals")
    camera.take(page, "owner-referrals")
    page.goto("/owner?service=homelessness")
    camera.take(page, "owner-nothing-found", forced=False)
    page.goto("/owner?source=demo")
    camera.take(page, "owner-demo")
    camera.take_print(page, "owner-demo")
    page.goto("/owner/figures?source=demo")
    camera.take(page, "owner-figures")
    page.goto("/owner/figures/satisfaction?source=demo&since=2015-01&until=2016-12")
    camera.take(page, "owner-figure")
    page.goto("/owner/figures/first_in_time?source=demo&service=homelessness&since=2016-01&until=2016-12")
    camera.take(page, "owner-figure-worse", forced=False)
    page.goto("/owner/gaps")
    camera.take(page, "owner-gaps")
    page.goto("/owner?ward=Hendon&channel=phone")
    camera.take(page, "owner-ward-refused", forced=False)
    page.goto("/owner/gaps?source=demo")
    camera.take(page, "owner-gaps-made-up")
    page.goto("/owner/referrals?source=demo")
    camera.take(page, "owner-referrals-made-up", forced=False)
    page.goto("/reports/2026-q4")
    camera.take(page, "report-live", forced=False)
    page.goto("/reports/2016-q4?source=demo")
    camera.take(page, "report-demo")
    camera.take_print(page, "report-demo")
    page.goto("/reports")
    camera.take(page, "reports-none", forced=False)
    page.goto("/owner/reports")
    page.get_by_label("Quarter").fill("2016-q4")
    page.get_by_role("button", name="Begin").click()
    camera.take(page, "report-draft")
    page.get_by_role("link", name="Add an indicator").click()
    camera.take(page, "report-indicator")
    page.get_by_role("link", name="Back to the report").click()
    page.get_by_role("link", name="Read it as everybody would").click()
    camera.take(page, "report-preview", forced=False)


def owners_rooms(camera: Camera, page_of: PageOf, house: House) -> None:
    """What else the owner has: comments, what was said and done, imports; and what everybody may read of it."""
    page = page_of("owner")
    sign_in(page, house, "owner", to="/owner/comments")
    for name, address in (
        ("comments", "/owner/comments?source=demo"),
        ("comments-theme", "/owner/comments?source=demo&theme=waiting"),
        ("said", "/owner/said"),
        ("imports", "/owner/imports"),
        ("figure-time", "/owner/figures/settlement_median?source=demo"),
    ):
        page.goto(address)
        camera.take(page, f"owner-{name}")
    for name in ("open-data", "you-said-we-did"):
        page.goto(f"/{name}")
        camera.take(page, name)
    page.goto("/you-said-we-did?source=demo")
    camera.take(page, "you-said-we-did-made-up", forced=False)


def supervisors_rooms(camera: Camera, page_of: PageOf, house: House) -> None:
    """All queues and contacts, deliveries, sorting and its rules, as a supervisor sees them."""
    page = page_of("supervisor")
    sign_in(page, house, "supervisor", to="/desk/deliveries")
    for name, address in (
        ("all-queues", "/desk/supervisor"),
        ("all-contacts", "/desk/supervisor/contacts"),
        ("deliveries", "/desk/deliveries"),
        ("sorting", "/desk/sorting"),
        ("sorting-rules", "/desk/sorting/rules"),
    ):
        page.goto(address)
        camera.take(page, f"desk-{name}")


def administrator(camera: Camera, page_of: PageOf, house: House) -> None:
    """People, one of them, the audit trail and one's own account, as an administrator sees them."""
    page = page_of("administrator")
    sign_in(page, house, "administrator", to="/desk/people")
    camera.take(page, "people")
    page.get_by_role("link", name="Agent, Waste and street").click()
    camera.take(page, "people-one", forced=False)
    for name, address in (("audit", "/desk/audit"), ("account", "/desk/account")):
        page.goto(address)
        camera.take(page, f"people-{name}", forced=False)


def editor(camera: Camera, page_of: PageOf, house: House) -> None:
    """The content editor's room, after a morning of residents: the list, one service, what fell through, a try."""
    page = page_of("editor", forgive=["status of 422"])
    sign_in(page, house, "editor", to="/content")
    camera.take(page, "content-services")
    page.goto("/content?q=council+tax&sort=accuracy")
    camera.take(page, "content-found", forced=False)
    page.goto("/content?q=submarine")
    camera.take(page, "content-nothing-found", forced=False)
    page.goto("/content/services/help_with_rent")
    for summary in page.locator("main summary").all()[:1] + page.locator("#mistaken ~ details summary").all()[:1]:
        summary.click()
    camera.take(page, "content-service")
    page.goto("/content/services/not_ours_borough")
    camera.take(page, "content-service-short", forced=False)
    page.goto("/content/fell-through")
    camera.take(page, "content-fell-through")
    page.goto("/content/review")
    camera.take(page, "content-review")
    page.goto("/content/try")
    page.get_by_role("button", name="Try it").click()
    camera.take(page, "content-try-error", forced=False)
    for name, words in (
        ("answer", "how do I pay my council tax bill?"),
        ("unsure", "the bill for parking"),
        ("form", "my bin was missed, I am Priya at N3 1AB"),
        ("danger", "my husband is hitting me"),
    ):
        page.get_by_label("What might a resident say?").fill(words)
        page.get_by_role("button", name="Try it").click()
        expect(page.get_by_role("heading", name="What a resident would see")).to_be_visible()
        camera.take(page, f"content-try-{name}", forced=name == "answer")


def notices(camera: Camera, page_of: PageOf, house: House) -> None:
    """What residents could not be told, as a supervisor sees it after a morning."""
    page = page_of("supervisor")
    sign_in(page, house, "supervisor", to="/desk/notices")
    camera.take(page, "desk-notices")


def api(camera: Camera, page_of: PageOf, house: House) -> None:
    """The page for those who write programs."""
    page = page_of("programmer")
    page.goto("/docs")
    camera.take(page, "api", forced=False)
