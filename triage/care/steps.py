"""What care does when something happened elsewhere, and what it looks after by itself."""

from functools import lru_cache
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from connectors.kinds import Messages
from connectors.registry import connect
from triage import clock, contacts, taking
from triage.care import repository, service
from triage.catalogue import catalogue
from triage.database import transaction
from triage.tables import Contact

MOST_LATE = 100


@lru_cache
def messages() -> Messages:
    """The supplier of messages that the council has switched on. Raises connectors.errors.UnknownConnector."""
    return connect(catalogue().council.get("connectors", {})).messages


async def deliver() -> int:
    """Tell everybody who is to be told by now; how many were told. Each in transactions of its own."""
    return await service.deliver(messages())


async def note_failed(session: AsyncSession, message_id: UUID, for_good: bool) -> None:
    """After MessageFailed: a notice that did not arrive is sent again, or a person is told. Others' are not ours."""
    await service.note_failed(session, message_id, for_good)


async def tell_late(session: AsyncSession, contact_id: UUID, clock_id: UUID | None = None) -> None:
    """After ClockBreached: if the time to settle it has passed, put that on record and tell the resident.

    Once for each promise, whichever clock was missed.
    """
    contact = await session.get(Contact, contact_id, with_for_update=True, populate_existing=True)
    if contact is None or contact.id not in await repository.late(session, clock.now(), 1, contact_id):
        return
    assert contact.settle_due_at is not None
    await contacts.note_history(session, contact_id, "late", detail={"due": contact.settle_due_at.isoformat()})
    await taking.announce_change(session, contact_id)


async def tell_all_late() -> int:
    """Find every contact that has become late and tell its resident; how many. Run each minute.

    Each in a transaction of its own: whoever works on one of them waits for that one alone.
    """
    async with transaction() as session:
        found = await repository.late(session, clock.now(), MOST_LATE)
    for contact_id in found:
        async with transaction() as session:
            await tell_late(session, contact_id)
    return len(found)
