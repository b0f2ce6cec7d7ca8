"""Finding what fell between two steps, whatever the reason, and setting it on its way again (PROMISES 9).

A contact that nobody sorted or queued, that has no queue or no clock, and a change that nobody was to be told of.
"""

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from triage import hours, outbox, taking, telling
from triage.catalogue import catalogue
from triage.events import ContactArrived, ContactSorted
from triage.following_up import GENERAL
from triage.tables import Contact, ContactHistory

# Long enough for a busy worker, short enough for PROMISES 9 (60 s in all).
STRAY = timedelta(seconds=40)
# How far back each round looks for changes without a notice; the nightly one looks further.
LATELY = timedelta(hours=1)
MOST = 100


async def find_strays(session: AsyncSession, now: datetime) -> int:
    """Set everything on its way again that has fallen between two steps for 40 s; at most 100 of each kind a time.

    Steps may run twice, so a contact whose job was only slow comes to no harm.
    """
    found = await _without_queue(session, now)
    found += await _between_steps(session, now)
    found += await _without_clock(session)
    return found + await find_untold(session, now)


async def _between_steps(session: AsyncSession, now: datetime) -> int:
    """Publish again the event of each contact that has been neither sorted nor queued."""
    strays = (
        await session.scalars(
            select(Contact)
            .where(Contact.state.in_(("arrived", "sorted")), Contact.arrived_at < now - STRAY)
            .order_by(Contact.arrived_at)
            .limit(MOST)
        )
    ).all()
    for contact in strays:
        event = ContactArrived(contact.id) if contact.state == "arrived" else ContactSorted(contact.id)
        await outbox.publish(session, event)
    return len(strays)


async def _without_queue(session: AsyncSession, now: datetime) -> int:
    """Sort again what was sorted into no queue. What an agent has already stays with them, and gets the general one."""
    lost = (
        await session.scalars(
            select(Contact)
            .where(
                Contact.state != "closed",
                Contact.queue.is_(None),
                Contact.state != "arrived",
                Contact.arrived_at < now - STRAY,
            )
            .limit(MOST)
            .with_for_update(skip_locked=True)
        )
    ).all()
    for contact in lost:
        contact.version += 1
        if contact.state == "taken":
            contact.queue = catalogue().queue(GENERAL)
            continue
        contact.state = "arrived"
        await outbox.publish(session, ContactArrived(contact.id))
    return len(lost)


async def _without_clock(session: AsyncSession) -> int:
    """Start the clocks of what waits or is worked on without any, from when it joined its queue."""
    lost = (
        await session.scalars(
            select(Contact)
            .where(
                Contact.state.in_(("queued", "taken")),
                or_(Contact.first_due_at.is_(None), Contact.settle_due_at.is_(None)),
                Contact.queue.is_not(None),
            )
            .limit(MOST)
            .with_for_update(skip_locked=True)
        )
    ).all()
    for contact in lost:
        contact.queued_at = contact.queued_at or contact.arrived_at
        first, settle = hours.clocks(str(contact.queue), contact.priority, contact.queued_at, contact.live)
        contact.first_due_at = contact.first_due_at or first
        contact.settle_due_at = contact.settle_due_at or settle
        contact.version += 1
        await taking.announce_change(session, contact.id)
    return len(lost)


async def find_untold(session: AsyncSession, now: datetime, lately: timedelta = LATELY) -> int:
    """Make the notice of each change that was put on record without one; at most 100 a time."""
    lines = (
        await session.scalars(
            select(ContactHistory)
            .where(ContactHistory.at > now - lately, ContactHistory.at < now - STRAY, telling.is_untold())
            .limit(MOST)
        )
    ).all()
    for line in lines:
        await telling.tell_of(session, line)
    return len(lines)
