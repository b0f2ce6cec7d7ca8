"""What suppliers say of their cases, by webhook or when asked: kept once, in their order, and told to the resident."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.errors import ConnectorError, NotOffered
from connectors.kinds import Casework
from connectors.shapes import Case, CaseUpdate, DeliveryReport
from triage import clock, closing, contacts, outbox, taking
from triage.database import transaction
from triage.delivery import changes, repository, rules
from triage.delivery.service import SUPPLIER_S, Suppliers, fail, taken
from triage.delivery.wording import outcome_of
from triage.events import MessageFailed
from triage.sending import repository as breakers
from triage.sending.rules import TRIP
from triage.sending.sender import attempt
from triage.settings import get_settings
from triage.tables import Contact, Delivery

log = structlog.get_logger(__name__)

# So many open cases are asked about in one round.
MOST_ASKED = 100
# So much of a supplier's sentence is kept for the desk.
MOST_QUOTED = 500
SIDE_BY_SIDE = 8
# Reconciliation looks at what was taken in this time, and asks about each once a night.
CHECKED_BACK = timedelta(days=7)
MOST_CHECKED = 500


async def ask(suppliers: Suppliers) -> int:
    """Ask the suppliers how open cases stand; how many answers were new. Safe to run twice at once.

    One that is left alone is not asked, and one that does not answer is asked no more in this round. That counts for
    nothing else: who cannot say how cases stand may well take new ones.
    """
    now, every = clock.now(), timedelta(seconds=get_settings().suppliers_asked_every_s)
    async with transaction() as session:
        there = [name for name in suppliers if not (await breakers.breaker(session, name)).is_open(now)]
        cases = await repository.to_ask(session, there, now, every, MOST_ASKED)
    room = asyncio.Semaphore(SIDE_BY_SIDE)
    silent: Counter[str] = Counter()

    async def one(delivery_id: UUID, connector: str, reference: str) -> int:
        async with room:
            if silent[connector] >= TRIP:
                return 0
            case = await _asked(connector, suppliers[connector], reference)
            if isinstance(case, ConnectorError):
                silent[connector] += case.retryable
                return 0
            async with transaction() as session:
                said = await repository.heard_last(session, delivery_id)
                if case.changed_at is None and said is not None and said.state == case.state:
                    return 0
                return int(
                    await hear(session, connector, as_update(case, reference, now, said.update_id if said else ""))
                )

    return sum(await asyncio.gather(*(one(*case) for case in cases)))


async def _asked(connector: str, supplier: Casework, handle: str) -> Case | ConnectorError:
    """How a case stands. Who cannot say is asked again in a few minutes."""
    return await attempt(connector, SUPPLIER_S, lambda: supplier.status(handle))


def as_update(case: Case, handle: str, now: datetime, before: str = "") -> CaseUpdate:
    """How a case stands, as news of it: the same state of the same moment is one update, however often it is asked.

    Where a supplier does not say since when, it counts from when we heard, and a state is heard once after another:
    `before` is the id of what was heard last.
    """
    since = case.changed_at.isoformat() if case.changed_at else before
    said = f"{handle}\x1f{case.state}\x1f{since}"
    return CaseUpdate(sha256(said.encode()).hexdigest(), handle, case.state, case.changed_at or now, case.note)


async def hear(session: AsyncSession, connector: str, update: CaseUpdate) -> bool:
    """Apply what a supplier says of a case, once; whether it was new.

    What is older than what is known already is kept and changes nothing, so it does not matter in which order a
    supplier's messages come. A case that is not ours is not heard of.
    """
    delivery = await repository.by_handle(session, connector, update.handle)
    delivery = delivery or await _before_our_note(session, connector, update.handle)
    if delivery is None:
        return False
    now = clock.now()
    kept = await repository.keep_update(session, update, connector, delivery.id, now)
    if kept is None:
        return False
    contact = await session.get_one(Contact, delivery.contact_id, with_for_update=True, populate_existing=True)
    newest = await repository.newest_applied(session, delivery.id)
    if (newest is not None and update.at < newest) or contact.state == "closed" or contact.merged_into is not None:
        return True
    await repository.mark_applied(session, kept)
    await _apply(session, contact, delivery, update)
    return True


async def _before_our_note(session: AsyncSession, connector: str, handle: str) -> Delivery | None:
    """The delivery whose case a supplier names by our own reference, before we have noted its answer to it.

    It says something of it, so it has taken it.
    """
    try:
        delivery_id = UUID(handle)
    except ValueError:
        return None
    delivery = await repository.delivery(session, delivery_id)
    if delivery is None or (delivery.connector, delivery.kind, delivery.handle) != (connector, "create", None):
        return None
    await taken(session, delivery, Case(handle, None, "received"))
    return delivery


async def hear_of_message(session: AsyncSession, report: DeliveryReport) -> bool:
    """A message of ours did not arrive: whichever room sent it hears of it, by the id that it was sent under."""
    for_good = report.state == "failed_for_good"
    if not for_good and report.state != "failed_for_now":
        return False
    try:
        message_id = UUID(report.client_reference or "")
    except ValueError:
        return False
    await outbox.publish(session, MessageFailed(message_id, for_good))
    return True


async def _apply(session: AsyncSession, contact: Contact, delivery: Delivery, update: CaseUpdate) -> None:
    """What the supplier's answer means for a contact."""
    meaning = rules.MEANS[update.state]
    # What people have passed on, they settle: whoever has it now reads what the supplier says.
    theirs = delivery.state != "dropped" and not await changes.has_left(session, contact, delivery.connector)
    if meaning == rules.SETTLED and theirs:
        await closing.close(session, contact, closing.DONE, outcome_of(contact.service))
        return
    said = f" They say: {update.text[:MOST_QUOTED]}" if update.text else ""
    await contacts.note_history(
        session,
        contact.id,
        "noted",
        detail={"text": f"{delivery.connector}: {rules.STATE_NAMES[update.state]}.{said}"},
    )
    if meaning == rules.FOR_A_PERSON or not theirs:
        # An agent sees it now: only a person says no.
        contact.follow_up_on = None
    elif theirs and update.state in ("in_progress", "planned"):
        await contacts.note_history(session, contact.id, "with_partner", detail={"state": update.state})
    await taking.announce_change(session, contact.id)


