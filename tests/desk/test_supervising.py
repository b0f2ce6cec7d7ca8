"""What a supervisor sees and does, as a browser sends it, over a real database."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from tests.browsers import Browser, SignIn
from tests.makers import contact_now, make_agent, make_contact, session_of
from triage import clock, taking
from triage.database import transaction
from triage.desk.supervision import moving, steps
from triage.tables import Agent, BulkMove, Contact, ContactHistory

MOVE = {"to": "Q-STREET", "reason": "The depot moved to the other team."}


async def supervisor_in(signed_in: SignIn) -> Browser:
    return await signed_in(await make_agent(role="supervisor", name="Supervisor"))


async def take(contact_id: UUID, agent: Agent) -> None:
    async with transaction() as session:
        await taking.take(session, agent.id, contact_id)


async def move_all(browser: Browser, **fields: str) -> str:
    answer = await browser.post("/desk/supervisor/moves", data={"which": "all", **MOVE, **fields})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def lines(contact_id: UUID) -> list[str]:
    async with transaction() as session:
        rows = await session.scalars(
            select(ContactHistory.what).where(ContactHistory.contact_id == contact_id).order_by(ContactHistory.at)
        )
        return list(rows)


def row_of(page: str, queue: str) -> list[str]:
    """The cells of one queue's row, as text."""
    row = re.search(rf'<tr>(?:(?!</tr>).)*id="queue-{queue}".*?</tr>', page, re.DOTALL)
    assert row
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row[0], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in cells]


@pytest.mark.parametrize("role", ["agent", "partner", "owner", "editor"])
async def test_the_room_is_for_supervisors(signed_in: SignIn, role: str) -> None:
    browser = await signed_in(await make_agent(role=role))
    contact_id = await make_contact()
    for address in ("", "/contacts", f"/contacts/{contact_id}", f"/moves/{uuid4()}", "/events"):
        assert (await browser.get(f"/desk/supervisor{address}")).status_code == 403
    posts = {
        "/moves": {**MOVE, "ticked": str(contact_id)},
        f"/moves/{uuid4()}/undo": {},
        f"/contacts/{contact_id}/hand": {"version": "1"},
        f"/contacts/{contact_id}/back": {"version": "1"},
        "/queues/Q-WASTE/assign": {"assign": "auto"},
    }
    for address, data in posts.items():
        assert (await browser.post(f"/desk/supervisor{address}", data=data)).status_code == 403


async def test_the_counts_of_each_queue_are_what_is_there(signed_in: SignIn) -> None:
    now, agent = clock.now(), await make_agent()
    day = timedelta(days=1)
    await make_contact(queued_at=now, first_due_at=now + day)
    await make_contact(queued_at=now - 4 * day, first_due_at=now + day * 0.9)  # its last quarter
    await make_contact(queued_at=now - 5 * day, first_due_at=now - day)
    await make_contact(queued_at=now - 5 * day, first_due_at=now - day, paused_at=now)
    # Answered in time: what comes next is that it is settled.
    await make_contact(queued_at=now, first_due_at=now - day, first_answer_at=now, settle_due_at=now + day)
    await take(await make_contact(first_due_at=now + day), agent)
    browser = await supervisor_in(signed_in)
    page = await browser.get("/desk/supervisor")
    cells = row_of(page.text, "Q-WASTE")
    assert cells[:3] == ["4", "1", "1"]
    assert cells[3] == "5 days"
    assert cells[4:6] == ["▲ 2", "■ 1"]
    assert row_of(page.text, "Q-LIB")[:4] == ["0", "0", "0", "–"]
    assert "<strong>4</strong> waiting" in page.text


