"""What telling residents asks of the database."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from triage.tables import Contact, ContactHistory, Conversation, Message, Notice


async def due(session: AsyncSession, now: datetime, most: int) -> list[list[UUID]]:
    """The notices that are to be sent now, those of one contact together in the order of what happened."""
    waiting = select(Notice.id, Notice.contact_id, Notice.made_at).where(Notice.state == "due", Notice.next_at <= now)
    found: dict[UUID, list[UUID]] = defaultdict(list)
    rows = (await session.execute(waiting.order_by(Notice.next_at).limit(most))).all()
    for row in sorted(rows, key=lambda row: row.made_at):
        found[row.contact_id].append(row.id)
    return list(found.values())


async def to_send(session: AsyncSession, notice_id: UUID, now: datetime) -> Notice | None:
    """One due notice, locked; None when it is not due any more or somebody else sees to it at this moment."""
    found: Notice | None = await session.scalar(
        select(Notice)
        .where(Notice.id == notice_id, Notice.state == "due", Notice.next_at <= now)
        .with_for_update(skip_locked=True)
    )
    return found


async def notice(session: AsyncSession, notice_id: UUID) -> Notice | None:
    """One notice, locked."""
    return await session.get(Notice, notice_id, with_for_update=True)


async def wrote_last(session: AsyncSession, conversation_id: UUID) -> datetime | None:
    """When the resident wrote last in a conversation."""
    newest: datetime | None = await session.scalar(
        select(func.max(Message.said_at)).where(
            Message.conversation_id == conversation_id, Message.author == "resident"
        )
    )
    return newest


async def told_since(session: AsyncSession, notice: Notice, since: datetime | None) -> bool:
    """Whether another notice of this kind was sent since then."""
    other = exists().where(
        Notice.contact_id == notice.contact_id,
        Notice.kind == notice.kind,
        Notice.id != notice.id,
        Notice.state == "sent",
        *([Notice.made_at >= since] if since else []),
    )
    return bool(await session.scalar(select(other)))


async def written_to(session: AsyncSession, notice: Notice) -> bool:
    """Whether a message was sent, or tried, about this contact before."""
    other = exists().where(Notice.contact_id == notice.contact_id, Notice.id != notice.id, Notice.channel == "message")
    return notice.attempts > 0 or bool(await session.scalar(select(other)))


async def line(session: AsyncSession, notice: Notice) -> ContactHistory:
    """The line of history that a notice tells of."""
    return await session.get_one(ContactHistory, notice.change_id)


async def conversation(session: AsyncSession, conversation_id: UUID, *, lock: bool = False) -> Conversation | None:
    """The conversation that a contact came from."""
    return await session.get(Conversation, conversation_id, with_for_update=lock or None, populate_existing=lock)


async def late(session: AsyncSession, now: datetime, most: int, contact_id: UUID | None = None) -> Sequence[UUID]:
    """Open contacts past the time by which they were to be settled, of which nothing was said since.

    With `contact_id`, that one alone, if it is one of them.
    """
    told = exists().where(
        ContactHistory.contact_id == Contact.id,
        ContactHistory.what == "late",
        ContactHistory.at >= Contact.settle_due_at,
    )
    found = (
        select(Contact.id)
        .where(Contact.state != "closed", Contact.settle_due_at < now, Contact.paused_at.is_(None), ~told)
        .order_by(Contact.settle_due_at)
        .limit(most)
    )
    if contact_id is not None:
        found = found.where(Contact.id == contact_id)
    return (await session.scalars(found)).all()


def _in(queues: Sequence[str]) -> list[ColumnElement[bool]]:
    """Of a contact: it is in one of these queues; none named means any."""
    return [Contact.queue.in_(queues)] if queues else []


async def failed(session: AsyncSession, queues: Sequence[str], most: int) -> Sequence[tuple[Notice, Contact]]:
    """Notices that could not be sent and that nobody has dealt with, oldest first, with their contacts."""
    found = (
        select(Notice, Contact)
        .join(Contact, Contact.id == Notice.contact_id)
        .where(Notice.state == "failed", Notice.seen_at.is_(None), *_in(queues))
        .order_by(Notice.made_at)
        .limit(most)
    )
    return [(row.Notice, row.Contact) for row in await session.execute(found)]


async def counts(
    session: AsyncSession, queues: Sequence[str], since: datetime
) -> dict[tuple[str, str | None, str | None], int]:
    """How many notices made since then stand how: (state, channel, why) → count."""
    grouped = (
        select(Notice.state, Notice.channel, Notice.why, func.count())
        .join(Contact, Contact.id == Notice.contact_id)
        .where(Notice.made_at >= since, *_in(queues))
        .group_by(Notice.state, Notice.channel, Notice.why)
    )
    return {(state, channel, why): count for state, channel, why, count in await session.execute(grouped)}
