"""The month of a subject access request begins again with the proof of who they are, and with nothing else.

It arrives on Monday 23 November 2026, stands still for proof from Thursday the 26th, and was to end with 23 December.
"""

from datetime import datetime
from uuid import UUID

import pytest

from tests.queues.walls import Wall, arrive, at, clocks, do, history, sweep, taken
from triage.clocks import pausing
from triage.database import transaction
from triage.desk import service, waiting
from triage.errors import Invalid
from triage.following_up import add_file, say_more
from triage.tables import Agent

# To the end of 23 December; and four days of standing still later, 27 December being a Sunday and the 28th a holiday.
AS_IT_WAS, FOUR_DAYS_LATER = at(2026, 12, 24), at(2026, 12, 30)
PHOTO = b"\x89PNG\r\n\x1a\n" + b"0" * 400


async def waits_for_proof(wall: Wall, until: str = "2026-12-10") -> tuple[UUID, Agent]:
    contact_id = await arrive("Q-GOV", statutory="sar")
    agent = await taken(contact_id)
    wall.set(2026, 11, 26, 10, 0)
    await do(waiting.pause, agent, contact_id, "identity", until)
    return contact_id, agent


async def due(contact_id: UUID) -> datetime:
    return (await clocks(contact_id))["sar"].due_at


async def test_with_the_proof_the_month_begins_again(wall: Wall) -> None:
    contact_id, agent = await waits_for_proof(wall)
    wall.set(2026, 11, 29, 10, 0)
    await do(waiting.prove, agent, contact_id)
    row = (await clocks(contact_id))["sar"]
    assert (row.counts_from, row.paused.days, row.paused_since) == (at(2026, 11, 29, 10, 0), 0, None)
    assert row.due_at == at(2026, 12, 30)


async def test_called_back_by_an_agent_the_days_before_count(wall: Wall) -> None:
    contact_id, agent = await waits_for_proof(wall)
    await do(waiting.resume, agent, contact_id)
    assert await due(contact_id) == AS_IT_WAS, "a mistake that is put right the same day changes nothing"
    await do(waiting.pause, agent, contact_id, "identity", "2026-12-10")
    wall.set(2026, 11, 30, 10, 0)
    await do(waiting.resume, agent, contact_id)
    assert (await clocks(contact_id))["sar"].counts_from == at(2026, 11, 23, 10, 0)
    assert await due(contact_id) == FOUR_DAYS_LATER


async def test_over_without_proof_the_days_before_count_and_with_it_they_do_not_any_more(wall: Wall) -> None:
    contact_id, agent = await waits_for_proof(wall, "2026-11-30")
    wall.set(2026, 12, 4, 10, 0)
    assert await sweep() == 1
    assert await due(contact_id) == FOUR_DAYS_LATER
    wall.set(2026, 12, 4, 10, 5)
    await do(waiting.prove, agent, contact_id)
    # It came today, whenever the pause was over.
    assert await due(contact_id) == at(2027, 1, 5)
    with pytest.raises(Invalid):
        await do(waiting.prove, agent, contact_id)


async def test_passed_on_without_proof_the_days_before_count(wall: Wall) -> None:
    contact_id, agent = await waits_for_proof(wall)
    wall.set(2026, 11, 30, 10, 0)
    await do(service.transfer, agent, contact_id, "Q-GENERAL", "It is theirs.")
    assert await due(contact_id) == FOUR_DAYS_LATER


@pytest.mark.parametrize("how", ["words", "file"])
async def test_what_they_send_sets_it_going_and_is_the_proof_once_somebody_says_so(wall: Wall, how: str) -> None:
    contact_id, agent = await waits_for_proof(wall)
    wall.set(2026, 11, 30, 10, 0)
    async with transaction() as session:
        if how == "words":
            await say_more(session, contact_id, "I will send it next week.")
        else:
            await add_file(session, contact_id, "passport.png", PHOTO)
    assert await due(contact_id) == FOUR_DAYS_LATER, "software does not say that it is proof"
    wall.set(2026, 12, 3, 10, 0)
    await do(waiting.prove, agent, contact_id)
    row = (await clocks(contact_id))["sar"]
    # From when it came, and not from when somebody looked.
    assert (row.counts_from, row.due_at) == (at(2026, 11, 30, 10, 0), at(2026, 12, 31))
    assert (await history(contact_id)).count("resumed") == 2


async def test_there_is_nothing_to_prove_where_nobody_waited_for_it(wall: Wall) -> None:
    contact_id = await arrive("Q-GOV", statutory="sar")
    agent = await taken(contact_id)
    with pytest.raises(Invalid):
        await do(waiting.prove, agent, contact_id)
    await do(waiting.pause, agent, contact_id, "resident", "2026-12-01")
    with pytest.raises(Invalid):
        await do(waiting.prove, agent, contact_id)
    assert (await clocks(contact_id))["sar"].paused_since == at(2026, 11, 23, 10, 0)


@pytest.mark.parametrize(
    ("what", "why", "was", "came"),
    [
        ("resumed", pausing.WRITTEN, "identity", at(2026, 11, 26, 10, 0)),
        ("resumed", "the pause was over", "identity", at(2026, 12, 1, 10, 0)),
        ("resumed", pausing.PROVED, "identity", None),
        ("resumed", pausing.WRITTEN, "resident", None),
        ("paused", "", "identity", None),
    ],
)
def test_proof_may_come_after_a_pause_that_ended_without(what: str, why: str, was: str, came: datetime | None) -> None:
    detail = {"why": why, pausing.WAS: was, "at": at(2026, 11, 26, 10, 0).isoformat()}
    assert pausing.proof_came(what, detail, at(2026, 12, 1, 10, 0)) == came
