"""Who is at the desk: signed in, seen within a lease, and not away; and how much each of them has to do today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, live, taking
from triage.claiming import WORKING
from triage.settings import get_settings
from triage.tables import Agent, Contact, SignIn

MOST_ON = 500


@dataclass(frozen=True)
class OnDesk:
    """Somebody who is signed in and was seen within a lease, and how many contacts they have to do today.

    What they promised for a later day, and what waits for somebody else, takes no room.
    """

    agent: Agent
    has: int

    @property
    def away(self) -> bool:
        """Whether they said that they are not to be given anything."""
        return self.agent.away_since is not None

    @property
    def room(self) -> int:
        """How many more they can be given."""
        return 0 if self.away else max(0, self.agent.capacity - self.has)


def seen(now: datetime) -> ColumnElement[bool]:
    """A condition on Agent: signed in, and seen within a lease."""
    since = now - timedelta(seconds=get_settings().lease_s)
    return exists().where(
        SignIn.agent_id == Agent.id, SignIn.stage == "open", SignIn.seen_at > since, SignIn.ends_at > now
    )


async def on_desk(session: AsyncSession) -> Sequence[OnDesk]:
    """Everybody who is signed in and was seen lately, those who are away too, by name."""
    held = (
        select(Contact.agent_id, func.count().label("has"))
        .where(Contact.state == "taken", taking.due_today())
        .group_by(Contact.agent_id)
        .subquery()
    )
    rows = await session.execute(
        select(Agent, func.coalesce(held.c.has, 0))
        .outerjoin(held, held.c.agent_id == Agent.id)
        .where(Agent.active, Agent.role.in_(WORKING), seen(clock.now()))
        .order_by(Agent.name, Agent.login)
        .limit(MOST_ON)
        .execution_options(populate_existing=True)
    )
    return [OnDesk(agent, has) for agent, has in rows.tuples()]


async def set_away(session: AsyncSession, agent_id: UUID, away: bool) -> bool:
    """Say that an agent is away, or available again; whether that was a change."""
    changed = await session.scalar(
        update(Agent)
        .where(Agent.id == agent_id, Agent.away_since.is_(None) if away else Agent.away_since.is_not(None))
        .values(away_since=clock.now() if away else None)
        .returning(Agent.id)
        .execution_options(synchronize_session=False)
    )
    if changed is not None:
        await live.announce(session, taking.DESK)
    return changed is not None


async def somebody_is_there(session: AsyncSession, queue: str) -> bool:
    """Whether an agent who works `queue` has the desk open and is not away."""
    return any(not one.away and taking.may_work(one.agent, queue) for one in await on_desk(session))
