"""What taking an email in asks of the database."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, telling
from triage.tables import Contact, ContactHistory, ContactLink

# The first key of our advisory lock: one message is taken in by one process at a time, whichever way it came.
_LOCK = 710_022


async def hold(session: AsyncSession, key: str) -> None:
    """Until the transaction ends, nobody else takes in the message with this key."""
    await session.execute(select(func.pg_advisory_xact_lock(_LOCK, func.hashtext(key))))


async def filed(session: AsyncSession, key: str) -> Contact | None:
    """The contact that this message already made."""
    found: Contact | None = await session.scalar(select(Contact).where(Contact.idempotency_key == key))
    return found


async def named(session: AsyncSession, references: Iterable[str]) -> list[Contact]:
    """The contacts with these references, in their order."""
    wanted = list(references)
    rows = await session.scalars(select(Contact).where(Contact.reference.in_(wanted)))
    return sorted(rows, key=lambda contact: wanted.index(contact.reference))


async def is_answered_at(session: AsyncSession, contact_id: UUID, address: str) -> bool:
    """Whether this address is the one at which the contact's resident is answered, however it was typed."""
    same = telling.same_in(Contact.reply_to.expression)
    found = select(Contact.id).where(Contact.id == contact_id, same == telling.same(address))
    return await session.scalar(found) is not None


async def heard(session: AsyncSession, contact_id: UUID, key: str) -> bool:
    """Whether this message was added to the contact before."""
    line = select(ContactHistory.id).where(
        ContactHistory.contact_id == contact_id,
        ContactHistory.what.in_(("added", "reopened")),
        ContactHistory.detail["key"].as_string() == key,
    )
    return await session.scalar(line.limit(1)) is not None


async def link(session: AsyncSession, one: UUID, other: UUID) -> None:
    """Link two contacts, by nobody's hand."""
    first, second = sorted((one, other))
    row = insert(ContactLink).values(one_id=first, other_id=second, at=clock.now())
    await session.execute(row.on_conflict_do_nothing())
