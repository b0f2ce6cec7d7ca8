"""How much did not get out: messages to residents, and contacts for other systems, that a supervisor must see to.

Every page of a supervisor shows it, so this is below the rooms that send them.
"""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from triage import taking
from triage.roles import May, may
from triage.tables import Agent, Contact, Delivery, Notice


@dataclass(frozen=True)
class Undelivered:
    """How many messages residents did not get, and how many contacts another system did not take."""

    notices: int = 0
    deliveries: int = 0


async def count(session: AsyncSession, agent: Agent) -> Undelivered:
    """What waits for `agent`, who is nobody to see to it unless they are a supervisor."""
    if not may(agent.role, May.SUPERVISE):
        return Undelivered()
    queues = taking.queues_of(agent)
    theirs = [Contact.queue.in_(queues)] if queues else []
    notices = await session.scalar(
        select(func.count())
        .select_from(Notice)
        .join(Contact, Contact.id == Notice.contact_id)
        .where(Notice.state == "failed", Notice.seen_at.is_(None), *theirs)
    )
    deliveries = await session.scalar(
        select(func.count())
        .select_from(Delivery)
        .join(Contact, Contact.id == Delivery.contact_id)
        .where(Delivery.state == "failed", *theirs)
    )
    return Undelivered(notices or 0, deliveries or 0)
