"""What the supervisor's counts call at risk and late is what the lists show as near and late, at every hour."""

from typing import Any
from uuid import UUID

import pytest

from tests.makers import contact_now, make_agent
from tests.queues.walls import Wall, arrive, at, clocks, do, sweep, taken
from triage import clock
from triage.database import transaction
from triage.desk import queue_pages, service, views, waiting
from triage.desk.supervision import repository
from triage.desk.supervision import views as supervision
from triage.desk.supervision.schemas import Filter
from triage.tables import Contact, ContactClock

pytestmark = pytest.mark.usefixtures("database")

# From Friday afternoon, when a promise of one working day has hardly begun, to Monday evening, when it is over.
WEEKEND = [
    *((27, hour) for hour in (15, 16, 18, 23)),
    *((28, hour) for hour in (0, 9, 15)),
    *((29, hour) for hour in (3, 12, 23)),
    *((30, hour) for hour in (8, 10, 13, 15, 16, 17, 18)),
]


async def counted() -> tuple[int, int]:
    async with transaction() as session:
        found = await repository.counts(session, clock.now())
    return sum(one.at_risk for one in found.values()), sum(one.late for one in found.values())


def shown(lines: list[Any]) -> tuple[int, int]:
    states = [line.clock.state for line in lines]
    return states.count("soon") + states.count("late"), states.count("late")


async def listed() -> tuple[int, int]:
    """As the supervisor's list shows them; each queue's own list shows the same."""
    supervisor = await make_agent(role="supervisor")
    async with transaction() as session:
        rows = (await supervision.listing(session, supervisor, Filter(), 1)).rows
        wanted = queue_pages.Wanted(shown="open")
        lines = []
        for code in {row.contact.queue for row in rows}:
            lines += (await queue_pages.queue_page(session, supervisor, code, wanted)).lines
    assert shown(lines) == shown(rows)
    return shown(rows)


async def test_counts_and_lists_agree_over_a_weekend(wall: Wall) -> None:
    wall.set(2026, 11, 27, 14, 30)
    for queue, priority, mark in (
        ("Q-REPAIR", "P3", None),
        ("Q-REPAIR", "P1", "hazard"),
        ("Q-CTAX", "P3", None),
        ("Q-CTAX", "P2", "complaint"),
        ("Q-GOV", "P3", "foi"),
        ("Q-EMERG", "P0", None),
        ("Q-SAFE-C", "P3", None),
    ):
        await arrive(queue, priority, statutory=mark)
    paused = await arrive("Q-GOV", "P3", statutory="foi")
    await do(waiting.pause, await taken(paused), paused, "third_party", "2026-12-10")
    found = []
    for day, hour in WEEKEND:
        wall.set(2026, 11, day, hour, 5)
        found.append(await counted())
        assert await listed() == found[-1], (day, hour)
        await sweep()
        assert (await counted(), await listed()) == (found[-1], found[-1]), (day, hour)
    assert found[0][0] < found[-1][0] and found[-1][1] >= 3


async def line(contact_id: UUID) -> Any:
    """As its agent's own desk shows it."""
    contact = await contact_now(contact_id)
    agent = await make_agent("Q-GOV")
    async with transaction() as session:
        work = await views.work_of(session, agent, with_next=True)
    (found,) = [one for one in work.next if one.id == contact.id]
    return found


async def test_a_limit_of_the_law_is_in_the_lists_and_in_the_counts(wall: Wall) -> None:
    contact_id = await arrive("Q-GOV", statutory="foi")
    agent = await taken(contact_id)
    await do(service.reply, agent, contact_id, "We look for it.")
    await do(service.release, agent, contact_id)
    rows = await clocks(contact_id)
    assert rows["settle"].due_at <= rows["foi"].due_at == at(2026, 12, 23, 0, 0)
    await do_later(rows["settle"].id)
    assert (await line(contact_id)).clock.label == "Freedom of information"
    assert (await counted(), await listed()) == ((0, 0), (0, 0))
    for day, state, found in ((18, "soon", (1, 0)), (23, "late", (1, 1))):
        wall.set(2026, 12, day, 10, 0)
        shown_line = (await line(contact_id)).clock
        assert (shown_line.label, shown_line.state) == ("Freedom of information", state)
        assert (await counted(), await listed()) == (found, found)


async def do_later(clock_id: UUID) -> None:
    """Our own promise is for later, so that only the law's limit is near."""
    later = at(2027, 3, 1, 12, 0)
    async with transaction() as session:
        row = await session.get_one(ContactClock, clock_id)
        row.due_at = row.warn_at = later
        (await session.get_one(Contact, row.contact_id)).settle_due_at = later


async def test_of_a_paused_contact_the_limit_that_runs_on_is_shown_when_it_is_near(wall: Wall) -> None:
    contact_id = await arrive("Q-GOV", statutory="foi")
    agent = await taken(contact_id)
    await do(service.reply, agent, contact_id, "We ask the archive.")
    await do(waiting.pause, agent, contact_id, "third_party", "2026-12-21")

    async def state() -> str:
        async with transaction() as session:
            (row,) = (await supervision.listing(session, await make_agent(role="supervisor"), Filter(), 1)).rows
        return row.clock.state

    assert await state() == "paused"
    wall.set(2026, 12, 18, 9, 0)
    assert await state() == "soon"
