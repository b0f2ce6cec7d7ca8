"""Whether a message may go to somebody: one rule for every room that writes to residents."""

from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from triage import telling
from triage.tables import Contact, Notice


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


# Why a notice is not sent whose address was named by more new contacts than one person has.
TOO_MANY = "too_many"


async def one_of_too_many(session: AsyncSession, contact_id: UUID) -> bool:
    """Whether nothing is sent about this contact, because too many others named its address that day."""
    known = exists().where(Notice.contact_id == contact_id, Notice.why == TOO_MANY)
    return bool(await session.scalar(select(known)))


async def unsafe_address(session: AsyncSession, reply_to: str | None) -> bool:
    """Whether somebody at this address has said, of any contact, that it is not safe to contact them.

    However it was typed, and whatever else was typed beside it.
    """
    address = telling.address(reply_to)
    if address is None:
        return False
    typed = telling.same_in(Contact.reply_to.expression)
    said = exists().where(
        Contact.reply_to.is_not(None),
        Contact.safe_to_contact.is_(False),
        func.strpos(typed, telling.same(address)) > 0,
    )
    return bool(await session.scalar(select(said)))
