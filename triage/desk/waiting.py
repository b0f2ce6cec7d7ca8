"""What an agent does about a contact's clocks. Each function is one transaction's work; the caller opens it."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.clocks import keeping, pausing
from triage.desk import rules
from triage.desk.service import _changed, _held, _own_text
from triage.errors import Invalid
from triage.tables import Agent


async def pause(session: AsyncSession, agent: Agent, contact_id: UUID, version: int, reason: str, until: str) -> None:
    """Stop the clocks for a reason that is listed, until a day (ISO 8601). Who and why is on record.

    Raises as service._held, and Invalid for another reason, a day that is no day, past or too far, or a contact that
    waits already.
    """
    contact = await _held(session, agent, contact_id, version)
    if reason not in pausing.LABELS:
        raise Invalid("Choose why this waits.")
    try:
        day = date.fromisoformat(until)
    except ValueError:
        raise Invalid("Choose the day on which the clocks start again.") from None
    if wrong := pausing.days_wrong(day, clock.today()):
        raise Invalid(wrong)
    if contact.paused_at is not None:
        raise Invalid("The clocks of this contact are paused already.")
    await keeping.pause(session, contact, reason, pausing.until(day), clock.now(), agent.id)
    await _changed(session, contact)


async def resume(session: AsyncSession, agent: Agent, contact_id: UUID, version: int) -> None:
    """Start the clocks again. Raises as service._held, and Invalid when they run already."""
    contact = await _held(session, agent, contact_id, version)
    if contact.paused_at is None:
        raise Invalid("The clocks of this contact run already.")
    await keeping.resume(session, contact, clock.now(), "an agent", agent.id)
    await _changed(session, contact)


async def prove(session: AsyncSession, agent: Agent, contact_id: UUID, version: int) -> None:
    """Say that the resident has proved who they are. Raises as service._held, and Invalid where nothing waited."""
    contact = await _held(session, agent, contact_id, version)
    if not await keeping.proved(session, contact, clock.now(), agent.id):
        raise Invalid("Nothing of this contact waits for proof of who they are.")
    await _changed(session, contact)


async def take_longer(
    session: AsyncSession, agent: Agent, contact_id: UUID, version: int, kind: str, reason: str
) -> None:
    """Take the longer time that the law allows. Raises as service._held, EmptyMessage, MessageTooLong, Invalid."""
    contact = await _held(session, agent, contact_id, version)
    reason = _own_text(reason, rules.LONGEST_REASON, "The reason")
    if not await keeping.make_longer(session, contact, kind, reason, clock.now(), agent.id):
        raise Invalid("This time limit cannot be made longer: it was before, it is over, or the law does not allow it.")
    await _changed(session, contact)


async def reach(session: AsyncSession, agent: Agent, contact_id: UUID, version: int, kind: str) -> None:
    """Say that what a legal limit is about has been done. Raises as service._held, and Invalid when there is none."""
    contact = await _held(session, agent, contact_id, version)
    if not await keeping.reach(session, contact, kind, clock.now(), agent.id):
        raise Invalid("There is no such time limit left on this contact.")
    await _changed(session, contact)
