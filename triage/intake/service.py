"""Taking a contact in, and showing it to whoever holds its code."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from language.danger.model import MAY_BE
from triage import attachments, codes, limits, reaching, taking, telling
from triage.catalogue import catalogue
from triage.contacts import Filed, NewContact, file_contact, note_history, once_key
from triage.errors import Invalid, NotFound
from triage.following_up import add_file
from triage.hearing import MOST_ADDED
from triage.helping import look_for_danger
from triage.intake import repository
from triage.intake.schemas import ContactIn
from triage.settings import get_settings
from triage.tables import Contact


async def take_in(session: AsyncSession, contact: ContactIn, key: str | None, about: str | None = None) -> Filed:
    """Store one contact and hand it on to sorting; with the same key and words again, the same contact.

    `about` is the service that the resident chose, if any.
    """
    danger = look_for_danger(contact.text)
    return await file_contact(
        session,
        NewContact(
            channel=contact.channel,
            text=contact.text,
            name=contact.name or None,
            reply_to=contact.reply_to or None,
            place=contact.place or None,
            messages_ok=contact.messages,
            safe_to_contact=contact.safe_to_contact,
            consent=contact.consent,
            service=about,
            # The gentle "is anybody in danger?" is no danger seen.
            danger=danger[0].signal if danger and danger[0].signal != MAY_BE else None,
            idempotency_key=once_key(key, contact.channel, contact.text, contact.reply_to),
        ),
        catalogue().council["reference_prefix"],
    )


async def show(session: AsyncSession, reference: str, code: str, opened: UUID | None = None) -> Contact:
    """A contact, for the holder of its code, or of the pass that came for it a moment ago (`opened`, passes.py).

    Raises NotFound, whichever was wrong.
    """
    tidy = codes.find_reference(reference)
    contact = await repository.by_reference(session, tidy) if tidy else None
    if contact is None:
        raise NotFound
    if not code and opened == contact.id:
        return contact
    if not codes.matches(codes.tidy_code(code), contact.secret_hash):
        raise NotFound
    return contact


async def take_file(session: AsyncSession, contact: Contact, name: str, content: bytes) -> dict[str, Any] | None:
    """Keep a file with a contact, for somebody at its page; the help to show when its words tell of a danger.

    Of files only plain text is read. Raises Invalid, TooLarge, TooMany.
    """
    words = content.decode() if attachments.kind_of(content) == "text/plain" else ""
    danger = look_for_danger(words[: get_settings().message_limit]) if words else None
    if danger is None:
        await limits.count(session, "contact file", str(contact.id), MOST_ADDED, timedelta(hours=1))
    await add_file(session, contact.id, name, content, danger[0] if danger else None)
    return danger[1] if danger else None


async def choose_messages(session: AsyncSession, contact: Contact, on: bool, reply_to: str) -> None:
    """Tell them of changes by message from now on, or not any more. Raises Invalid for an address that takes none.

    Who says no for the first time has chosen too, and is not asked again.

    Nobody is written to where it is not safe, whatever they choose here: care/rules.py holds that.
    """
    given = reply_to.replace("\x00", "").strip()[:320]
    if on:
        # What they left before may be a house phone; then it is kept until they give something else.
        if telling.address(given or contact.reply_to) is None:
            raise Invalid("Enter an email address or a UK mobile number")
        contact.reply_to = given or contact.reply_to
    if contact.messages_ok == on and not given and (on or await repository.chose_messages(session, contact)):
        return
    contact.messages_ok = on
    contact.version += 1
    first = on and contact.state != "closed" and not await reaching.has_reference_by_message(session, contact)
    detail = {telling.FIRST: True} if first else {}
    await note_history(session, contact.id, telling.AGREED if on else "messages_off", detail=detail)
    await taking.announce_change(session, contact.id)
