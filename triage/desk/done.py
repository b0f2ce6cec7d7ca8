"""What an agent has just done with a contact that is no longer theirs: said on their desk, with a way back."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, taking
from triage.desk import repository, rules, views
from triage.desk.schemas import Done
from triage.desk.service import may_open
from triage.tables import Agent, Contact, ContactHistory

# A page that stays open does not go on saying it.
SAID_FOR = timedelta(minutes=10)


def address(contact_id: UUID) -> str:
    """My work, with what was just done with this contact."""
    return f"/desk?done={contact_id}"


async def done(session: AsyncSession, agent: Agent, contact_id: UUID | None) -> Done | None:
    """What `agent` did last with a contact that left them, if that was a moment ago."""
    if contact_id is None:
        return None
    line = await repository.newest_step(session, contact_id, agent.id, clock.now() - SAID_FOR)
    contact = await repository.contact(session, contact_id) if line else None
    if line is None or contact is None or (contact.state == "taken" and contact.agent_id == agent.id):
        return None
    words = _words(line, contact)
    if words is None:
        return None
    free = contact.state == "queued" and taking.may_work(agent, contact.queue)
    free = free and (contact.placement != "bounced" or rules.decides(agent.role))
    return Done(
        id=contact.id,
        reference=contact.reference,
        words=words,
        opens=may_open(agent, contact),
        # Only as long as nobody has it: a colleague who was quicker keeps it.
        version=contact.version if free else None,
    )


def _words(line: ContactHistory, contact: Contact) -> str | None:
    match line.what:
        case "closed":
            return "is closed as part of another." if contact.merged_into else "is closed."
        case "released":
            return f"is given back to {views.queue_name(contact.queue)}."
        case "promised":
            return f"waits in {views.queue_name(contact.queue)}, and comes back on the day that you gave them."
        case "transferred" if "held" in line.detail:
            return "is held for a supervisor, who decides where it belongs."
        case "transferred":
            return f"is passed on to {views.queue_name(line.detail.get('to'))}."
        case _:
            return None
