"""A supervisor of some queues sees those and no others; and undoing a move puts a pause back as it was."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.browsers import SignIn
from tests.desk.test_supervising import lines, move_all, supervisor_in, take
from tests.makers import contact_now, make_agent, make_contact, session_of
from triage import clock
from triage.clocks import keeping, pausing
from triage.database import transaction
from triage.tables import Contact, ContactClock


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
