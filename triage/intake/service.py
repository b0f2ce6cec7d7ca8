"""Taking a contact in, and showing it to whoever holds its code."""

from sqlalchemy.ext.asyncio import AsyncSession

from triage import codes, live
from triage.catalogue import catalogue
from triage.contacts import Filed, NewContact, file_contact, note_history, once_key
from triage.errors import AlreadyClosed, EmptyMessage, MessageTooLong, NotFound
from triage.intake import repository
from triage.intake.schemas import ContactIn
from triage.settings import get_settings
from triage.tables import Contact


async def take_in(session: AsyncSession, contact: ContactIn, key: str | None, about: str | None = None) -> Filed:
    """Store one contact and hand it on to sorting; with the same key and words again, the same contact.

    `about` is the service that the resident chose, if any.
    """
    return await file_contact(
        session,
        NewContact(
            channel=contact.channel,
            text=contact.text,
            name=contact.name or None,
            reply_to=contact.reply_to or None,
            place=contact.place or None,
            consent=contact.consent,
            service=about,
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


async def add(session: AsyncSession, contact: Contact, text: str, key: str) -> None:
    """Add what the resident says to a contact that is not closed; the same key adds once.

    Raises EmptyMessage, MessageTooLong, AlreadyClosed.
    """
    said = text.replace("\x00", "").strip()
    if not said:
        raise EmptyMessage
    if len(said) > get_settings().message_limit:
        raise MessageTooLong
    if contact.state == "closed":
        raise AlreadyClosed
    if await repository.was_added(session, contact, key):
        return
    contact.version += 1
    await note_history(session, contact.id, "added", detail={"said": said, "key": key})
    await live.announce(session, "desk")
    await live.announce(session, f"contact:{contact.id}")
