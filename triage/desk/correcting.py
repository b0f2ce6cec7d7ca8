"""A person puts right what sorting made of a contact: its service, and how urgent it is.

What it was and what it is now stay in its history as "corrected", from which sorting can learn.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, contacts, placing
from triage.catalogue import catalogue
from triage.clocks import keeping
from triage.desk.holding import changed, held
from triage.errors import Invalid
from triage.tables import Agent
from triage.tables.contact import PRIORITIES

PRIORITY_NAMES = {
    "P0": "P0: somebody is being harmed now",
    "P1": "P1: harm today unless we act",
    "P2": "P2: urgent",
    "P3": "P3: ordinary",
    "P4": "P4: can wait",
}


async def correct(
    session: AsyncSession, agent: Agent, contact_id: UUID, version: int, service: str, priority: str
) -> None:
    """Set the service and the priority. An urgency that changes moves its promises: clocks/keeping.prioritise.

    Raises as `held`, Invalid.
    """
    contact = await held(session, agent, contact_id, version)
    if service and service not in catalogue().services:
        raise Invalid("Choose a service from the list.")
    if priority not in PRIORITIES:
        raise Invalid("Choose how urgent it is from the list.")
    before = {"service": contact.service, "priority": contact.priority}
    after = {"service": service or contact.service, "priority": priority}
    if after == before:
        return
    contact.service, contact.priority = after["service"], priority
    contact.skill = placing.skill_needed(catalogue(), contact.queue, contact.service)
    if priority != before["priority"] and contact.queue in catalogue().queues:
        await keeping.prioritise(session, contact, clock.now())
    detail = {"from": before, "to": after}
    await contacts.note_history(session, contact_id, "corrected", agent_id=agent.id, detail=detail)
    await changed(session, contact)
