"""Two contacts that have to do with each other: linked, or one made part of the other.

One resident's two contacts about one need become one. Two residents never do: the one's words, reference and answer
are not the other's. What they report of the same place is linked, so that both are settled and both are told.

An address proves nobody: anybody can type anybody's. What is dealt with as one is answered at one reference, so whoever
typed a neighbour's address would read the neighbour's answer there. Only one conversation proves that two contacts are
one resident's; for the same address an agent says that they have made sure, and that is on record.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, codes, contacts, outbox, record, taking, telling
from triage.clocks import joining, keeping
from triage.desk import repository
from triage.desk.holding import changed, held
from triage.desk.service import may_open
from triage.errors import AlreadyClosed, Invalid
from triage.events import ContactClosed
from triage.tables import Agent, Contact, ContactLink

MOST_LINKS = 20
NOT_FOUND = "There is no contact with that reference that you may open. Check it and try again."
STRANGERS = (
    "These are from two residents, or we cannot tell, so they stay two contacts: each has their own reference and "
    'answer. "Link the two" keeps them side by side.'
)
UNPROVED = (
    "Both give the same address, but anybody can type an address, and who has the other reference would read the "
    'answer. Make sure with the resident that both are theirs and tick "I have made sure", or link the two: then each '
    "has their own answer."
)
TWO_LIMITS = (
    "Both of these have a time limit that the law sets, and each has to be met. Link the two instead: then each keeps "
    "its own limit and its own answer."
)
IN_THE_CHAT = "This resident is in the chat now. Open the other contact and make it part of this one instead."


def same_conversation(one: Contact, other: Contact) -> bool:
    """Whether two contacts came from one conversation: whoever holds it has proved both theirs."""
    return one.conversation_id is not None and one.conversation_id == other.conversation_id


def same_resident(one: Contact, other: Contact) -> bool:
    """Whether two contacts look like one resident's: the same address or number to reply to, or one conversation.

    A name is not enough: two people share it, and one household shares a place.
    """
    if same_conversation(one, other):
        return True
    mine, theirs = (telling.same(contact.reply_to or "") for contact in (one, other))
    return bool(mine) and mine == theirs


async def _lock_both(session: AsyncSession, contact_id: UUID, other: ColumnElement[bool]) -> None:
    """Lock two contacts, and their conversations before them, in the order that record.py gives."""
    both = (Contact.id == contact_id) | other
    await record.hold_conversations(session, both)
    await session.execute(select(Contact.id).where(both).order_by(Contact.id).with_for_update())


async def _other(session: AsyncSession, agent: Agent, this: Contact, reference: str) -> Contact:
    """The contact that a reference names, locked. Raises Invalid when there is none that `agent` may work on."""
    tidy = codes.find_reference(reference)
    found = await session.scalar(select(Contact.id).where(Contact.reference == tidy)) if tidy else None
    if found == this.id:
        raise Invalid("That is the reference of this contact. Type the other one's.")
    other = await repository.contact(session, found, lock=True) if found else None
    # What a colleague has in one of my queues may be linked as well; what another team has may not be seen.
    if other is None or not (may_open(agent, other) or (other.queue and taking.may_work(agent, other.queue))):
        raise Invalid(NOT_FOUND)
    return other


def _pair(one: UUID, other: UUID) -> dict[str, UUID]:
    first, second = sorted((one, other))
    return {"one_id": first, "other_id": second}


async def link(session: AsyncSession, agent: Agent, contact_id: UUID, version: int, reference: str) -> None:
    """Link the contact with another. Both histories say so. Raises as `held`, Invalid."""
    await _lock_both(session, contact_id, Contact.reference == codes.find_reference(reference))
    contact = await held(session, agent, contact_id, version)
    other = await _other(session, agent, contact, reference)
    await _link(session, agent, contact, other)


async def _link(session: AsyncSession, agent: Agent, contact: Contact, other: Contact) -> None:
    if len(await linked(session, contact.id)) >= MOST_LINKS:
        raise Invalid(f"This contact is linked with {MOST_LINKS} others already.")
    row = insert(ContactLink).values(**_pair(contact.id, other.id), agent_id=agent.id, at=clock.now())
    made = await session.scalar(row.on_conflict_do_nothing().returning(ContactLink.one_id))
    if made is None:
        return
    for this, that in ((contact, other), (other, contact)):
        detail = {"reference": that.reference, "contact": str(that.id)}
        await contacts.note_history(session, this.id, "linked", agent_id=agent.id, detail=detail)
        await changed(session, this)


async def unlink(session: AsyncSession, agent: Agent, contact_id: UUID, version: int, other_id: UUID | None) -> None:
    """Take a link away. One that is not there changes nothing. Raises as `held`, Invalid."""
    await _lock_both(session, contact_id, Contact.id == other_id)
    contact = await held(session, agent, contact_id, version)
    if other_id is None:
        raise Invalid("Choose which link to take away.")
    pair = _pair(contact_id, other_id)
    gone = await session.scalar(delete(ContactLink).filter_by(**pair).returning(ContactLink.one_id))
    other = await repository.contact(session, other_id, lock=True)
    if gone is None or other is None:
        return
    for this, that in ((contact, other), (other, contact)):
        detail = {"reference": that.reference, "contact": str(that.id)}
        await contacts.note_history(session, this.id, "unlinked", agent_id=agent.id, detail=detail)
        await changed(session, this)


async def merge(
    session: AsyncSession,
    agent: Agent,
    contact_id: UUID,
    version: int,
    reference: str,
    made_sure: bool = False,
) -> None:
    """Close the contact as part of another of the same resident, who is told.

    `made_sure`: the agent says that both are one resident's, where only their addresses are the same. Raises as `held`,
    AlreadyClosed when the other is closed, Invalid.
    """
    await _lock_both(session, contact_id, Contact.reference == codes.find_reference(reference))
    contact = await held(session, agent, contact_id, version)
    other = await _other(session, agent, contact, reference)
    if other.state == "closed":
        raise AlreadyClosed(f"{other.reference} has been closed, so nothing can become part of it.")
    if not same_resident(contact, other):
        raise Invalid(STRANGERS)
    proved = same_conversation(contact, other)
    if not (proved or made_sure):
        raise Invalid(UNPROVED)
    if contact.live:
        raise Invalid(IN_THE_CHAT)
    if contact.statutory is not None and other.statutory is not None:
        raise Invalid(TWO_LIMITS)
    now = clock.now()
    if contact.statutory is not None:
        await joining.hand_law(session, contact, other, now)
    # What its resident is not satisfied with, and what makes them vulnerable, is dealt with there too.
    other.complaint = other.complaint or contact.complaint
    other.vulnerable = list(dict.fromkeys([*other.vulnerable, *contact.vulnerable]))
    contact.state, contact.closed_at, contact.lease_until = "closed", now, None
    contact.close_reason, contact.merged_into, contact.follow_up_on = "duplicate", other.id, None
    contact.outcome = f"We have put this together with your other contact, {other.reference}. We deal with both there."
    contact.first_answer_at = contact.first_answer_at or now
    await keeping.keep(session, contact, now)
    # What was urgent stays urgent, and whoever is not safe to contact stays so.
    if contact.priority < other.priority:
        other.priority = contact.priority
        if other.state in ("queued", "taken"):
            # What has become urgent is read today, whatever it was put off to or waited for.
            other.follow_up_on = None
            await keeping.resume(session, other, now, "something more urgent became part of it", agent.id)
            await keeping.hurry(session, other, now)
    if contact.danger and not other.danger:
        other.danger = contact.danger
        detail = {"signal": contact.danger}
        await contacts.note_history(session, other.id, contacts.DANGER_SEEN, agent_id=agent.id, detail=detail)
    if contact.safe_to_contact is False:
        await contacts.note_not_safe(session, other)
    elif other.safe_to_contact is None:
        other.safe_to_contact = contact.safe_to_contact
    into = {
        "into": other.reference,
        "contact": str(other.id),
        "proved": "one conversation" if proved else "by an agent",
    }
    await contacts.note_history(session, contact_id, "merged", agent_id=agent.id, detail=into)
    closing = {"reason": contact.close_reason, "outcome": contact.outcome}
    await contacts.note_history(session, contact_id, "closed", agent_id=agent.id, detail=closing)
    came = {"reference": contact.reference, "contact": str(contact_id)}
    await contacts.note_history(session, other.id, "took in", agent_id=agent.id, detail=came)
    await changed(session, contact)
    await changed(session, other)
    await outbox.publish(session, ContactClosed(contact_id))


async def linked(session: AsyncSession, contact_id: UUID) -> list[Contact]:
    """The contacts that this one is linked with, newest first."""
    pairs = select(ContactLink.one_id, ContactLink.other_id).where(
        (ContactLink.one_id == contact_id) | (ContactLink.other_id == contact_id)
    )
    ids = {one if other == contact_id else other for one, other in (await session.execute(pairs)).tuples()}
    if not ids:
        return []
    rows = await session.scalars(select(Contact).where(Contact.id.in_(ids)).order_by(Contact.arrived_at.desc()))
    return list(rows)


async def merged(session: AsyncSession, contact_id: UUID) -> list[Contact]:
    """The contacts that were made part of this one, oldest first."""
    rows = await session.scalars(
        select(Contact).where(Contact.merged_into == contact_id).order_by(Contact.arrived_at).limit(MOST_LINKS)
    )
    return list(rows)
