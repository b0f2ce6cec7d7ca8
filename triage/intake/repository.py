"""What intake asks of the database."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from triage.contacts import SUMMARY, Summary, summary_of
from triage.tables import Contact, ContactHistory


async def by_reference(session: AsyncSession, reference: str) -> Contact | None:
    """A contact by the reference people read out."""
    found: Contact | None = await session.scalar(select(Contact).where(Contact.reference == reference))
    return found


async def history_for_resident(session: AsyncSession, contact: Contact) -> list[ContactHistory]:
    """What happened to a contact that its resident may see, oldest first; private notes and views are not."""
    shown = ("arrived", "sorted", "queued", "taken", "transferred", "answered", "added", "closed")
    return list(
        (
            await session.scalars(
                select(ContactHistory)
                .where(ContactHistory.contact_id == contact.id, ContactHistory.what.in_(shown))
                .order_by(ContactHistory.at)
                .limit(200)
            )
        ).all()
    )


async def summary(session: AsyncSession, contact: Contact) -> Summary | None:
    """What the assistant passed on with the contact."""
    lines = (
        select(ContactHistory)
        .where(ContactHistory.contact_id == contact.id, ContactHistory.what == SUMMARY)
        .order_by(ContactHistory.at)
        .limit(20)
    )
    return summary_of((await session.scalars(lines)).all())


async def was_added(session: AsyncSession, contact: Contact, key: str) -> bool:
    """Whether this key has added to the contact before."""
    return bool(key) and (
        await session.scalar(
            select(ContactHistory.id).where(
                ContactHistory.contact_id == contact.id,
                ContactHistory.what == "added",
                ContactHistory.detail["key"].astext == key,
            )
        )
        is not None
    )
