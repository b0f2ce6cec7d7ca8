"""What a resident says about a contact they have: added while it is open; when it is closed, it is opened again.

The chat and the page about a contact both hear it, so this is below both rooms. Only a person closes a contact, and
what they closed is not settled until the resident says so: nobody is asked for a reason that is good enough.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from language.danger import Sighting
from triage import clock, hours, outbox, taking
from triage.catalogue import catalogue
from triage.contacts import note_history
from triage.errors import EmptyMessage, MessageTooLong, NotFound
from triage.events import ContactReopened
from triage.settings import get_settings
from triage.tables import Contact, ContactHistory

ADDED, REOPENED = "added", "reopened"
# Where a contact goes that was closed in no queue.
GENERAL = "Q-GENERAL"


@dataclass(frozen=True)
class Heard:
    """What was done with the resident's words: `what` is added or reopened. `due`: when it should now be settled."""

    what: str
    reference: str
    due: datetime | None


async def say_more(
    session: AsyncSession, contact_id: UUID, text: str, key: str = "", sighting: Sighting | None = None
) -> Heard:
    """Add the resident's words to their contact, and open it again if it was closed. The same key is heard once.

    The caller has made sure that the contact is theirs. A danger in the words makes it as urgent as the danger is.
    Raises EmptyMessage, MessageTooLong, NotFound.
    """
    said = text.replace("\x00", "").strip()
    if not said:
        raise EmptyMessage
    if len(said) > get_settings().message_limit:
        raise MessageTooLong
    # Locked, so that of two that come at once one opens it again and the other adds to it.
    contact = await session.get(Contact, contact_id, with_for_update=True, populate_existing=True)
    if contact is None:
        raise NotFound
    if earlier := await _heard_before(session, contact_id, key):
        return Heard(earlier, contact.reference, contact.settle_due_at)
    what = REOPENED if contact.state == "closed" else ADDED
    detail = {"said": said, "key": key}
    if sighting is not None:
        contact.priority, contact.danger = min(contact.priority, sighting.priority), sighting.signal
    # Whoever adds to what was put off is read today.
    contact.follow_up_on = None
    if what == REOPENED:
        detail |= _open_again(contact, sighting)
    contact.version += 1
    await note_history(session, contact_id, what, detail=detail)
    await taking.announce_change(session, contact_id)
    if what == REOPENED:
        await outbox.publish(session, ContactReopened(contact_id))
    return Heard(what, contact.reference, contact.settle_due_at)


def _open_again(contact: Contact, sighting: Sighting | None) -> dict[str, str]:
    """Back to its queue as if it had just been sorted; why it was closed stays in its history.

    Its queue is the one that closed it, and with it the partner who runs that queue today. A danger has its own.
    """
    known = catalogue()
    queue = known.queue(sighting.queue) if sighting else contact.queue or GENERAL
    # The council may have given up the queue that closed it.
    queue = contact.queue = queue if queue in known.queues else known.queue(GENERAL)
    contact.state, contact.live = "sorted", False
    contact.agent_id = contact.lease_until = contact.taken_at = contact.first_answer_at = None
    contact.closed_at = contact.close_reason = contact.outcome = contact.merged_into = None
    contact.first_due_at, contact.settle_due_at = hours.clocks(queue, contact.priority, clock.now())
    partner = known.partner_of(queue, clock.today())
    return {"queue": queue, **({"partner": partner.name} if partner else {})}


async def _heard_before(session: AsyncSession, contact_id: UUID, key: str) -> str | None:
    """What these words did when they came before under the same key."""
    if not key:
        return None
    return await session.scalar(
        select(ContactHistory.what).where(
            ContactHistory.contact_id == contact_id,
            ContactHistory.what.in_((ADDED, REOPENED)),
            ContactHistory.detail["key"].astext == key,
        )
    )
