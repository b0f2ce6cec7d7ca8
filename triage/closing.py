"""Closing a contact: the one way that it is done, whether an agent does it at the desk or whoever did the work says so.

Below both rooms. What is *not* done is closed by a person alone (DESIGN decision 5).
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, contacts, outbox, taking
from triage.clocks import keeping
from triage.events import ContactClosed
from triage.tables import Contact

# The reason of a contact that was settled, among those of desk/rules.CLOSING.
DONE = "done"


async def close(
    session: AsyncSession, contact: Contact, reason: str, outcome: str, *, agent_id: UUID | None = None
) -> None:
    """Close a locked contact for a reason, with a sentence that the resident sees; `agent_id`: the person who did."""
    now = clock.now()
    contact.state, contact.closed_at, contact.lease_until = "closed", now, None
    contact.close_reason, contact.outcome, contact.follow_up_on = reason, outcome, None
    # The outcome is an answer too, when it is the first thing that the resident hears.
    contact.first_answer_at = contact.first_answer_at or now
    await keeping.keep(session, contact, now)
    # Who held it is what the closing is counted by, whoever may come to hold it later.
    detail = {"reason": reason, "outcome": outcome, "queue": contact.queue, "partner": contact.partner}
    await contacts.note_history(session, contact.id, "closed", agent_id=agent_id, detail=detail)
    contact.version += 1
    await session.flush()
    await taking.announce_change(session, contact.id)
    await outbox.publish(session, ContactClosed(contact.id))
