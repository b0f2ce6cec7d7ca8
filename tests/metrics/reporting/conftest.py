"""The rooms of figures and reports over a test's database, and the people who write, approve and read a report."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from tests.makers import make_agent, session_of
from triage import access, faults, home, shields
from triage.database import transaction
from triage.metrics import endpoints as figures
from triage.metrics.opendata import endpoints as open_data
from triage.metrics.reporting import endpoints, indicator_endpoints, public, service
from triage.tables import Agent

QUARTER = "2016-q4"
FRONT = {"title": "Contracts performance report", "summary": "How our contracts did."}
Open = Callable[[str], Awaitable[httpx2.AsyncClient]]


def row(key: str, **columns: Any) -> dict[str, Any]:
    """One indicator as a form sends it."""
    return {
        "id": key,
        "name": f"Indicator {key}",
        "owner": "Head of service",
        "partner": "CSG",
        "service_area": "Customer services",
        "polarity": "higher",
        "unit": "%",
        "target": "95",
        "result": "97",
    } | columns


@dataclass
class People:
    """Who drafts, who approves, and their browsers."""

    drafter: Agent
    approver: Agent
    drafting: httpx2.AsyncClient
    approving: httpx2.AsyncClient
    public: httpx2.AsyncClient


@pytest.fixture
def reports_app(database: str) -> FastAPI:
    """The rooms of figures and reports alone, with the council's colours."""
    app = FastAPI()
    faults.install(app)
    app.add_middleware(shields.Shields)
    for room in (public, endpoints, indicator_endpoints, figures, open_data, home):
        app.include_router(room.router)
    return app


@pytest.fixture
async def browse(reports_app: FastAPI) -> AsyncIterator[Callable[[Agent | None], Awaitable[httpx2.AsyncClient]]]:
    """Opens a browser for somebody, or for nobody."""
    app = reports_app
    opened = []

    async def browser(agent: Agent | None) -> httpx2.AsyncClient:
        made = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app),
            base_url="https://testserver",
            headers={"accept": "text/html", "sec-fetch-site": "same-origin"},
            follow_redirects=False,
        )
        if agent:
            made.cookies.set(access.DESK_COOKIE, await session_of(agent))
        opened.append(made)
        return made

    yield browser
    for one in opened:
        await one.aclose()


@pytest.fixture
async def people(browse: Any) -> People:
    """A supervisor who drafts and a service owner who approves."""
    drafter = await make_agent(role="supervisor", name="Supervisor")
    approver = await make_agent(role="owner", name="Service owner")
    return People(drafter, approver, await browse(drafter), await browse(approver), await browse(None))


@pytest.fixture
async def draft(people: People) -> str:
    """The address of a draft with two indicators, one of them below target and commented, that lacks nothing."""
    made = await people.drafting.post("/owner/reports", data={"code": QUARTER, "preset": "barnet"})
    address: str = made.headers["location"]
    assert (await people.drafting.post(f"{address}/front", data=FRONT)).status_code == 303
    for one in (
        row("CSG-01"),
        row("CSG-02", result="92", same_period_last_year="90", comment="Sickness.", comment_by="Head of service"),
    ):
        assert (await people.drafting.post(f"{address}/indicators/new", data=one)).status_code == 303
    return address


@pytest.fixture
async def published(people: People, draft: str) -> str:
    """The same, approved and published; its address on the owner's side."""
    for step in ("approve", "publish"):
        assert (await people.approving.post(f"{draft}/{step}")).status_code == 303
    return draft


@pytest.fixture
def golden_draft(people: People) -> Callable[..., Awaitable[str]]:
    """Puts many rows, as columns, into a new draft; its address."""

    async def make(rows: list[dict[str, Any]], code: str = QUARTER) -> str:
        async with transaction() as session:
            report = await service.begin(session, people.drafter, code, "barnet")
            await service.save_front(session, people.drafter, report.id, FRONT)
            await service.take_rows(session, people.drafter, report.id, rows, "csv")
            return f"/owner/reports/{report.id}"

    return make
