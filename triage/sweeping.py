"""Finding contacts that fell between two steps, whatever the reason, and setting them on their way again.

What an agent holds and has left is brought back by triage/queues (its lease); what is here belongs to nobody.
"""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from triage import contacts, hours, outbox, placing, taking
from triage.catalogue import catalogue
from triage.events import ContactArrived, ContactQueued, ContactSorted
from triage.tables import Contact

# Long enough for a busy worker, short enough for PROMISES 9 (60 s in all).
STRAY = timedelta(seconds=40)
MOST = 100
# Where a contact waits whose queue the council gave up: a person says where it belongs now.
HOLDING = "Q-HOLDING"

# Each queue that anything waits in: one step in the index for each, however many wait.
_QUEUES = text("""
    with recursive waiting as (
        (select queue from contact where state = 'queued' and skill is null order by queue limit 1)
        union all
        select (select queue from contact
                where state = 'queued' and skill is null and queue > waiting.queue order by queue limit 1)
        from waiting where waiting.queue is not null)
    select queue from waiting where queue is not null
""")
_QUEUELESS = text("""
    select id from contact where state = 'sorted' and (queue is null or queue <> all (cast(:known as text[])))
    union all
    select id from contact where state = 'queued' and skill is null and queue = any (cast(:gone as text[]))
    union all
    select id from contact where state = 'queued' and skill is null and queue is null
    union all
    select id from contact where state = 'queued' and skill is not null and queue <> all (cast(:known as text[]))
    limit :most
""")


async def find_strays(session: AsyncSession, now: datetime) -> int:
    """Set on their way the contacts that no step, queue or clock holds; at most 100 of each kind a time."""
    return await _steps(session, now) + await _queueless(session, now) + await _clockless(session)


async def _steps(session: AsyncSession, now: datetime) -> int:
    """Publish again the event of each contact that has been neither sorted nor queued for 40 s.

    Steps may run twice, so a contact whose job was only slow comes to no harm.
    """
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


async def _queueless(session: AsyncSession, now: datetime) -> int:
    """Move what waits in a queue that is none of the council's to where its work goes now, or to triage-holding.

    Its promises stay as they were made.
    """
    known = catalogue()
    codes = list(known.queues)
    gone = [queue for queue in await session.scalars(_QUEUES) if queue not in known.queues]
    ids = (await session.scalars(_QUEUELESS, {"known": codes, "gone": gone, "most": MOST})).all()
    if not ids:
        return 0
    lost = (
        await session.scalars(
            select(Contact)
            .where(
                Contact.id.in_(ids),
                Contact.state.in_(("sorted", "queued")),
                or_(Contact.queue.is_(None), Contact.queue.not_in(codes)),
            )
            .with_for_update(skip_locked=True)
        )
    ).all()
    for contact in lost:
        before = contact.queue
        queue = known.queue(before) if before else HOLDING
        contact.queue = queue = queue if queue in known.queues else known.queue(HOLDING)
        contact.skill = placing.skill_needed(known, queue, contact.service)
        contact.version += 1
        detail = {"from": before, "to": queue, "reason": "The council no longer has the queue that it was in."}
        await contacts.note_history(session, contact.id, "moved", detail=detail)
        await taking.announce_change(session, contact.id)
        if contact.state == "queued":
            await outbox.publish(session, ContactQueued(contact.id))
    return len(lost)


async def _clockless(session: AsyncSession) -> int:
    """Start the clocks of what waits without any, from the moment at which it came to its queue."""
    known = catalogue()
    lost = (
        await session.scalars(
            select(Contact)
            .where(
                Contact.state == "queued",
                Contact.queue.in_(list(known.queues)),
                or_(Contact.queued_at.is_(None), Contact.first_due_at.is_(None), Contact.settle_due_at.is_(None)),
            )
            .limit(MOST)
            .with_for_update(skip_locked=True)
        )
    ).all()
    for contact in lost:
        contact.queued_at = contact.queued_at or contact.arrived_at
        first, settle = hours.clocks(contact.queue or HOLDING, contact.priority, contact.queued_at, contact.live)
        contact.first_due_at, contact.settle_due_at = contact.first_due_at or first, contact.settle_due_at or settle
        contact.version += 1
        detail = {"queue": contact.queue, "first_due_at": contact.first_due_at.isoformat(), "why": "it had no clock"}
        await contacts.note_history(session, contact.id, "queued", detail=detail)
        await taking.announce_change(session, contact.id)
        await outbox.publish(session, ContactQueued(contact.id))
    return len(lost)
