"""Handing on: claimed in one transaction, sent with no session open, noted in another.

A try whose process dies is made again when its lease ends, under the same client reference, by which the supplier
knows that it has it already. So each thing arrives once, or is seen to have failed.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.errors import ConnectorError, NotOffered, SupplierSlow
from connectors.kinds import Casework
from connectors.shapes import Case, CaseNote, CaseRequest, Place, Reporter
from triage import clock, contacts, taking, telling
from triage.catalogue import catalogue
from triage.database import transaction
from triage.delivery import repository, rules
from triage.errors import NotFound
from triage.hours import URGENT
from triage.settings import get_settings
from triage.tables import Agent, Contact, Delivery

log = structlog.get_logger(__name__)

# One round for one supplier; the next is five seconds later, or at once when there was more.
MOST_AT_ONCE = 50
SIDE_BY_SIDE = 8
# The longest wait for a supplier's answer, and when a try whose process died is made again.
SUPPLIER_S = 20.0
LEASE = timedelta(seconds=60)
# What residents said is looked for this far back; the nightly round looks further.
LATELY = timedelta(hours=1)
# A supplier's clock may be this far from ours.
CLOCKS_DIFFER = timedelta(hours=1)

Suppliers = Mapping[str, Casework]


@dataclass(frozen=True)
class Parcel:
    """One delivery that is ready to go: everything that the supplier is told, looked up a moment ago."""

    delivery_id: UUID
    kind: str
    request: CaseRequest
    handle: str
    note: CaseNote
    # It was tried before, and nobody knows what came of that; since when.
    tried_since: datetime | None


async def deliver(suppliers: Suppliers, chance: Callable[[], float] = random.random) -> int:
    """Hand on what is due by now; how much was taken. Safe to run twice at once, and to be killed at any moment."""
    now = clock.now()
    async with transaction() as session:
        await repository.tell_changes(session, now, now - LATELY, MOST_AT_ONCE)
    async with transaction() as session:
        due = await repository.connectors_due(session, now)
    return sum(await asyncio.gather(*(_to_one(connector, suppliers, chance) for connector in due)))


async def _to_one(connector: str, suppliers: Suppliers, chance: Callable[[], float]) -> int:
    """One round for one supplier."""
    supplier = suppliers.get(connector)
    if supplier is None:
        log.warning("delivery.no_connector", supplier=connector)
        return 0
    now = clock.now()
    async with transaction() as session:
        most = await _allowed(session, connector, now)
        claimed = await repository.claim(session, connector, now, LEASE, most) if most else []
    room = asyncio.Semaphore(SIDE_BY_SIDE)

    async def one(delivery_id: UUID) -> int:
        async with room:
            return await hand_over(delivery_id, connector, supplier, chance)

    return sum(await asyncio.gather(*(one(delivery_id) for delivery_id in claimed)))


async def _allowed(session: AsyncSession, connector: str, now: datetime) -> int:
    """How many deliveries a supplier may be tried with now: none while it is left alone, one to see if it works."""
    breaker = await repository.breaker(session, connector)
    if breaker.is_open(now):
        return 0
    if breaker.is_probing(now):
        return 1 if await repository.take_probe(session, connector, now) else 0
    return MOST_AT_ONCE


async def hand_over(delivery_id: UUID, connector: str, supplier: Casework, chance: Callable[[], float]) -> int:
    """See one claimed delivery through; 1 when the supplier has it."""
    async with transaction() as session:
        parcel = await prepare(session, delivery_id)
    if parcel is None:
        return 0
    answer = await _sent(supplier, parcel)
    async with transaction() as session:
        await note(session, delivery_id, connector, answer, chance())
    return int(not isinstance(answer, ConnectorError))


async def prepare(session: AsyncSession, delivery_id: UUID) -> Parcel | None:
    """What the supplier is to be told, as it is now; None when there is nothing to tell any more."""
    delivery = await repository.delivery(session, delivery_id)
    if delivery is None or delivery.state != "sending":
        return None
    contact = await session.get_one(Contact, delivery.contact_id)
    first = delivery if delivery.kind == "create" else await repository.created(session, contact.id)
    gone = contact.merged_into is not None or (delivery.kind == "create" and contact.state == "closed")
    if gone or first is None or first.state == "dropped":
        delivery.state, delivery.done_at, delivery.lease_until = "dropped", clock.now(), None
        return None
    return Parcel(
        delivery.id,
        delivery.kind,
        request_of(contact),
        first.handle or "",
        await _note_of(session, delivery, contact),
        delivery.made_at - CLOCKS_DIFFER if delivery.attempts > 1 or delivery.lost else None,
    )


async def _note_of(session: AsyncSession, delivery: Delivery, contact: Contact) -> CaseNote:
    """What a resident has said since; of a reopened contact that it is not settled, and why."""
    if delivery.change_id is None:
        return CaseNote(str(delivery.id), contact.text, contact.arrived_at)
    line = await repository.line(session, delivery.change_id)
    said = str(line.detail.get("said") or "")
    reopened = delivery.kind == "reopen"
    text = f"The resident says that this is not settled. {said}".strip() if reopened else said
    return CaseNote(str(delivery.id), text, line.at, "received" if reopened else None)


def request_of(contact: Contact) -> CaseRequest:
    """A contact as a supplier is told of it. Who it is from is told only where they agreed that we pass it on."""
    details = {str(label): str(answer) for label, answer in contact.details.items()}
    known = contact.consent and contact.safe_to_contact is not False
    address = telling.address(contact.reply_to) or ""
    reporter = Reporter(
        name=contact.name, email=address if "@" in address else None, phone=None if "@" in address else address or None
    )
    return CaseRequest(
        service=contact.service or "",
        text=contact.text,
        asked_at=contact.arrived_at,
        place=Place(line=contact.place) if contact.place else None,
        reporter=reporter if known else None,
        details=details,
    )


async def _sent(supplier: Casework, parcel: Parcel) -> Case | ConnectorError | None:
    """The supplier's case, None for what was added to one, or why it was not taken."""
    client_reference = str(parcel.delivery_id)
    try:
        async with asyncio.timeout(SUPPLIER_S):
            if parcel.kind != "create":
                await supplier.update(parcel.handle, parcel.note)
                return None
            if parcel.tried_since is not None and (found := await _found(supplier, parcel)):
                return found
            return await supplier.create(parcel.request, client_reference)
    except TimeoutError:
        return SupplierSlow(maybe_done=True)
    except ConnectorError as error:
        return error
    except Exception as error:
        # Whatever a supplier's client raises, the thing is still to be delivered: it is tried again.
        log.warning("delivery.broke", error=type(error).__name__, delivery=client_reference)
        return Broke()


