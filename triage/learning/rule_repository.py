"""What learning reads and writes of rules as data, and of the contacts that a rule is tried on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from triage.tables import Agent, Contact, Correction, SortingDecision, SortingRule

MOST_RULES = 200


async def rules(session: AsyncSession) -> Sequence[tuple[SortingRule, str | None]]:
    """(rule, who made it): those that are on first, then the newest."""
    rows = await session.execute(
        select(SortingRule, Agent.name)
        .outerjoin(Agent, Agent.id == SortingRule.made_by)
        .order_by(SortingRule.switched_on_at.is_(None), SortingRule.made_at.desc())
        .limit(MOST_RULES)
    )
    return [(row[0], row[1]) for row in rows]


async def count(session: AsyncSession) -> int:
    """How many rules there are."""
    return await session.scalar(select(func.count()).select_from(SortingRule)) or 0


async def rule(session: AsyncSession, rule_id: UUID, *, lock: bool = False) -> SortingRule | None:
    """One rule; locked when it will be changed."""
    return await session.get(SortingRule, rule_id, with_for_update=lock or None, populate_existing=True)


async def named(session: AsyncSession, name: str) -> SortingRule | None:
    """The rule of this name."""
    return await session.scalar(select(SortingRule).where(SortingRule.name == name))


class Past(NamedTuple):
    """A contact as it was sorted, and where it was settled if it was."""

    decision_id: UUID
    decided_at: datetime
    reference: str
    text: str
    channel: str
    place: str | None
    danger: str | None
    service: str | None
    queue: str
    priority: str
    confidence: float
    holding: bool
    given: dict[str, Any]
    belongs: str | None


async def past(session: AsyncSession, before: tuple[datetime, UUID] | None, most: int) -> list[Past]:
    """Contacts by their newest decision, newest first, from where the last batch ended."""
    newest = (
        select(SortingDecision.id)
        .where(SortingDecision.contact_id == Contact.id)
        .order_by(SortingDecision.decided_at.desc(), SortingDecision.id.desc())
        .limit(1)
        .correlate(Contact)
        .scalar_subquery()
    )
    further = [tuple_(SortingDecision.decided_at, SortingDecision.id) < before] if before else []
    rows = await session.execute(
        select(
            SortingDecision.id,
            SortingDecision.decided_at,
            Contact.reference,
            Contact.text,
            Contact.channel,
            Contact.place,
            Contact.danger,
            SortingDecision.service,
            SortingDecision.queue,
            SortingDecision.priority,
            SortingDecision.confidence,
            SortingDecision.holding,
            SortingDecision.given,
            Correction.to_queue,
        )
        .join(Contact, Contact.id == SortingDecision.contact_id)
        .outerjoin(
            Correction,
            and_(Correction.decision_id == SortingDecision.id, Correction.settled_at.is_not(None)),
        )
        .where(Contact.demo.is_(False), SortingDecision.id == newest, *further)
        .order_by(SortingDecision.decided_at.desc(), SortingDecision.id.desc())
        .limit(most)
    )
    return [Past._make(row.tuple()) for row in rows]
