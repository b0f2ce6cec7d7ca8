"""Whose turn a contact is: taking it from its queue, keeping it, giving it back, and its place in the queue.

Each change is one statement on the contact's own row, so however many agents reach for it, one gets it; the
statement by which the next is claimed stands in triage/claiming.py. The desk takes, the chat tells a resident their
place, the queues return what was left: so this is below all three rooms.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from triage import claiming, clock, contacts, live, outbox
from triage.catalogue import Catalogue, catalogue
from triage.errors import AlreadyTaken, NotFound
from triage.events import ContactTaken
from triage.settings import get_settings
from triage.tables import Agent, Contact

# The topic of everything that changes a list on the desk.
DESK = "desk"

# Whose turn is next: the most urgent, then whoever waits in the chat, then the earliest promise, then the
# longest here. `place_in_queue` must count in this same order.
ORDER = (Contact.priority, Contact.live.desc(), Contact.first_due_at, Contact.arrived_at, Contact.id)


# The queue of those who work none: "no queues named" would mean every queue.
NO_QUEUE = "Q-NONE"
# Which of PostgreSQL's advisory locks are an agent's own.
AGENTS = 7_205
# The claim that follows in the same transaction keeps its plan: planning it anew takes longer than doing it.
_GIVEN = text(
    "select skills, languages, capacity, pg_advisory_xact_lock(:space, hashtext(id::text)), "
    "set_config('plan_cache_mode', 'force_generic_plan', true) "
    "from agent where id = :agent_id and active"
)


@dataclass(frozen=True)
class Given:
    """What an agent can be given: their skills and languages, and how many contacts at once."""

    skills: tuple[str, ...]
    languages: tuple[str, ...]
    capacity: int


def contact_topic(contact_id: UUID) -> str:
    """The live topic of a contact."""
    return f"contact:{contact_id}"


def agent_topic(agent_id: UUID) -> str:
    """The live topic of what one agent has taken."""
    return f"agent:{agent_id}"


def run_by(known: Catalogue, day: date) -> dict[str, list[str]]:
    """The codes of the queues that each partner runs on a day, by the partner's id."""
    if _run.get("known") is not known or _run["day"] != day:
        found: dict[str, list[str]] = {}
        for code in known.queues:
            if (partner := known.partner_id(code, day)) is not None:
                found.setdefault(partner, []).append(code)
        # Asked at every claim, and the same for the whole day.
        _run.update(known=known, day=day, queues=found)
    queues: dict[str, list[str]] = _run["queues"]
    return queues


_run: dict[str, Any] = {}


def queues_of(agent: Agent) -> list[str]:
    """The codes of the queues that `agent` works; none means all of them.

    A partner's agent works those that their partner runs today (of the ones named for them, if any are). When that is
    none, the answer is NO_QUEUE, which nothing is ever in, and not an empty list.
    """
    named = [str(code) for code in agent.queues]
    if agent.role != "partner":
        return named
    run = run_by(catalogue(), clock.today()).get(agent.partner or "", [])
    return [code for code in run if not named or code in named] or [NO_QUEUE]


def may_work(agent: Agent, queue: str | None) -> bool:
    """Whether `agent` works `queue`. Somebody with no queues named works them all."""
    queues = queues_of(agent)
    return not queues or queue in queues


def due_today() -> ColumnElement[bool]:
    """A condition: the contact was not put off to a day that is still to come, nor do its clocks stand still."""
    return func.coalesce(Contact.follow_up_on <= clock.today(), Contact.paused_at.is_(None))


def _lease() -> Any:
    return clock.now() + timedelta(seconds=get_settings().lease_s)


def _taken_by(agent_id: UUID) -> dict[str, Any]:
    return {
        "state": "taken",
        "agent_id": agent_id,
        "lease_until": _lease(),
        "taken_at": clock.now(),
        "assigned_at": None,
        "placement": func.nullif(Contact.placement, "offered"),
        "version": Contact.version + 1,
    }


async def announce_change(session: AsyncSession, contact_id: UUID) -> None:
    """Tell every desk that a list changed, and whoever looks at this contact that it did."""
    await live.announce(session, DESK, contact=str(contact_id))
    await live.announce(session, contact_topic(contact_id))


async def _taken(
    session: AsyncSession, contact_id: UUID, is_live: bool, agent_id: UUID, detail: dict[str, Any] | None = None
) -> None:
    await contacts.note_history(session, contact_id, "taken", agent_id=agent_id, detail=detail)
    await announce_change(session, contact_id)
    await live.announce(session, agent_topic(agent_id), mine=True)
    if is_live:
        # The resident who waits is told who has joined.
        await outbox.publish(session, ContactTaken(contact_id))


async def given(session: AsyncSession, agent_id: UUID) -> Given | None:
    """What this agent can be given, locked until the transaction ends; None when there is no such agent.

    The lock is the agent's own and on no row: only what gives to the same agent waits, so their capacity holds.
    """
    row = (await session.execute(_GIVEN, {"agent_id": agent_id, "space": AGENTS})).first()
    return Given(tuple(row.skills), tuple(row.languages), row.capacity) if row else None


async def take_next(session: AsyncSession, agent_id: UUID, queues: Sequence[str]) -> UUID | None:
    """Give the contact whose turn it is to `agent_id`, or None when nothing waits. No queues named: any queue.

    Nothing is given to an agent at capacity, nor what needs a skill that they lack. What is in a language that they
    lack goes first to those who have it, until half of its first promise is gone or none of those is at the desk.
    """
    agent = await given(session, agent_id)
    if agent is None:
        return None
    now = clock.now()
    lease = timedelta(seconds=get_settings().lease_s)
    claimed = await claiming.claim_next(
        session,
        agent_id,
        queues=queues,
        skills=agent.skills,
        languages=agent.languages,
        capacity=agent.capacity,
        now=now,
        seen_since=now - lease,
        lease_until=now + lease,
        desk=DESK,
        run_by=json.dumps(run_by(catalogue(), clock.today())),
        no_queue=NO_QUEUE,
    )
    if claimed is None:
        return None
    contact_id, is_live = claimed
    if is_live:
        await outbox.publish(session, ContactTaken(contact_id))
    return contact_id


