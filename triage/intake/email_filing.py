"""An email that was read becomes a contact, or is added to the one that it names.

It is added only when it comes from the address at which that contact's resident is answered. Anybody can write a
reference that they have seen: from elsewhere it makes a contact of its own, and an agent sees the two linked.
"""

from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from language.danger import Sighting
from language.danger.model import MAY_BE
from triage import attachments, codes, limits, taking
from triage.catalogue import catalogue
from triage.contacts import NewContact, file_contact, note_history
from triage.database import transaction
from triage.errors import Invalid, TooLarge
from triage.following_up import add_file, say_more
from triage.helping import look_for_danger
from triage.intake import email_repository as repository
from triage.intake.email_reading import Email, SentFile, references
from triage.settings import get_settings
from triage.tables import Contact

log = structlog.get_logger(__name__)

MOST_NAMED = 5
# A private note holds so much of an email; what people write by hand is far shorter.
LONGEST_NOTE = 20_000
LOOKED_AT = 20_000
NO_WORDS = "An email without words."


@dataclass(frozen=True)
class Taken:
    """What became of an email: `done` is filed, added, or ignored for a reason."""

    done: str
    reference: str | None = None
    reason: str | None = None


async def take_in(email: Email, left_out: tuple[str, ...] = ()) -> Taken:
    """Take one email in, once, in a transaction of its own. `left_out`: more of it that nobody looked at.

    Raises TooMany where its sender writes more than a person does: it is stored nowhere, so whoever has it keeps it.
    """
    if email.ignored:
        log.info("email.ignored", reason=email.ignored)
        return Taken("ignored", reason=email.ignored)
    danger = look_for_danger(_said(email)[:LOOKED_AT])
    async with transaction() as session:
        return await _take_in(session, email, (*email.left_out, *left_out), danger[0] if danger else None)


async def _take_in(session: AsyncSession, email: Email, left_out: tuple[str, ...], sighting: Sighting | None) -> Taken:
    await repository.hold(session, email.key)
    if earlier := await repository.filed(session, email.key):
        return Taken("filed", earlier.reference)
    theirs, others = await _named(session, email)
    if theirs is not None and await repository.heard(session, theirs.id, email.key):
        return Taken("added", theirs.reference)
    if sighting is None:
        # A limit never keeps a cry for help out.
        most = get_settings().email_per_hour
        await limits.count(session, "email", email.sender or "nobody", most, timedelta(hours=1))
    if theirs is not None:
        await say_more(session, theirs.id, _cut(email.text or NO_WORDS), email.key, sighting)
        taken = Taken("added", theirs.reference)
    else:
        theirs = await _file(session, email, sighting)
        taken = Taken("filed", theirs.reference)
        for other in others:
            await _link(session, theirs, other)
    refused = [line for file in email.files if (line := await _keep(session, theirs.id, file))]
    await _note(session, theirs.id, email, [*refused, *left_out])
    return taken


async def _named(session: AsyncSession, email: Email) -> tuple[Contact | None, list[Contact]]:
    """The sender's own contact that the email names, if any, and those of others."""
    prefix = catalogue().council["reference_prefix"]
    found = await repository.named(session, islice(references(email, prefix), MOST_NAMED))
    for contact in found:
        if email.sender and await repository.is_answered_at(session, contact.id, email.sender):
            return contact, []
    return None, found


async def _file(session: AsyncSession, email: Email, sighting: Sighting | None) -> Contact:
    new = NewContact(
        channel="email",
        text=_cut(_said(email) or NO_WORDS),
        name=email.name,
        reply_to=email.answer_to,
        # Whoever writes by email is answered by email. Nobody asked them whether a supplier may know who they are.
        messages_ok=email.answer_to is not None,
        consent=False,
        # The gentle "is anybody in danger?" is no danger seen.
        danger=sighting.signal if sighting and sighting.signal != MAY_BE else None,
        idempotency_key=email.key,
    )
    filed = await file_contact(session, new, catalogue().council["reference_prefix"])
    return await session.get_one(Contact, filed.contact_id)


def _said(email: Email) -> str:
    """What they wrote this time, with the subject, which often holds half of it."""
    return codes.hide_codes("\n\n".join(filter(None, (email.subject, email.text)))).strip()


def _cut(text: str) -> str:
    """As much as a contact's words may be; the rest is in the note."""
    most = get_settings().message_limit
    text = codes.hide_codes(text)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


async def _link(session: AsyncSession, contact: Contact, other: Contact) -> None:
    """Both histories say so, and only agents see it."""
    await repository.link(session, contact.id, other.id)
    for this, that in ((contact, other), (other, contact)):
        await note_history(session, this.id, "linked", detail={"reference": that.reference, "contact": str(that.id)})
        await taking.announce_change(session, this.id)
    text = f"This email names {other.reference}, but came from another address than that contact's. Check who it is."
    await note_history(session, contact.id, "noted", detail={"text": text})


def why_not(content: bytes) -> str | None:
    """Why a file is not kept, in a few words for an agent; None when it may be. Pure."""
    if not content:
        return "empty"
    if len(content) > attachments.LARGEST:
        return "larger than 5 MB"
    return None if attachments.kind_of(content) else f"not {attachments.TAKEN}"


async def _keep(session: AsyncSession, contact_id: UUID, file: SentFile) -> str | None:
    """Keep a file as the page about a contact does; a line that says why it was not kept."""
    name = attachments.tidy_name(file.name)
    if reason := why_not(file.content):
        return f"{name} ({reason})"
    words = file.content.decode() if attachments.kind_of(file.content) == "text/plain" else ""
    danger = look_for_danger(words[: get_settings().message_limit]) if words else None
    try:
        await add_file(session, contact_id, file.name, file.content, danger[0] if danger else None)
    except (Invalid, TooLarge):
        return f"{name} (too many files)"
    return None


async def _note(session: AsyncSession, contact_id: UUID, email: Email, left_out: list[str]) -> None:
    """What was not kept is said, and what is not among the words stands beside them: nothing is lost silently."""
    if left_out:
        text = "Not kept of this email: " + "; ".join(left_out) + ". Ask for what you need."
        await note_history(session, contact_id, "noted", detail={"text": text[:LONGEST_NOTE]})
    if email.whole != email.text or len(email.text) > get_settings().message_limit:
        whole = codes.hide_codes(email.whole)
        cut = " (its beginning)" if len(whole) > LONGEST_NOTE else ""
        text = f"The whole email{cut}:\n\n{whole[:LONGEST_NOTE]}"
        await note_history(session, contact_id, "noted", detail={"text": text})
