"""Filing a contact: the one way that one comes to be, whatever its channel."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, codes, outbox, telling
from triage.events import ContactArrived
from triage.surveying import sampling
from triage.tables import Contact, ContactHistory

# Beside what a form gathered: a resident who was asked chose to have something put right, and not to complain.
KIND, REQUEST = "Kind", "A request to put something right, not a complaint"
# A line of history: from now on nobody contacts the resident, who has said that it is not safe.
NOT_SAFE = "not safe"
# A line of history: an agent noted what the resident told them of that.
SAFETY = "safety"
# A line of history: what came after the contact's arrival tells of a danger. BEFORE in its detail: the danger that it
# told of until then, if any. An agent's line: they saw it themselves, so nobody waited for a person.
DANGER_SEEN, BEFORE = "danger seen", "before"
# The property that it is about, where its number is certain.
UPRN = "Property number (UPRN)"
# Where it is, as two numbers in degrees, latitude first, where another system knew it.
POINT = "On the map"
# After what the stand-in for addresses says: whoever reads it is not to take it for real.
MADE_UP = "(made up for the demonstration)"
# Whose area it is in, and its ward, once a place has been looked up (delivery/places.py), as far as they are certain.
# A ward that is known by the postcode alone says so behind its name. No form may have a question of these names.
WARD, WHOSE = "Ward", "Whose area"
OURS_BY_PROPERTY, OURS_BY_POSTCODE = "Ours: the property was found", "Ours, by the postcode"
BY_POSTCODE = ", by the postcode"


def uprn_of(details: Mapping[str, Any]) -> str | None:
    """The property's number, where it is known and real."""
    number = str(details.get(UPRN) or "")
    return None if number.endswith(MADE_UP) else number or None


@dataclass(frozen=True)
class NewContact:
    """What is known when a contact arrives. See tables/contact.py for what each field means."""

    channel: str
    text: str
    conversation_id: UUID | None = None
    live: bool = False
    details: dict[str, Any] = field(default_factory=dict)
    name: str | None = None
    reply_to: str | None = None
    place: str | None = None
    messages_ok: bool = False
    safe_to_contact: bool | None = None
    consent: bool = False
    service: str | None = None
    queue: str | None = None
    danger: str | None = None
    priority: str = "P3"
    statutory: str | None = None
    idempotency_key: str | None = None
    demo: bool = False


@dataclass(frozen=True)
class Filed:
    """A filed contact: what people read out, and the code that lets its owner see it."""

    contact_id: UUID
    reference: str
    code: str


def once_key(key: str | None, *parts: str | None) -> str | None:
    """An idempotency key bound to what was sent, so that nobody is answered with somebody else's contact."""
    return sha256("\x1f".join([key, *(part or "" for part in parts)]).encode()).hexdigest() if key else None


def point_of(details: Mapping[str, Any]) -> tuple[float, float] | None:
    """The latitude and longitude that stand in a contact's details."""
    try:
        latitude, longitude = (float(one) for one in str(details.get(POINT) or "").split(", "))
    except ValueError:
        return None
    return latitude, longitude


async def file_contact(session: AsyncSession, new: NewContact, prefix: str, *, heard: bool = False) -> Filed:
    """Store a contact and hand it on to sorting, or return the one that this idempotency key already made.

    `heard` is for what a form in the chat gathered; see events.ContactArrived.
    """
    fields = {name: getattr(new, name) for name in new.__dataclass_fields__}
    while True:
        # A reference that is taken already (one in 10^12) inserts nothing and is tried again; so does a key that
        # was used before or is being used just now, which is answered with that contact.
        contact_id = uuid4()
        code = codes.code_for(contact_id)
        reference = await session.scalar(
            insert(Contact)
            .values(
                **fields,
                id=contact_id,
                reference=codes.new_reference(prefix),
                secret_hash=codes.hash_code(code),
            )
            .on_conflict_do_nothing()
            .returning(Contact.reference)
        )
        if reference:
            break
        if new.idempotency_key:
            earlier = await session.scalar(select(Contact).where(Contact.idempotency_key == new.idempotency_key))
            if earlier:
                return Filed(earlier.id, earlier.reference, codes.code_for(earlier.id))
    await note_history(session, contact_id, "arrived", detail={"channel": new.channel})
    await sampling.begin_case(
        session,
        began_at=clock.now(),
        channel=new.channel,
        # Who chats is drawn once, for the chat and for whatever comes of it.
        sampled=sampling.is_sampled(new.conversation_id or contact_id),
        demo=new.demo,
        contact_id=contact_id,
    )
    await outbox.publish(session, ContactArrived(contact_id, heard))
    return Filed(contact_id, reference, code)


class Checked(StrEnum):
    """What the resident said of the summary that goes to an agent."""

    APPROVED = "approved"
    CHANGED = "changed"
    UNCHECKED = "not checked"
    DECLINED = "nothing passed on"


@dataclass(frozen=True)
class Summary:
    """What was passed on with a contact; `since` is the number of the message at which it was."""

    text: str
    checked: Checked
    since: int


SUMMARY = "summary"


async def note_summary(session: AsyncSession, contact_id: UUID, text: str, checked: Checked, since: int) -> None:
    """Keep the summary with the contact. A later one stands in place of this one; both stay in the audit trail."""
    detail = {"text": text, "checked": str(checked), "since": since}
    await note_history(session, contact_id, SUMMARY, detail=detail)


def summary_of(history: Iterable[ContactHistory]) -> Summary | None:
    """The newest summary in a contact's audit trail, oldest line first; None when there is none."""
    found = [line.detail for line in history if line.what == SUMMARY]
    if not found:
        return None
    return Summary(found[-1]["text"], Checked(found[-1]["checked"]), int(found[-1]["since"]))


async def note_not_safe(session: AsyncSession, contact: Contact) -> None:
    """Keep that it is not safe to contact a contact's resident, and that it came to be so."""
    if contact.safe_to_contact is not False:
        contact.safe_to_contact = False
        await note_history(session, contact.id, NOT_SAFE)


async def note_history(
    session: AsyncSession,
    contact_id: UUID,
    what: str,
    *,
    agent_id: UUID | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Add one line to a contact's audit trail. `agent_id` empty means that software did it.

    A change that matters to the resident has its notice from here, in the same transaction (telling.py).
    """
    line = history_line(contact_id, what, agent_id=agent_id, detail=detail)
    session.add(line)
    await session.flush()
    await telling.tell_of(session, line)


def history_line(
    contact_id: UUID, what: str, *, agent_id: UUID | None = None, detail: dict[str, Any] | None = None
) -> ContactHistory:
    """One line of an audit trail, for whoever adds many at once."""
    return ContactHistory(id=uuid4(), contact_id=contact_id, what=what, agent_id=agent_id, detail=detail or {})
