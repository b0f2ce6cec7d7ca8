"""What keeping the clocks reads and writes."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, text, union
from sqlalchemy.ext.asyncio import AsyncSession

from triage.tables import Contact, ContactClock, ContactHistory
from triage.tables.contact_clock import RUNNING


async def clocks_of(session: AsyncSession, contact_id: UUID) -> list[ContactClock]:
    """The clocks of a contact that no other has taken the place of, in the order they began."""
    await session.flush()
    rows = await session.scalars(
        select(ContactClock)
        .where(ContactClock.contact_id == contact_id, ContactClock.ended_at.is_(None))
        .order_by(ContactClock.began_at, ContactClock.due_at)
    )
    return list(rows)


async def unmet(session: AsyncSession, contact_ids: Sequence[UUID]) -> dict[UUID, list[ContactClock]]:
    """The clocks of each of these contacts that nothing has met yet, for a list of them: one question for them all."""
    rows = await session.scalars(
        select(ContactClock)
        .where(ContactClock.contact_id.in_(contact_ids), ContactClock.met_at.is_(None), ContactClock.ended_at.is_(None))
        .order_by(ContactClock.due_at)
    )
    found: dict[UUID, list[ContactClock]] = {}
    for row in rows:
        found.setdefault(row.contact_id, []).append(row)
    return found


async def ever(session: AsyncSession, contact_id: UUID) -> list[ContactClock]:
    """Every clock that the contact has or had."""
    await session.flush()
    rows = await session.scalars(select(ContactClock).where(ContactClock.contact_id == contact_id))
    return list(rows)


async def kinds_ever(session: AsyncSession, contact_id: UUID) -> set[str]:
    """Every kind of clock that the contact has or had; one that was taken off it, neither met nor missed, it never had.

    So a legal limit that was taken off by mistake begins again, from when it always counted.
    """
    counted = or_(
        ContactClock.ended_at.is_(None), ContactClock.met_at.is_not(None), ContactClock.breached_at.is_not(None)
    )
    wanted = select(ContactClock.kind).where(ContactClock.contact_id == contact_id, counted)
    return set(await session.scalars(wanted.distinct()))


async def last_of_a_pause(session: AsyncSession, contact_id: UUID) -> ContactHistory | None:
    """The newest line of a contact's history that says that its clocks stood still or went on."""
    return await session.scalar(
        select(ContactHistory)
        .where(ContactHistory.contact_id == contact_id, ContactHistory.what.in_(("paused", "resumed")))
        .order_by(ContactHistory.at.desc())
        .limit(1)
    )


async def standing_still(session: AsyncSession, conversation_id: UUID, *, lock: bool = False) -> Sequence[Contact]:
    """The contacts of a conversation whose clocks stand still."""
    wanted = select(Contact).where(Contact.conversation_id == conversation_id, Contact.paused_at.is_not(None))
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return (await session.scalars(wanted.order_by(Contact.id))).all()


async def to_look_at(session: AsyncSession, now: datetime, most: int) -> Sequence[Contact]:
    """Contacts with a clock that is past, or near and not warned of, or with a pause that is over; locked.

    At most `most` of each, longest past first. One that somebody is changing at this moment is passed over: what is
    done here takes a row out of the three indexes, so it is there the next time.
    """
    running = text(RUNNING)
    past = select(ContactClock.contact_id).where(running, ContactClock.due_at < now)
    near = select(ContactClock.contact_id).where(running, ContactClock.warned_at.is_(None), ContactClock.warn_at <= now)
    over = select(Contact.id).where(Contact.paused_until.is_not(None), Contact.paused_until <= now)
    found = union(
        past.order_by(ContactClock.due_at).limit(most),
        near.order_by(ContactClock.warn_at).limit(most),
        over.order_by(Contact.paused_until).limit(most),
    )
    ids = (await session.scalars(found)).all()
    rows = await session.scalars(
        select(Contact)
        .where(Contact.id.in_(ids))
        .order_by(Contact.id)
        .with_for_update(skip_locked=True, of=Contact)
        .execution_options(populate_existing=True)
    )
    return rows.all()


async def ended_lately(session: AsyncSession, contact_id: UUID, kind: str, since: datetime) -> ContactClock | None:
    """The clock of this kind that was ended last, if that was at `since` or after it."""
    return await session.scalar(
        select(ContactClock)
        .where(ContactClock.contact_id == contact_id, ContactClock.kind == kind, ContactClock.ended_at >= since)
        .order_by(ContactClock.began_at)
        .limit(1)
    )
