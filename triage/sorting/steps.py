"""What sorting does when a contact has arrived."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, outbox, reading, taking
from triage.answered import Said, said_in
from triage.catalogue import catalogue
from triage.contacts import KIND, REQUEST, note_history, point_of
from triage.events import ContactSorted
from triage.sorters import keeping
from triage.sorters.contract import Decided, Given
from triage.sorters.rules import Seen
from triage.sorting import repository, versions
from triage.sorting.places import place_in
from triage.sorting.repeats import STREET, WITHIN, Repeat, repeat
from triage.tables import Contact, SortingDecision


async def sort_contact(session: AsyncSession, contact_id: UUID, heard: bool = False) -> None:
    """After ContactArrived: decide, keep the reasons, hand on. A contact that is sorted already is left alone."""
    contact = await session.get(Contact, contact_id, with_for_update=True)
    if contact is None or contact.state != "arrived":
        return
    said = said_in(catalogue(), contact.details, contact.place) if heard else Said()
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
        statutory=contact.statutory,
        means=said.means,
        typed=said.typed,
        arrived_at=contact.arrived_at,
    )
    sorter = await versions.live_sorter(session)
    decision = versions.decision_of(sorter, given)
    signs = decision.signs
    if contact.place is None:
        contact.place = place_in(contact.text, contact.arrived_at.astimezone(clock.LONDON), reading.council_words())
    contact.service = decision.service if not decision.holding else contact.service
    again = await _repeat(session, contact)
    unruled = Decided(
        decision.service, decision.queue, decision.priority, round(decision.confidence, 4), decision.holding
    )
    # What people have added as rules has the last word, save where somebody may come to harm.
    ruled = await keeping.with_rules(
        session, Seen(given.text, given.channel, contact.place, contact.danger is not None), unruled
    )
    reasons = [*decision.reasons, *ruled.reasons, *([again.reason] if again else [])]
    session.add(
        SortingDecision(
            contact_id=contact.id,
            service=decision.service,
            queue=ruled.decided.queue,
            priority=ruled.decided.priority,
            confidence=decision.confidence,
            holding=ruled.decided.holding,
            complaint=signs.complaint,
            statutory=signs.statutory,
            vulnerable=list(signs.vulnerable),
            repeat_of=again.of if again else None,
            reasons=reasons,
            made_by=sorter.made_by | {"sorting_rules": list(ruled.made_by)},
            given=given.kept(unruled if ruled.made_by else None),
        )
    )
    contact.queue, contact.priority, contact.state = ruled.decided.queue, ruled.decided.priority, "sorted"
    contact.tags = list(dict.fromkeys([*contact.tags, *ruled.tags]))
    contact.complaint, contact.statutory, contact.vulnerable = signs.complaint, signs.statutory, list(signs.vulnerable)
    contact.language = signs.language or contact.language
    contact.repeat_of = again.of if again else None
    contact.version += 1
    await note_history(session, contact.id, "sorted", detail={"queue": contact.queue, "priority": contact.priority})
    await outbox.publish(session, ContactSorted(contact.id))


async def find_repeat(session: AsyncSession, contact_id: UUID) -> None:
    """After ServiceNamed: look again whether we have it already, now that a person has said what it is about.

    What was held had no service to look by, and what was read as another was looked for among the wrong ones. It only
    says so, so whoever works on the contact is not stopped: its version stays. Run again, it changes nothing.
    """
    contact = await session.get(Contact, contact_id, with_for_update=True, populate_existing=True)
    if contact is None or contact.erased_at is not None:
        return
    again = await _repeat(session, contact)
    first = again.of if again else None
    if first == contact.repeat_of:
        return
    contact.repeat_of = first
    decision = await repository.last_decision(session, contact_id)
    if again and decision is not None:
        decision.reasons = [*decision.reasons, again.reason]
    await session.flush()
    await taking.announce_change(session, contact_id)


async def _repeat(session: AsyncSession, contact: Contact) -> Repeat | None:
    """The contact that this one repeats, if any; nothing is done to either."""
    if contact.service is None:
        return None
    since = contact.arrived_at - WITHIN
    earlier = await repository.earlier_of_resident(session, contact, contact.service, since)
    point = point_of(contact.details)
    if (contact.place or point) and contact.service in STREET:
        earlier += await repository.open_with_a_place(session, contact, contact.service)
    return repeat(contact.service, contact.place, contact.arrived_at, earlier, point)
