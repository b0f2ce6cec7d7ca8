"""A clock on the wall, and a contact's clocks as they are on record, for the tests of clocks."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from tests.makers import contact_now, make_agent, make_contact
from triage import clock, taking
from triage.clock import LONDON
from triage.database import transaction
from triage.queues import steps
from triage.tables import Agent, ContactClock, ContactHistory


class Wall:
    """A clock on the wall that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 10, 0, tzinfo=LONDON)

    def set(self, *parts: int) -> None:
        self.now = datetime(*parts, tzinfo=LONDON)  # type: ignore[misc,arg-type]


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LONDON)  # type: ignore[misc,arg-type]


async def arrive(queue: str = "Q-CTAX", priority: str = "P3", **fields: Any) -> UUID:
    """A contact that has arrived just now, been sorted, and joined its queue."""
    contact_id = await make_contact(
        **{"state": "sorted", "queue": queue, "priority": priority, "arrived_at": clock.now()}
        | {"queued_at": None, "first_due_at": None, "settle_due_at": None}
        | fields
    )
    async with transaction() as session:
        await steps.queue_contact(session, contact_id)
    return contact_id


async def clocks(contact_id: UUID) -> dict[str, ContactClock]:
    async with transaction() as session:
        rows = await session.scalars(
            select(ContactClock).where(ContactClock.contact_id == contact_id, ContactClock.ended_at.is_(None))
        )
        return {row.kind: row for row in rows}


async def ended(contact_id: UUID) -> list[ContactClock]:
    async with transaction() as session:
        rows = await session.scalars(
            select(ContactClock)
            .where(ContactClock.contact_id == contact_id, ContactClock.ended_at.is_not(None))
            .order_by(ContactClock.kind)
        )
        return list(rows)


async def history(contact_id: UUID) -> list[str]:
    async with transaction() as session:
        rows = await session.scalars(select(ContactHistory.what).where(ContactHistory.contact_id == contact_id))
        return list(rows)


async def do(what: Any, agent: Agent, contact_id: UUID, *more: Any) -> None:
    """One write at the desk, by whoever has taken the contact."""
    version = (await contact_now(contact_id)).version
    async with transaction() as session:
        await what(session, agent, contact_id, version, *more)


async def taken(contact_id: UUID) -> Agent:
    agent = await make_agent()
    async with transaction() as session:
        await taking.take(session, agent.id, contact_id)
    return agent


async def sweep() -> int:
    async with transaction() as session:
        return await steps.watch_clocks(session)