async def reconcile(suppliers: Suppliers) -> int:
    """Ask each supplier whether it has what we think it has, and send again what it has not; how many were lost.

    Run nightly. What is sent again has the client reference that it had, so nothing is there twice if the supplier was
    wrong.
    """
    began = clock.now()
    lost = 0
    while True:
        async with transaction() as session:
            batch = await repository.to_check(session, began - CHECKED_BACK, began, MOST_CHECKED)
        if not batch:
            return lost
        room = asyncio.Semaphore(SIDE_BY_SIDE)

        async def one(delivery_id: UUID, connector: str, room: asyncio.Semaphore = room) -> int:
            async with room:
                known = await _known(suppliers.get(connector), delivery_id, began - 2 * CHECKED_BACK)
                async with transaction() as session:
                    return int(await _checked(session, delivery_id, known, began))

        lost += sum(await asyncio.gather(*(one(*row) for row in batch)))


async def _known(supplier: Casework | None, delivery_id: UUID, since: datetime) -> bool | None:
    """Whether a supplier knows a delivery; None when it could not say."""
    if supplier is None:
        return None
    try:
        async with asyncio.timeout(SUPPLIER_S):
            return await supplier.find(str(delivery_id), since) is not None
    except NotOffered:
        return None
    except Exception as error:
        log.info("delivery.not_checked", error=type(error).__name__)
        return None


async def _checked(session: AsyncSession, delivery_id: UUID, known: bool | None, began: datetime) -> bool:
    """Note what reconciliation found; whether the supplier has lost it."""
    delivery = await repository.delivery(session, delivery_id)
    if delivery is None or delivery.state != "sent":
        return False
    # Counted as asked even where the supplier could not say: it is asked again tomorrow, and this night ends.
    delivery.checked_at = began
    if known is not False:
        return False
    delivery.lost += 1
    if delivery.lost > 1:
        # Somebody there takes it away, as what is taken for spam: made each night again, it would be for ever.
        await fail(session, delivery, "lost_again")
        return True
    delivery.state, delivery.attempts, delivery.done_at = "due", 0, None
    delivery.next_at, delivery.why = clock.now(), "lost"
    await contacts.note_history(
        session, delivery.contact_id, "noted", detail={"text": f"{delivery.connector}: {rules.WHY['lost']}"}
    )
    return True
