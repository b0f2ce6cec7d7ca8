"""What handing on does when a contact joins its queue, and what it looks after by itself."""

from collections.abc import Mapping
from functools import lru_cache
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from connectors.kinds import Inbound
from connectors.manifest import manifests
from connectors.registry import build
from triage import clock
from triage.catalogue import catalogue
from triage.database import transaction
from triage.delivery import hearing, parcels, repository, service
from triage.delivery.service import Suppliers
from triage.sending.sender import messenger
from triage.tables import Contact


@lru_cache
def suppliers() -> Suppliers:
    """Every casework connector that contacts are handed to. Raises UnknownConnector, WrongSettings."""
    settings = catalogue().council.get("connectors", {})
    return {name: build("casework", name, settings.get(name)) for name in sorted(set(parcels.routes().values()))}


@lru_cache
def inbound() -> Mapping[str, Inbound]:
    """Whoever posts to us, of those who settle cases and carry messages. Raises UnknownConnector, WrongSettings."""
    settings = catalogue().council.get("connectors", {})
    names = [name for name in {*suppliers(), messenger()} if "inbound" in manifests()[name].classes]
    return {name: build("inbound", name, settings.get(name)) for name in names}


async def hand_on(session: AsyncSession, contact_id: UUID) -> None:
    """After ContactQueued: a service's contact that another system settles is to be created there, once.

    It stays on its queue with its clocks running, put off to the day by which it is to be settled, so that agents are
    given it when its time is nearly up and not before. It may run twice.
    """
    contact = await session.get(Contact, contact_id, with_for_update=True, populate_existing=True)
    if contact is None or contact.state != "queued":
        return
    connector = parcels.route_of(contact)
    if connector is None or await parcels.has_left(session, contact, connector):
        return
    new = await repository.create(session, contact_id, connector, clock.now())
    if new:
        service.put_off(contact)
        if connector in service.takers():
            await repository.tell_files(session, contact_id, connector, clock.now())


async def deliver() -> int:
    """Hand on what is due; each in transactions of its own."""
    return await service.deliver(suppliers()) if suppliers() else 0


async def ask() -> int:
    """Ask how open cases stand."""
    return await hearing.ask(suppliers()) if suppliers() else 0


async def reconcile() -> int:
    """Ask whether everything that was taken is known; how many were lost and sent again.

    What residents said while nothing was handed on for hours is found here as well.
    """
    async with transaction() as session:
        now = clock.now()
        while await repository.tell_changes(
            session, now, now - hearing.CHECKED_BACK, service.MOST_AT_ONCE, service.takers()
        ):
            await session.flush()
    return await hearing.reconcile(suppliers()) if suppliers() else 0
