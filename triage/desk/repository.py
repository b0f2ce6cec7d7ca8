"""What the desk reads and writes."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from triage import codes, sessions, taking, telling
from triage.tables import (
    Agent,
    Attachment,
    Audit,
    Contact,
    ContactHistory,
    Conversation,
    Message,
    Referral,
    SignIn,
    SortingDecision,
)

# What was said and done is shown up to this many lines.
MOST_SHOWN = 500
# In the detail of an answer: the key under which its words are said once.
ONCE = "once"


def _in(queues: Sequence[str]) -> list[Any]:
    """A condition for the agent's queues; none named means all."""
    return [Contact.queue.in_(queues)] if queues else []


class Waiting(NamedTuple):
    """How many wait in a queue; the one whose first answer is due first, when it joined, and when that is due."""

    waiting: int
    first: UUID
    began: datetime | None
    due: datetime


async def queue_counts(session: AsyncSession, queues: Sequence[str]) -> dict[str, Waiting]:
    """What waits in each queue in which somebody waits."""
    # The first in the order of the promises is the nearest promise's.
    first = func.array_agg(aggregate_order_by(Contact.id, Contact.first_due_at))[1]
    began = func.array_agg(aggregate_order_by(Contact.queued_at, Contact.first_due_at))[1]
    rows = await session.execute(
        select(Contact.queue, func.count(), first, began, func.min(Contact.first_due_at))
        .where(Contact.state == "queued", taking.due_today(), *_in(queues))
        .group_by(Contact.queue)
    )
    return {queue: Waiting(*row) for queue, *row in rows.tuples() if queue and row[-1]}


async def waiting(session: AsyncSession, queues: Sequence[str], most: int) -> Sequence[tuple[Contact, datetime | None]]:
    """The contacts whose turn comes next, in order; with until when their page in the chat is known to be open."""
    rows = await session.execute(
        select(Contact, Conversation.here_until)
        .outerjoin(Conversation, Conversation.id == Contact.conversation_id)
        .where(Contact.state == "queued", taking.due_today(), *_in(queues))
        .order_by(*taking.ORDER)
        .limit(most)
    )
    return rows.tuples().all()


class Mine(NamedTuple):
    """What an agent has taken; of a conversation: what is unanswered, when the resident last spoke, their page open."""

    contact: Contact
    unanswered: int
    spoke_at: datetime | None
    here_until: datetime | None


async def taken_by(session: AsyncSession, agent_id: UUID, most: int) -> list[Mine]:
    """What the agent has taken: the chats first, then the nearest promise; what was put off comes last.

    Unanswered are the resident's messages since it was taken and since an agent last wrote in the conversation: what
    was said to the assistant before stands there when an agent opens it.
    """
    said = aliased(Message)
    last = (
        select(func.coalesce(func.max(said.seq), 0))
        .where(said.conversation_id == Contact.conversation_id, said.author == "agent")
        .correlate(Contact)
        .scalar_subquery()
    )
    spoken = (
        select(
            func.count().filter(Message.seq > last, Message.said_at > Contact.taken_at).label("unanswered"),
            func.max(Message.said_at).label("spoke_at"),
        )
        .where(Message.conversation_id == Contact.conversation_id, Message.author == "resident")
        .correlate(Contact)
        .lateral()
    )
    rows = await session.execute(
        select(Contact, spoken.c.unanswered, spoken.c.spoke_at, Conversation.here_until)
        .outerjoin(Conversation, Conversation.id == Contact.conversation_id)
        .join(spoken, true())
        .where(Contact.agent_id == agent_id, Contact.state == "taken")
        .order_by(~taking.due_today(), Contact.live.desc(), Contact.priority, Contact.settle_due_at, Contact.id)
        .limit(most)
    )
    return [Mine(*row) for row in rows.tuples()]


async def live_conversations(session: AsyncSession, agent_id: UUID) -> Sequence[UUID]:
    """The conversations in which residents talk with this agent."""
    rows = await session.scalars(
        select(Contact.conversation_id).where(
            Contact.agent_id == agent_id, Contact.state == "taken", Contact.conversation_id.is_not(None)
        )
    )
    return [one for one in rows if one is not None]