async def test_who_is_on_with_what_they_have(signed_in: SignIn) -> None:
    on, away = await make_agent(name="Agent, On"), await make_agent(name="Agent, Away")
    gone = await make_agent(name="Agent, Gone")
    await session_of(on)
    browser = await signed_in(away)
    assert (await browser.post("/desk/presence", data={"away": "true"})).status_code == 303
    assert "You are <strong>away</strong>" in (await browser.get("/desk")).text
    contact_id = await make_contact()
    await take(contact_id, on)
    reference = (await contact_now(contact_id)).reference
    page = (await (await supervisor_in(signed_in)).get("/desk/supervisor")).text
    assert "Agent, On" in page and "1 of 5" in page and reference in page
    assert "Away since" in page
    assert gone.name not in page
    await browser.post("/desk/presence", data={"away": "false"})
    assert "You are <strong>available</strong>" in (await browser.get("/desk")).text


async def test_a_queue_is_switched_to_automatic_and_back(signed_in: SignIn) -> None:
    browser = await supervisor_in(signed_in)
    for now, then in (("By hand", "auto"), ("Automatically", "by hand")):
        page = await browser.get("/desk/supervisor")
        assert row_of(page.text, "Q-WASTE")[6].startswith(now)
        answer = await browser.post("/desk/supervisor/queues/Q-WASTE/assign", data={"assign": then})
        assert answer.status_code == 303
    assert (await browser.post("/desk/supervisor/queues/Q-NO/assign", data={"assign": "auto"})).status_code == 404


async def test_a_list_is_filtered_and_paged(signed_in: SignIn) -> None:
    old = await make_contact(arrived_at=clock.now() - timedelta(days=8), service="missed_bin")
    for _ in range(51):
        await make_contact(priority="P4", queue="Q-LIB")
    browser = await supervisor_in(signed_in)
    reference = (await contact_now(old)).reference

    async def shows(query: str) -> bool:
        page = await browser.get(f"/desk/supervisor/contacts?{query}")
        assert page.status_code == 200
        return reference in page.text

    for query in (
        "queue=Q-WASTE",
        "older=168",
        "service=missed_bin",
        "state=waiting",
        "priority=P3",
        "partner=council",
    ):
        assert await shows(query), query
    for query in ("queue=Q-LIB", "service=blue_badge", "state=taken", "state=held", "state=paused", "priority=P1"):
        assert not await shows(query), query
    assert not await shows("page=2")
    first = (await browser.get("/desk/supervisor/contacts?queue=Q-LIB")).text
    assert first.count('name="ticked"') == 50
    assert "51 contacts match" in first
    assert "queue=Q-LIB&amp;page=2" in first
    second = (await browser.get("/desk/supervisor/contacts?queue=Q-LIB&page=2")).text
    assert second.count('name="ticked"') == 1
    # What is none of the choices chooses nothing.
    assert await shows("state=%3Cscript%3E&partner=x&older=7&priority=P9")


async def test_ticked_contacts_are_moved_and_each_says_so(signed_in: SignIn) -> None:
    moved, waits, taken = await make_contact(), await make_contact(), await make_contact()
    await take(taken, await make_agent())
    browser = await supervisor_in(signed_in)
    before = await contact_now(moved)
    answer = await browser.post("/desk/supervisor/moves", data={**MOVE, "ticked": [str(moved), str(taken)]})
    page = (await browser.get(answer.headers["location"])).text
    assert "<strong>1</strong> moved" in page
    assert "An agent has it. Take it back first." in page
    after = await contact_now(moved)
    assert (after.queue, after.state, after.version) == ("Q-STREET", "queued", before.version + 1)
    assert after.settle_due_at != before.settle_due_at
    assert await lines(moved) == ["moved"]
    assert (await contact_now(waits)).queue == (await contact_now(taken)).queue == "Q-WASTE"


