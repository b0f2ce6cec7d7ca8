"""What the Open311 endpoint asks of the database."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from triage.intake.open311 import MOST_ROWS, THROUGH, Asked
from triage.tables import Contact


def _of(system: str) -> ColumnElement[bool]:
    """What this system reported, and nobody else."""
    mine: ColumnElement[bool] = (Contact.channel == "api") & (Contact.details[THROUGH].astext == system)
    return mine


async def reported(session: AsyncSession, system: str, asked: Asked) -> Sequence[Contact]:
    """What this system reported and asks for, newest first."""
    query = select(Contact).where(_of(system))
    if asked.numbers:
        # The specification: whoever names numbers gets those, whatever else is asked.
        query = query.where(Contact.reference.in_(asked.numbers))
    else:
        query = query.where(Contact.arrived_at.between(asked.start, asked.end))
        if asked.services:
            query = query.where(Contact.service.in_(asked.services))
        if asked.closed is not None:
            query = query.where((Contact.state == "closed") == asked.closed)
    return (await session.scalars(query.order_by(Contact.arrived_at.desc(), Contact.id).limit(MOST_ROWS))).all()


async def one(session: AsyncSession, system: str, reference: str) -> Contact | None:
    """One contact that this system reported."""
    found: Contact | None = await session.scalar(select(Contact).where(_of(system), Contact.reference == reference))
    return found