async def to_look_at_again(
    session: AsyncSession, agent_id: UUID, queues: Sequence[str], today: date, most: int
) -> Sequence[Contact]:
    """Contacts whose day has come: the agent's own, and those that wait in their queues; longest due first."""
    mine = and_(Contact.state == "taken", Contact.agent_id == agent_id)
    waiting = and_(Contact.state == "queued", *_in(queues))
    rows = await session.scalars(
        select(Contact)
        .where(Contact.follow_up_on <= today, or_(mine, waiting))
        .order_by(Contact.follow_up_on, Contact.priority)
        .limit(most)
    )
    return rows.all()


async def contact(session: AsyncSession, contact_id: UUID, *, lock: bool = False) -> Contact | None:
    """A contact as it is now; locked until the transaction ends when it will be changed."""
    return await session.get(Contact, contact_id, with_for_update=lock or None, populate_existing=True)


async def once_had(session: AsyncSession, contact_id: UUID, agent_id: UUID) -> bool:
    """Whether the agent has ever taken this contact."""
    found = await session.scalar(
        select(
            exists().where(
                ContactHistory.contact_id == contact_id,
                ContactHistory.agent_id == agent_id,
                ContactHistory.what == "taken",
            )
        )
    )
    return bool(found)


async def said_before(session: AsyncSession, contact_id: UUID, once: str | None) -> bool:
    """Whether an answer was given about this contact under this key already."""
    if not once:
        return False
    same = exists().where(
        ContactHistory.contact_id == contact_id,
        ContactHistory.what == "answered",
        ContactHistory.detail[ONCE].astext == once,
    )
    return bool(await session.scalar(select(same)))


async def viewed_since(session: AsyncSession, contact_id: UUID, agent_id: UUID, since: datetime) -> bool:
    """Whether it is on record already that the agent looked at this contact lately."""
    found = await session.scalar(
        select(
            exists().where(
                ContactHistory.contact_id == contact_id,
                ContactHistory.agent_id == agent_id,
                ContactHistory.what == "viewed",
                ContactHistory.at > since,
            )
        )
    )
    return bool(found)


async def saw_list_since(session: AsyncSession, agent_id: UUID, queue: str | None, since: datetime) -> bool:
    """Whether it is on the audit trail already that the agent saw this list lately; no queue: their own desk."""
    found = await session.scalar(
        select(
            exists().where(
                Audit.agent_id == agent_id,
                Audit.at > since,
                Audit.what == "lists_seen",
                Audit.about.is_(None) if queue is None else Audit.about == queue,
            )
        )
    )
    return bool(found)


async def newest_step(
    session: AsyncSession, contact_id: UUID, agent_id: UUID, since: datetime
) -> ContactHistory | None:
    """What the agent did last with a contact since then, beside looking at it."""
    line: ContactHistory | None = await session.scalar(
        select(ContactHistory)
        .where(
            ContactHistory.contact_id == contact_id,
            ContactHistory.agent_id == agent_id,
            ContactHistory.what != "viewed",
            ContactHistory.at > since,
        )
        .order_by(ContactHistory.at.desc())
        .limit(1)
    )
    return line


async def messages(session: AsyncSession, conversation_id: UUID) -> Sequence[Message]:
    """What was said, oldest first: the newest 500, as the resident's own page shows them."""
    rows = await session.scalars(
        select(Message).where(Message.conversation_id == conversation_id).order_by(Message.seq.desc()).limit(MOST_SHOWN)
    )
    return rows.all()[::-1]


async def history(session: AsyncSession, contact_id: UUID) -> Sequence[tuple[ContactHistory, str | None]]:
    """(line, name of the agent who did it) of the audit trail, oldest first: the newest 500."""
    rows = await session.execute(
        select(ContactHistory, Agent.name)
        .outerjoin(Agent, Agent.id == ContactHistory.agent_id)
        .where(ContactHistory.contact_id == contact_id)
        .order_by(ContactHistory.at.desc(), ContactHistory.id.desc())
        .limit(MOST_SHOWN)
    )
    return [(row[0], row[1]) for row in rows][::-1]


