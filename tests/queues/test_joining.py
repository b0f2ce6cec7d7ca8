"""One contact becomes part of another: its complaint, what makes its resident vulnerable, and the law go along."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.makers import contact_now, make_contact
from tests.queues.walls import Wall, arrive, at, clocks, do, history, sweep, taken
from triage.desk import linking, waiting
from triage.errors import Invalid
from triage.tables import Agent

pytestmark = pytest.mark.usefixtures("database")

MAIL = "resident@example.com"


async def join(agent: Agent, one: UUID, other: UUID) -> None:
    reference = (await contact_now(other)).reference
    await do(linking.merge, agent, one, reference, True)


async def test_a_complaint_and_its_limits_go_to_the_contact_that_it_becomes_part_of(wall: Wall) -> None:
    one = await arrive("Q-CTAX", reply_to=MAIL, complaint=True, statutory="complaint", vulnerable=["older", "baby"])
    wall.set(2026, 11, 25, 10, 0)
    other = await arrive("Q-REPAIR", reply_to=MAIL, vulnerable=["baby"])
    due = {kind: row.due_at for kind, row in (await clocks(one)).items() if kind.startswith("complaint")}
    await join(await taken(one), one, other)
    now, rows = await contact_now(other), await clocks(other)
    assert (now.complaint, now.statutory, now.vulnerable) == (True, "complaint", ["baby", "older"])
    assert set(rows) == {"first", "settle", *due} and len(due) == 2
    for kind, moment in due.items():
        row = rows[kind]
        assert (row.counts_from, row.due_at, row.met_at) == (at(2026, 11, 23, 10, 0), moment, None)
        assert (row.queue, row.partner) == ("Q-REPAIR", "barnet_homes")
    assert set(await clocks(one)) == {"first", "settle"}
    # Missed there, it is on whoever had it there.
    wall.set(2026, 12, 8, 10, 0)
    await sweep()
    assert (await clocks(other))["complaint"].breached_at == at(2026, 12, 8, 0, 0)
    assert "clock_missed" in await history(other)


async def test_what_was_missed_before_is_on_whoever_had_it_then(wall: Wall) -> None:
    one = await arrive("Q-CTAX", reply_to=MAIL, statutory="complaint")
    other = await arrive("Q-REPAIR", reply_to=MAIL)
    agent = await taken(one)
    wall.set(2026, 12, 1, 10, 0)
    await join(agent, one, other)
    row = (await clocks(other))["complaint_acknowledge"]
    assert (row.breached_at, row.queue, row.partner) == (at(2026, 12, 1, 0, 0), "Q-CTAX", "csg")


async def test_two_limits_of_the_law_do_not_become_one(wall: Wall) -> None:
    one = await arrive("Q-GOV", reply_to=MAIL, statutory="foi")
    other = await arrive("Q-GOV", reply_to=MAIL, statutory="sar")
    agent = await taken(one)
    with pytest.raises(Invalid, match="time limit that the law sets"):
        await join(agent, one, other)
    assert (await contact_now(one)).state == "taken" and set(await clocks(one)) == {"first", "settle", "foi"}


async def test_a_pause_ends_and_a_hazard_that_joins_something_urgent_is_an_emergency(wall: Wall) -> None:
    one = await arrive("Q-REPAIR", "P3", reply_to=MAIL, statutory="hazard")
    other = await arrive("Q-REPAIR", "P1", reply_to=MAIL)
    agent = await taken(one)
    await do(waiting.pause, agent, one, "third_party", "2026-12-01")
    wall.set(2026, 11, 23, 12, 0)
    await join(agent, one, other)
    rows = await clocks(other)
    assert rows["hazard_emergency"].due_at == at(2026, 11, 24, 12, 0)
    assert rows["hazard_investigate"].due_at == at(2026, 12, 8, 0, 0)


async def test_the_limit_of_what_was_queued_before_clocks_were_kept_begins_where_it_arrived(wall: Wall) -> None:
    arrived = wall.now - timedelta(days=7)
    one = await make_contact(reply_to=MAIL, statutory="foi", arrived_at=arrived)
    other = await arrive("Q-GOV", reply_to=MAIL)
    await join(await taken(one), one, other)
    assert (await clocks(other))["foi"].counts_from == arrived
