"""What could not be handed on is on a list that supervisors see to; strangers' postings are not heard."""

import httpx2

from tests.delivery.test_handing_on import Refusing, arrives, deliver, deliveries
from tests.makers import contact_now, make_agent, session_of
from triage.access import DESK_COOKIE

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


async def test_an_agent_does_not_see_it(app_client: httpx2.AsyncClient) -> None:
    app_client.cookies.set(DESK_COOKIE, await session_of(await make_agent()))
    assert (await app_client.get("/desk/deliveries")).status_code == 403


async def test_what_a_supplier_that_is_not_switched_on_posts_is_not_heard(app_client: httpx2.AsyncClient) -> None:
    assert (await app_client.post("/api/suppliers/webhook/updates", content=b"{}")).status_code == 404
