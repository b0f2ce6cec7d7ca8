"""What the supervisor's pages ask of the database."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, insert, literal, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from triage import taking, telling
from triage.desk.supervision.schemas import Counts, Filter
from triage.tables import Agent, BulkMove, BulkMoveItem, Contact, ContactClock, ContactHistory, Notice

OPEN = Contact.state.in_(("queued", "taken"))
# Beyond this many a list says "more than", and nothing is moved at once.
MOST = 10_000
MOST_OF_ONE = 20


def _due() -> ColumnElement[Any]:
    """The promise that comes next: the first answer until it is given, then that it is settled."""
    return case((Contact.first_answer_at.is_(None), Contact.first_due_at), else_=Contact.settle_due_at)


async def counts(session: AsyncSession, now: datetime) -> dict[str, Counts]:
    """The counts of each queue in which anything is open.

    At risk: the desk is warned of one of its clocks, a promise of ours or a limit of the law, or that is past. What
    stands still is neither, and of a contact that is paused the law's limits may run on. A contact from before clocks
    were kept is read by its dues: in the last quarter of the time from joining the queue, by the clock.
    """
    clocks = (
        select(func.min(ContactClock.warn_at).label("warn"), func.min(ContactClock.due_at).label("due"))
        .where(
            ContactClock.contact_id == Contact.id,
            ContactClock.met_at.is_(None),
            ContactClock.ended_at.is_(None),
            ContactClock.paused_since.is_(None),
        )
        .correlate(Contact)
        .lateral()
    )
    due, running = _due(), Contact.paused_at.is_(None)
    at_risk = func.coalesce(clocks.c.warn, case((running, due - (due - Contact.queued_at) / 4))) <= now
    late = func.coalesce(clocks.c.due, case((running, due))) <= now
    rows = await session.execute(
        select(
            Contact.queue,
            func.count().filter(Contact.state == "queued", running),
            func.count().filter(Contact.state == "taken", running),
            func.count().filter(~running),
            func.min(Contact.queued_at).filter(Contact.state == "queued", running),
            func.count().filter(at_risk),
            func.count().filter(late),
        )
        .select_from(Contact)
        .join(clocks, true())
        .where(OPEN)
        .group_by(Contact.queue)
    )
    return {row[0] or "": Counts(*row[1:]) for row in rows}


def matching(chosen: Filter, queues: Sequence[str] | None, now: datetime) -> list[ColumnElement[bool]]:
    """The conditions of a filter; `queues` are those of its partner, None for any."""
    conditions: list[ColumnElement[bool]] = [OPEN]
    if chosen.state == "paused":
        conditions.append(Contact.paused_at.is_not(None))
    elif chosen.state == "held":
        conditions.append(Contact.placement == "bounced")
    elif chosen.state:
        conditions.append(Contact.state == ("taken" if chosen.state == "taken" else "queued"))
    if chosen.queue:
        conditions.append(Contact.queue == chosen.queue)
    if queues is not None:
        conditions.append(Contact.queue.in_(queues))
    if chosen.priority:
        conditions.append(Contact.priority == chosen.priority)
    if chosen.service:
        conditions.append(Contact.service == chosen.service)
    if chosen.older:
        conditions.append(Contact.arrived_at <= now - timedelta(hours=chosen.older))
    return conditions


async def count(session: AsyncSession, conditions: Sequence[ColumnElement[bool]]) -> int:
    """How many match, counted no further than one more than MOST."""
    found = select(literal(1)).select_from(Contact).where(*conditions).limit(MOST + 1).subquery()
    return await session.scalar(select(func.count()).select_from(found)) or 0


async def listed(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], skip: int, most: int
) -> list[tuple[Contact, str | None]]:
    """(contact, its agent's name), in the order in which they would be taken."""
    rows = await session.execute(
        select(Contact, Agent.name)
        .outerjoin(Agent, Agent.id == Contact.agent_id)
        .where(*conditions)
        .order_by(*taking.ORDER)
        .offset(skip)
        .limit(most)
    )
    return [(contact, name) for contact, name in rows]


async def held_by(
    session: AsyncSession, queues: Sequence[str], agent_ids: Sequence[UUID]
) -> dict[UUID, list[tuple[UUID, str]]]:
    """(id, reference) of what each of these agents has in these queues (none: in any), the first twenty of each."""
    place = func.row_number().over(partition_by=Contact.agent_id, order_by=Contact.taken_at).label("place")
    theirs = [Contact.queue.in_(queues)] if queues else []
    numbered = (
        select(Contact.agent_id, Contact.id, Contact.reference, place)
        .where(Contact.state == "taken", Contact.agent_id.in_(agent_ids), *theirs)
        .subquery()
    )
    rows = await session.execute(
        select(numbered.c.agent_id, numbered.c.id, numbered.c.reference)
        .where(numbered.c.place <= MOST_OF_ONE)
        .order_by(numbered.c.agent_id, numbered.c.place)
    )
    found: dict[UUID, list[tuple[UUID, str]]] = {}
    for agent_id, contact_id, reference in rows:
        found.setdefault(agent_id, []).append((contact_id, reference))
    return found


async def choose_matching(session: AsyncSession, move_id: UUID, conditions: Sequence[ColumnElement[bool]]) -> int:
    """Put every contact that matches on a move; how many, and no further than one more than MOST."""
    chosen = (
        select(literal(move_id), Contact.id, literal("waiting"), literal({}, BulkMoveItem.before.type))
        .where(*conditions)
        .limit(MOST + 1)
    )
    columns = ["move_id", "contact_id", "state", "before"]
    rows = await session.execute(insert(BulkMoveItem).from_select(columns, chosen).returning(BulkMoveItem.contact_id))
    return len(rows.all())


async def items(session: AsyncSession, move_id: UUID, state: str, most: int) -> Sequence[BulkMoveItem]:
    """Up to so many items of a move in one state, locked; those that somebody deals with now are passed over."""
    rows = await session.scalars(
        select(BulkMoveItem)
        .where(BulkMoveItem.move_id == move_id, BulkMoveItem.state == state)
        .order_by(BulkMoveItem.contact_id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return rows.all()


async def locked(session: AsyncSession, contact_ids: Sequence[UUID]) -> dict[UUID, Contact]:
    """These contacts, locked, by id; one that somebody is changing at this moment is missing."""
    rows = await session.scalars(
        select(Contact)
        .where(Contact.id.in_(contact_ids))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return {contact.id: contact for contact in rows}


async def move(session: AsyncSession, move_id: UUID, *, lock: bool = False) -> BulkMove | None:
    """A move; locked when it will be changed."""
    return await session.get(BulkMove, move_id, with_for_update=lock or None, populate_existing=True)


async def recent_moves(
    session: AsyncSession, agent_id: UUID, queues: Sequence[str], since: datetime, most: int
) -> Sequence[BulkMove]:
    """The moves begun since then by this supervisor, or to these queues (none: to any), newest first."""
    theirs = [or_(BulkMove.agent_id == agent_id, BulkMove.queue.in_(queues))] if queues else []
    rows = await session.scalars(
        select(BulkMove).where(BulkMove.began_at > since, *theirs).order_by(BulkMove.began_at.desc()).limit(most)
    )
    return rows.all()


async def move_states(session: AsyncSession, move_id: UUID) -> dict[str, int]:
    """How many items of a move are in each state."""
    rows = await session.execute(
        select(BulkMoveItem.state, func.count()).where(BulkMoveItem.move_id == move_id).group_by(BulkMoveItem.state)
    )
    return dict(rows.tuples().all())


async def left(session: AsyncSession, move_id: UUID, most: int) -> list[tuple[UUID, str, str]]:
    """(contact id, reference, why) of what was not moved, or did not go back."""
    rows = await session.execute(
        select(Contact.id, Contact.reference, func.coalesce(BulkMoveItem.why, ""))
        .join(BulkMoveItem, BulkMoveItem.contact_id == Contact.id)
        .where(BulkMoveItem.move_id == move_id, BulkMoveItem.state.in_(("left", "stays")))
        .order_by(Contact.reference)
        .limit(most)
    )
    return [(contact_id, reference, why) for contact_id, reference, why in rows]


async def moved_lines(
    session: AsyncSession, move: BulkMove, after: UUID, most: int
) -> list[tuple[ContactHistory, Contact]]:
    """(the line of history, the contact as it is now) of those open contacts that a move has moved for good."""
    rows = await session.execute(
        select(ContactHistory, Contact)
        .join(Contact, Contact.id == ContactHistory.contact_id)
        .join(BulkMoveItem, BulkMoveItem.contact_id == Contact.id)
        .where(
            BulkMoveItem.move_id == move.id,
            BulkMoveItem.state == ("moved" if move.undone_at is None else "stays"),
            BulkMoveItem.contact_id > after,
            ContactHistory.what == "moved",
            ContactHistory.detail["move"].astext == str(move.id),
            OPEN,
        )
        .order_by(BulkMoveItem.contact_id)
        .limit(most)
    )
    return [(line, contact) for line, contact in rows]


async def told_again(session: AsyncSession, line_ids: Sequence[UUID]) -> set[UUID]:
    """The contacts of these moves that have another notice of a new day, made since they were moved."""
    moved, later = aliased(ContactHistory), aliased(ContactHistory)
    rows = await session.scalars(
        select(moved.contact_id)
        .join(Notice, Notice.contact_id == moved.contact_id)
        .join(later, later.id == Notice.change_id)
        .where(moved.id.in_(line_ids), later.id != moved.id, Notice.made_at >= moved.at, _of_a_day(later))
    )
    return set(rows)


async def told_a_day(session: AsyncSession, contact_ids: Sequence[UUID], since: datetime) -> set[UUID]:
    """Those of these contacts whose resident was told, or is being told, a day since then."""
    kinds = Notice.kind.in_(("received", "reopened"))
    rows = await session.scalars(
        select(Notice.contact_id)
        .join(ContactHistory, ContactHistory.id == Notice.change_id)
        .where(
            Notice.contact_id.in_(contact_ids),
            or_(Notice.done_at >= since, and_(Notice.state == "due", Notice.attempts > 0)),
            or_(kinds, _of_a_day(ContactHistory)),
        )
    )
    return set(rows)


def _of_a_day(line: type[ContactHistory]) -> ColumnElement[bool]:
    """Whether a line of history changed a day that its resident was told."""
    changed: ColumnElement[bool] = line.detail.has_key(telling.DAYS)
    return changed


async def agent(session: AsyncSession, agent_id: UUID) -> Agent | None:
    """Somebody who can sign in."""
    return await session.get(Agent, agent_id)
