"""A supervisor gives one contact to an agent, takes one back to its queue, or says where one belongs."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, contacts, live, outbox, presence, taking
from triage.desk import repository
from triage.errors import AlreadyClosed, Conflict, Invalid, NotFound
from triage.events import ContactReleased
from triage.tables import Agent, Contact

HANDED, BACK = "a supervisor handed it on", "a supervisor took it back"


async def open_now(session: AsyncSession, supervisor: Agent, contact_id: UUID, version: int) -> Contact:
    """The contact, locked, if it waits or somebody has it, and it is as the supervisor saw it.

    Raises NotFound, AlreadyClosed or Conflict.
    """
    contact = await repository.contact(session, contact_id, lock=True)
    if contact is None or not taking.may_work(supervisor, contact.queue):
        raise NotFound
    if contact.state == "closed":
        raise AlreadyClosed("This contact has been closed. Nothing was changed.")
    if contact.state not in ("queued", "taken") or contact.version != version:
        raise Conflict
    return contact


async def hand(session: AsyncSession, supervisor: Agent, contact_id: UUID, version: int, to: UUID | None) -> None:
    """Give the contact to somebody who is at the desk and works its queue; how much they have does not matter.

    Raises as `open_now`, and Invalid for somebody who cannot have it.
    """
    contact = await open_now(session, supervisor, contact_id, version)
    person = next((one for one in await presence.on_desk(session) if one.agent.id == to), None)
    if person is None:
        raise Invalid("Choose somebody who is at the desk now.")
    if not taking.may_work(person.agent, contact.queue):
        raise Invalid(f"{person.agent.name} does not work this queue. Choose somebody else, or move the contact first.")
    if contact.agent_id == person.agent.id and contact.state == "taken":
        return
    if contact.state == "taken" and contact.agent_id is not None:
        await _released(session, supervisor, contact, HANDED)
        await live.announce(session, taking.agent_topic(contact.agent_id), mine=True)
    accepted = taking.accepting(contact.placement)
    # Whoever waits in the chat is told who has joined when that person opens it (taking.opened), and not before. If
    # they do not, it goes back to its queue, as what was given automatically does.
    for name, value in (taking.given_to(person.agent.id, contact) | {"assigned_at": clock.now()}).items():
        setattr(contact, name, value)
    # Counted twice: of what was given automatically, a colleague who saw it waiting may still take it; not of this.
    contact.version += 2
    detail = {"assigned": "supervisor", "by": str(supervisor.id)} | accepted
    await contacts.note_history(session, contact_id, "taken", agent_id=person.agent.id, detail=detail)
    await taking.announce_change(session, contact_id)
    await live.announce(session, taking.agent_topic(person.agent.id), mine=True)


async def take_back(session: AsyncSession, supervisor: Agent, contact_id: UUID, version: int) -> None:
    """Give a contact that somebody has back to its queue; its clocks run on. Raises as `open_now`, and Conflict."""
    contact = await open_now(session, supervisor, contact_id, version)
    if contact.state != "taken":
        raise Conflict("Nobody has this contact: it waits in its queue already.")
    await _released(session, supervisor, contact, BACK)
    contact.state = "queued"
    contact.agent_id = contact.lease_until = contact.assigned_at = None
    contact.version += 1
    await session.flush()
    await taking.announce_change(session, contact_id)
    await outbox.publish(session, ContactReleased(contact_id))


async def _released(session: AsyncSession, supervisor: Agent, contact: Contact, why: str) -> None:
    detail = {"why": why, "was_with": str(contact.agent_id)}
    await contacts.note_history(session, contact.id, "released", agent_id=supervisor.id, detail=detail)
