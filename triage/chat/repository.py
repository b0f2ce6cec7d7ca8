"""What chat asks of the database."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, Select, Text, and_, bindparam, cast, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningUpdate

from triage import record
from triage.chat.rendering import Said
from triage.chat.sealing import DETAILS, details_of
from triage.clocks import pausing
from triage.contacts import SUMMARY, Summary, summary_of
from triage.tables import Base, Contact, ContactHistory, Conversation, Message


@dataclass(frozen=True)
class SaidBefore:
    """What a message that arrives finds: the one that its key stored already, how many came in the last minute,
    whether an earlier one still waits for its answer, and whether an agent waits for the resident's."""

    same: Message | None
    recent: int
    waits: bool
    asked: bool


async def said_before(
    session: AsyncSession, conversation_id: UUID, key: str | None, since: datetime, dead_before: datetime
) -> SaidBefore:
    """What stands before a resident's message. One asked before `dead_before` waits for nobody: its process is dead."""
    given = {"of": conversation_id, "key": key, "since": since, "dead_before": dead_before}
    row = (await session.execute(_SAID_BEFORE, given)).one()
    same = await session.get(Message, row.same[0]) if row.same else None
    return SaidBefore(same, row.recent, row.waiting > 0, row.asked)


def _said_before() -> Select[int, Sequence[UUID], int, bool]:
    resident = Message.author == "resident"
    asked = exists().where(Contact.conversation_id == bindparam("of"), Contact.pause_reason == pausing.RESIDENT)
    return select(
        func.count().filter(resident, Message.said_at > bindparam("since")).label("recent"),
        func.array_agg(Message.id).filter(Message.idempotency_key == bindparam("key", type_=Text)).label("same"),
        func.count()
        .filter(resident, Message.answered_at.is_(None), Message.said_at > bindparam("dead_before"))
        .label("waiting"),
        asked.label("asked"),
    ).where(Message.conversation_id == bindparam("of"))


async def store_message(
    session: AsyncSession,
    conversation: Conversation,
    text: str,
    *,
    extras: dict[str, Any],
    key: str | None,
    claim_until: datetime | None,
) -> Message:
    """Store a resident's message in its locked conversation, and claim the turn for it in the same statement."""
    return await record.append_message(
        session,
        conversation.id,
        "resident",
        text,
        extras=extras,
        idempotency_key=key,
        also=_APPEND_CLAIMING,
        given={"claim_until": claim_until or conversation.turn_until},
    )


async def store_reply(
    session: AsyncSession, said: Said, answered: Message, now: datetime, understood: dict[str, Any]
) -> Message:
    """Store what was said in answer to a message, and mark that one answered in the same statement."""
    return await record.append_message(
        session,
        answered.conversation_id,
        said.author,
        said.text,
        extras=said.extras,
        answers_id=answered.id,
        also=_APPEND_ANSWERING,
        given={"answered_now": now, "understood": understood},
    )


async def claim_turn(session: AsyncSession, message: Message, now: datetime, until: datetime) -> bool:
    """Make this message's turn the one being answered, if no other is and no earlier message waits.

    One atomic statement, so turns keep their order on any number of replicas. An earlier message that was never
    answered holds the line only until its process must be dead; the sweeper answers it.
    """
    given = {
        "of": message.conversation_id,
        "number": message.seq,
        "moment": now,
        "until": until,
        # A process that has not answered by now is dead.
        "dead_before": now - (until - now),
    }
    return await session.scalar(_CLAIM, given) is not None


def _claim() -> ReturningUpdate[UUID]:
    earlier = aliased(Message)
    return (
        update(Conversation)
        .where(
            Conversation.id == bindparam("of"),
            or_(Conversation.turn_until.is_(None), Conversation.turn_until < bindparam("moment")),
            ~exists().where(
                and_(
                    earlier.conversation_id == bindparam("of"),
                    earlier.author == "resident",
                    earlier.seq < bindparam("number"),
                    earlier.answered_at.is_(None),
                    earlier.said_at > bindparam("dead_before"),
                )
            ),
        )
        .values(turn_until=bindparam("until"))
        .returning(Conversation.id)
        .execution_options(synchronize_session=False)
    )


