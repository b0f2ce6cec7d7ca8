"""What intake asks of the database."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from triage import telling
from triage.contacts import SUMMARY, Summary, summary_of
from triage.tables import Contact, ContactHistory, Message, Notice

# A supervisor's move, and a limit of the law that was made longer, are the resident's to see when they were told of it.
ONCE_TOLD = ("moved", "moved back", telling.LONGER)


async def by_reference(session: AsyncSession, reference: str) -> Contact | None:
    """A contact by the reference people read out."""
    found: Contact | None = await session.scalar(select(Contact).where(Contact.reference == reference))
    return found


async def history_for_resident(session: AsyncSession, contact: Contact) -> list[ContactHistory]:
    """What happened to a contact that its resident may see, oldest first; private notes and agents' files are not."""
    shown = (
        *("arrived", "sorted", "queued", "taken", "transferred", "answered", "added", "late"),
        *("closed", "reopened", "file", *ONCE_TOLD),
    )
    told = exists().where(Notice.change_id == ContactHistory.id)
    return list(
        (
            await session.scalars(
                select(ContactHistory)
                .where(
                    ContactHistory.contact_id == contact.id,
                    ContactHistory.what.in_(shown),
                    or_(ContactHistory.what != "file", ContactHistory.agent_id.is_(None)),
                    or_(ContactHistory.what.not_in(ONCE_TOLD), told),
                )
                .order_by(ContactHistory.at)
                .limit(200)
            )
        ).all()
    )


async def chose_messages(session: AsyncSession, contact: Contact) -> bool:
    """Whether the resident has said, after it was filed, whether they want messages about it."""
    said = exists().where(
        ContactHistory.contact_id == contact.id, ContactHistory.what.in_(("messages_on", "messages_off"))
    )
    return bool(await session.scalar(select(said)))


async def summary(session: AsyncSession, contact: Contact) -> Summary | None:
    """What the assistant passed on with the contact."""
    lines = (
        select(ContactHistory)
        .where(ContactHistory.contact_id == contact.id, ContactHistory.what == SUMMARY)
        .order_by(ContactHistory.at)
        .limit(20)
    )
    return summary_of((await session.scalars(lines)).all())


async def texts_of(session: AsyncSession, messages: Sequence[str]) -> dict[str, str]:
    """The words of messages by their ids; one that was erased since is missing."""
    if not messages:
        return {}
    rows = await session.execute(
        select(Message.id, Message.text).where(Message.id.in_([UUID(one) for one in messages]))
    )
    return {str(row.id): row.text for row in rows}


async def promised_day(session: AsyncSession, contact: Contact) -> date | None:
    """The day on which the contact comes back, where the resident was told of it. An agent's reminder is their own."""
    if contact.follow_up_on is None:
        return None
    told = exists().where(
        ContactHistory.contact_id == contact.id,
        ContactHistory.what == "promised",
        ContactHistory.detail["on"].astext == contact.follow_up_on.isoformat(),
    )
    return contact.follow_up_on if await session.scalar(select(told)) else None


async def whole(session: AsyncSession, contact_id: UUID) -> Contact:
    """A contact that another was made part of, or the one that it was made part of in its turn."""
    seen: set[UUID] = set()
    found = await session.get_one(Contact, contact_id)
    while found.merged_into is not None and found.id not in seen:
        seen.add(found.id)
        found = await session.get_one(Contact, found.merged_into)
    return found