async def test_a_move_is_undone_but_for_what_was_touched_since(signed_in: SignIn) -> None:
    ids = [await make_contact() for _ in range(5)]
    browser = await supervisor_in(signed_in)
    before = [await contact_now(one) for one in ids]
    address = await move_all(browser, queue="Q-WASTE")
    untouched, taken, closed, again, changed = ids
    await take(taken, await make_agent())
    async with transaction() as session:
        await session.execute(update(Contact).where(Contact.id == closed).values(state="closed"))
        await session.execute(update(Contact).where(Contact.id == again).values(queue="Q-LIB"))
        await session.execute(update(Contact).where(Contact.id == changed).values(version=9))
    assert (await browser.post(f"{address}/undo")).status_code == 303
    page = (await browser.get(address)).text
    assert "<strong>1</strong> went back" in page
    assert "<strong>4</strong> could not be undone" in page
    for why in ("An agent has taken it.", "It has been closed.", "It has been moved again.", "It has changed since."):
        assert why in page
    back = await contact_now(untouched)
    first = before[0]
    assert (back.queue, back.queued_at, back.first_due_at, back.settle_due_at) == (
        first.queue,
        first.queued_at,
        first.first_due_at,
        first.settle_due_at,
    )
    assert await lines(untouched) == ["moved", "moved back"]
    assert (await contact_now(taken)).queue == "Q-STREET"
    assert "Undo this move" not in page


async def test_everybody_finds_their_account_from_the_supervisors_pages(signed_in: SignIn) -> None:
    browser = await supervisor_in(signed_in)
    for address in ("/desk/supervisor", "/desk/supervisor/contacts"):
        assert 'href="/desk/account"' in (await browser.get(address)).text


async def test_a_move_is_undone_for_fifteen_minutes(signed_in: SignIn) -> None:
    contact_id = await make_contact()
    browser = await supervisor_in(signed_in)
    address = await move_all(browser)
    async with transaction() as session:
        await session.execute(update(BulkMove).values(began_at=clock.now() - timedelta(minutes=15, seconds=1)))
    assert (await browser.post(f"{address}/undo")).status_code == 409
    assert (await contact_now(contact_id)).queue == "Q-STREET"
    assert "Undo this move" not in (await browser.get(address)).text
    assert (await browser.post(f"/desk/supervisor/moves/{uuid4()}/undo")).status_code == 404


async def test_many_are_moved_in_batches_and_go_back_in_batches(
    signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "BATCH", 4)
    ids = [await make_contact() for _ in range(10)]
    browser = await supervisor_in(signed_in)
    address = await move_all(browser)
    move_id = UUID(address.rsplit("/", 1)[1])
    assert "Moving: 4 of 10" in re.sub(r"<[^>]*>", "", (await browser.get(address)).text)
    for _ in range(2):
        async with transaction() as session:
            await steps.go_on(session, move_id)
    assert {(await contact_now(one)).queue for one in ids} == {"Q-STREET"}
    # The worker may run a batch again when all is done.
    async with transaction() as session:
        await steps.go_on(session, move_id)
    assert [await lines(one) for one in ids] == [["moved"]] * 10
    await browser.post(f"{address}/undo")
    for _ in range(3):
        async with transaction() as session:
            await steps.go_back(session, move_id)
    assert {(await contact_now(one)).queue for one in ids} == {"Q-WASTE"}


async def test_a_move_that_is_undone_on_its_way_moves_no_more(
    signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "BATCH", 2)
    for _ in range(5):
        await make_contact()
    browser = await supervisor_in(signed_in)
    address = await move_all(browser)
    move_id = UUID(address.rsplit("/", 1)[1])
    await browser.post(f"{address}/undo")
    for _ in range(3):
        async with transaction() as session:
            await steps.go_on(session, move_id)
            await steps.go_back(session, move_id)
    async with transaction() as session:
        assert set(await session.scalars(select(Contact.queue))) == {"Q-WASTE"}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"to": "Q-NOWHERE"}, "Choose the queue"),
        ({"reason": "  "}, "Say why"),
        ({"reason": "x" * 501}, "too long"),
        ({"which": "ticked"}, "at least one"),
    ],
)
async def test_a_move_that_cannot_be_made_keeps_what_was_typed(
    signed_in: SignIn, fields: dict[str, str], said: str
) -> None:
    contact_id = await make_contact()
    browser = await supervisor_in(signed_in)
    answer = await browser.post("/desk/supervisor/moves", data={"which": "all", **MOVE, **fields})
    assert answer.status_code == 422
    assert said in answer.text
    assert (await contact_now(contact_id)).queue == "Q-WASTE"
    async with transaction() as session:
        assert await session.scalar(select(BulkMove.id)) is None


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
