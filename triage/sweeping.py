"""Finding what fell between two steps, whatever the reason, and setting it on its way again (PROMISES 9).

A contact that nobody sorted or queued, that has no queue or no clock, and a change that nobody was to be told of.
What an agent holds and has left is brought back by triage/queues (its lease); what is here belongs to nobody.
"""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from triage import contacts, hours, outbox, placing, taking, telling
from triage.catalogue import catalogue
from triage.clocks import keeping
from triage.clocks import moving as moving_clocks
from triage.events import ContactArrived, ContactQueued, ContactSorted
from triage.tables import Contact, ContactHistory
from triage.timetable import GENERAL, HOLDING

# Long enough for a busy worker, short enough for PROMISES 9 (60 s in all).
STRAY = timedelta(seconds=40)
MOST = 100
# A contact whose sorting has failed so often, and that came so long ago, is filed unsorted.
HELD_AFTER = timedelta(minutes=3)
TRIES = 3
# How far back each round looks for changes without a notice; the nightly one looks further.
LATELY = timedelta(hours=1)

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
# Contacts that no job takes a step further, and those whose sorting fails (`broken`).
_STEP_NAMES = {"sorts": "sorting.sort_contact", "queues": "queues.queue_contact"}
_STRAYS = text("""
    with job as (
        select args->'payload'->>'contact_id' as contact, args->>'step' as step,
               bool_or(status <> 'failed') as waits, bool_or(status = 'failed' or attempts >= :tries) as broken
        from procrastinate_jobs
        where task_name = 'follow' and args->>'step' in (:sorts, :queues) and status in ('todo', 'doing', 'failed')
        group by 1, 2)
    select contact.id, contact.state = 'arrived' and arrived_at < :held and coalesce(job.broken, false) as broken
    from contact left join job
        on job.contact = contact.id::text and job.step = case contact.state when 'arrived' then :sorts else :queues end
    where contact.state in ('arrived', 'sorted') and arrived_at < :before
        and (not coalesce(job.waits, false) or (contact.state = 'arrived' and arrived_at < :held and job.broken))
    order by arrived_at
    limit :most
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
    """Set on their way what no step, queue, clock or notice holds; at most 100 of each kind a time."""
    found = await _steps(session, now) + await _queueless(session, now) + await _taken_queueless(session)
    found += await _clockless(session)
    return found + await find_untold(session, now)


async def _steps(session: AsyncSession, now: datetime) -> int:
    """Publish again the event of each contact that has been neither sorted nor queued for 40 s and that no job is for.

    Steps may run twice, so a contact whose job is only lost from sight comes to no harm. One whose sorting has gone
    wrong again and again is not left where nobody sees it: it goes to triage-holding as it is, with what is known of
    it. What only waits for a worker that was away is sorted when its turn comes.
    """
    still = await session.scalar(
        select(Contact.id).where(Contact.state.in_(("arrived", "sorted")), Contact.arrived_at < now - STRAY).limit(1)
    )
    if still is None:
        # Looking through the jobs is not for every five seconds.
        return 0
    given = {"before": now - STRAY, "held": now - HELD_AFTER, "tries": TRIES, "most": MOST, **_STEP_NAMES}
    broken = {row.id: row.broken for row in await session.execute(_STRAYS, given)}
    strays = (
        await session.scalars(
            select(Contact)
            .where(Contact.id.in_(broken), Contact.state.in_(("arrived", "sorted")))
            .order_by(Contact.arrived_at)
            .with_for_update(skip_locked=True)
        )
    ).all()
    for contact in strays:
        if contact.state == "arrived" and broken[contact.id]:
            await _hold(session, contact)
        elif contact.state == "arrived":
            await outbox.publish(session, ContactArrived(contact.id))
        else:
            await outbox.publish(session, ContactSorted(contact.id))
    return len(strays)


async def _hold(session: AsyncSession, contact: Contact) -> None:
    """A person reads what could not be sorted; its danger and its priority stay as they were seen."""
    known = catalogue()
    if contact.queue not in known.queues:
        contact.queue = known.queue(HOLDING)
    contact.state = "sorted"
    contact.version += 1
    detail = {
        "from": None,
        "to": contact.queue,
        "reason": "It could not be sorted, so a person looks where it belongs.",
    }
    await contacts.note_history(session, contact.id, "moved", detail=detail)
    await outbox.publish(session, ContactSorted(contact.id))


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
        # Whoever runs the queue now answers for it; its promises stay as they were made.
        await moving_clocks.hand_on(session, contact)
        contact.version += 1
        detail = {"from": before, "to": queue, "reason": "The council no longer has the queue that it was in."}
        await contacts.note_history(session, contact.id, "moved", detail=detail)
        await taking.announce_change(session, contact.id)
        if contact.state == "queued":
            await outbox.publish(session, ContactQueued(contact.id))
    return len(lost)


async def _taken_queueless(session: AsyncSession) -> int:
    """What an agent has in no queue stays with them, and gets the general one."""
    lost = (
        await session.scalars(
            select(Contact)
            .where(Contact.state == "taken", Contact.queue.is_(None))
            .limit(MOST)
            .with_for_update(skip_locked=True)
        )
    ).all()
    for contact in lost:
        contact.queue = catalogue().queue(GENERAL)
        contact.version += 1
        await taking.announce_change(session, contact.id)
    return len(lost)


async def _clockless(session: AsyncSession) -> int:
    """Start the clocks of what waits or is worked on without any, from when it came to its queue."""
    known = catalogue()
    lost = (
        await session.scalars(
            select(Contact)
            .where(
                Contact.state.in_(("queued", "taken")),
                Contact.queue.in_(list(known.queues)),
                or_(Contact.queued_at.is_(None), Contact.first_due_at.is_(None), Contact.settle_due_at.is_(None)),
            )
            .limit(MOST)
            .with_for_update(skip_locked=True)
        )
    ).all()
    for contact in lost:
        contact.queued_at = contact.queued_at or contact.arrived_at
        await keeping.start(session, contact, contact.queued_at)
        first, settle = hours.clocks(contact.queue or HOLDING, contact.priority, contact.queued_at, contact.live)
        contact.first_due_at, contact.settle_due_at = contact.first_due_at or first, contact.settle_due_at or settle
        contact.version += 1
        detail = {"queue": contact.queue, "first_due_at": contact.first_due_at.isoformat(), "why": "it had no clock"}
        await contacts.note_history(session, contact.id, "queued", detail=detail)
        await taking.announce_change(session, contact.id)
        if contact.state == "queued":
            await outbox.publish(session, ContactQueued(contact.id))
    return len(lost)


async def find_untold(session: AsyncSession, now: datetime, lately: timedelta = LATELY) -> int:
    """Make the notice of each change that was put on record without one; at most 100 a time.

    A notice needs its contact's row for a moment: one that somebody holds is passed over until the next round.
    """
    lines = (
        await session.scalars(
            select(ContactHistory)
            .join(Contact, Contact.id == ContactHistory.contact_id)
            .where(ContactHistory.at > now - lately, ContactHistory.at < now - STRAY, telling.is_untold())
            .limit(MOST)
            .with_for_update(read=True, key_share=True, skip_locked=True, of=Contact)
        )
    ).all()
    for line in lines:
        await telling.tell_of(session, line)
    return len(lines)
