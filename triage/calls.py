"""A call that somebody at the desk wrote down: filed as any other contact, and theirs at once if they said so.

The desk writes it down, and the queues know when it has been sorted: so this is below both rooms.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from language.danger.model import MAY_BE
from triage import taking
from triage.catalogue import catalogue
from triage.contacts import Filed, NewContact, file_contact, note_history, once_key
from triage.errors import AlreadyTaken
from triage.helping import look_for_danger
from triage.tables import Agent, Contact, ContactHistory

CHANNEL = "phone"
# The line of history that says who wrote it down; under MINE, that they deal with it themselves.
WRITTEN, MINE = "wrote down", "mine"


@dataclass(frozen=True)
class Call:
    """What was said on the phone, as it was written down. `safe`: they were asked whether we may write or call;
    `messages`: they agree to be told of it by message, and to be asked how it went."""

    words: str
    name: str | None = None
    number: str | None = None
    place: str | None = None
    safe: bool | None = None
    consent: bool = False
    messages: bool = False
    mine: bool = False


async def write_down(session: AsyncSession, agent: Agent, call: Call, key: str) -> tuple[Filed, dict[str, Any] | None]:
    """File a call, and the help to give when its words tell of a danger. The same key and words are filed once."""
    danger = look_for_danger(call.words)
    filed = await file_contact(
        session,
        NewContact(
            channel=CHANNEL,
            text=call.words,
            name=call.name,
            reply_to=call.number,
            place=call.place,
            safe_to_contact=call.safe,
            consent=call.consent,
            messages_ok=call.messages,
            # The gentle "is anybody in danger?" is no danger seen.
            danger=danger[0].signal if danger and danger[0].signal != MAY_BE else None,
            idempotency_key=once_key(key, CHANNEL, str(agent.id), call.words, call.number),
        ),
        catalogue().council["reference_prefix"],
    )
    if await _line(session, filed.contact_id, WRITTEN) is None:
        await note_history(session, filed.contact_id, WRITTEN, agent_id=agent.id, detail={MINE: call.mine})
    return filed, danger[1] if danger else None


async def _line(session: AsyncSession, contact_id: UUID, what: str) -> ContactHistory | None:
    line: ContactHistory | None = await session.scalar(
        select(ContactHistory).where(ContactHistory.contact_id == contact_id, ContactHistory.what == what).limit(1)
    )
    return line


async def give_to_writer(session: AsyncSession, contact: Contact) -> bool:
    """Give a call that has just joined its queue to whoever wrote it down and deals with it; whether it was.

    It waits as any other where its queue is none of theirs, and when it joins a queue for the second time.
    """
    line = await _line(session, contact.id, WRITTEN) if contact.channel == CHANNEL else None
    if line is None or line.agent_id is None or not line.detail.get(MINE):
        return False
    if await _line(session, contact.id, "taken") is not None:
        return False
    agent = await session.get(Agent, line.agent_id)
    if agent is None or not agent.active or not taking.may_work(agent, contact.queue):
        return False
    await session.flush()
    try:
        await taking.take(session, agent.id, contact.id)
    except AlreadyTaken:
        return False
    return True
