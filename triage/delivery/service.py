"""Handing on: claimed in one transaction, sent with no session open, noted in another.

A try whose process dies is made again when its lease ends, under the same client reference, by which the supplier
knows that it has it already. Where it would not know, a person looks there first. So each thing arrives once, or is
seen to have failed.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.errors import ConnectorError, NotOffered, RequestRefused, SupplierUnavailable
from connectors.kinds import Casework
from connectors.shapes import Case
from triage import clock, contacts, taking
from triage.database import transaction
from triage.delivery import changes, locating, parcels, repository, routing, rules
from triage.delivery.parcels import LEASE, Parcel
from triage.delivery.repository import Claimed
from triage.errors import NotFound
from triage.hours import URGENT
from triage.sending import repository as breakers
from triage.sending.sender import Broke, left_alone_until, send
from triage.tables import Agent, Contact, Delivery

log = structlog.get_logger(__name__)

# One round for one supplier; the next is five seconds later. Only what goes at once is claimed at once: what waited for
# the others would lose its lease meanwhile.
MOST_AT_ONCE = 50
SIDE_BY_SIDE = 8
# The longest wait for a supplier's answer.
SUPPLIER_S = 20.0
# What residents said is looked for this far back; the nightly round looks further.
LATELY = timedelta(hours=1)
# An earlier try may have made it, and only a person can see whether it did; connectors say so as one of their codes.
MAYBE_MADE = "maybe_made"

# What became of a contact, as the desk reads that a supplier was told of it.
PASSED = "passed on"
END_NAMES = {
    PASSED: "this is not theirs any more",
    "merged": "this is part of another report",
    "closed": "we have closed this",
}
KIND_NAMES = {
    "reopen": "this is open again",
    "moved": "another team has this, and it is still theirs",
    "limit": "there is a limit on this",
}

Suppliers = Mapping[str, Casework]


async def deliver(suppliers: Suppliers, chance: Callable[[], float] = random.random) -> int:
    """Hand on what is due by now; how much was taken. Safe to run twice at once, and to be killed at any moment."""
    now = clock.now()
    async with transaction() as session:
        await repository.tell_changes(session, now, now - LATELY, MOST_AT_ONCE, parcels.takers())
    async with transaction() as session:
        due = await repository.connectors_due(session, now)
    return sum(await asyncio.gather(*(_to_one(connector, suppliers, chance) for connector in due)))


async def _to_one(connector: str, suppliers: Suppliers, chance: Callable[[], float]) -> int:
    """One round for one supplier."""
    supplier = suppliers.get(connector)
    if supplier is None:
        log.warning("delivery.no_connector", supplier=connector)
        routed = connector in routing.routes().values()
        await _give_up(connector, *((rules.GIVE_UP, "gave_up") if routed else (timedelta(0), "no_route")))
        return 0
    began, handed, left = clock.now(), 0, MOST_AT_ONCE
    while left > 0:
        now = clock.now()
        async with transaction() as session:
            most = min(await _allowed(session, connector, now), left)
            claimed = await repository.claim(session, connector, began, now + LEASE, most) if most else []
        if not most:
            await _give_up(connector, rules.GIVE_UP, "gave_up")
        handed += sum(await asyncio.gather(*(hand_over(one, connector, supplier, chance) for one in claimed)))
        if len(claimed) < SIDE_BY_SIDE:
            break
        left -= len(claimed)
    return handed


async def _give_up(connector: str, age: timedelta, why: str) -> None:
    """Leave to a person what is so old and cannot be tried now, since nothing else would ever note it."""
    now = clock.now()
    async with transaction() as session:
        old = await repository.waiting_since(session, connector, now - age, now, MOST_AT_ONCE)
    for delivery_id in old:
        async with transaction() as session:
            delivery = await repository.delivery(session, delivery_id)
            if delivery is not None and delivery.state in ("due", "sending"):
                await fail(session, delivery, why)


async def _allowed(session: AsyncSession, connector: str, now: datetime) -> int:
    """How many deliveries a supplier may be tried with now: none while it is left alone, one to see if it works."""
    probing = (await breakers.breaker(session, connector)).is_probing(now)
    if await left_alone_until(session, connector, now) is not None:
        return 0
    return 1 if probing else SIDE_BY_SIDE


async def hand_over(claimed: Claimed, connector: str, supplier: Casework, chance: Callable[[], float]) -> int:
    """See one claimed delivery through; 1 when the supplier has it."""
    async with transaction() as session:
        parcel = await parcels.prepare(session, claimed)
    if parcel is not None and parcel.place_of is not None:
        parcel = await _with_place(claimed, parcel.place_of)
    if parcel is None:
        return 0

    async def noted(session: AsyncSession, answer: Case | ConnectorError | None) -> None:
        await note(session, claimed, parcel.maybe_done, answer, chance())

    return int(await send(connector, SUPPLIER_S, lambda: _given(connector, supplier, parcel), noted))


async def _with_place(claimed: Claimed, contact_id: UUID) -> Parcel | None:
    """What goes, once its place is looked up: its case is to have the property. Who cannot say holds nothing up."""
    try:
        await locating.locate(contact_id, locating.known())
    except SupplierUnavailable:
        log.info("place.not_known_yet", delivery=str(claimed.id))
    async with transaction() as session:
        return await parcels.prepare(session, claimed, looked_up=True)


async def _given(connector: str, supplier: Casework, parcel: Parcel) -> Case | None:
    """The supplier's case; None for what was added to one, and for one that nobody needs and that is not there.

    Raises connectors.errors.
    """
    if parcel.file is not None:
        await supplier.attach(parcel.handle, parcel.file)
        return None
    if parcel.kind != "create":
        await supplier.update(parcel.handle, parcel.note)
        return None
    if parcel.tried_since is not None and (found := await _found(connector, supplier, parcel)):
        return found
    if parcel.only_find:
        return None
    return await supplier.create(parcel.request, str(parcel.delivery_id))


async def _found(connector: str, supplier: Casework, parcel: Parcel) -> Case | None:
    """The case that an earlier try made, whose answer never came.

    Of a supplier that cannot say, a person looks there, unless it knows our reference and is to be told in any case.
    Raises connectors.errors.
    """
    assert parcel.tried_since is not None
    try:
        return await supplier.find(str(parcel.delivery_id), parcel.tried_since)
    except NotOffered:
        if parcel.maybe_done and (parcel.only_find or not parcels.knows_twice(connector)):
            raise RequestRefused("The supplier may have it, and cannot be asked.", codes=(MAYBE_MADE,)) from None
        return None


async def note(
    session: AsyncSession, claimed: Claimed, maybe_done: bool, answer: Case | ConnectorError | None, chance: float
) -> None:
    """Write down what came of a try: taken, to be tried again, or failed for a person to see.

    `maybe_done`: a try before this one may have been done.
    """
    now = clock.now()
    delivery = await repository.delivery(session, claimed.id)
    # Another try may have been made meanwhile, after this one's lease had ended: what was taken stays taken.
    if delivery is None or delivery.state not in ("sending", "due"):
        if delivery is not None and isinstance(answer, Case) and delivery.handle == answer.handle:
            # They told us of it before their answer was noted, without their own number for it.
            delivery.reference = delivery.reference or answer.id
        return
    if delivery.attempts != claimed.attempt and isinstance(answer, ConnectorError):
        # What failed here is theirs to see through who have it now.
        return
    delivery.lease_until = None
    delivery.maybe_done = maybe_done or (isinstance(answer, ConnectorError) and answer.maybe_done)
    if isinstance(answer, NotOffered) and delivery.kind == "moved":
        # They go on as they did: nobody has to phone them about that.
        delivery.state, delivery.done_at = "dropped", now
        text = f"{delivery.connector} was not told that {KIND_NAMES['moved']}: their system takes no such word."
        await contacts.note_history(session, delivery.contact_id, "noted", detail={"text": text})
        return
    if answer is None and delivery.kind == "create":
        delivery.state, delivery.done_at, delivery.why = "dropped", now, None
        return
    if not isinstance(answer, ConnectorError):
        await taken(session, delivery, answer)
        return
    if not answer.retryable or rules.gives_up(delivery.made_at, now):
        await fail(session, delivery, _why_not(answer), _safe_detail(answer))
        return
    delivery.state = "due"
    delivery.why = "unknown" if isinstance(answer, Broke) else "unavailable"
    delivery.next_at = now + rules.wait_after(delivery.attempts, chance, answer.wait_s)


async def taken(session: AsyncSession, delivery: Delivery, case: Case | None) -> None:
    """The supplier has it; `case`: what it has made of it. What was dropped stays so, and its case is known."""
    if case is not None:
        delivery.handle, delivery.reference = case.handle, case.id
    if delivery.state == "dropped":
        return
    delivery.state, delivery.done_at, delivery.why = "sent", clock.now(), None
    delivery.lease_until, delivery.maybe_done = None, False
    await _handed_over(session, delivery)


async def fail(session: AsyncSession, delivery: Delivery, why: str, detail: str | None = None) -> None:
    """It will not go by itself: a person sees to it. `why` is a key of rules.WHY."""
    delivery.state, delivery.done_at, delivery.lease_until = "failed", clock.now(), None
    delivery.why, delivery.detail = why, detail
    await _back_to_desk(session, delivery)


def _why_not(error: ConnectorError) -> str:
    """Why it failed for good: a key of rules.WHY."""
    if error.retryable:
        return "gave_up"
    if isinstance(error, NotOffered):
        return "not_offered"
    return MAYBE_MADE if MAYBE_MADE in error.codes else "refused"


def _safe_detail(error: ConnectorError) -> str:
    """What is kept of an error: its own name, what a person can do, the supplier's codes; never its sentences."""
    codes = f" ({', '.join(error.codes)})" if error.codes else ""
    return f"{type(error).__name__}{codes}. {error.what_to_do}"


