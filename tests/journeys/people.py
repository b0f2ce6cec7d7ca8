"""What residents, agents and owners do, in their own words."""

from playwright.sync_api import Locator, Page, expect

from tests.journeys.browser import axe
from tests.journeys.house import House


class Widget:
    """The chat on a page, used by a resident."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.launcher = page.locator("#frontdoor-chat .launcher")
        self.panel = page.get_by_role("dialog", name="Ask the council")
        self.log = self.panel.get_by_role("log", name="Conversation")
        self.box = self.panel.get_by_label("Your message")

    def open(self) -> None:
        """Open it by keyboard; the assistant says hello."""
        self.launcher.focus()
        self.page.keyboard.press("Enter")
        expect(self.box).to_be_focused()
        self.hear("automated assistant, not a person")

    def type(self, text: str) -> None:
        """Type a message and send it with Enter, without touching the mouse."""
        self.box.focus()
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Enter")

    def choice(self, label: str) -> Locator:
        """One of the buttons that can be pressed now."""
        return self.log.get_by_role("button", name=label, exact=True)

    def choose(self, label: str) -> None:
        """Press one of the buttons offered."""
        self.choice(label).click()

    def said(self, author: str) -> Locator:
        """The newest bubble of assistant, agent, system or resident."""
        return self.log.locator(f".said.{author}").last

    def hear(self, words: str, author: str = "assistant") -> None:
        """Wait until the newest bubble of `author` has these words in it."""
        expect(self.said(author)).to_contain_text(words)


def sign_in(page: Page, house: House, login: str, to: str = "/desk") -> None:
    """Sign in with the login that was printed at the start."""
    page.goto("/desk/sign-in")
    axe(page)
    page.get_by_label("Sign-in name").fill(login)
    page.get_by_label("Password", exact=True).fill(house.logins[login])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    if not page.url.endswith(to):
        page.goto(to)


def close_contact(page: Page, reason: str, outcome: str) -> None:
    """The agent closes the contact that is open, saying why and what happened."""
    page.locator("#close > summary").click()
    page.get_by_label(reason).check()
    page.get_by_label("What happened, in a sentence").fill(outcome)
    axe(page)
    page.get_by_role("button", name="Close contact").click()
    page.wait_for_url("**/desk?done=*")


def answers_about(page: Page, service: str) -> int:
    """How many answers the owner's page counts for a service."""
    page.goto(f"/owner?service={service}")
    axe(page)
    rows = page.get_by_role("table", name="By quarter").get_by_role("row")
    if rows.count() == 0:
        expect(page.get_by_text("Nobody has answered")).to_be_visible()
        return 0
    heads = rows.first.get_by_role("columnheader").all_inner_texts()
    # The first head names the row, whose cells follow it. A figure too few to show spans two columns.
    spans = [
        (cell.inner_text(), int(cell.get_attribute("colspan") or 1)) for cell in rows.nth(1).get_by_role("cell").all()
    ]
    place = heads.index("Answers") - 1
    flat = [text for text, span in spans for _ in range(span)]
    return int(flat[place].replace(",", ""))
