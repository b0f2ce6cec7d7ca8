"""A person puts right what sorting made of a contact: its service, and how urgent it is.

What it was and what it is now stay in its history as "corrected", from which sorting can learn.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, contacts, placing
from triage.catalogue import catalogue
from triage.clocks import keeping
from triage.desk.holding import changed, held
from triage.errors import Conflict, Invalid
from triage.tables import Agent
from triage.tables.contact import PRIORITIES

PRIORITY_NAMES = {
    "P0": "P0: somebody is being harmed now",
    "P1": "P1: harm today unless we act",
    "P2": "P2: urgent",
    "P3": "P3: ordinary",
    "P4": "P4: can wait",
}


@dataclass(frozen=True)
class Shown:
    """What the form showed before anything was chosen in it; empty where it does not say."""

    service: str = ""
    priority: str = ""


# How the form says that it showed no service: a field that is empty counts as none.
NOT_KNOWN = "not known"


def _now(what: str, chosen: str, shown: str, now: str) -> str:
    """What is to be set: what was chosen, or `now` where nothing else was chosen than the form showed.

    The form may stand open while a danger raises the urgency: sending it for the service must not lower that again.
    Raises Conflict where both have changed.
    """
    before = "" if shown == NOT_KNOWN else shown
    if not shown or chosen == now:
        return chosen
    if chosen == before:
        return now
    if before != now:
        raise Conflict(f"{what} has changed since you opened this form. Nothing was changed: look at it, then choose.")
    return chosen


async def correct(
    session: AsyncSession,
    agent: Agent,
    contact_id: UUID,
    version: int,
    service: str,
    priority: str,
    shown: Shown = Shown(),
) -> None:
    """Set what was chosen otherwise than `shown` of service and priority.

    An urgency that changes moves its promises: clocks/keeping.prioritise. Raises as `held`, Invalid.
    """
    contact = await held(session, agent, contact_id, version)
    if service and service not in catalogue().services:
        raise Invalid("Choose a service from the list.")
    if priority not in PRIORITIES:
        raise Invalid("Choose how urgent it is from the list.")
    service = _now("What it is about", service, shown.service, contact.service or "")
    priority = _now("How urgent it is", priority, shown.priority, contact.priority)
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
