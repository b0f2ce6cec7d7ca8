"""Whose turn a contact is: taking it from its queue, keeping it, giving it back, and its place in the queue.

Each change is one statement on the contact's own row, so however many agents reach for it, one gets it. The desk
takes, the chat tells a resident their place, the queues return what was left: so this is below all three rooms.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, contacts, live, outbox
from triage.errors import AlreadyTaken, NotFound
from triage.events import ContactTaken
from triage.settings import get_settings
from triage.tables import Agent, Contact, SignIn

# Who answers residents in the chat; a supervisor may.
AT_THE_DESK = ("agent", "partner", "supervisor")
MOST_LOOKED_AT = 1000
# The topic of everything that changes a list on the desk.
DESK = "desk"

# Whose turn is next: the most urgent, then whoever waits in the chat, then the earliest promise, then the
# longest here. `place_in_queue` must count in this same order.
ORDER = (Contact.priority, Contact.live.desc(), Contact.first_due_at, Contact.arrived_at, Contact.id)


def contact_topic(contact_id: UUID) -> str:
    """The live topic of a contact."""
    return f"contact:{contact_id}"


def agent_topic(agent_id: UUID) -> str:
    """The live topic of what one agent has taken."""
    return f"agent:{agent_id}"


def queues_of(agent: Agent) -> list[str]:
    """The codes of the queues that `agent` works; none named means all of them."""
    return [str(code) for code in agent.queues]


def may_work(agent: Agent, queue: str | None) -> bool:
    """Whether `agent` works `queue`. Somebody with no queues named works them all."""
    queues = queues_of(agent)
    return not queues or queue in queues


def due_today() -> ColumnElement[bool]:
    """A condition: the contact was not put off to a day that is still to come."""
    return or_(Contact.follow_up_on.is_(None), Contact.follow_up_on <= clock.today())


def _lease() -> Any:
    return clock.now() + timedelta(seconds=get_settings().lease_s)


def _taken_by(agent_id: UUID) -> dict[str, Any]:
    return {
        "state": "taken",
        "agent_id": agent_id,
        "lease_until": _lease(),
        "taken_at": clock.now(),
        "version": Contact.version + 1,
    }


async def announce_change(session: AsyncSession, contact_id: UUID) -> None:
    """Tell every desk that a list changed, and whoever looks at this contact that it did."""
    await live.announce(session, DESK, contact=str(contact_id))
    await live.announce(session, contact_topic(contact_id))


async def _taken(session: AsyncSession, contact_id: UUID, is_live: bool, agent_id: UUID) -> None:
    await contacts.note_history(session, contact_id, "taken", agent_id=agent_id)
    await announce_change(session, contact_id)
    await live.announce(session, agent_topic(agent_id), mine=True)
    if is_live:
        # The resident who waits is told who has joined.
        await outbox.publish(session, ContactTaken(contact_id))


async def take_next(session: AsyncSession, agent_id: UUID, queues: Sequence[str]) -> UUID | None:
    """Give the contact whose turn it is to `agent_id`, or None when nothing waits. No queues named: any queue.

    One statement: the row is chosen, locked and changed at once, and a row that another agent is taking at this
    moment is passed over, so nobody waits and nobody shares.
    """
    candidate = select(Contact.id).where(Contact.state == "queued", due_today())
    if queues:
        candidate = candidate.where(Contact.queue.in_(queues))
    candidate = candidate.order_by(*ORDER).limit(1).with_for_update(skip_locked=True)
    row = (
        await session.execute(
            update(Contact)
            .where(Contact.id == candidate.scalar_subquery())
            .values(_taken_by(agent_id))
            .returning(Contact.id, Contact.live)
            .execution_options(synchronize_session=False)
        )
    ).first()
    if row is None:
        return None
    await _taken(session, row.id, row.live, agent_id)
    contact_id: UUID = row.id
    return contact_id


async def take(session: AsyncSession, agent_id: UUID, contact_id: UUID, version: int | None = None) -> None:
    """Give one waiting contact to `agent_id`. Nothing changes when they have it already.

    Raises NotFound when there is no such contact, and AlreadyTaken when it is not waiting, or is no longer at the
    `version` that the agent saw.
    """
    waiting = [Contact.id == contact_id, Contact.state == "queued"]
    if version is not None:
        waiting.append(Contact.version == version)
    is_live = await session.scalar(
        update(Contact)
        .where(*waiting)
        .values(_taken_by(agent_id))
        .returning(Contact.live)
        .execution_options(synchronize_session=False)
    )
    if is_live is not None:
        await _taken(session, contact_id, is_live, agent_id)
        return
    contact = await session.get(Contact, contact_id, populate_existing=True)
    if contact is None:
        raise NotFound
    if not (contact.state == "taken" and contact.agent_id == agent_id):
        raise AlreadyTaken


async def somebody_is_there(session: AsyncSession, queue: str) -> bool:
    """Whether an agent who works `queue` has the desk open: an open desk tells of itself well within a lease."""
    now = clock.now()
    since = now - timedelta(seconds=get_settings().lease_s)
    at_the_desk = select(SignIn.agent_id).where(SignIn.seen_at > since, SignIn.ends_at > now)
    rows = await session.scalars(
        select(Agent).where(Agent.id.in_(at_the_desk), Agent.active, Agent.role.in_(AT_THE_DESK)).limit(MOST_LOOKED_AT)
    )
    return any(may_work(agent, queue) for agent in rows)


async def renew(session: AsyncSession, agent_id: UUID) -> int:
    """Keep every contact that `agent_id` has taken for another lease; how many there are."""
    renewed = await session.execute(
        update(Contact)
        .where(Contact.agent_id == agent_id, Contact.state == "taken")
        .values(lease_until=_lease())
        .returning(Contact.id)
        .execution_options(synchronize_session=False)
    )
    return len(renewed.all())


async def place_in_queue(session: AsyncSession, contact_id: UUID) -> int | None:
    """How many turns until this one, 1 being next; None when the contact is not waiting in a queue."""
    contact = await session.get(Contact, contact_id, populate_existing=True)
    if contact is None or contact.state != "queued":
        return None
    earlier = or_(
        Contact.priority < contact.priority,
        and_(Contact.priority == contact.priority, Contact.live > literal(contact.live)),
        and_(
            Contact.priority == contact.priority,
            Contact.live == contact.live,
            tuple_(Contact.first_due_at, Contact.arrived_at, Contact.id)
            < tuple_(contact.first_due_at, contact.arrived_at, contact.id),
        ),
    )
    ahead = await session.scalar(
        select(func.count()).where(Contact.state == "queued", Contact.queue == contact.queue, earlier, due_today())
    )
    return 1 + (ahead or 0)
