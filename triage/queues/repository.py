"""What the queues read and write."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from triage import taking
from triage.tables import Contact, SignIn


async def sorted_contact(session: AsyncSession, contact_id: UUID) -> Contact | None:
    """The contact, locked, if it has been sorted and is in no queue yet."""
    return await session.scalar(
        select(Contact).where(Contact.id == contact_id, Contact.state == "sorted").with_for_update()
    )


async def left_behind(session: AsyncSession, now: datetime, lease: timedelta) -> Sequence[tuple[UUID, UUID]]:
    """Put back every taken contact whose lease ran out, unless its agent was at the desk within one lease.

    Returns (contact id, agent id) of each. A row that somebody is changing at this moment is passed over.
    """
    at_the_desk = exists().where(SignIn.agent_id == Contact.agent_id, SignIn.seen_at > now - lease)
    lapsed = (
        select(Contact.id, Contact.agent_id)
        # What its agent has promised to come back to on a later day stays with them over night.
        .where(Contact.state == "taken", Contact.lease_until < now, ~at_the_desk, taking.due_today())
        .with_for_update(skip_locked=True, of=Contact)
    )
    rows = [(row.id, row.agent_id) for row in await session.execute(lapsed)]
    if rows:
        await session.execute(
            update(Contact)
            .where(Contact.id.in_([contact_id for contact_id, _ in rows]))
            .values(state="queued", agent_id=None, lease_until=None, version=Contact.version + 1)
            .execution_options(synchronize_session=False)
        )
    return rows
