"""How every supplier is doing, as all processes share it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from triage.sending.rules import PROBE, Breaker
from triage.tables import Supplier


async def breaker(session: AsyncSession, connector: str) -> Breaker:
    """How a supplier is doing."""
    row = await session.get(Supplier, connector, populate_existing=True)
    return Breaker(row.failures, row.opened_until) if row else Breaker()


async def take_probe(session: AsyncSession, connector: str, now: datetime) -> bool:
    """Whether it is this process that sees whether a supplier works again. The others wait PROBE."""
    taken = await session.execute(
        update(Supplier)
        .where(Supplier.connector == connector, Supplier.opened_until <= now)
        .values(opened_until=now + PROBE)
        .returning(Supplier.connector)
    )
    return taken.first() is not None


async def note_failure(session: AsyncSession, connector: str, now: datetime) -> Breaker:
    """Count one failure, and leave the supplier alone when there were enough."""
    await session.execute(insert(Supplier).values(connector=connector).on_conflict_do_nothing())
    row = await session.get_one(Supplier, connector, with_for_update=True, populate_existing=True)
    after = Breaker(row.failures, row.opened_until).failed(now)
    row.failures, row.opened_until, row.failed_at = after.failures, after.opened_until, now
    return after


async def note_success(session: AsyncSession, connector: str, now: datetime) -> None:
    """The supplier works: what it could not take is tried again."""
    row = insert(Supplier).values(connector=connector, worked_at=now)
    fields = {"failures": 0, "opened_until": None, "worked_at": now}
    # Written only when it changes something or a minute has passed: every good delivery comes here.
    changes = or_(Supplier.failures > 0, Supplier.worked_at.is_(None), Supplier.worked_at < now - timedelta(minutes=1))
    await session.execute(row.on_conflict_do_update(index_elements=[Supplier.connector], set_=fields, where=changes))


async def suppliers(session: AsyncSession) -> Sequence[Supplier]:
    """How every supplier is doing."""
    return (await session.scalars(select(Supplier).order_by(Supplier.connector).limit(100))).all()
