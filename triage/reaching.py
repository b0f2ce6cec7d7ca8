"""Whether a message may go to somebody: one rule for every room that writes to residents."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from triage import calls, clock, contacts, telling
from triage.surveying import addresses
from triage.tables import Contact, ContactHistory, Notice, UnsafeAddress

# Different ways of typing what may be one address.
MOST_ALIKE = 200
# Why a notice is not sent whose address was named by more new contacts than one person has.
TOO_MANY = "too_many"


def why_no_message(contact: Contact, unsafe: bool) -> str | None:
    """Why no message may be sent about this contact; None when one may. Pure.

    `unsafe`: they said elsewhere that it is not safe to contact them. Where it is not safe, or a danger was seen and
    nobody has said that it is, nothing goes out, whatever was agreed.
    """
    if contact.demo:
        return "demo"
    if unsafe:
        return "unsafe"
    if not_safe := telling.not_safe(contact):
        return not_safe
    if not contact.messages_ok:
        return "not_agreed"
    return None if telling.address(contact.reply_to) else "no_address"


async def has_reference_by_message(session: AsyncSession, contact: Contact) -> bool:
    """Whether a message has told the resident that we have it, or is about to."""
    told = exists().where(
        Notice.contact_id == contact.id,
        Notice.kind == "received",
        Notice.state.in_(("due", "sent")),
        or_(Notice.channel.is_(None), Notice.channel == "message"),
    )
    return bool(await session.scalar(select(told)))


async def one_of_too_many(session: AsyncSession, contact_id: UUID) -> bool:
    """Whether nothing is sent about this contact, because too many others named its address that day."""
    known = exists().where(Notice.contact_id == contact_id, Notice.why == TOO_MANY)
    return bool(await session.scalar(select(known)))


def _proved() -> ColumnElement[bool]:
    """Of a contact: that it is not safe to contact its resident was said where more than an address was typed.

    In a conversation, which asks for it when somebody tells of a danger and which an agent reads; or to an agent, who
    wrote it down. On the page and through the API anybody can type anybody's address, and one request would silence
    its owner for ever.
    """
    noted = exists().where(
        ContactHistory.contact_id == Contact.id,
        ContactHistory.agent_id.is_not(None),
        or_(
            ContactHistory.what == calls.WRITTEN,
            and_(ContactHistory.what == contacts.SAFETY, ContactHistory.detail["safe"].astext == "no"),
        ),
    )
    return or_(Contact.conversation_id.is_not(None), noted)


async def holds_for_itself_alone(session: AsyncSession, contact: Contact) -> bool:
    """Whether it was said of this contact that it is not safe, and nobody knows that its address's owner said so."""
    if contact.safe_to_contact is not False or telling.address(contact.reply_to) is None:
        return False
    return not await session.scalar(select(_proved()).where(Contact.id == contact.id))


async def unsafe_address(session: AsyncSession, reply_to: str | None) -> bool:
    """Whether it is known of any contact with this address that it is not safe to contact its resident.

    However it was typed, and whatever else was typed beside it. A contact of which it was said and not proved is not
    written about either (telling.not_safe); it says nothing of others. Whoever has been erased since said so as well.
    """
    address = telling.address(reply_to)
    if address is None:
        return False
    wanted = telling.same(address)
    typed = telling.same_in(Contact.reply_to.expression)
    alike = (
        select(Contact.reply_to)
        .where(
            Contact.reply_to.is_not(None),
            Contact.safe_to_contact.is_(False),
            func.strpos(typed, wanted) > 0,
            _proved(),
        )
        .distinct()
        .limit(MOST_ALIKE)
    )
    found = (await session.scalars(alike)).all()
    # "joann@…" holds "ann@…" and is somebody else's. Where there are too many to look at, nobody is written to.
    if len(found) == MOST_ALIKE or any(wanted in telling.addresses(one) for one in found):
        return True
    erased = exists().where(UnsafeAddress.address_hash == addresses.hash_of(reply_to))
    return bool(await session.scalar(select(erased)))


async def keep_unsafe(session: AsyncSession, reply_to: str | None) -> None:
    """Before a contact that was not safe is erased: keep, as a hash, that nothing may be sent to its address."""
    if known := addresses.hash_of(reply_to):
        row = insert(UnsafeAddress).values(address_hash=known, at=clock.now())
        await session.execute(row.on_conflict_do_nothing())


async def forget_unsafe(session: AsyncSession, reply_to: str | None) -> None:
    """Somebody told an agent that it is safe now: what one who has been erased said of it is past."""
    if known := addresses.hash_of(reply_to):
        await session.execute(delete(UnsafeAddress).where(UnsafeAddress.address_hash == known))
