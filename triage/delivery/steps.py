"""What handing on does when a contact joins its queue, and what it looks after by itself."""

from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.errors import Final
from connectors.kinds import Casework, Inbound
from connectors.manifest import manifests
from triage import clock, outbox
from triage.database import transaction
from triage.delivery import changes, hearing, locating, parcels, places, repository, routing, service
from triage.delivery.service import Suppliers
from triage.errors import NotFound, SupplierNotSetUp
from triage.sending.sender import messenger
from triage.tables import Contact

log = structlog.get_logger(__name__)

# So long after it was queued, a contact that was never handed on is still found.
MISSED = timedelta(days=2)


def suppliers() -> Suppliers:
    """Every casework connector that contacts are handed to. One with wrong settings is logged and left out, so that
    the others go on; what is due to it waits.
    """
    found: dict[str, Casework] = {}
    for name in sorted(set(routing.routes().values())):
        try:
            found[name] = locating.built("casework", name)
        except Final as error:
            log.error("supplier.settings_wrong", supplier=name, why=str(error))
    return found


def inbound(name: str) -> Inbound:
    """Whoever of this name posts to us, of those who settle cases and carry messages.

    Raises NotFound where there is none, SupplierNotSetUp where its settings are wrong: then nobody can say whether
    what was posted is genuine.
    """
    posting = {*routing.routes().values(), messenger()}
    if name not in posting or "inbound" not in getattr(manifests().get(name), "classes", ()):
        raise NotFound
    try:
        found: Inbound = locating.built("inbound", name)
    except Final as error:
        log.error("supplier.settings_wrong", supplier=name, why=str(error))
        raise SupplierNotSetUp from None
    return found


async def find_place(session: AsyncSession, contact_id: UUID) -> None:
    """After ContactQueued: its place is looked up by a job of its own, which holds no session open meanwhile."""
    contact = await session.get(Contact, contact_id)
    if contact is not None and places.to_look_up(contact):
        await outbox.defer_task(session, "locate", {"contact_id": str(contact_id)})


async def locate(contact_id: UUID) -> None:
    """Look a contact's place up, in transactions of its own. Raises SupplierUnavailable, to be tried again."""
    await locating.locate(contact_id, locating.known())


async def hand_on(session: AsyncSession, contact_id: UUID) -> None:
    """After a contact joined a queue or went to another: what another system settles is to be created there, once.

    It stays on its queue with its clocks running, put off to the day by which it is to be settled, so that agents are
    given it when its time is nearly up and not before. Who has taken it meanwhile keeps it: it goes all the same, for
    nothing else would hand it on. It may run twice.
    """
    await _hand_on(session, contact_id)


async def _hand_on(session: AsyncSession, contact_id: UUID) -> bool:
    """Whether there was something new to hand on."""
    contact = await session.get(Contact, contact_id, with_for_update=True, populate_existing=True)
    if contact is None or contact.state not in ("queued", "taken"):
        return False
    connector = routing.route_of(contact)
    if connector is None or await changes.has_left(session, contact, connector):
        return False
    new = await parcels.begin(session, contact, connector)
    if new and await changes.may_wait(session, contact, connector):
        service.put_off(contact)
    return new


async def hand_on_missed() -> int:
    """Hand on what a step that failed has left behind in the last days; how many there were.

    No further back: what came before a council said that its service goes to a system is with agents already.
    """
    now, after, missed = clock.now(), UUID(int=0), 0
    while True:
        async with transaction() as session:
            left = await repository.not_begun(session, routing.routes(), now - MISSED, after, service.MOST_AT_ONCE)
            for contact_id in left:
                missed += await _hand_on(session, contact_id)
        if not left:
            return missed
        after = left[-1]


async def deliver() -> int:
    """Hand on what is due; each in transactions of its own. What is due to nobody any more is left to a person."""
    return await service.deliver(suppliers())


async def ask() -> int:
    """Ask how open cases stand."""
    return await hearing.ask(known) if (known := suppliers()) else 0


async def reconcile() -> int:
    """Ask whether everything that was taken is known; how many were lost and sent again.

    What residents said while nothing was handed on for hours is found here as well, and contacts that nobody began
    to hand on.
    """
    if missed := await hand_on_missed():
        log.warning("delivery.missed", deliveries=missed)
    async with transaction() as session:
        now = clock.now()
        while await repository.tell_changes(
            session, now, now - hearing.CHECKED_BACK, service.MOST_AT_ONCE, parcels.takers()
        ):
            await session.flush()
    return await hearing.reconcile(known) if (known := suppliers()) else 0