def _append_answering() -> Executable:
    columns = Base.metadata.tables[Message.__tablename__].columns
    answered = (
        update(Message)
        .where(Message.id == bindparam("new_answers_id", type_=columns["answers_id"].type))
        .values(
            answered_at=bindparam("answered_now", type_=columns["answered_at"].type),
            understood=bindparam("understood", type_=columns["understood"].type),
        )
        .cte("answered")
    )
    return record.appending(answered)


# Every turn asks for these. Putting a statement together takes longer than the database's answer.
_SAID_BEFORE = _said_before()
_CLAIM = _claim()
_APPEND_CLAIMING = record.appending(
    turn_until=bindparam("claim_until", type_=Base.metadata.tables["conversation"].columns["turn_until"].type)
)
_APPEND_ANSWERING = _append_answering()


async def mark_answered(session: AsyncSession, message_id: UUID, now: datetime, understood: dict[str, Any]) -> None:
    """Mark a message answered to which nothing is said."""
    await session.execute(
        update(Message)
        .where(Message.id == message_id)
        .values(answered_at=now, understood=understood)
        .execution_options(synchronize_session=False)
    )


async def messages_after(session: AsyncSession, conversation_id: UUID, seq: int = 0, most: int = 500) -> list[Message]:
    """Messages numbered above `seq`, oldest first. Of a longer conversation, the newest `most`."""
    newest = (
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.seq > seq)
        .order_by(Message.seq.desc())
        .limit(most)
    )
    return list(reversed((await session.scalars(newest)).all()))


async def replies_to(session: AsyncSession, message_id: UUID) -> list[Message]:
    """What was said in answer to one message, in order."""
    return list(
        (await session.scalars(select(Message).where(Message.answers_id == message_id).order_by(Message.seq))).all()
    )


async def newest_reply(session: AsyncSession, conversation_id: UUID) -> Message | None:
    """The newest message that was not the resident's."""
    found: Message | None = await session.scalar(
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.author != "resident")
        .order_by(Message.seq.desc())
        .limit(1)
    )
    return found


async def need_in_words(
    session: AsyncSession, conversation_id: UUID, small_talk: Collection[str], but: int | None = None
) -> str:
    """What the resident has said of their need, newest last: their last 20 messages without small talk.

    A message that was not understood may be the very need, whatever it was taken for. The one numbered `but` is not.
    """
    rows = (
        await session.execute(
            select(Message.text, Message.understood)
            .where(Message.conversation_id == conversation_id, Message.author == "resident", Message.seq != (but or 0))
            .order_by(Message.seq.desc())
            .limit(20)
        )
    ).all()
    words = [row.text for row in reversed(rows) if _of_a_need(row.understood or {}, small_talk)]
    return "\n".join(words or [row.text for row in reversed(rows)])


def _of_a_need(understood: dict[str, Any], small_talk: Collection[str]) -> bool:
    if understood.get("given") == "between":
        return False
    return bool(understood.get("abstained")) or understood.get("service") not in small_talk


async def words_and_details(
    session: AsyncSession, conversation_id: UUID, seq: int | None
) -> tuple[str | None, dict[str, Any]]:
    """What the resident's message numbered `seq` said, if there is one, and the open form's details by their marks.

    A pressed choice may say more than its label, which is all that the message shows.
    """
    row = (
        await session.execute(
            select(Message.text, Message.extras, Conversation.context)
            .select_from(Conversation)
            .outerjoin(
                Message,
                and_(Message.conversation_id == Conversation.id, Message.seq == seq, Message.author == "resident"),
            )
            .where(Conversation.id == conversation_id)
        )
    ).first()
    if row is None:
        return None, {}
    said = (row.extras or {}).get("say") or row.text
    return said, details_of(row.context)


async def add_details(session: AsyncSession, conversation_id: UUID, details: dict[str, Any]) -> None:
    """Keep what a form was told, by its marks. One statement, so that nothing else in the context is lost."""
    known = func.coalesce(Conversation.context[DETAILS], cast({}, JSONB))
    await session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(
            context=Conversation.context.concat(func.jsonb_build_object(DETAILS, known.concat(cast(details, JSONB))))
        )
        .execution_options(synchronize_session=False)
    )


