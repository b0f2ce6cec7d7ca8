"""Finding contacts that fell between two steps, whatever the reason, and setting them on their way again."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from triage import outbox
from triage.events import ContactArrived, ContactSorted
from triage.tables import Contact

# Long enough for a busy worker, short enough for PROMISES 9 (60 s in all).
STRAY = timedelta(seconds=40)


async def find_strays(session: AsyncSession, now: datetime) -> int:
    """Publish again the event of each contact that has been neither sorted nor queued for 40 s; at most 100 a time.

    Steps may run twice, so a contact whose job was only slow comes to no harm.
    """
    strays = (
        await session.scalars(
            select(Contact)
            .where(Contact.state.in_(("arrived", "sorted")), Contact.arrived_at < now - STRAY)
            .order_by(Contact.arrived_at)
            .limit(100)
        )
    ).all()
    for contact in strays:
        event = ContactArrived(contact.id) if contact.state == "arrived" else ContactSorted(contact.id)
        await outbox.publish(session, event)
    return len(strays)