async def last_decision(session: AsyncSession, contact_id: UUID) -> SortingDecision | None:
    """The newest sorting decision about a contact."""
    return await session.scalar(
        select(SortingDecision)
        .where(SortingDecision.contact_id == contact_id)
        .order_by(SortingDecision.decided_at.desc())
        .limit(1)
    )


async def still_signed_in(session: AsyncSession, token: str, now: datetime) -> bool:
    """Whether a desk session goes on. Unlike a request, this does not count as being seen at the desk."""
    found = await session.scalar(
        select(
            exists().where(
                SignIn.token_hash == codes.hash_secret(token),
                *sessions.going_on(now),
                Agent.id == SignIn.agent_id,
                Agent.active,
            )
        )
    )
    return bool(found)


async def referral(session: AsyncSession, contact_id: UUID, *, lock: bool = False) -> Referral | None:
    """The referral of a contact, if it is one."""
    return await session.get(Referral, contact_id, with_for_update=lock or None, populate_existing=True)


async def to_ask(session: AsyncSession, queues: Sequence[str], today: date, most: int) -> Sequence[Contact]:
    """Closed contacts whose people are to be asked how it went, longest due first."""
    rows = await session.scalars(
        select(Contact)
        .join(Referral, Referral.contact_id == Contact.id)
        .where(Referral.follow_up_on <= today, Contact.state == "closed", *_in(queues))
        .order_by(Referral.follow_up_on)
        .limit(most)
    )
    return rows.all()


async def to_remind(session: AsyncSession, today: date, most: int) -> Sequence[Referral]:
    """Referrals of which the desk has not been reminded yet though their day has come; locked, others passed over."""
    rows = await session.scalars(
        select(Referral)
        .where(Referral.follow_up_on <= today, Referral.reminded_at.is_(None))
        .order_by(Referral.follow_up_on)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return rows.all()


async def content_of(session: AsyncSession, file_id: UUID) -> bytes:
    """What is in a file."""
    return await session.scalar(select(Attachment.content).where(Attachment.id == file_id)) or b""


async def found_by(
    session: AsyncSession,
    by: str,
    values: Sequence[str],
    agent_id: UUID,
    queues: Sequence[str],
    since: datetime,
    most: int,
) -> Sequence[tuple[Contact, str | None]]:
    """(contact, who has it) of what is found by reference, email, phone, postcode or words: open ones first, newest.

    Of these queues (none named: of all) and what the agent has taken. Only a reference and an email address stand in
    an index: by the others what is open is looked through, and what arrived since.
    """
    conditions = _said_of(by, values)
    if queues:
        own = (Contact.agent_id == agent_id) & (Contact.state == "taken")
        conditions.append(or_(Contact.queue.in_(queues), own))
    if by not in ("reference", "email"):
        conditions.append(or_(Contact.state != "closed", Contact.arrived_at > since))
    rows = await session.execute(
        select(Contact, Agent.name)
        .outerjoin(Agent, Agent.id == Contact.agent_id)
        .where(*conditions)
        .order_by(Contact.state == "closed", Contact.arrived_at.desc(), Contact.id)
        .limit(most)
    )
    return rows.tuples().all()


def _said_of(by: str, values: Sequence[str]) -> list[ColumnElement[bool]]:
    def like(column: Any) -> list[ColumnElement[bool]]:
        return [column.icontains(value, autoescape=True) for value in values]

    match by:
        case "reference":
            return [Contact.reference == values[0]]
        case "email":
            return [telling.same_in(Contact.reply_to.expression) == telling.same(values[0])]
        case "phone":
            return like(func.regexp_replace(Contact.reply_to, r"\D", "", "g"))
        case "postcode":
            return like(func.replace(Contact.place, " ", ""))
        case _:
            return [or_(*both) for both in zip(like(Contact.name), like(Contact.place), strict=True)]
