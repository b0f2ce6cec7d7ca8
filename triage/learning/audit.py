"""Who changed what about how contacts are sorted."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from triage.tables import Agent, LearningChange


async def note(session: AsyncSession, agent: Agent | None, what: str, **detail: Any) -> None:
    """Add one line. `agent` empty means that it was done from the command line."""
    session.add(LearningChange(what=what, agent_id=agent.id if agent else None, detail=detail))
    await session.flush()


async def newest(session: AsyncSession, most: int) -> Sequence[tuple[LearningChange, str | None]]:
    """(line, name of who did it), newest first; without the examples, of which there are many."""
    rows = await session.execute(
        select(LearningChange, Agent.name)
        .outerjoin(Agent, Agent.id == LearningChange.agent_id)
        .where(LearningChange.what.not_in(("accepted", "dropped")))
        .order_by(LearningChange.at.desc())
        .limit(most)
    )
    return [(row[0], row[1]) for row in rows]
