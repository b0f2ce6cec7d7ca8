"""The whole web app as a browser sees it, over a real database; without the assistant, which nobody asks here."""

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from tests.browsers import NewBrowser, SignIn, browsers, signing_in
from tests.people import provider as house
from triage.live import Listener
from triage.people import provider
from triage.settings import ROOT, get_settings


@pytest.fixture
async def people_app(database: str) -> AsyncIterator[FastAPI]:
    """The app with every route and every shield."""
    from triage.app import build

    app = build()
    app.state.live = Listener(database)
    await app.state.live.start()
    yield app
    await app.state.live.stop()


@pytest.fixture
async def browser(people_app: FastAPI) -> AsyncIterator[NewBrowser]:
    """Makes browsers that have not signed in and that send what a browser sends from our own pages."""
    async with browsers(people_app) as new:
        yield new


@pytest.fixture
def signed_in(browser: NewBrowser) -> SignIn:
    """Makes a browser in which somebody has signed in."""
    return signing_in(browser)


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def provider_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """(the provider's address, the address of Frontdoor that it knows); a process of its own, ended afterwards.

    One for each file: once a code came without its verifier, this provider refuses the codes of whoever comes later.
    """
    port, frontdoor = free_port(), f"http://127.0.0.1:{free_port()}"
    log = tmp_path_factory.mktemp("provider") / "log.txt"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.people.provider", str(port), frontdoor], cwd=ROOT, stdout=out, stderr=out
        )
    try:
        deadline = time.monotonic() + 60
        while True:
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()
            try:
                if httpx2.get(f"http://127.0.0.1:{port}/.well-known/openid-configuration", timeout=5).is_success:
                    break
            except httpx2.HTTPError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}", frontdoor
    finally:
        process.terminate()
        process.wait(10)


GROUPS = {
    "frontdoor-administrators": {"role": "administrator"},
    "frontdoor-revenues": {"role": "agent", "queues": ["Q-CTAX", "Q-BENS"]},
    "frontdoor-barnet-homes": {"role": "partner", "partner": "barnet_homes"},
}


@pytest.fixture
def council(provider_address: tuple[str, str], monkeypatch: pytest.MonkeyPatch, database: str) -> pytest.MonkeyPatch:
    """The council's provider is set, and who is in a group that means something is let in."""
    issuer, frontdoor = provider_address
    for name, value in {
        "OPENID_ISSUER": issuer,
        "OPENID_CLIENT_ID": house.CLIENT,
        "OPENID_CLIENT_SECRET": house.SECRET,
        "OPENID_GROUPS": json.dumps(GROUPS),
        "OPENID_CREATE": "true",
        "PUBLIC_URL": frontdoor,
        "SIGN_INS_PER_QUARTER_HOUR": "100",
    }.items():
        monkeypatch.setenv(f"FRONTDOOR_{name}", value)
    get_settings.cache_clear()
    provider.forget()
    return monkeypatch


def set_to(monkeypatch: pytest.MonkeyPatch, **settings: str) -> None:
    """Set these of Frontdoor's settings otherwise for this test."""
    for name, value in settings.items():
        monkeypatch.setenv(f"FRONTDOOR_{name.upper()}", value)
    get_settings.cache_clear()
    provider.forget()


def fields(page: str, **given: Any) -> dict[str, Any]:
    """The hidden fields of a page's form, with what is typed."""
    return dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page)) | given