async def _found(supplier: Casework, parcel: Parcel) -> Case | None:
    """The case that an earlier try made, whose answer never came; suppliers that cannot say know our reference."""
    assert parcel.tried_since is not None
    try:
        return await supplier.find(str(parcel.delivery_id), parcel.tried_since)
    except NotOffered:
        return None


class Broke(ConnectorError):
    """The connector itself went wrong, in a way that it does not name."""

    retryable = True


async def note(
    session: AsyncSession, delivery_id: UUID, connector: str, answer: Case | ConnectorError | None, chance: float
) -> None:
    """Write down what came of a try: taken, to be tried again, or failed for a person to see."""
    now = clock.now()
    delivery = await repository.delivery(session, delivery_id)
    if not isinstance(answer, ConnectorError):
        await repository.note_success(session, connector, now)
    elif answer.retryable:
        await repository.note_failure(session, connector, now)
    # Another try may have been made meanwhile, after this one's lease had ended: what was taken stays taken.
    if delivery is None or delivery.state not in ("sending", "due"):
        return
    delivery.lease_until = None
    if not isinstance(answer, ConnectorError):
        delivery.state, delivery.done_at, delivery.why = "sent", now, None
        if answer is not None:
            delivery.handle, delivery.reference = answer.handle, answer.id
        await _handed_over(session, delivery)
        return
    if not answer.retryable or rules.gives_up(delivery.made_at, now):
        delivery.state, delivery.done_at = "failed", now
        delivery.why = "gave_up" if answer.retryable else "refused"
        delivery.detail = _safe_detail(answer)
        await _back_to_desk(session, delivery)
        return
    delivery.state = "due"
    delivery.why = "unknown" if isinstance(answer, Broke) else "unavailable"
    wait = timedelta(seconds=answer.wait_s) if answer.wait_s else None
    delivery.next_at = now + rules.wait_after(delivery.attempts, chance, wait)


def _safe_detail(error: ConnectorError) -> str:
    """What is kept of an error: its own name, what a person can do, the supplier's codes; never its sentences."""
    codes = f" ({', '.join(error.codes)})" if error.codes else ""
    return f"{type(error).__name__}{codes}. {error.what_to_do}"


async def _handed_over(session: AsyncSession, delivery: Delivery) -> None:
    """The supplier has it: that is on record, with the number by which a person there knows it.

    The contact waits for the supplier again, and not for an agent.
    """
    contact = await session.get_one(Contact, delivery.contact_id, with_for_update=True, populate_existing=True)
    put_off(contact)
    if delivery.kind == "create":
        text = f"Handed to {delivery.connector}: {delivery.reference or delivery.handle}."
        await contacts.note_history(session, contact.id, "noted", detail={"text": text})
    await taking.announce_change(session, contact.id)


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
    text = f"It could not be handed to {delivery.connector}. {rules.WHY[delivery.why or 'unknown']}"
    text += f" {delivery.detail}" if delivery.detail else ""
    await contacts.note_history(session, contact.id, "noted", detail={"text": text})
    await taking.announce_change(session, contact.id)


async def _failed(session: AsyncSession, delivery_id: UUID) -> Delivery:
    delivery = await repository.delivery(session, delivery_id)
    if delivery is None or delivery.state != "failed":
        raise NotFound
    return delivery


async def send_again(session: AsyncSession, delivery_id: UUID, agent: Agent) -> None:
    """Try one that failed for another three days, now that it or the supplier has been put right. Raises NotFound."""
    delivery = await _failed(session, delivery_id)
    now = clock.now()
    delivery.state, delivery.attempts, delivery.next_at, delivery.done_at = "due", 0, now, None
    # Its three days begin again.
    delivery.made_at = now
    detail = {"text": f"Sent again to {delivery.connector}."}
    await contacts.note_history(session, delivery.contact_id, "noted", agent_id=agent.id, detail=detail)


async def drop(session: AsyncSession, delivery_id: UUID, agent: Agent) -> None:
    """A person deals with it by hand; what stands behind it goes on. Raises NotFound."""
    delivery = await _failed(session, delivery_id)
    delivery.state, delivery.done_at = "dropped", clock.now()
    detail = {"text": f"What could not be handed to {delivery.connector} is dealt with by hand."}
    await contacts.note_history(session, delivery.contact_id, "noted", agent_id=agent.id, detail=detail)


def route_of(contact: Contact) -> str | None:
    """The connector that a contact is handed to."""
    return rules.route(routes(), contact.service, contact.demo)


def routes() -> dict[str, str]:
    """The connector that each service's contacts are handed to: council.toml's [casework], or FRONTDOOR_CASEWORK."""
    table: dict[str, str] = get_settings().casework or catalogue().council.get("casework", {})
    return table
