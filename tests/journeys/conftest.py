"""The house that journeys take place in, and the people who visit it."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.journeys.browser import Visitors, started_browser
from tests.journeys.house import House, running_house


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The forms come last: what they leave on the queues would be what an agent of another journey takes next."""
    items.sort(key=lambda item: item.path.name == "test_forms.py" and item.path.parent.name == "journeys")


# Both last as long as this folder's tests. Playwright's loop would be in the way of other tests' own.


@pytest.fixture(scope="package")
def house(trained: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The whole product, on a Tuesday morning. Fails at the end if any process of it is left."""
    with running_house(tmp_path_factory.mktemp("house")) as one:
        yield one


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser; each visitor has a context of their own in it."""
    with started_browser() as one:
        yield one


@pytest.fixture(scope="package", autouse=True)
def somebody_at_the_desk(house: House, browser: Browser) -> Iterator[None]:
    """An agent who works every queue has the desk open all morning: residents are offered a person only then."""
    context = browser.new_context(base_url=house.address)
    page = context.new_page()
    page.goto("/desk/sign-in")
    page.get_by_label("Sign-in name").fill("agent.triage")
    page.get_by_label("Password", exact=True).fill(house.logins["agent.triage"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/desk")
    yield
    context.close()


@pytest.fixture
def visitors(house: House, browser: Browser) -> Iterator[Visitors]:
    """Makes pages for people, and fails the test when there was trouble on one of them."""
    some = Visitors(browser, house.address)
    yield some
    some.leave()


@pytest.fixture
def page_of(visitors: Visitors) -> Any:
    """`page_of("resident")`: a new page in a context of its own. See Visitors.page_of."""
    return visitors.page_of