async def has_room(session: AsyncSession, agent_id: UUID) -> bool:
    """Whether `agent_id` has fewer contacts to do today than they are given at once; their chats count as well."""
    theirs = (Contact.agent_id == agent_id, Contact.state == "taken", due_today())
    held = select(func.count()).where(*theirs).scalar_subquery()
    return bool(await session.scalar(select(held < Agent.capacity).where(Agent.id == agent_id)))


async def take(session: AsyncSession, agent_id: UUID, contact_id: UUID, version: int | None = None) -> None:
    """Give one waiting contact to `agent_id`, who chose it. Nothing changes when they have it already.

    A person's choice beats automatic assignment: what was given to a colleague automatically, and not opened by them,
    can be taken still, by whoever saw it waiting. Raises NotFound when there is no such contact, and AlreadyTaken
    when it is not waiting, or is no longer at the `version` that the agent saw.
    """
    waiting = [Contact.id == contact_id, Contact.state == "queued"]
    if version is not None:
        waiting.append(Contact.version == version)
    before = select(Contact.id, Contact.placement).where(*waiting).with_for_update().cte("before")
    row = (
        await session.execute(
            update(Contact)
            .where(Contact.id == before.c.id)
            .values(_taken_by(agent_id))
            .returning(Contact.live, before.c.placement)
            .execution_options(synchronize_session=False)
        )
    ).first()
    if row is not None:
        await _taken(session, contact_id, row.live, agent_id, accepting(row.placement))
        return
    contact = await session.get(Contact, contact_id, populate_existing=True, with_for_update=True)
    if contact is None:
        raise NotFound
    if contact.state == "taken" and contact.agent_id == agent_id:
        return
    if not _given_and_not_opened(contact, version):
        raise AlreadyTaken
    detail = {"why": "a colleague took it first", "was_with": str(contact.agent_id)}
    await contacts.note_history(session, contact_id, "released", detail=detail)
    for name, now in given_to(agent_id, contact).items():
        setattr(contact, name, now)
    contact.version += 1
    await _taken(session, contact_id, contact.live, agent_id)


def _given_and_not_opened(contact: Contact, version: int | None) -> bool:
    """Whether it was waiting at `version`, and all that happened since is that it was given automatically."""
    seen = version is None or contact.version == version + 1
    return contact.state == "taken" and contact.assigned_at is not None and seen


def given_to(agent_id: UUID, contact: Contact) -> dict[str, Any]:
    """What is set on a contact, locked, that becomes `agent_id`'s; its version is raised besides."""
    placement = None if contact.placement == "offered" else contact.placement
    values = {"state": "taken", "agent_id": agent_id, "lease_until": _lease(), "taken_at": clock.now()}
    return values | {"assigned_at": None, "placement": placement}


def accepting(placement: str | None) -> dict[str, Any]:
    """What the record says besides when a contact is taken: that a partner accepts what another passed on."""
    return {"accepted": True} if placement == "offered" else {}


async def assign(session: AsyncSession, agent_id: UUID, contact_id: UUID, version: int, detail: dict[str, Any]) -> bool:
    """Give a waiting contact to `agent_id` without their asking, if they have room and nobody reaches for it.

    A row that a person is changing at this moment is passed over, so that they have it. Returns whether it was given.
    """
    agent = await given(session, agent_id)
    if agent is None or not await has_room(session, agent_id):
        return False
    waiting = (
        select(Contact.id, Contact.placement)
        .where(Contact.id == contact_id, Contact.state == "queued", Contact.version == version)
        .with_for_update(skip_locked=True)
        .cte("waiting")
    )
    row = (
        await session.execute(
            update(Contact)
            .where(Contact.id == waiting.c.id)
            .values(_taken_by(agent_id) | {"assigned_at": clock.now()})
            .returning(waiting.c.placement)
            .execution_options(synchronize_session=False)
        )
    ).first()
    if row is None:
        return False
    # Whoever waits in the chat is told who joined when the agent opens it, and not before.
    await _taken(session, contact_id, False, agent_id, detail | accepting(row.placement))
    return True


async def opened(session: AsyncSession, agent_id: UUID, contact_id: UUID) -> None:
    """The agent has opened what they were given without asking: from now on it is theirs as if they had taken it."""
    is_live = await session.scalar(
        update(Contact)
        .where(Contact.id == contact_id, Contact.agent_id == agent_id, Contact.assigned_at.is_not(None))
        .values(assigned_at=None)
        .returning(Contact.live)
        .execution_options(synchronize_session=False)
    )
    if is_live is None:
        return
    await announce_change(session, contact_id)
    if is_live:
        await outbox.publish(session, ContactTaken(contact_id))


async def renew(session: AsyncSession, agent_id: UUID) -> int:
    """Keep every contact that `agent_id` has taken for another lease; how many.

    One that is being changed at this moment is passed over: a desk says several times in a lease that it is there.
    """
    theirs = select(Contact.id).where(Contact.agent_id == agent_id, Contact.state == "taken")
    renewed = await session.execute(
        update(Contact)
        .where(Contact.id.in_(theirs.with_for_update(skip_locked=True)))
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
