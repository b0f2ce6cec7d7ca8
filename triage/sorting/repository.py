"""The contacts that a new one may repeat."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from triage import telling
from triage.contacts import POINT, point_of
from triage.sorting.repeats import Earlier
from triage.tables import Contact, SortingDecision

MOST = 200  # of one service at most: enough for a borough's open potholes of two weeks


async def earlier_of_resident(session: AsyncSession, contact: Contact, service: str, since: datetime) -> list[Earlier]:
    """Contacts about the service from the same conversation, or the same address or number, that came since."""
    theirs = []
    if contact.conversation_id is not None:
        theirs.append(Contact.conversation_id == contact.conversation_id)
    if contact.reply_to:
        theirs.append(telling.same_in(Contact.reply_to.expression) == telling.same(contact.reply_to))
    if not theirs:
        return []
    rows = await session.scalars(
        select(Contact)
        .where(
            or_(*theirs),
            Contact.service == service,
            Contact.id != contact.id,
            Contact.arrived_at >= since,
            Contact.arrived_at <= contact.arrived_at,
            Contact.demo == contact.demo,
        )
        .order_by(Contact.arrived_at.desc())
        .limit(MOST)
    )
    return _as_earlier(rows.all(), same_resident=True)


async def open_with_a_place(session: AsyncSession, contact: Contact, service: str) -> list[Earlier]:
    """Contacts about the service that are open and say where, in words or as a point, the newest first."""
    rows = await session.scalars(
        select(Contact)
        .where(
            Contact.service == service,
            Contact.state != "closed",
            or_(Contact.place.is_not(None), Contact.details.has_key(POINT)),
            Contact.id != contact.id,
            Contact.arrived_at <= contact.arrived_at,
            Contact.demo == contact.demo,
        )
        .order_by(Contact.arrived_at.desc())
        .limit(MOST)
    )
    return _as_earlier(rows.all(), same_resident=False)


async def last_decision(session: AsyncSession, contact_id: UUID) -> SortingDecision | None:
    """The newest decision about a contact."""
    found: SortingDecision | None = await session.scalar(
        select(SortingDecision)
        .where(SortingDecision.contact_id == contact_id)
        .order_by(SortingDecision.decided_at.desc())
        .limit(1)
    )
    return found


def _as_earlier(rows: Sequence[Contact], *, same_resident: bool) -> list[Earlier]:
    return [
        Earlier(
            row.id,
            row.reference,
            row.service,
            row.place,
            row.arrived_at,
            row.state != "closed",
            same_resident,
            row.repeat_of,
            point_of(row.details),
        )
        for row in rows
    ]
