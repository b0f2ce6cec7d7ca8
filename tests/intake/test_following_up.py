"""The page about a contact, without JavaScript: adding to it, and saying that it is not settled."""

import re
from uuid import UUID

import httpx2
from sqlalchemy import select

from tests.makers import contact_now, make_contact
from triage import clock, codes
from triage.contacts import BEFORE, DANGER_SEEN
from triage.database import transaction
from triage.tables import ContactHistory

CODE, OTHER_CODE = "7K3M9-QXF2T-8HJ4P-W6R5Z-1BCDE-G", "7K3M9-QXF2T-8HJ4P-W6R5Z-1BCDE-H"
REFERENCE = "BN-7K3M-9QXF"
HERE = {"sec-fetch-site": "same-origin"}


async def contact_in(state: str, **fields: object) -> UUID:
    closing = {"closed_at": clock.now(), "close_reason": "done", "outcome": "We have emptied it."}
    return await make_contact(
        **{"reference": REFERENCE, "secret_hash": codes.hash_code(CODE), "state": state}
        | (closing if state == "closed" else {})
        | fields
    )


async def post(client: httpx2.AsyncClient, **form: str) -> httpx2.Response:
    return await client.post(f"/contacts/{REFERENCE}", data={"code": CODE, **form}, headers=HERE)


async def history(contact_id: UUID) -> list[tuple[str, str | None]]:
    async with transaction() as session:
        rows = await session.scalars(
            select(ContactHistory).where(ContactHistory.contact_id == contact_id).order_by(ContactHistory.at)
        )
        return [(row.what, row.detail.get("said")) for row in rows]


async def test_a_closed_contact_can_be_opened_again(app_client: httpx2.AsyncClient) -> None:
    contact_id = await contact_in("closed")
    page = await post(app_client)
    assert "We have emptied it." in page.text and "This is not settled" in page.text
    key = re.search(r'name="key" value="([^"]+)"', page.text)
    assert key
    answer = await post(app_client, do="add", text="It is still full.", key=key[1])
    assert answer.status_code == 200
    assert "We have opened it again" in answer.text and "It is still full." in answer.text
    contact = await contact_now(contact_id)
    assert contact.state != "closed" and contact.closed_at is None
    assert contact.queue == "Q-WASTE"


async def test_sent_twice_it_is_heard_once(app_client: httpx2.AsyncClient) -> None:
    contact_id = await contact_in("closed")
    for _ in range(2):
        answer = await post(app_client, do="add", text="It is still full.", key="one-key")
        assert "We have opened it again" in answer.text
    assert [one for one in await history(contact_id) if one[1]] == [("reopened", "It is still full.")]


async def test_nothing_typed_is_asked_for_again(app_client: httpx2.AsyncClient) -> None:
    contact_id = await contact_in("closed")
    answer = await post(app_client, do="add", text="   ", key="k")
    assert answer.status_code == 422 and "There is a problem" in answer.text
    assert (await contact_now(contact_id)).state == "closed"


async def test_without_the_code_nothing_is_opened(app_client: httpx2.AsyncClient) -> None:
    contact_id = await contact_in("closed")
    answer = await app_client.post(
        f"/contacts/{REFERENCE}",
        data={"code": OTHER_CODE, "do": "add", "text": "Open it.", "key": "k"},
        headers=HERE,
    )
    assert answer.status_code == 404 and "We have emptied it." not in answer.text
    assert (await contact_now(contact_id)).state == "closed" and await history(contact_id) == []


async def test_a_danger_in_it_shows_the_number_and_makes_it_urgent(app_client: httpx2.AsyncClient) -> None:
    contact_id = await contact_in("closed")
    answer = await post(app_client, do="add", text="My neighbour is being stabbed outside right now", key="k")
    assert 'href="tel:999"' in answer.text
    contact = await contact_now(contact_id)
    assert contact.priority <= "P1" and contact.danger and contact.queue != "Q-WASTE"
    # From that line on they wait for a person: it is counted from there, and not from the contact's arrival.
    async with transaction() as session:
        lines = await session.scalars(select(ContactHistory).where(ContactHistory.what == DANGER_SEEN))
        assert [(line.contact_id, line.detail["signal"], line.detail[BEFORE]) for line in lines] == [
            (contact_id, contact.danger, None)
        ]


async def test_a_reference_that_is_none_is_said_to_be_none_and_kept(app_client: httpx2.AsyncClient) -> None:
    page = await app_client.get("/contacts?reference=BN-7K3M")
    assert page.status_code == 422 and "not one of our references" in page.text and 'value="BN-7K3M"' in page.text
    assert "Type your reference" in (await app_client.get("/contacts?reference=")).text
