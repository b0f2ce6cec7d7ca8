"""What could not be handed on is on a list that supervisors see to; strangers' postings are not heard."""

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import update

from tests.delivery.test_handing_on import Refusing, arrives, deliver, deliveries
from tests.makers import contact_now, make_agent, session_of
from triage import faults, undelivered
from triage.access import DESK_COOKIE
from triage.database import transaction
from triage.delivery import endpoints, repository, steps
from triage.settings import get_settings
from triage.tables import Delivery

HERE = {"sec-fetch-site": "same-origin"}


async def test_a_supervisor_sees_why_it_failed_and_sends_it_again_or_deals_with_it(
    app_client: httpx2.AsyncClient, handed_on: None
) -> None:
    first, second = await arrives(), await arrives()
    await deliver(Refusing())
    app_client.cookies.set(DESK_COOKIE, await session_of(await make_agent(role="supervisor")))
    page = await app_client.get("/desk/deliveries")
    assert page.status_code == 200
    for contact_id in (first, second):
        assert (await contact_now(contact_id)).reference in page.text
    assert "no_uprn" in page.text and "The supplier will not take it as it is." in page.text
    (one,), (other,) = await deliveries(first), await deliveries(second)
    assert (await app_client.post(f"/desk/deliveries/{one.id}/again", headers=HERE)).status_code == 303
    assert (await app_client.post(f"/desk/deliveries/{other.id}/by-hand", headers=HERE)).status_code == 303
    assert "Nothing has failed." in (await app_client.get("/desk/deliveries")).text
    (one,), (other,) = await deliveries(first), await deliveries(second)
    assert (one.state, other.state) == ("due", "dropped")


async def test_a_supervisor_of_other_queues_sees_none_of_it_and_changes_nothing(
    app_client: httpx2.AsyncClient, handed_on: None
) -> None:
    failed, waits = await arrives(), await arrives()
    await deliver(Refusing())
    (one,), (other,) = await deliveries(failed), await deliveries(waits)
    supervisor = await make_agent("Q-LIB", role="supervisor")
    async with transaction() as session:
        await session.execute(update(Delivery).where(Delivery.id == other.id).values(state="due"))
        assert await repository.waiting(session, ["Q-LIB"]) == {}
        assert await repository.waiting(session, ["Q-WASTE"]) == await repository.waiting(session, []) == {"console": 1}
        assert (await undelivered.count(session, supervisor)).deliveries == 0
        assert (await undelivered.count(session, await make_agent("Q-WASTE", role="supervisor"))).deliveries == 1
    app_client.cookies.set(DESK_COOKIE, await session_of(supervisor))
    page = (await app_client.get("/desk/deliveries")).text
    assert "Nothing has failed." in page and (await contact_now(failed)).reference not in page
    for what in ("again", "by-hand"):
        assert (await app_client.post(f"/desk/deliveries/{one.id}/{what}", headers=HERE)).status_code == 404
    assert [each.state for each in await deliveries(failed)] == ["failed"]


async def test_an_agent_does_not_see_it(app_client: httpx2.AsyncClient) -> None:
    app_client.cookies.set(DESK_COOKIE, await session_of(await make_agent()))
    assert (await app_client.get("/desk/deliveries")).status_code == 403


async def test_what_a_supplier_that_is_not_switched_on_posts_is_not_heard(app_client: httpx2.AsyncClient) -> None:
    assert (await app_client.post("/api/suppliers/webhook/updates", content=b"{}")).status_code == 404


async def test_a_supplier_whose_settings_are_wrong_is_told_to_come_back_and_holds_no_other_up(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRONTDOOR_CASEWORK", '{"missed_bin": "webhook", "pothole": "console"}')
    get_settings.cache_clear()
    app = FastAPI()
    faults.install(app)
    app.include_router(endpoints.router)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="https://testserver") as client:
        said = await client.post("/api/suppliers/webhook/updates", content=b"{}")
        assert (said.status_code, said.json()["error"]) == (503, "SupplierNotSetUp")
        assert "then send it again" in said.json()["detail"]
        assert set(steps.suppliers()) == {"console"}
        for name in ("console", "nobody"):
            assert (await client.post(f"/api/suppliers/{name}/updates", content=b"{}")).status_code == 404
