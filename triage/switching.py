"""Which queues give their contacts out by themselves: as queues.toml says, until a supervisor switches it."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, live, taking
from triage.catalogue import Catalogue, catalogue
from triage.errors import NotFound, OutOfRange
from triage.tables import Agent, QueueSwitch
from triage.tables.queue_switch import ASSIGN


async def switched(session: AsyncSession) -> dict[str, QueueSwitch]:
    """The newest switching of each queue that was ever switched."""
    rows = await session.scalars(
        select(QueueSwitch).distinct(QueueSwitch.queue).order_by(QueueSwitch.queue, QueueSwitch.at.desc())
    )
    return {row.queue: row for row in rows}


def automatic(known: Catalogue, switches: dict[str, QueueSwitch]) -> set[str]:
    """The codes of the queues whose contacts are given out by themselves."""
    stands = {code: switches[code].assign if code in switches else queue.assign for code, queue in known.queues.items()}
    return {code for code, assign in stands.items() if assign == "auto"}


async def automatic_queues(session: AsyncSession) -> set[str]:
    """The codes of the queues whose contacts are given out by themselves now."""
    return automatic(catalogue(), await switched(session))


async def switch(session: AsyncSession, agent: Agent, queue: str, assign: str) -> None:
    """Switch one queue; who did it and when stays on record. Raises NotFound or OutOfRange."""
    if queue not in catalogue().queues or not taking.may_work(agent, queue):
        raise NotFound
    if assign not in ASSIGN:
        raise OutOfRange
    session.add(QueueSwitch(queue=queue, assign=assign, agent_id=agent.id, at=clock.now()))
    await session.flush()
    await live.announce(session, taking.DESK)
