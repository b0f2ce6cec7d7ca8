"""Coming in with the council's own sign-in: what somebody does here and at the provider."""

import re
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from sqlalchemy import select

from tests.browsers import NewBrowser
from tests.people import provider as house
from triage.database import transaction
from triage.people import provider
from triage.settings import get_settings
from triage.tables import Agent

GROUPS = {
    "frontdoor-administrators": {"role": "administrator"},
    "frontdoor-revenues": {"role": "agent", "queues": ["Q-CTAX", "Q-BENS"]},
    "frontdoor-barnet-homes": {"role": "partner", "partner": "barnet_homes"},
}


def fields(page: str, **given: Any) -> dict[str, Any]:
    """The hidden fields of a page's form, with what is typed."""
    return dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page)) | given


def set_to(monkeypatch: pytest.MonkeyPatch, **settings: str) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"FRONTDOOR_{name.upper()}", value)
    get_settings.cache_clear()
    provider.forget()


async def at_the_provider(address: str, login: str, password: str = house.PASSWORD) -> str:
    """What somebody does on the provider's own pages; the address that it sends them back to."""
    async with httpx2.AsyncClient(follow_redirects=False) as person:
        answer = await person.get(address)
        for _ in range(8):
            if answer.has_redirect_location:
                to = httpx2.URL(answer.url).join(answer.headers["location"])
                if to.path == "/desk/sign-in/openid/back":
                    return str(to)
                answer = await person.get(to)
            elif 'name="login"' in answer.text:
                answer = await person.post(answer.url, data=fields(answer.text, login=login))
            elif 'name="password"' in answer.text:
                answer = await person.post(answer.url, data=fields(answer.text, password=password))
            else:
                break
    raise AssertionError(f"{answer.status_code} {answer.url}\n{answer.text[:2000]}")


async def begin(client: httpx2.AsyncClient, after: str = "") -> str:
    """Press the button to sign in with the council's sign-in; the provider's address."""
    answer = await client.get("/desk/sign-in/openid", params={"after": after})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def back(address: str) -> str:
    """The path and query of an address on which Frontdoor is come back to."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


async def come(browser: NewBrowser, login: str, after: str = "") -> tuple[httpx2.AsyncClient, httpx2.Response]:
    """Somebody signs in with the council's sign-in from beginning to end."""
    client = browser()
    returned = await at_the_provider(await begin(client, after), login)
    return client, await client.get(back(returned), headers={"sec-fetch-site": "cross-site"})


async def people() -> list[Agent]:
    async with transaction() as session:
        return list(await session.scalars(select(Agent).order_by(Agent.name)))
