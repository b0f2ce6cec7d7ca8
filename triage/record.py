"""Our record of what was said. Every message goes through here: numbered, stored, announced."""

from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, live
from triage.errors import NotFound
from triage.tables import Conversation, Message


def conversation_topic(conversation_id: UUID) -> str:
    """The live topic of a conversation."""
    return f"conversation:{conversation_id}"


async def append_message(
    session: AsyncSession,
    conversation_id: UUID,
    author: str,
    text: str,
    *,
    by: str | None = None,
    extras: dict[str, Any] | None = None,
    idempotency_key: str | None = None,
    answers_id: UUID | None = None,
) -> Message:
    """Number, store and announce one message.

    The number comes from the conversation's own row, which is locked until commit, so numbers have no gap
    and no double whichever replica writes. Raises NotFound when there is no such conversation.
    """
    seq = await session.scalar(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(last_seq=Conversation.last_seq + 1, last_at=clock.now())
        .returning(Conversation.last_seq)
        .execution_options(synchronize_session=False)
    )
    if seq is None:
        raise NotFound
    message = Message(
        conversation_id=conversation_id,
        seq=seq,
        author=author,
        text=text,
        by=by,
        extras=extras or {},
        idempotency_key=idempotency_key,
        answers_id=answers_id,
    )
    session.add(message)
    await session.flush()
    await live.announce(session, conversation_topic(conversation_id), seq=seq)
    return message
