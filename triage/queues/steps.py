"""What the queues do when something has happened, and what they look after by themselves."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, contacts, hours, outbox, placing, taking
from triage.catalogue import catalogue
from triage.events import ContactQueued, ContactReleased
from triage.queues import assigning, repository
from triage.settings import get_settings


async def queue_contact(session: AsyncSession, contact_id: UUID) -> None:
    """Follow ContactSorted and ContactReopened: it joins its queue, its clocks start. Run again, it changes nothing."""
    contact = await repository.sorted_contact(session, contact_id)
    if contact is None or contact.queue is None:
        return
    now = clock.now()
    first_due, settle_due = hours.clocks(contact.queue, contact.priority, now, contact.live)
    contact.state = "queued"
    contact.skill = placing.skill_needed(catalogue(), contact.queue, contact.service)
    contact.queued_at, contact.first_due_at, contact.settle_due_at = now, first_due, settle_due
    contact.version += 1
    detail = {"queue": contact.queue, "first_due_at": first_due.isoformat()}
    await contacts.note_history(session, contact_id, "queued", detail=detail)
    await taking.announce_change(session, contact_id)
    await outbox.publish(session, ContactQueued(contact_id))


async def release_expired(session: AsyncSession) -> int:
    """Return contacts whose agent has gone to their queues, with their clocks as they were; how many.

    Run every few seconds: PROMISES 3 allows the lease and 10 s.
    """
    lease = timedelta(seconds=get_settings().lease_s)
    released = await repository.left_behind(session, clock.now(), lease)
    for contact_id, agent_id, why in released:
        detail = {"why": why, "was_with": str(agent_id)} if agent_id else {"why": why}
        await contacts.note_history(session, contact_id, "released", detail=detail)
        await taking.announce_change(session, contact_id)
        await outbox.publish(session, ContactReleased(contact_id))
    return len(released)


async def assign_waiting(session: AsyncSession, contact_id: UUID) -> None:
    """Follow what makes a contact wait or an agent free: on automatic queues, give out what waits."""
    await assigning.assign_waiting(session)
