"""What sorting does when a contact has arrived."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import outbox, reading
from triage.catalogue import catalogue
from triage.contacts import KIND, REQUEST, note_history
from triage.events import ContactSorted
from triage.sorting.rules import RULES_VERSION
from triage.sorting.service import Sorter
from triage.tables import Contact, SortingDecision


async def sort_contact(session: AsyncSession, contact_id: UUID, heard: bool = False) -> None:
    """After ContactArrived: decide, keep the reasons, hand on. A contact that is sorted already is left alone."""
    contact = await session.get(Contact, contact_id, with_for_update=True)
    if contact is None or contact.state != "arrived":
        return
    sorts = Sorter(reading.reader(), reading.dangers(), catalogue(), reading.reader_version())
    decision = sorts.sort(
        contact.text,
        service=contact.service,
        danger=contact.danger,
        priority=contact.priority,
        heard=heard,
        request=contact.details.get(KIND) == REQUEST,
        queue=contact.queue,
    )
    session.add(
        SortingDecision(
            contact_id=contact.id,
            service=decision.service,
            queue=decision.queue,
            priority=decision.priority,
            confidence=decision.confidence,
            holding=decision.holding,
            reasons=list(decision.reasons),
            made_by={"rules": RULES_VERSION, "model": sorts.model},
        )
    )
    contact.service = decision.service if not decision.holding else contact.service
    contact.queue, contact.priority, contact.state = decision.queue, decision.priority, "sorted"
    contact.version += 1
    await note_history(session, contact.id, "sorted", detail={"queue": decision.queue, "priority": decision.priority})
    await outbox.publish(session, ContactSorted(contact.id))
