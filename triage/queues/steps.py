"""What the queues do when something has happened, and what they look after by themselves."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import calls, clock, contacts, outbox, placing, taking
from triage.catalogue import catalogue
from triage.clocks import keeping
from triage.events import ContactQueued, ContactReleased
from triage.queues import assigning, repository
from triage.settings import get_settings
from triage.tables import Contact

# Of each thing that the watch over clocks looks for, this many at a time, so that its transaction is short.
MOST_WATCHED = 200


async def queue_contact(session: AsyncSession, contact_id: UUID) -> None:
    """Follow ContactSorted and ContactReopened: it joins its queue, its clocks start. Run again, it changes nothing.

    A call goes on to whoever wrote it down and deals with it themselves.
    """
    contact = await repository.sorted_contact(session, contact_id)
    if contact is None or contact.queue is None:
        return
    now = clock.now()
    # A contact that was opened again has its clocks already, from the moment at which its resident said so.
    await keeping.start(session, contact, now)
    contact.state, contact.queued_at = "queued", now
    contact.skill = placing.skill_needed(catalogue(), contact.queue, contact.service)
    contact.version += 1
    due = contact.first_due_at
    detail = {"queue": contact.queue, "first_due_at": due.isoformat() if due else None}
    await contacts.note_history(session, contact_id, "queued", detail=detail)
    await taking.announce_change(session, contact_id)
    await outbox.publish(session, ContactQueued(contact_id))
    await calls.give_to_writer(session, contact)


async def resume_clocks(session: AsyncSession, conversation_id: UUID, at: str) -> None:
    """Follow ResidentWrote: what stood still goes on from the moment of the words. Run again, it changes nothing."""
    await keeping.resident_wrote(session, conversation_id, datetime.fromisoformat(at))


async def hurry_clocks(session: AsyncSession, contact_id: UUID) -> None:
    """Follow ContactMoreUrgent: it is promised sooner, and waits for no day and no decision. It may run twice."""
    contact = await session.get(Contact, contact_id, with_for_update=True, populate_existing=True)
    if contact is None or contact.state not in ("queued", "taken") or contact.queue not in catalogue().queues:
        return
    now = clock.now()
    contact.follow_up_on = None
    contact.placement = None if contact.placement == "bounced" else contact.placement
    await keeping.resume(session, contact, now, "the resident told of a danger")
    await keeping.hurry(session, contact, now)
    await session.flush()
    await taking.announce_change(session, contact_id)


async def watch_clocks(session: AsyncSession) -> int:
    """Warn of clocks that are near, count those that were missed, and end the pauses that are over; how many contacts.

    Run every few seconds, MOST_WATCHED of each at a time. Who must do something about it sees it on the desk.
    """
    return await keeping.watch(session, clock.now(), MOST_WATCHED)


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
