"""What turns out to be more urgent than it was sorted: nobody is late before it was known, and the law counts."""

from uuid import UUID

import pytest

from language.danger import Sighting
from tests.makers import contact_now
from tests.queues.walls import Wall, arrive, at, clocks, do, history, sweep, taken
from triage.database import transaction
from triage.desk import correcting, service, waiting
from triage.following_up import say_more
from triage.tables import Agent

pytestmark = pytest.mark.usefixtures("database")


async def correct(agent: Agent, contact_id: UUID, priority: str) -> None:
    await do(correcting.correct, agent, contact_id, {"priority": priority}, {})


async def test_what_is_put_right_to_more_urgent_is_promised_from_now_and_is_no_breach_of_yesterday(wall: Wall) -> None:
    contact_id = await arrive("Q-REPAIR")
    agent = await taken(contact_id)
    wall.set(2026, 11, 24, 10, 0)
    await correct(agent, contact_id, "P1")
    rows = await clocks(contact_id)
    assert rows["first"].due_at == at(2026, 11, 24, 10, 15)
    assert rows["settle"].due_at == at(2026, 11, 25, 10, 0)
    assert [row.breached_at for row in rows.values()] == [None, None]
    assert "clock_missed" not in await history(contact_id)


async def test_it_is_never_promised_later_for_being_more_urgent(wall: Wall) -> None:
    contact_id = await arrive("Q-REPAIR", "P2")
    agent = await taken(contact_id)
    wall.set(2026, 11, 24, 17, 10)
    due = (await clocks(contact_id))["first"].due_at
    assert due == at(2026, 11, 24, 17, 15)
    await correct(agent, contact_id, "P1")
    assert (await clocks(contact_id))["first"].due_at == due


async def test_who_finds_that_it_was_not_so_urgent_after_all_wins_no_time_by_that(wall: Wall) -> None:
    contact_id = await arrive("Q-REPAIR")
    agent = await taken(contact_id)
    before = {kind: row.due_at for kind, row in (await clocks(contact_id)).items()}
    wall.set(2026, 11, 23, 12, 0)
    await correct(agent, contact_id, "P1")
    wall.set(2026, 11, 23, 12, 5)
    await correct(agent, contact_id, "P3")
    assert {kind: row.due_at for kind, row in (await clocks(contact_id)).items()} == before


async def test_what_stands_still_and_becomes_more_urgent_goes_on_standing_still(wall: Wall) -> None:
    contact_id = await arrive("Q-REPAIR")
    agent = await taken(contact_id)
    await do(waiting.pause, agent, contact_id, "third_party", "2026-12-01")
    wall.set(2026, 11, 24, 10, 0)
    await correct(agent, contact_id, "P1")
    wall.set(2026, 11, 24, 12, 0)
    await do(waiting.resume, agent, contact_id)
    rows = await clocks(contact_id)
    # 15 minutes and 24 hours from 10:00, and the two hours after it.
    assert (rows["first"].due_at, rows["settle"].due_at) == (at(2026, 11, 24, 12, 15), at(2026, 11, 25, 12, 0))


async def test_a_hazard_that_is_put_right_to_an_emergency_is_made_safe_within_a_day_of_that(wall: Wall) -> None:
    contact_id = await arrive("Q-REPAIR", "P3", statutory="hazard")
    agent = await taken(contact_id)
    wall.set(2026, 11, 25, 9, 30)
    await correct(agent, contact_id, "P1")
    rows = await clocks(contact_id)
    assert rows["hazard_emergency"].due_at == at(2026, 11, 26, 9, 30)
    assert rows["hazard_investigate"].due_at == at(2026, 12, 8, 0, 0)
    await do(waiting.reach, agent, contact_id, "hazard_emergency")
    wall.set(2026, 11, 25, 12, 0)
    # It has had that limit, whatever is put right after it.
    for priority in ("P3", "P1"):
        await correct(agent, contact_id, priority)
    assert (await clocks(contact_id))["hazard_emergency"].met_at == at(2026, 11, 25, 9, 30)


async def test_a_hazard_whose_resident_tells_of_a_danger_is_made_safe_within_a_day_of_their_words(wall: Wall) -> None:
    contact_id = await arrive("Q-REPAIR", "P3", statutory="hazard")
    wall.set(2026, 11, 24, 22, 0)
    danger = Sighting(signal="fire", level="now", priority="P0", queue="Q-EMERG", rule="fire.here")
    for key in ("1", "2"):
        async with transaction() as session:
            await say_more(session, contact_id, "The socket burns.", key=key, sighting=danger)
    assert (await clocks(contact_id))["hazard_emergency"].due_at == at(2026, 11, 25, 22, 0)
    wall.set(2026, 11, 25, 22, 1)
    await sweep()
    assert (await clocks(contact_id))["hazard_emergency"].breached_at == at(2026, 11, 25, 22, 0)


async def test_what_is_no_hazard_gets_no_such_limit(wall: Wall) -> None:
    contact_id = await arrive("Q-REPAIR", "P3", statutory="complaint")
    agent = await taken(contact_id)
    await correct(agent, contact_id, "P1")
    assert set(await clocks(contact_id)) == {"first", "settle", "complaint_acknowledge", "complaint"}
    await do(service.reply, agent, contact_id, "We are on our way.")
    assert (await contact_now(contact_id)).statutory == "complaint"
