"""Whether a message may go to somebody: one rule for every room that writes to residents."""

from sqlalchemy import delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, telling
from triage.surveying import addresses
from triage.tables import Contact, UnsafeAddress


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


async def unsafe_address(session: AsyncSession, reply_to: str | None) -> bool:
    """Whether somebody at this address has said, of any contact, that it is not safe to contact them.

    However it was typed, and whatever else was typed beside it; whoever has been erased since said so as well.
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
    erased = exists().where(UnsafeAddress.address_hash == addresses.hash_of(reply_to))
    return bool(await session.scalar(select(said | erased)))


async def keep_unsafe(session: AsyncSession, reply_to: str | None) -> None:
    """Before a contact that was not safe is erased: keep, as a hash, that nothing may be sent to its address."""
    if known := addresses.hash_of(reply_to):
        row = insert(UnsafeAddress).values(address_hash=known, at=clock.now())
        await session.execute(row.on_conflict_do_nothing())


async def forget_unsafe(session: AsyncSession, reply_to: str | None) -> None:
    """Somebody told an agent that it is safe now: what one who has been erased said of it is past."""
    if known := addresses.hash_of(reply_to):
        await session.execute(delete(UnsafeAddress).where(UnsafeAddress.address_hash == known))
