"""In a real browser, by keyboard: signing in with the council's provider, setting an app up, adding a person.

The web app and the provider each run as a process of their own; axe finds nothing on any of our pages.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import TEMPLATE
from tests.journeys.browser import axe, fits, started_browser
from tests.people import provider as house
from tests.people.conftest import GROUPS
from triage.people import totp
from triage.settings import ROOT

pytestmark = pytest.mark.journey

SMALL = {"width": 320, "height": 640}
CHOSEN = "heron gravel lamplight"


@dataclass
class Web:
    """A running web app and the addresses beside it."""

    address: str
    link: str
    log: Path


@pytest.fixture(scope="module")
def web(
    postgres: Any, trained: None, provider_address: tuple[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Web]:
    """`frontdoor web` at the address that the provider knows, with an administrator added on the command line."""
    issuer, address = provider_address
    name = f"t_{uuid4().hex}"
    with psycopg.connect(postgres.get_uri(), autocommit=True) as connection:
        connection.execute(f"create database {name} template {TEMPLATE}")
    env = {
        **os.environ,
        "DATABASE_URL": postgres.get_uri(database=name),
        "PORT": address.rsplit(":", 1)[1],
        "FRONTDOOR_PUBLIC_URL": address,
        "FRONTDOOR_SIGNING_KEY": "a key for tests only, long enough to sign with",
        "FRONTDOOR_INTERNAL_TOKEN": "a token for tests only, between Rasa and the app",
        "FRONTDOOR_SECOND_FACTOR_ROLES": "administrator",
        "FRONTDOOR_SIGN_INS_PER_QUARTER_HOUR": "100",
        "FRONTDOOR_OPENID_ISSUER": issuer,
        "FRONTDOOR_OPENID_CLIENT_ID": house.CLIENT,
        "FRONTDOOR_OPENID_CLIENT_SECRET": house.SECRET,
        "FRONTDOOR_OPENID_GROUPS": json.dumps(GROUPS),
        "FRONTDOOR_OPENID_CREATE": "true",
    }
    frontdoor = str(Path(sys.executable).parent / "frontdoor")
    added = subprocess.run(
        [frontdoor, "people", "add", "first.admin", "Administrator", "--role", "administrator"],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert added.returncode == 0, added.stderr
    again = subprocess.run(
        [frontdoor, "people", "add", "first.admin", "Administrator", "--role", "administrator"],
        cwd=ROOT, env=env, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert again.returncode == 1 and "already" in again.stderr and not again.stdout
    log = tmp_path_factory.mktemp("web") / "log.txt"
    with log.open("wb") as out:
        process = subprocess.Popen([frontdoor, "web"], cwd=ROOT, env=env, stdout=out, stderr=out)
    try:
        deadline = time.monotonic() + 180
        while True:
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()
            try:
                if httpx2.get(f"{address}/health/live", timeout=5).is_success:
                    break
            except httpx2.HTTPError:
                time.sleep(0.3)
        yield Web(address, added.stdout.strip(), log)
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for these tests."""
    with started_browser() as one:
        yield one


@pytest.fixture
def page(chromium: Browser, web: Web) -> Iterator[Page]:
    """Somebody's page."""
    context = chromium.new_context(base_url=web.address, locale="en-GB", timezone_id="Europe/London")
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def type_in(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).focus()
    page.keyboard.type(text)


def press(page: Page, role: Any, name: str) -> None:
    page.get_by_role(role, name=name, exact=True).focus()
    page.keyboard.press("Enter")


