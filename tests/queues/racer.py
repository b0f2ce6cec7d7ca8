"""An agent in a process of its own, to be killed: takes what is next and settles it, until nothing waits for long.

`python -m tests.queues.racer AGENT_ID`, with the test's settings in its environment.
"""

import asyncio
import random
import sys
from uuid import UUID

from triage import events, outbox, taking
from triage.database import transaction
from triage.desk import service
from triage.errors import Conflict
from triage.tables import Agent, Contact

IDLE_TURNS = 100


async def settle_one(agent_id: UUID, hold_s: float) -> bool:
    """Take the next contact, have it for a while and close it; False when nothing waited."""
    async with transaction() as session:
        agent = await session.get(Agent, agent_id)
        assert agent is not None
        contact_id = await taking.take_next(session, agent_id, [])
    if contact_id is None:
        return False
    await asyncio.sleep(hold_s)
    async with transaction() as session:
        contact = await session.get(Contact, contact_id)
        assert contact is not None
        version = contact.version
    async with transaction() as session:
        await service.close(session, agent, contact_id, version, "done", "We have done it.")
    return True


def no_steps() -> None:
    """Events are followed by no step here."""
    for event in events.Event.__subclasses__():
        outbox.routes.setdefault(event.__name__, ())


async def main(agent_id: UUID) -> None:
    """Work until nothing waits for some seconds, or until killed."""
    no_steps()
    print("ready", flush=True)
    idle = 0
    while idle < IDLE_TURNS:
        try:
            idle = 0 if await settle_one(agent_id, random.uniform(0, 0.3)) else idle + 1
        except Conflict:
            continue
        if idle:
            await asyncio.sleep(0.1)


if __name__ == "__main__":
    asyncio.run(main(UUID(sys.argv[1])))
