"""What a supervisor sees and does, as a browser sends it, over a real database."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from tests.browsers import SignIn
from tests.desk.supervisor import MOVE, lines, move_all, row_of, supervisor_in, take
from tests.makers import contact_now, make_agent, make_contact, session_of
from triage import clock
from triage.clocks import keeping, pausing
from triage.database import transaction
from triage.desk.supervision import moving
from triage.tables import BulkMove, Contact, ContactClock


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


async def test_a_supervisor_sees_what_belongs_to_the_queues_that_they_look_after(signed_in: SignIn) -> None:
    bins, lib = await make_agent("Q-WASTE", name="Agent, Bins"), await make_agent("Q-LIB", name="Agent, Books")
    both = await make_agent("Q-WASTE", "Q-LIB", name="Agent, Both")
    held = [await make_contact(queue=queue, placement="bounced") for queue in ("Q-WASTE", "Q-LIB", "Q-HOLDING")]
    here, there = await make_contact(), await make_contact(queue="Q-LIB")
    for contact_id in (here, there):
        await take(contact_id, both)
    for agent in (bins, lib, both):
        await session_of(agent)
    await make_contact(queue="Q-TREES")
    other = await signed_in(await make_agent(role="supervisor"))
    theirs = await move_all(other, queue="Q-LIB", to="Q-HWAY")
    mine_to = await move_all(other, queue="Q-HWAY", to="Q-WASTE")
    browser = await signed_in(await make_agent("Q-WASTE", role="supervisor"))
    mine = await move_all(browser, queue="Q-WASTE", to="Q-PARK")
    page = (await browser.get("/desk/supervisor")).text
    shown = {one: (await contact_now(one)).reference in page for one in (*held, here, there)}
    assert list(shown.values()) == [False, False, False, True, False], "those that were held have been moved away"
    assert "Agent, Bins" in page and "Agent, Both" in page and "Agent, Books" not in page
    assert mine in page and mine_to in page and theirs not in page
    assert (await browser.get(theirs)).status_code == 404
    assert (await browser.post(f"{theirs}/undo")).status_code == 404
    # What they moved away they can take back.
    assert (await browser.get(mine)).status_code == 200
    assert (await browser.post(f"{mine}/undo")).status_code == 303
    page = (await browser.get("/desk/supervisor")).text
    assert [(await contact_now(one)).reference in page for one in held] == [True, False, False]


CLOCK = (
    "queue",
    "partner",
    "rule",
    "calendar",
    "began_at",
    "counts_from",
    "due_at",
    "warn_at",
    "paused_since",
    "paused",
)


async def stands(contact_id: UUID) -> dict[str, Any]:
    """Everything that says how a contact's clocks stand, and when it is looked at again."""
    contact = await contact_now(contact_id)
    names = ("queue", "partner", "queued_at", "paused_at", "pause_reason", "paused_until", "first_due_at")
    found: dict[str, Any] = {name: getattr(contact, name) for name in (*names, "settle_due_at", "follow_up_on")}
    async with transaction() as session:
        rows = await session.scalars(
            select(ContactClock).where(ContactClock.contact_id == contact_id, ContactClock.ended_at.is_(None))
        )
        found |= {row.kind: {name: getattr(row, name) for name in CLOCK} for row in rows}
    return found


@pytest.mark.parametrize("to", ["Q-GOV", "Q-CTAX", "Q-WASTE"])
async def test_what_stood_still_stands_still_again_when_its_move_is_undone(signed_in: SignIn, to: str) -> None:
    agent, now = await make_agent(), clock.now()
    contact_id = await make_contact(
        queue="Q-STREET", statutory="sar", queued_at=now - timedelta(days=3), arrived_at=now - timedelta(days=3),
        follow_up_on=clock.today() + timedelta(days=4),
    )  # fmt: skip
    async with transaction() as session:
        contact = await session.get_one(Contact, contact_id)
        await keeping.start(session, contact, now - timedelta(days=3))
        until = pausing.until(clock.today() + timedelta(days=9))
        await keeping.pause(session, contact, "resident", until, now - timedelta(days=2), agent.id)
    before = await stands(contact_id)
    assert {"first", "settle", "sar"} <= set(before) and before["sar"]["paused_since"]
    browser = await supervisor_in(signed_in)
    address = await move_all(browser, queue="Q-STREET", to=to)
    moved = await stands(contact_id)
    # The next team has its clocks running; the day that a resident may have been promised is kept.
    assert moved["paused_at"] is None and moved["sar"]["paused_since"] is None
    assert moved["follow_up_on"] == before["follow_up_on"]
    assert (await browser.post(f"{address}/undo")).status_code == 303
    assert await stands(contact_id) == before
    assert (await lines(contact_id))[-2:] == ["paused", "moved back"]


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
            await moving.go_on(session, move_id)
    assert {(await contact_now(one)).queue for one in ids} == {"Q-STREET"}
    # The worker may run a batch again when all is done.
    async with transaction() as session:
        await moving.go_on(session, move_id)
    assert [await lines(one) for one in ids] == [["moved"]] * 10
    await browser.post(f"{address}/undo")
    for _ in range(3):
        async with transaction() as session:
            await moving.go_back(session, move_id)
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
            await moving.go_on(session, move_id)
            await moving.go_back(session, move_id)
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