async def contact_by_reference(session: AsyncSession, reference: str) -> Contact | None:
    """A contact by the reference people read out."""
    found: Contact | None = await session.scalar(select(Contact).where(Contact.reference == reference))
    return found


async def newest_contact(session: AsyncSession, conversation_id: UUID) -> Contact | None:
    """The newest contact that was filed from a conversation."""
    found: Contact | None = await session.scalar(
        select(Contact).where(Contact.conversation_id == conversation_id).order_by(Contact.arrived_at.desc()).limit(1)
    )
    return found


async def contacts_of(session: AsyncSession, conversation_id: UUID, most: int) -> list[Contact]:
    """The newest contacts that were filed from a conversation, oldest first."""
    newest = (
        select(Contact)
        .where(Contact.conversation_id == conversation_id)
        .order_by(Contact.arrived_at.desc())
        .limit(most)
    )
    return list(reversed((await session.scalars(newest)).all()))


async def summary_of_contact(session: AsyncSession, contact_id: UUID) -> Summary | None:
    """The summary that went with a contact, if one did."""
    lines = (
        select(ContactHistory)
        .where(ContactHistory.contact_id == contact_id, ContactHistory.what == SUMMARY)
        .order_by(ContactHistory.at)
        .limit(20)
    )
    return summary_of((await session.scalars(lines)).all())


async def message_numbered(session: AsyncSession, conversation_id: UUID, seq: int) -> Message | None:
    """One message by its number."""
    found: Message | None = await session.scalar(
        select(Message).where(Message.conversation_id == conversation_id, Message.seq == seq)
    )
    return found


async def live_conversation(session: AsyncSession, contact_id: UUID) -> tuple[Contact, Conversation] | None:
    """A contact with the conversation in which its resident waits or talks, locked, if there is one."""
    row = (
        await session.execute(
            select(Contact, Conversation)
            .join(Conversation, Conversation.id == Contact.conversation_id)
            .where(Contact.id == contact_id, Conversation.contact_id == Contact.id)
            .with_for_update(of=Conversation)
        )
    ).first()
    return (row.Contact, row.Conversation) if row else None


def _who_wait(columns: Any, queues: Collection[str]) -> Any:
    return columns.join(Conversation, Conversation.contact_id == Contact.id).where(
        Contact.state == "queued", Contact.live, Contact.queue.in_(queues), Conversation.mode == "waiting"
    )


async def queues_waited_in(session: AsyncSession, among: Collection[str]) -> list[str]:
    """Those of these queues in which somebody waits in the chat."""
    return list((await session.scalars(_who_wait(select(Contact.queue).distinct(), among))).all())


async def who_wait(
    session: AsyncSession, queues: Collection[str], most: int, untold: str | None = None
) -> list[tuple[Contact, Conversation]]:
    """Contacts whose residents wait in the chat for these queues, with their conversations; both locked, or left out
    where somebody else holds one of them. `untold`: where the conversation's context says of this that it was told of
    the contact, it is left out."""
    wanted = _who_wait(select(Contact, Conversation), queues).order_by(Conversation.id).limit(most)
    if untold is not None:
        wanted = wanted.where(Conversation.context[untold].astext.is_distinct_from(cast(Contact.id, Text)))
    locked = wanted.with_for_update(of=(Conversation, Contact), skip_locked=True)
    rows = await session.execute(locked.execution_options(populate_existing=True))
    return [(row.Contact, row.Conversation) for row in rows]


async def forgotten(session: AsyncSession, before: datetime) -> list[Message]:
    """Residents' messages that nothing answered since `before`; their process must have died. At most 100."""
    return list(
        (
            await session.scalars(
                select(Message)
                .join(Conversation, Conversation.id == Message.conversation_id)
                .where(Message.author == "resident", Message.answered_at.is_(None), Message.said_at < before)
                .order_by(Message.said_at)
                .limit(100)
                # The conversation is locked first, as a turn locks it, so the two never wait for each other.
                .with_for_update(of=Conversation, skip_locked=True)
            )
        ).all()
    )
