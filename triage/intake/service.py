"""Taking a contact in, and showing it to whoever holds its code."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from triage import codes
from triage.catalogue import catalogue
from triage.contacts import Filed, NewContact, file_contact, once_key
from triage.errors import NotFound
from triage.following_up import Heard, say_more
from triage.helping import look_for_danger
from triage.intake import repository
from triage.intake.schemas import ContactIn
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


async def hear(session: AsyncSession, contact: Contact, text: str, key: str) -> tuple[Heard, dict[str, Any] | None]:
    """Add what the resident says, which opens a closed contact again; and the help to show when it tells of a danger.

    The same key is heard once. Raises EmptyMessage, MessageTooLong.
    """
    danger = look_for_danger(text)
    heard = await say_more(session, contact.id, text, key, danger[0] if danger else None)
    return heard, danger[1] if danger else None
