"""What sorting does when a contact has arrived."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, outbox, reading
from triage.contacts import KIND, REQUEST, note_history
from triage.events import ContactSorted
from triage.sorting import repository
from triage.sorting.places import place_in
from triage.sorting.repeats import STREET, WITHIN, Repeat, repeat
from triage.sorting.service import Sorter
from triage.tables import Contact, SortingDecision


async def sort_contact(session: AsyncSession, contact_id: UUID, heard: bool = False) -> None:
    """After ContactArrived: decide, keep the reasons, hand on. A contact that is sorted already is left alone."""
    contact = await session.get(Contact, contact_id, with_for_update=True)
    if contact is None or contact.state != "arrived":
        return
    sorter = Sorter.current()
    decision = sorter.sort(
        contact.text,
        channel=contact.channel,
        service=contact.service,
        danger=contact.danger,
        priority=contact.priority,
        heard=heard,
        request=contact.details.get(KIND) == REQUEST,
        queue=contact.queue,
    )
    signs = decision.signs
    if contact.place is None:
        contact.place = place_in(contact.text, contact.arrived_at.astimezone(clock.LONDON), reading.council_words())
    contact.service = decision.service if not decision.holding else contact.service
    again = await _repeat(session, contact)
    reasons = [*decision.reasons, *([again.reason] if again else [])]
    session.add(
        SortingDecision(
            contact_id=contact.id,
            service=decision.service,
            queue=decision.queue,
            priority=decision.priority,
            confidence=decision.confidence,
            holding=decision.holding,
            complaint=signs.complaint,
            statutory=signs.statutory,
            vulnerable=list(signs.vulnerable),
            repeat_of=again.of if again else None,
            reasons=reasons,
            made_by=sorter.made_by,
        )
    )
    contact.queue, contact.priority, contact.state = decision.queue, decision.priority, "sorted"
    contact.complaint, contact.statutory, contact.vulnerable = signs.complaint, signs.statutory, list(signs.vulnerable)
    contact.language = signs.language or contact.language
    contact.repeat_of = again.of if again else None
    contact.version += 1
    await note_history(session, contact.id, "sorted", detail={"queue": decision.queue, "priority": decision.priority})
    await outbox.publish(session, ContactSorted(contact.id))


async def _repeat(session: AsyncSession, contact: Contact) -> Repeat | None:
    """The contact that this one repeats, if any; nothing is done to either."""
    if contact.service is None:
        return None
    since = contact.arrived_at - WITHIN
    earlier = await repository.earlier_of_resident(session, contact, contact.service, since)
    if contact.place and contact.service in STREET:
        earlier += await repository.open_with_a_place(session, contact, contact.service)
    return repeat(contact.service, contact.place, contact.arrived_at, earlier)
