"""Our record of what was said. Every message goes through here: numbered, stored, announced."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CTE, ColumnElement, Executable, Text, bindparam, cast, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, live
from triage.errors import NotFound
from triage.tables import Base, Conversation, Message

# In a conversation's context: which contact its resident was told of last; whoever holds the conversation has proved
# it theirs. "This is not settled", pressed there, means that one.
SHOWN = "contact_shown"
# There as well: what the last form came to when nothing was left to be done, {form, note}.
CAME_TO = "came_to"
# In a message's extras: it says that we could not answer.
AWAY = "away"


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
    also: Executable | None = None,
    given: dict[str, Any] | None = None,
) -> Message:
    """Number, store and announce one message.

    The number comes from the conversation's own row, which is locked until commit, so numbers have no gap
    and no double whichever replica writes. `also` is a statement of `appending` that does more, with what it is
    `given`. Raises NotFound when there is no such conversation.
    """
    values = {
        "new_id": uuid4(),
        "new_conversation_id": conversation_id,
        "new_author": author,
        "new_text": text,
        "new_by": by,
        "new_extras": extras or {},
        "new_idempotency_key": idempotency_key,
        "new_answers_id": answers_id,
        "new_said_at": clock.now(),
        "topic": conversation_topic(conversation_id),
        **(given or {}),
    }
    message: Message | None = await session.scalar(_APPEND if also is None else also, values)
    if message is None:
        raise NotFound
    return message


def appending(*besides: CTE, **sets: ColumnElement[Any]) -> Executable:
    """Number, store and announce in one statement, to be written once: a turn of a chat comes through it twice.

    `besides` is done in the same statement, and `sets` in the conversation's own row.
    """
    table = Base.metadata.tables[Message.__tablename__]
    columns = table.columns
    given = {name: bindparam(f"new_{name}", type_=columns[name].type) for name in _GIVEN}
    numbered = (
        update(Conversation)
        .where(Conversation.id == given["conversation_id"])
        .values(last_seq=Conversation.last_seq + 1, last_at=given["said_at"], **sets)
        .returning(Conversation.last_seq)
        .cte("numbered")
    )
    row = select(numbered.c.last_seq, *(cast(value, value.type) for value in given.values()))
    announced = live.announcing(cast(bindparam("topic"), Text), seq=columns["seq"])
    stored = insert(table).from_select(["seq", *given], row).returning(*columns, announced)
    return select(Message).from_statement(stored.add_cte(*besides))


_GIVEN = ("id", "conversation_id", "author", "text", "by", "extras", "idempotency_key", "answers_id", "said_at")
_APPEND = appending()
