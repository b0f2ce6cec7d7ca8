"""A supervisor hands contacts from one to another, takes them back, and places what partners passed to and fro."""

from uuid import uuid4

from tests.browsers import SignIn
from tests.desk.supervisor import MOVE, lines, supervisor_in, take
from tests.makers import contact_now, make_agent, make_contact, session_of
from triage import taking
from triage.database import transaction
from triage.tables import ContactHistory


async def test_a_contact_is_handed_from_one_agent_to_another(signed_in: SignIn) -> None:
    contact_id, first, second = await make_contact(), await make_agent(), await make_agent(capacity=0)
    await take(contact_id, first)
    await session_of(second)
    holder = await signed_in(first)
    browser = await supervisor_in(signed_in)
    version = str((await contact_now(contact_id)).version)
    address = f"/desk/supervisor/contacts/{contact_id}"
    assert second.name in (await browser.get(address)).text
    stale = await browser.post(f"{address}/hand", data={"version": "1", "to": str(second.id)})
    assert stale.status_code == 409
    gone = await make_agent()
    elsewhere = await make_agent("Q-LIB")
    await session_of(elsewhere)
    for nobody in (gone.id, elsewhere.id, uuid4()):
        refused = await browser.post(f"{address}/hand", data={"version": version, "to": str(nobody)})
        assert refused.status_code == 422
    answer = await browser.post(f"{address}/hand", data={"version": version, "to": str(second.id)})
    assert answer.status_code == 303
    contact = await contact_now(contact_id)
    assert (contact.state, contact.agent_id) == ("taken", second.id)
    assert await lines(contact_id) == ["taken", "released", "taken"]
    # Whoever had it is told that it is no longer theirs.
    late = await holder.post(f"/desk/contacts/{contact_id}/reply", data={"version": version, "text": "Hello"})
    assert late.status_code == 409


async def test_a_contact_is_taken_back_to_its_queue(signed_in: SignIn) -> None:
    contact_id, agent = await make_contact(), await make_agent()
    await take(contact_id, agent)
    browser = await supervisor_in(signed_in)
    address = f"/desk/supervisor/contacts/{contact_id}"
    before = await contact_now(contact_id)
    assert (await browser.post(f"{address}/back", data={"version": str(before.version)})).status_code == 303
    after = await contact_now(contact_id)
    assert (after.state, after.agent_id, after.lease_until) == ("queued", None, None)
    assert after.first_due_at == before.first_due_at
    again = await browser.post(f"{address}/back", data={"version": str(after.version)})
    assert again.status_code == 409
    page = await browser.get(address)
    assert page.status_code == 200
    assert (await browser.get(f"/desk/supervisor/contacts/{uuid4()}")).status_code == 404


async def test_what_partners_passed_to_and_fro_is_placed_for_good(signed_in: SignIn) -> None:
    contact_id = await make_contact(queue="Q-HOLDING", placement="bounced")
    async with transaction() as session:
        detail = {"from": "Q-PCN", "to": "Q-HOLDING", "wanted": "Q-LIB", "held": ["NSL had this contact before."]}
        session.add(ContactHistory(contact_id=contact_id, what="transferred", detail=detail))
    browser = await supervisor_in(signed_in)
    assert (await contact_now(contact_id)).reference in (await browser.get("/desk/supervisor")).text
    page = (await browser.get(f"/desk/supervisor/contacts/{contact_id}")).text
    assert "You decide where this belongs." in page and "NSL had this contact before." in page
    await browser.post("/desk/supervisor/moves", data={**MOVE, "ticked": str(contact_id)})
    contact = await contact_now(contact_id)
    assert (contact.queue, contact.placement) == ("Q-STREET", "final")


async def test_an_agent_at_capacity_is_told_why_nothing_was_taken(signed_in: SignIn) -> None:
    agent = await make_agent(capacity=1)
    browser = await signed_in(agent)
    for _ in range(2):
        await make_contact()
    await browser.post("/desk/take-next")
    answer = await browser.post("/desk/take-next")
    assert answer.headers["location"] == "/desk?full=true"
    assert "as many contacts as you are given at once (1)" in (await browser.get("/desk?full=true")).text


async def test_opening_what_one_was_given_makes_it_ones_own(signed_in: SignIn) -> None:
    contact_id, agent = await make_contact(), await make_agent()
    async with transaction() as session:
        assert await taking.assign(session, agent.id, contact_id, 1, {"assigned": "automatic", "reasons": ["Free."]})
    page = await (await signed_in(agent)).get(f"/desk/contacts/{contact_id}")
    assert "Given automatically. Free." in page.text
    assert (await contact_now(contact_id)).assigned_at is None
