"""What a line of a contact's history means to a supplier that has its case, decided a moment before it is told."""

from sqlalchemy.ext.asyncio import AsyncSession

from connectors.shapes import SETTLED
from triage import ringing
from triage.clocks import beginning
from triage.clocks import repository as clocks
from triage.contacts import NOT_SAFE, SAFETY
from triage.delivery import repository, routing, rules
from triage.delivery.rules import Told
from triage.tables import Contact, ContactHistory, Delivery


async def told_of(session: AsyncSession, first: Delivery, contact: Contact, line: ContactHistory) -> Told | None:
    """What the supplier that `first` created the case at is told of a line; None when it does not matter to it now."""
    if line.what in rules.PASSED:
        return await _of_passing(session, first, contact, line)
    if first.state == "dropped":
        return None
    if line.what in rules.ENDS:
        return await _of_an_end(session, first, contact, line)
    if contact.merged_into is not None or await has_left(session, contact, first.connector):
        return None
    if line.what in (NOT_SAFE, SAFETY):
        # Whoever did not let us pass on who they are is not known there.
        return rules.DO_NOT_CONTACT if contact.consent and contact.safe_to_contact is False else None
    if line.what in rules.BY_LAW:
        return rules.limits_now(await law_of(session, contact)) if contact.state != "closed" else None
    if line.detail.get(ringing.KIND) == ringing.AFTERWARDS:
        # They rang to add to what is closed, and that opened nothing: it asks nothing of anybody.
        return None
    said = str(line.detail.get("said") or "")
    return rules.reopened(said) if line.what == "reopened" else Told("update", said)


async def _of_an_end(session: AsyncSession, first: Delivery, contact: Contact, line: ContactHistory) -> Told | None:
    """It was closed, or made part of another. What was made part of another is told as that alone."""
    if await _have_put_down(session, first):
        return None
    if line.what == "closed" and (contact.state != "closed" or contact.merged_into is not None):
        # Opened again meanwhile, it is theirs as before.
        return None
    return rules.end_of(line.what, str(line.detail.get("reason") or ""))


async def _of_passing(session: AsyncSession, first: Delivery, contact: Contact, line: ContactHistory) -> Told | None:
    """It was passed on or put right: it is not theirs any more, theirs again, or with another team of its partner."""
    down = await _have_put_down(session, first)
    if await has_left(session, contact, first.connector):
        return None if down else rules.PASSED_ON
    if contact.state == "closed" or contact.merged_into is not None or not is_theirs(contact, first.connector):
        return None
    if down:
        return rules.BACK
    if line.detail.get("to") != contact.queue:
        # It was put right where it is, or passed on again, which is told by itself.
        return None
    known = await repository.told_queue(session, contact.id, first.connector) or routing.home_queue(contact)
    return rules.MOVED if contact.queue != known else None


async def _have_put_down(session: AsyncSession, first: Delivery) -> bool:
    """Whether the case is closed at the supplier: we have said so, or they have."""
    return first.state == "dropped" or await repository.said_last(session, first) in SETTLED


async def has_left(session: AsyncSession, contact: Contact, connector: str) -> bool:
    """Whether people have passed a contact on to somebody who is not behind this supplier."""
    if not await repository.was_passed_on(session, contact.id):
        # It may have come to an unusual queue by itself, as for a danger: nobody has said that it is not theirs.
        return False
    return rules.has_left(connector, routing.route_of(contact), *routing.partners_of(contact))


def is_theirs(contact: Contact, connector: str) -> bool:
    """Whether the partner behind this supplier certainly has the contact now."""
    return rules.is_theirs(connector, routing.route_of(contact), *routing.partners_of(contact))


async def may_wait(session: AsyncSession, contact: Contact, connector: str) -> bool:
    """Whether nobody but the supplier need look at a contact now: people have given it to no other team."""
    if not await repository.was_passed_on(session, contact.id):
        return True
    return is_theirs(contact, connector) and contact.queue == routing.home_queue(contact)


async def law_of(session: AsyncSession, contact: Contact) -> dict[str, str]:
    """The law's limits that are still to be met, as they run now, in the words for a supplier."""
    rows = await clocks.clocks_of(session, contact.id)
    limits = [
        rules.Limit(law, row.due_at)
        for row in rows
        if (law := beginning.law_of(row)) and row.met_at is None and row.paused_since is None
    ]
    return rules.due_by_law(contact.statutory, limits)
