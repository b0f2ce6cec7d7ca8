"""One contact becomes part of another, and the law's limits go with it. As keeping.py, for two contacts held locked."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from triage.catalogue import catalogue
from triage.clocks import law as limits
from triage.clocks import repository
from triage.clocks.beginning import begin_law, limit, runs
from triage.clocks.keeping import catch_up, go_on, rows_of
from triage.tables import Contact


async def hand_law(session: AsyncSession, contact: Contact, other: Contact, now: datetime) -> None:
    """`other`, which has no legal mark, has that of `contact` from now on, and with it each of its limits as it stands.

    They count from where they began: the resident asked when they asked, whichever contact it is dealt with in. What
    is still to be met is on whoever has `other`. To be called before `contact` is closed, which would meet them.
    """
    rows = await rows_of(session, contact, now)
    await catch_up(session, contact, rows, now)
    if contact.paused_at is not None:
        await go_on(session, contact, rows, now, "closed")
    other.statutory = contact.statutory
    laws = catalogue().laws
    taken_over = [
        row
        for row in await repository.ever(session, contact.id)
        if row.kind in laws and laws[row.kind].statutory == contact.statutory
    ]
    kinds = {row.kind for row in taken_over if row.ended_at is None}
    for row in await repository.clocks_of(session, other.id):
        if row.kind in kinds:
            # Of a mark that it once had.
            row.ended_at = now
    await session.flush()
    for row in taken_over:
        row.contact_id = other.id
        if runs(row):
            row.queue, row.partner = other.queue or row.queue, other.partner
    await session.flush()
    if taken_over:
        # What is urgent there is an emergency now, if such a mark has a limit for one.
        await begin_law(session, other, (), now)
    elif other.queue is not None:
        # Its limits were never begun: it was queued before clocks were kept.
        for kind in limits.started_by(laws, contact.statutory, contact.priority):
            limit(session, other, kind, contact.arrived_at)
    await session.flush()
