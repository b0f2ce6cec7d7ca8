"""What handing on asks of the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, undefer

from connectors.shapes import Attachment as File
from connectors.shapes import CaseUpdate as SaidOfCase
from triage.contacts import NOT_SAFE, SAFETY
from triage.delivery.rules import BY_LAW, PASSED, SUPPLIERS_KEEP
from triage.tables import Attachment, CaseUpdate, Contact, ContactHistory, Delivery

OPEN = ("due", "sending", "failed")

# A contact's deliveries go to one supplier one after the other: a row is claimed only when none before it is still to
# be done. What failed for good stops those behind it until a person has seen to it. Another supplier waits for none.
_CLAIM = text("""
    update delivery
    set state = 'sending', attempts = attempts + 1, lease_until = :lease_until
    where id in (
        select one.id from delivery as one
        where one.connector = :connector
            and (one.state = 'due' and one.next_at <= :now or one.state = 'sending' and one.lease_until <= :now)
            and not exists (
                select from delivery as earlier
                where earlier.contact_id = one.contact_id and earlier.connector = one.connector
                    and earlier.seq < one.seq
                    and earlier.state in ('due', 'sending', 'failed'))
        order by one.next_at
        limit :most
        for update skip locked)
    returning id, attempts
""")

# What has waited since then, and waits for nothing before it.
_WAITING_SINCE = text("""
    select one.id from delivery as one
    where one.connector = :connector and one.made_at <= :since
        and (one.state = 'due' or one.state = 'sending' and one.lease_until <= :now)
        and not exists (
            select from delivery as earlier
            where earlier.contact_id = one.contact_id and earlier.connector = one.connector
                and earlier.seq < one.seq
                and earlier.state in ('due', 'sending', 'failed'))
    order by one.made_at
    limit :most
""")

# What has happened since to contacts that are at a supplier, and that it was not told yet: what residents said, files
# they sent where it takes any, limits, and what may mean that it is not theirs any more, or theirs again: whoever has
# put a case down is told of nothing else. What each line comes to is decided when it goes (changes.py).
_UNTOLD = text("""
    insert into delivery (id, contact_id, change_id, connector, kind, state, attempts, next_at, made_at)
    select gen_random_uuid(), line.contact_id, line.id, first.connector,
        case when line.what = 'reopened' then 'reopen' else 'update' end, 'due', 0, :now, :now
    from contact_history line
    join delivery first on first.contact_id = line.contact_id and first.kind = 'create'
    join contact on contact.id = line.contact_id
    where line.at > :since and line.at >= first.made_at
        and (line.what = any(:passed)
            or first.state <> 'dropped' and (line.what in ('added', 'reopened', 'merged', :not_safe)
                or line.what = :safety and line.detail ->> 'safe' = 'no'
                or line.what = 'closed' and line.agent_id is not null
                or line.what = 'file' and line.agent_id is null and first.connector = any(:takers)
                or line.what = any(:by_law) and contact.statutory = any(:kept)))
        and not exists (
            select from delivery other where other.change_id = line.id and other.connector = first.connector)
    order by line.at
    limit :most
    on conflict do nothing
    returning id
""")


# All that its resident has said and sent until now, told after the request, or once it is theirs again. What was told
# already is not told again; what a person deals with is left to them.
_SAID = text("""
    insert into delivery (id, contact_id, change_id, connector, kind, state, attempts, next_at, made_at)
    select gen_random_uuid(), contact_id, id, cast(:connector as text), 'update', 'due', 0, :now, :now
    from contact_history
    where contact_id = :contact_id
        and (what in ('added', 'reopened') or what = 'file' and agent_id is null and :takes_files)
    order by at
    on conflict (change_id, connector) where change_id is not null do update
    set state = 'due', attempts = 0, next_at = excluded.next_at, made_at = excluded.made_at, done_at = null
    where delivery.state = 'dropped' and delivery.why is null
