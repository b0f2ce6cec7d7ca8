"""What sorting does when a contact has arrived."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import outbox, reading
from triage.catalogue import catalogue
from triage.contacts import KIND, REQUEST, note_history
from triage.events import ContactSorted
from triage.sorters import keeping
from triage.sorters.contract import Decided, Given
from triage.sorters.rules import Seen
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
    given = Given(
        text=contact.text,
        channel=contact.channel,
        service=contact.service,
        danger=contact.danger,
        priority=contact.priority,
        heard=heard,
        request=contact.details.get(KIND) == REQUEST,
        queue=contact.queue,
        place=contact.place,
    )
    unruled = Decided(
        decision.service, decision.queue, decision.priority, round(decision.confidence, 4), decision.holding
    )
    # What people have added as rules has the last word, save where somebody may come to harm.
    ruled = await keeping.with_rules(session, Seen(given.text, given.channel, given.place), unruled)
    session.add(
        SortingDecision(
            contact_id=contact.id,
            service=decision.service,
            queue=ruled.decided.queue,
            priority=ruled.decided.priority,
            confidence=decision.confidence,
            holding=ruled.decided.holding,
            reasons=[*decision.reasons, *ruled.reasons],
            made_by={"rules": RULES_VERSION, "model": sorts.model, "sorting_rules": list(ruled.made_by)},
            given=given.kept(unruled if ruled.made_by else None),
        )
    )
    contact.service = decision.service if not decision.holding else contact.service
    contact.queue, contact.priority, contact.state = ruled.decided.queue, ruled.decided.priority, "sorted"
    contact.tags = list(dict.fromkeys([*contact.tags, *ruled.tags]))
    contact.version += 1
    await note_history(session, contact.id, "sorted", detail={"queue": contact.queue, "priority": contact.priority})
    await outbox.publish(session, ContactSorted(contact.id))
