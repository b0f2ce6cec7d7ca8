"""In a real browser: a missed bin goes to the depot and comes back collected, and is opened again.

The whole product runs with the stand-in for the depot, which moves a case on every few seconds.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import axe, started_browser
from tests.journeys.house import House, running_house, until
from tests.journeys.people import Widget

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def house(trained: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The whole product; missed bins go to the depot's stand-in."""
    settings = {
        "FRONTDOOR_CASEWORK": '{"missed_bin": "console"}',
        "FRONTDOOR_SUPPLIERS_ASKED_EVERY_S": "2",
        "CONSOLE_STEP_S": "4",
    }
    with running_house(tmp_path_factory.mktemp("house"), **settings) as one:
        yield one


@pytest.fixture(scope="module")
def page(house: House) -> Iterator[Page]:
    """A resident's browser."""
    with started_browser() as browser:
        context = browser.new_context(base_url=house.address)
        yield context.new_page()
        context.close()


def test_a_missed_bin_goes_to_the_depot_comes_back_collected_and_is_opened_again(page: Page) -> None:
    page.goto("/")
    chat = Widget(page)
    chat.open()
    chat.type("my bin was not emptied this morning")
    chat.hear("Which bin was missed?")
    chat.choose("Blue bin (recycling)")
    chat.hear("house number and postcode")
    chat.type("12 Ballards Lane N3 1AB")
    chat.hear("Was the bin out")
    chat.choose("Yes")
    chat.hear("Was anything wrong with the bin?")
    chat.type("no")
    chat.hear("Check your answers")
    chat.choose("Yes, send it")
    chat.hear("We have your report")
    shown = chat.said("assistant").locator("dl dd")
    reference, code = shown.first.inner_text(), chat.said("assistant").locator("dd.code").inner_text()

    page.goto(f"/contacts/{reference}")
    page.get_by_label("Your code").fill(code)
    page.get_by_role("button", name="Continue").click()

    def collected() -> bool:
        # Each look is a request, and there is a limit to those.
        page.wait_for_timeout(3000)
        page.reload()
        return page.get_by_text("The crew went back and emptied your bin").count() > 0

    # There and back: the depot has been, and nobody at the council had to touch it.
    until(collected, lambda: page.locator("main").inner_text()[-1500:], patience_s=90)
    axe(page)

    # It was not so. The contact is opened again, and its clock begins again.
    page.get_by_label("What is still wrong").fill("It is still full.")
    page.get_by_role("button", name="This is not settled").click()
    expect(page.get_by_text("We have opened it again.").first).to_be_visible()
    axe(page)
