"""What the content editor's room asks of the record: how often services are asked, and which messages fell through."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from triage.tables import Conversation, Message


class Mark(NamedTuple):
    """That a message fell through, and how the resident's message before it was read. No words."""

    id: UUID
    understood: dict[str, Any]
    before: dict[str, Any] | None


class FallenRow(NamedTuple):
    """A message that fell through, what came before it, what was said in return, and what the resident did next.

    `words` are the resident's own: of the message itself, or of the one before it when that was answered wrongly.
    """

    at: datetime
    understood: dict[str, Any]
    words: str | None
    before: dict[str, Any] | None
    replies: list[dict[str, Any]] | None
    after_words: str | None
    after: dict[str, Any] | None


async def asked_since(session: AsyncSession, since: datetime) -> dict[str, int]:
    """How many messages since a moment were understood as each service or everyday intent."""
    service = Message.understood["service"].astext
    rows = await session.execute(
        select(service, func.count())
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(
            Message.said_at >= since,
            Message.author == "resident",
            Message.understood["abstained"].astext == "false",
            ~Message.understood.has_key("fell"),
            Conversation.demo.is_(False),
            service.is_not(None),
        )
        .group_by(service)
    )
    return {row[0]: row[1] for row in rows}


def _said_by_resident(said: type[Message]) -> ColumnElement[bool]:
    return and_(said.conversation_id == Message.conversation_id, said.author == "resident")


async def marks_since(session: AsyncSession, since: datetime, most: int) -> Sequence[Mark]:
    """Which messages since a moment fell through, newest first, at most `most`."""
    before = aliased(Message)
    earlier = (
        select(before.understood)
        .where(_said_by_resident(before), before.seq < Message.seq)
        .order_by(before.seq.desc())
        .limit(1)
        .lateral()
    )
    rows = await session.execute(
        select(Message.id, Message.understood, earlier.c.understood)
        .select_from(Message)
        .join(Conversation, and_(Conversation.id == Message.conversation_id, Conversation.demo.is_(False)))
        .outerjoin(earlier, true())
        .where(Message.said_at >= since, Message.author == "resident", Message.understood.has_key("fell"))
        .order_by(Message.said_at.desc())
        .limit(most)
    )
    return [Mark(*row) for row in rows]


async def fallen(session: AsyncSession, ids: Collection[UUID]) -> Sequence[FallenRow]:
    """Those messages whole, newest first."""
    before, after, reply = aliased(Message), aliased(Message), aliased(Message)
    earlier = (
        select(before.text, before.understood)
        .where(_said_by_resident(before), before.seq < Message.seq)
        .order_by(before.seq.desc())
        .limit(1)
        .lateral()
    )
    later = (
        select(after.text, after.understood)
        .where(_said_by_resident(after), after.seq > Message.seq)
        .order_by(after.seq)
        .limit(1)
        .lateral()
    )
    replies = (
        select(func.jsonb_agg(reply.extras, type_=JSONB()).label("extras"))
        .where(reply.conversation_id == Message.conversation_id, reply.answers_id == Message.id)
        .lateral()
    )
    wrong = Message.understood["fell"].astext == "wrong_answer"
    rows = await session.execute(
        select(
            Message.said_at,
            Message.understood,
            case((wrong, earlier.c.text), else_=Message.text),
            earlier.c.understood,
            replies.c.extras,
            later.c.text,
            later.c.understood,
        )
        .select_from(Message)
        .outerjoin(earlier, true())
        .outerjoin(later, true())
        .outerjoin(replies, true())
        .where(Message.id.in_(ids))
        .order_by(Message.said_at.desc())
    )
    return [FallenRow(*row) for row in rows]
