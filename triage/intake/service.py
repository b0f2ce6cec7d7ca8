"""Taking a contact in, and showing it to whoever holds its code."""

from sqlalchemy.ext.asyncio import AsyncSession

from triage import codes
from triage.catalogue import catalogue
from triage.contacts import Filed, NewContact, file_contact, once_key
from triage.errors import NotFound
from triage.intake import repository
from triage.intake.schemas import ContactIn
from triage.tables import Contact


async def take_in(session: AsyncSession, contact: ContactIn, key: str | None) -> Filed:
    """Store one contact and hand it on to sorting; with the same key and words again, the same contact."""
    return await file_contact(
        session,
        NewContact(
            channel=contact.channel,
            text=contact.text,
            name=contact.name or None,
            reply_to=contact.reply_to or None,
            place=contact.place or None,
            consent=contact.consent,
            idempotency_key=once_key(key, contact.channel, contact.text, contact.reply_to),
        ),
        catalogue().council["reference_prefix"],
    )


async def show(session: AsyncSession, reference: str, code: str) -> Contact:
    """A contact, for the holder of its code. Raises NotFound, whichever of the two was wrong."""
    tidy = codes.find_reference(reference)
    contact = await repository.by_reference(session, tidy) if tidy else None
    if contact is None or not codes.matches(codes.tidy_code(code), contact.secret_hash):
        raise NotFound
    return contact
