"""Names to read files with, and the owner's pages of imports over a test's database."""

from collections.abc import AsyncIterator
from datetime import date

import httpx2
import pytest

from tests.makers import make_agent, session_of
from triage import access
from triage.app import build
from triage.metrics.importing import counting
from triage.metrics.importing.names import Names
from triage.metrics.importing.schemas import Draft

TODAY = date(2026, 11, 26)
NAMES = Names(
    {
        "missed bin": ("missed_bin", "Q-WASTE"),
        "council tax": ("council_tax_bill", "Q-CTAX"),
        "switchboard": ("", ""),
    },
    {"q waste": "Q-WASTE", "q ctax": "Q-CTAX"},
    {"phone": "phone", "telephone": "phone", "web": "web", "face to face": "face_to_face"},
)


def read(text: str | bytes, layout: str = "answers") -> Draft:
    """A file read with the names above."""
    return counting.read(text.encode() if isinstance(text, str) else text, layout, NAMES, TODAY)


@pytest.fixture
async def client(database: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser that is not signed in."""
    headers = {"accept": "text/html", "sec-fetch-site": "same-origin"}
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(build()), base_url="https://testserver", headers=headers
    ) as browser:
        yield browser


@pytest.fixture
async def owner(client: httpx2.AsyncClient) -> httpx2.AsyncClient:
    """The same browser, with a service owner signed in."""
    token = await session_of(await make_agent(role="owner", name="Service owner"))
    client.cookies.set(access.DESK_COOKIE, token)
    return client
