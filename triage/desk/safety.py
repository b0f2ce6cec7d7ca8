"""A resident in danger: which numbers an agent gives them, and whether it is safe to contact them elsewhere."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import contacts, reaching
from triage.desk.holding import changed, held
from triage.desk.schemas import SavedReply
from triage.errors import Invalid
from triage.helping import signal_help
from triage.tables import Agent, Contact

ANSWERS = {"yes": True, "no": False}
WORDS = {"yes": "Noted that it is safe to contact them", "no": "Noted that it is not safe to contact them"}


def help_of(contact: Contact) -> dict[str, Any] | None:
    """What the resident was shown for the danger that was seen, as helping.signal_help; None when none was."""
    return signal_help(contact.danger) if contact.danger and contact.state != "closed" else None


def replies_of(shown: dict[str, Any] | None) -> list[SavedReply]:
    """The danger's sentence and numbers, to be said again in one step."""
    if shown is None or not shown["numbers"]:
        return []
    numbers = "\n".join(f"{one['value']} – {one['label']}" for one in shown["numbers"])
    return [SavedReply("The numbers for this danger", f"{shown['line']}\n\n{numbers}")]


async def note_safe(session: AsyncSession, agent: Agent, contact_id: UUID, version: int, safe: str) -> None:
    """Keep what the resident told the agent: whether it is safe to contact them outside the chat.

    It decides what is sent to them from now on (telling.not_safe), and what a supplier is told of them. Raises as
    `held`, Invalid.
    """
    contact = await held(session, agent, contact_id, version)
    if safe not in ANSWERS:
        raise Invalid("Choose whether it is safe to contact them.")
    # What a page was told is not yet known of the address's owner; an agent who says so makes it known.
    if contact.safe_to_contact is ANSWERS[safe] and not await reaching.holds_for_itself_alone(session, contact):
        return
    contact.safe_to_contact = ANSWERS[safe]
    if contact.safe_to_contact:
        await reaching.forget_unsafe(session, contact.reply_to)
    await contacts.note_history(session, contact_id, contacts.SAFETY, agent_id=agent.id, detail={"safe": safe})
    await changed(session, contact)