async def _handed_over(session: AsyncSession, delivery: Delivery) -> None:
    """The supplier has it: that is on record, with the number by which a person there knows it.

    The contact waits for the supplier again, and not for an agent; unless people have given it to another team, which
    is to look at it.
    """
    contact = await session.get_one(Contact, delivery.contact_id, with_for_update=True, populate_existing=True)
    text = ""
    if told := await _name(session, delivery):
        text = f"{delivery.connector} has been told that {told}."
    await _as_told(session, delivery)
    goes_on = delivery.kind in ("create", "update", "reopen")
    if goes_on and await changes.may_wait(session, contact, delivery.connector):
        put_off(contact)
    if delivery.kind == "create":
        text = f"Handed to {delivery.connector}: {delivery.reference or delivery.handle}."
        if delivery.connector not in parcels.takers() and await repository.has_files(session, contact.id):
            text += " Their system takes no files from us. Send them what the files show, if they need it."
    if text:
        await contacts.note_history(session, contact.id, "noted", detail={"text": text})
    await taking.announce_change(session, contact.id)


async def _name(session: AsyncSession, delivery: Delivery) -> str | None:
    """What a delivery tells, as the desk reads it; None for a new case and for what a resident has added."""
    if delivery.kind == "end" and delivery.change_id is not None:
        line = await repository.line(session, delivery.change_id)
        return END_NAMES.get(line.what, END_NAMES[PASSED])
    return KIND_NAMES.get(delivery.kind)


