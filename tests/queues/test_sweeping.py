"""Nothing stays without a step, a queue or a clock (PROMISES 9)."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text

from tests.makers import contact_now, make_agent, make_contact
from triage import clock, journey, taking
from triage.database import transaction
from triage.queues import steps
from triage.sweeping import TRIES, find_strays
from triage.tables import ContactHistory

pytestmark = pytest.mark.usefixtures("database")


async def sweep() -> int:
    assert journey.STEPS, "it makes a job of each event"
    async with transaction() as session:
        return await find_strays(session, clock.now())


async def test_what_waits_without_a_clock_is_given_its_clocks() -> None:
    arrived = clock.now() - timedelta(hours=1)
    bare = await make_contact(arrived_at=arrived, queued_at=None, first_due_at=None, settle_due_at=None)
    due = clock.now() + timedelta(days=9)
    half = await make_contact(settle_due_at=None, first_due_at=due)
    assert await sweep() == 2
    contact = await contact_now(bare)
    assert contact.queued_at == arrived
    assert contact.first_due_at is not None
    assert contact.settle_due_at is not None
    assert (await contact_now(half)).first_due_at == due
    assert await sweep() == 0


@pytest.mark.parametrize("fields", [{"queue": "Q-GONE"}, {"queue": "Q-GONE", "skill": "blue_badge"}, {"queue": None}])
async def test_what_waits_in_a_queue_that_is_gone_is_held_for_a_person(fields: dict[str, str | None]) -> None:
    contact_id, fine = await make_contact(**fields), await make_contact()
    before = await contact_now(contact_id)
    assert await sweep() == 1
    contact = await contact_now(contact_id)
    assert (contact.queue, contact.state, contact.skill) == ("Q-HOLDING", "queued", None)
    assert contact.first_due_at == before.first_due_at
    assert (await contact_now(fine)).queue == "Q-WASTE"
    async with transaction() as session:
        line = await session.scalar(select(ContactHistory).where(ContactHistory.contact_id == contact_id))
    assert line is not None
    assert (line.what, line.detail["from"], line.detail["to"]) == ("moved", fields["queue"], "Q-HOLDING")
    assert await sweep() == 0


async def test_what_was_sorted_to_no_queue_is_found() -> None:
    contact_id = await make_contact(state="sorted", queue="Q-GONE", first_due_at=None, arrived_at=clock.now())
    assert await sweep() == 1
    async with transaction() as session:
        await steps.queue_contact(session, contact_id)
    contact = await contact_now(contact_id)
    assert (contact.state, contact.queue) == ("queued", "Q-HOLDING")
    assert contact.first_due_at is not None


async def test_no_second_job_is_stored_for_what_waits_for_its_first() -> None:
    arrived = clock.now() - timedelta(hours=1)
    contact_id = await make_contact(state="arrived", queue=None, queued_at=None, arrived_at=arrived)
    assert await sweep() == 1
    assert [await sweep(), await sweep()] == [0, 0] and await jobs_of(contact_id) == ["todo"]
    assert (await contact_now(contact_id)).state == "arrived", "its worker may only have been away"


async def test_what_cannot_be_sorted_is_filed_for_a_person_with_what_is_known_of_it() -> None:
    arrived = clock.now() - timedelta(minutes=5)
    fields = {"state": "arrived", "queue": None, "queued_at": None, "first_due_at": None, "settle_due_at": None}
    contact_id = await make_contact(**fields, arrived_at=arrived, danger="gas", priority="P1")
    assert await sweep() == 1
    async with transaction() as session:
        # As procrastinate leaves a job that has failed so often and is tried again later.
        tried = text("update procrastinate_jobs set attempts = :tries, scheduled_at = now() + interval '1 hour'")
        await session.execute(tried, {"tries": TRIES})
    assert await sweep() == 1
    contact = await contact_now(contact_id)
    assert (contact.state, contact.queue) == ("sorted", "Q-HOLDING")
    async with transaction() as session:
        await steps.queue_contact(session, contact_id)
    contact = await contact_now(contact_id)
    assert (contact.state, contact.danger, contact.priority) == ("queued", "gas", "P1")
    async with transaction() as session:
        line = await session.scalar(select(ContactHistory).where(ContactHistory.what == "moved"))
    assert line is not None and "could not be sorted" in line.detail["reason"]
    assert await jobs_of(contact_id) == ["todo"] and await sweep() == 0


async def jobs_of(contact_id: UUID) -> list[str]:
    """How each job that sorts this contact stands."""
    of = text(
        "select status::text from procrastinate_jobs where args->>'step' = 'sorting.sort_contact'"
        " and args->'payload'->>'contact_id' = :id and status in ('todo', 'doing')"
    )
    async with transaction() as session:
        return list(await session.scalars(of, {"id": str(contact_id)}))


async def test_what_is_taken_by_nobody_goes_back() -> None:
    contact_id = await make_contact(state="taken", agent_id=None, lease_until=None)
    held, agent = await make_contact(), await make_agent()
    async with transaction() as session:
        await taking.take(session, agent.id, held)
    async with transaction() as session:
        assert await steps.release_expired(session) == 1
    assert (await contact_now(contact_id)).state == "queued"
    assert (await contact_now(held)).state == "taken"