def test_signing_in_and_out_with_the_councils_provider_by_keyboard(page: Page, web: Web) -> None:
    page.goto("/desk/account")
    expect(page).to_have_url(re.compile("/desk/sign-in"))
    axe(page)
    press(page, "button", "Sign in with your council account")
    page.locator("input[name=login]").focus()
    page.keyboard.type("revenues")
    page.keyboard.press("Enter")
    page.locator("input[name=password]").focus()
    page.keyboard.type(house.PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{web.address}/desk/account")
    expect(page.get_by_role("heading", name="My account")).to_be_visible()
    expect(page.locator("body")).to_contain_text("Revenues, Agent: Q-CTAX, Q-BENS")
    axe(page)
    names = {cookie["name"]: cookie for cookie in page.context.cookies(web.address)}
    assert names["__Host-desk"]["httpOnly"] and names["__Host-desk"]["secure"] and "__Host-openid" not in names
    page.goto("/desk")
    expect(page.get_by_role("heading", name="My work", exact=True)).to_be_visible()
    page.goto("/desk/account")
    press(page, "button", "Sign out")
    page.wait_for_url(re.compile(re.escape(house_address(web)) + "|/desk/sign-in"))
    page.goto("/desk")
    expect(page).to_have_url(re.compile("/desk/sign-in"))


def house_address(web: Web) -> str:
    return "/oauth/end_session"


def test_somebody_whom_nobody_let_in_is_told_what_to_do(page: Page) -> None:
    page.goto("/desk/sign-in")
    press(page, "button", "Sign in with your council account")
    page.locator("input[name=login]").fill("stranger")
    page.keyboard.press("Enter")
    page.locator("input[name=password]").fill(house.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Ask your administrator")
    axe(page)


def test_the_first_administrator_from_the_link_to_somebody_else_signed_in(
    page: Page, chromium: Browser, web: Web
) -> None:
    page.set_viewport_size(SMALL)
    page.goto(web.link)
    axe(page)
    fits(page)
    type_in(page, "Password", CHOSEN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Set up your authenticator app")).to_be_visible()
    axe(page)
    fits(page)
    secret = page.locator("#key").inner_text().replace(" ", "")
    type_in(page, "Code", "000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("not right")
    axe(page)
    type_in(page, "Code", totp.code_at(secret, totp.step_now()))
    page.keyboard.press("Enter")
    expect(page.locator(".people-codes li")).to_have_count(10)
    axe(page)
    fits(page)
    recovery = page.locator(".people-codes li").first.inner_text()
    press(page, "button", "I have kept them")
    expect(page.get_by_role("heading", name="People", exact=True)).to_be_visible()
    axe(page)
    fits(page)
    press(page, "button", "Add a person")
    expect(page.get_by_role("heading", name="Add a person")).to_be_visible()
    axe(page)
    fits(page)
    type_in(page, "Sign-in name", "agent.new")
    type_in(page, "Name that residents and colleagues see", "Agent, Repairs")
    page.get_by_label("Partner agent").focus()
    page.keyboard.press("Space")
    page.get_by_label("Partner", exact=True).select_option("barnet_homes")
    press(page, "button", "Add and make a set-up link")
    expect(page.get_by_role("heading", name="Give Agent, Repairs this link")).to_be_visible()
    axe(page)
    fits(page)
    link = page.locator("#link").inner_text()

    other = chromium.new_context(base_url=web.address, locale="en-GB").new_page()
    other.goto(link)
    type_in(other, "Password", CHOSEN + " too")
    other.keyboard.press("Enter")
    expect(other.get_by_role("heading", name="My work", exact=True)).to_be_visible()
    expect(other.locator("body")).not_to_contain_text("Council Tax")
    other.goto(link)
    expect(other.locator("body")).to_contain_text("This link has been used")

    page.goto("/desk/people")
    press(page, "link", "Agent, Repairs")
    expect(page.get_by_role("heading", name="Agent, Repairs")).to_be_visible()
    axe(page)
    press(page, "button", "Switch off")
    page.wait_for_url("**?done=off")
    expect(page.get_by_role("status")).to_contain_text("They can sign in no more")
    axe(page)
    other.goto("/desk")
    expect(other).to_have_url(re.compile("/desk/sign-in"))
    other.context.close()

    page.goto("/desk/audit")
    expect(page.get_by_role("cell", name="Switched a person off")).to_be_visible()
    axe(page)
    fits(page)
    page.goto("/desk/account")
    axe(page)
    fits(page)
    press(page, "button", "Sign out")
    # Back with the password and a recovery code: the app's code of this half minute was used.
    type_in(page, "Sign-in name", "first.admin")
    type_in(page, "Password", CHOSEN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Type the code from your app")).to_be_visible()
    axe(page)
    fits(page)
    type_in(page, "Code", recovery)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="People", exact=True)).to_be_visible()


def test_a_lost_way_in_says_so_in_the_log_without_the_token(web: Web) -> None:
    token = web.link.rsplit("/", 1)[1]
    assert token not in web.log.read_text()
