"""Whether a resident hears of an answer by message: what the agent is told of it, and what the resident agrees to."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import contacts, reaching, telling
from triage.desk.holding import changed, held
from triage.errors import Invalid
from triage.tables import Agent, Contact

LONGEST_ADDRESS = 320
# Why no message goes to them, as reaching.why_no_message has it.
WHY_NOT = {
    "demo": "this is a demonstration",
    "unsafe": "it is not safe to contact them",
    "safety_unknown": "nobody has said that it is safe to contact them",
    "not_agreed": "they did not agree to messages",
    "no_address": "they left no email address or mobile number",
    reaching.TOO_MANY: "too many others named this address on one day",
}


async def unreached(session: AsyncSession, contact: Contact) -> str | None:
    """Why no message tells the resident of an answer, in words; None when one does, or when they are in the chat."""
    if contact.live:
        return None
    why = reaching.why_no_message(contact, False)
    if why is None and await reaching.unsafe_address(session, contact.reply_to):
        why = "unsafe"
    if why is None and await reaching.one_of_too_many(session, contact.id):
        why = reaching.TOO_MANY
    return WHY_NOT[why] if why else None


async def agree(session: AsyncSession, agent: Agent, contact_id: UUID, version: int, to: str, agrees: bool) -> None:
    """Keep that the resident told the agent that they want messages about this, and where; or that they want none.

    Whoever was never told the reference by message is sent it. Raises as `held`, Invalid.
    """
    contact = await held(session, agent, contact_id, version)
    given = to.replace("\x00", "").strip()
    if agrees and telling.address(given) is None:
        raise Invalid("Enter an email address or a UK mobile number that we may write to.")
    if len(given) > LONGEST_ADDRESS:
        raise Invalid(f"Shorten the address to {LONGEST_ADDRESS} characters or fewer.")
    if contact.messages_ok == agrees and (not agrees or given == contact.reply_to):
        return
    if agrees:
        contact.reply_to = given
    contact.messages_ok = agrees
    first = agrees and not await reaching.has_reference_by_message(session, contact)
    await contacts.note_history(
        session,
        contact_id,
        telling.AGREED if agrees else "messages_off",
        agent_id=agent.id,
        detail={telling.FIRST: True} if first else {},
    )
    await changed(session, contact)