""")


@dataclass(frozen=True)
class Claimed:
    """A delivery that is ours until its lease ends, and which try of it this is."""

    id: UUID
    attempt: int


@dataclass(frozen=True)
class Failed:
    """One delivery that a person must see to, with its contact's reference."""

    delivery: Delivery
    reference: str


async def create(session: AsyncSession, contact_id: UUID, connector: str, now: datetime) -> bool:
    """Write down that a contact is to be created at a supplier; whether it is to be done now. It is created once there.

    What was dropped before it had gone out, as for a contact that was closed meanwhile, is to be done again.
    """
    row = insert(Delivery).values(contact_id=contact_id, connector=connector, kind="create", next_at=now, made_at=now)
    made = await session.execute(row.on_conflict_do_nothing().returning(Delivery.id))
    if made.first() is not None:
        return True
    again = await session.execute(
        update(Delivery)
        .where(Delivery.contact_id == contact_id, Delivery.connector == connector, Delivery.kind == "create")
        .where(Delivery.state == "dropped", Delivery.handle.is_(None), Delivery.why.is_(None))
        .values(state="due", next_at=now, made_at=now, done_at=None)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return again.first() is not None


async def not_begun(
    session: AsyncSession, routes: Mapping[str, str], since: datetime, after: UUID, most: int
) -> Sequence[UUID]:
    """Open contacts queued since then that are routed and that nothing was written down for, in the order of ids."""
    begun = exists().where(Delivery.contact_id == Contact.id, Delivery.kind == "create")
    found = (
        select(Contact.id)
        .where(Contact.state.in_(("queued", "taken")), Contact.queued_at > since, Contact.id > after)
        .where(Contact.service.in_(routes), ~Contact.demo, ~begun)
        .order_by(Contact.id)
        .limit(most)
    )
    return (await session.scalars(found)).all()


async def tell_said(session: AsyncSession, contact_id: UUID, connector: str, now: datetime, takes_files: bool) -> None:
    """Write down that a supplier is to be told all that a contact's resident has said since, and that it was not told.

    `takes_files`: and the files that they have sent.
    """
    given = {"contact_id": contact_id, "connector": connector, "now": now, "takes_files": takes_files}
    await session.execute(_SAID, given)


async def tell_changes(session: AsyncSession, now: datetime, since: datetime, most: int, takers: Sequence[str]) -> int:
    """Write down what the suppliers are still to be told of contacts that they have; how many.

    `takers`: the connectors that take files.
    """
    lines = {
        "passed": list(PASSED),
        "by_law": list(BY_LAW),
        "kept": list(SUPPLIERS_KEEP),
        "not_safe": NOT_SAFE,
        "safety": SAFETY,
    }
    given = {"now": now, "since": since, "most": most, "takers": list(takers)}
    made = await session.execute(_UNTOLD, given | lines)
    return len(made.all())


async def connectors_due(session: AsyncSession, now: datetime) -> Sequence[str]:
    """The connectors for which something is to be sent now."""
    waiting = or_(
        (Delivery.state == "due") & (Delivery.next_at <= now),
        (Delivery.state == "sending") & (Delivery.lease_until <= now),
    )
    return (await session.scalars(select(Delivery.connector).where(waiting).distinct().limit(100))).all()


async def claim(
    session: AsyncSession, connector: str, due: datetime, lease_until: datetime, most: int
) -> Sequence[Claimed]:
    """Take up to `most` deliveries that were `due` by then, at most one of each contact; ours until the lease ends."""
    given = {"connector": connector, "now": due, "lease_until": lease_until, "most": most}
    return [Claimed(row.id, row.attempts) for row in await session.execute(_CLAIM, given)]


async def waiting_since(
    session: AsyncSession, connector: str, since: datetime, now: datetime, most: int
) -> Sequence[UUID]:
    """What has waited for a connector since then, at most one of each contact."""
    given = {"connector": connector, "since": since, "now": now, "most": most}
    return [row.id for row in await session.execute(_WAITING_SINCE, given)]


async def delivery(session: AsyncSession, delivery_id: UUID) -> Delivery | None:
    """One delivery, locked."""
    return await session.get(Delivery, delivery_id, with_for_update=True, populate_existing=True)


async def created(session: AsyncSession, contact_id: UUID, connector: str) -> Delivery | None:
    """The delivery by which a contact was created at a supplier."""
    found: Delivery | None = await session.scalar(
        select(Delivery).where(
            Delivery.contact_id == contact_id, Delivery.connector == connector, Delivery.kind == "create"
        )
    )
    return found


async def line(session: AsyncSession, change_id: UUID) -> ContactHistory:
    """The line of history that a delivery tells of."""
    return await session.get_one(ContactHistory, change_id)


async def file_of(session: AsyncSession, line: ContactHistory) -> File | None:
    """The file that a line of history tells of, with what is in it; None when it was erased."""
    found: Attachment | None = await session.scalar(
        select(Attachment).where(Attachment.id == UUID(line.detail["file"])).options(undefer(Attachment.content))
    )
    return File(found.name, found.kind, found.content) if found else None


async def has_files(session: AsyncSession, contact_id: UUID) -> bool:
    """Whether a contact's resident has sent files."""
    theirs = exists().where(Attachment.contact_id == contact_id, Attachment.agent_id.is_(None))
    return bool(await session.scalar(select(theirs)))


async def was_passed_on(session: AsyncSession, contact_id: UUID) -> bool:
    """Whether people have passed a contact on, or said that it is another service's."""
    line = exists().where(ContactHistory.contact_id == contact_id, ContactHistory.what.in_(PASSED))
    return bool(await session.scalar(select(line)))


async def said_last(session: AsyncSession, case: Delivery) -> str | None:
    """The state of a case that counted last, as its supplier said it; None when it was told since that it is open.

    A try whose answer was lost counts as told.
    """
    told = select(func.max(Delivery.done_at)).where(
        Delivery.contact_id == case.contact_id,
        Delivery.connector == case.connector,
        Delivery.kind == "reopen",
        or_(Delivery.state == "sent", Delivery.attempts > 1),
    )
    since = func.coalesce(told.scalar_subquery(), case.made_at)
    newest = select(CaseUpdate.state).where(
        CaseUpdate.delivery_id == case.id, CaseUpdate.applied, CaseUpdate.heard_at > since
    )
    found: str | None = await session.scalar(newest.order_by(CaseUpdate.said_at.desc()).limit(1))
    return found


async def told_queue(session: AsyncSession, contact_id: UUID, connector: str) -> str | None:
    """The queue on which a supplier was last told that a contact is; None when it was told of none."""
    told = (
        select(ContactHistory.detail["to"].astext)
        .join(Delivery, Delivery.change_id == ContactHistory.id)
        .where(Delivery.contact_id == contact_id, Delivery.connector == connector)
        .where(Delivery.kind == "moved", Delivery.state == "sent")
        .order_by(Delivery.seq.desc())
        .limit(1)
    )
    found: str | None = await session.scalar(told)
    return found


def _in(queues: Sequence[str]) -> list[ColumnElement[bool]]:
    """Of a contact: it is in one of these queues; none named means any."""
    return [Contact.queue.in_(queues)] if queues else []


async def waiting(session: AsyncSession, queues: Sequence[str]) -> dict[str, int]:
    """How many deliveries of these queues wait for each connector."""
    counted = (
        select(Delivery.connector, func.count())
        .join(Contact, Contact.id == Delivery.contact_id)
        .where(Delivery.state.in_(("due", "sending")), *_in(queues))
        .group_by(Delivery.connector)
    )
    return {row[0]: row[1] for row in await session.execute(counted)}


async def failed(session: AsyncSession, queues: Sequence[str], most: int) -> list[Failed]:
    """What a person must see to in these queues, oldest first."""
    found = (
        select(Delivery, Contact.reference)
        .join(Contact, Contact.id == Delivery.contact_id)
        .where(Delivery.state == "failed", *_in(queues))
        .order_by(Delivery.made_at)
        .limit(most)
    )
    return [Failed(row.Delivery, row.reference) for row in await session.execute(found)]


async def by_handle(session: AsyncSession, connector: str, handle: str) -> Delivery | None:
    """The delivery that made a case, by what the supplier is asked for it by."""
    found: Delivery | None = await session.scalar(
        select(Delivery).where(Delivery.connector == connector, Delivery.handle == handle, Delivery.kind == "create")
    )
    return found


async def to_ask(
    session: AsyncSession, suppliers: Sequence[str], now: datetime, every: timedelta, most: int
) -> list[tuple[UUID, str, str]]:
    """(id, connector, handle) of open cases at `suppliers` that were not asked about for so long.

    They count as asked from now.
    """
    case, contact = aliased(Delivery), aliased(Contact)
    open_case = exists().where(contact.id == case.contact_id, contact.state != "closed")
    ids = (
        select(case.id)
        .where(
            case.connector.in_(suppliers),
            case.kind == "create",
            case.state == "sent",
            case.handle.is_not(None),
            or_(case.asked_at.is_(None), case.asked_at < now - every),
            open_case,
        )
        .order_by(case.asked_at.nulls_first())
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    asked = await session.execute(
        update(Delivery)
        .where(Delivery.id.in_(ids))
        .values(asked_at=now)
        .returning(Delivery.id, Delivery.connector, Delivery.handle)
    )
    return [(row.id, row.connector, row.handle) for row in asked]


async def to_check(session: AsyncSession, since: datetime, before: datetime, most: int) -> list[tuple[UUID, str]]:
    """(id, connector) of what suppliers have taken since then and were not asked to confirm after `before`."""
    found = (
        select(Delivery.id, Delivery.connector)
        .where(
            Delivery.state == "sent",
            Delivery.kind == "create",
            Delivery.done_at >= since,
            or_(Delivery.checked_at.is_(None), Delivery.checked_at < before),
        )
        .order_by(Delivery.done_at)
        .limit(most)
    )
    return [(row.id, row.connector) for row in await session.execute(found)]


async def keep_update(
    session: AsyncSession, said: SaidOfCase, connector: str, delivery_id: UUID, now: datetime
) -> UUID | None:
    """Keep what a supplier said; None when it was kept before. `applied` is set by whoever applies it."""
    row = insert(CaseUpdate).values(
        connector=connector,
        update_id=said.id,
        delivery_id=delivery_id,
        state=said.state,
        said_at=said.at,
        heard_at=now,
        applied=False,
    )
    kept: UUID | None = await session.scalar(row.on_conflict_do_nothing().returning(CaseUpdate.id))
    return kept


async def heard_last(session: AsyncSession, delivery_id: UUID) -> CaseUpdate | None:
    """What was heard of a case last, whether it counted or not."""
    heard = select(CaseUpdate).where(CaseUpdate.delivery_id == delivery_id)
    found: CaseUpdate | None = await session.scalar(heard.order_by(CaseUpdate.heard_at.desc(), CaseUpdate.id).limit(1))
    return found


async def newest_applied(session: AsyncSession, delivery_id: UUID) -> datetime | None:
    """When the newest thing that counted of a case became so."""
    found: datetime | None = await session.scalar(
        select(func.max(CaseUpdate.said_at)).where(CaseUpdate.delivery_id == delivery_id, CaseUpdate.applied)
    )
    return found


async def mark_applied(session: AsyncSession, update_id: UUID) -> None:
    """It counted."""
    await session.execute(update(CaseUpdate).where(CaseUpdate.id == update_id).values(applied=True))