async def _as_told(session: AsyncSession, delivery: Delivery) -> None:
    """What follows from an end or a new beginning that a supplier knows of.

    Of what is not theirs it is asked about no more, nor told of anything. What was closed may be opened again, and is
    theirs then. Of what is theirs again it is told all that was said meanwhile.
    """
    first = await repository.created(session, delivery.contact_id, delivery.connector)
    if first is None or delivery.change_id is None:
        return
    if delivery.kind == "end" and (await repository.line(session, delivery.change_id)).what != "closed":
        first.state = "dropped"
    if delivery.kind == "reopen" and first.state == "dropped":
        first.state = "sent"
        takes_files = delivery.connector in parcels.takers()
        await repository.tell_said(session, delivery.contact_id, delivery.connector, clock.now(), takes_files)


def put_off(contact: Contact) -> None:
    """Leave a contact to its supplier until the day by which it is to be settled; its clocks go on.

    What is urgent, or tells of a danger, is never left to anybody's system: an agent has it as well.
    """
    urgent = contact.danger is not None or contact.priority in URGENT
    if contact.state == "queued" and contact.settle_due_at is not None and not urgent:
        contact.follow_up_on = contact.settle_due_at.astimezone(clock.LONDON).date()


async def _back_to_desk(session: AsyncSession, delivery: Delivery) -> None:
    """It could not be handed on: an agent sees to the contact now, and reads why."""
    contact = await session.get_one(Contact, delivery.contact_id, with_for_update=True, populate_existing=True)
    contact.follow_up_on = None
    told = await _name(session, delivery)
    could_not = f"told that {told}" if told else "given what is theirs"
    text = f"{delivery.connector} could not be {could_not}. {rules.WHY[delivery.why or 'unknown']}"
    text += f" {delivery.detail}" if delivery.detail else ""
    await contacts.note_history(session, contact.id, "noted", detail={"text": text})
    await taking.announce_change(session, contact.id)


async def _failed(session: AsyncSession, delivery_id: UUID, agent: Agent) -> Delivery:
    """One that failed, of a queue that `agent` looks after, locked. Raises NotFound for any other."""
    delivery = await repository.delivery(session, delivery_id)
    if delivery is None or delivery.state != "failed":
        raise NotFound
    contact = await session.get_one(Contact, delivery.contact_id)
    if not taking.may_work(agent, contact.queue):
        raise NotFound
    return delivery


async def send_again(session: AsyncSession, delivery_id: UUID, agent: Agent) -> None:
    """Try one that failed for another three days, now that it or the supplier has been put right. Raises NotFound."""
    delivery = await _failed(session, delivery_id, agent)
    now = clock.now()
    delivery.state, delivery.attempts, delivery.next_at, delivery.done_at = "due", 0, now, None
    # Its three days begin again. A person has looked for what may have been made, and it was not.
    delivery.made_at = now
    delivery.maybe_done = delivery.maybe_done and delivery.why != MAYBE_MADE
    detail = {"text": f"Sent again to {delivery.connector}."}
    await contacts.note_history(session, delivery.contact_id, "noted", agent_id=agent.id, detail=detail)


async def drop(session: AsyncSession, delivery_id: UUID, agent: Agent) -> None:
    """A person deals with it by hand; what stands behind it goes on. Raises NotFound."""
    delivery = await _failed(session, delivery_id, agent)
    delivery.state, delivery.done_at = "dropped", clock.now()
    await _as_told(session, delivery)
    detail = {"text": f"What could not be handed to {delivery.connector} is dealt with by hand."}
    await contacts.note_history(session, delivery.contact_id, "noted", agent_id=agent.id, detail=detail)
