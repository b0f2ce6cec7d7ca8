"""Looking a contact's place up, once it is stored: asked with no session open, then noted on the contact.

Whoever reports something has been answered long before. While nobody can say whose a place is, nothing changes.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.errors import ConnectorError, Final, SupplierUnavailable
from connectors.kinds import Addresses, Areas
from connectors.postcodes import within
from connectors.registry import STAND_IN, build, choose
from triage import clock, contacts, taking
from triage.catalogue import catalogue
from triage.contacts import WARD, WHOSE
from triage.database import transaction
from triage.delivery import places
from triage.delivery.places import Where
from triage.sending.sender import left_alone_until, send
from triage.tables import Contact

log = structlog.get_logger(__name__)

T = TypeVar("T")

# The longest wait for each of the two that are asked.
LOOK_S = 4.0


@dataclass(frozen=True)
class Known:
    """Who knows places, each with its supplier's name."""

    addresses: tuple[str, Addresses]
    areas: tuple[str, Areas] | None


@lru_cache
def built(kind: str, name: str) -> Any:
    """A connector with the council's settings, made once. Raises Final each time that it cannot be made.

    What cannot be made is tried again: a file with a secret may come later.
    """
    return build(kind, name, catalogue().council.get("connectors", {}).get(name))


def known() -> Known | None:
    """Those that the council has switched on; None where their settings are wrong, which is logged.

    Where properties are real, made-up areas are not asked.
    """
    chosen = choose(catalogue().council.get("connectors", {}))
    addresses, areas = chosen["addresses"], chosen["areas"]
    made_up = areas == STAND_IN and addresses != STAND_IN
    try:
        return Known((addresses, built("addresses", addresses)), None if made_up else (areas, built("areas", areas)))
    except Final as error:
        log.error("supplier.settings_wrong", supplier=addresses, why=str(error))
        return None


async def locate(contact_id: UUID, who_knows: Known | None) -> None:
    """Note on a contact whose its place is, its property and its ward, as far as they are certain. May run twice.

    Raises SupplierUnavailable, after which it may be asked again.
    """
    async with transaction() as session:
        contact = await session.get(Contact, contact_id)
        place = places.to_look_up(contact) if contact else None
    if place is None or who_knows is None:
        return
    where = await _where(place, who_knows)
    if who_knows.addresses[0] == STAND_IN:
        where = places.made_up(where)
    if where.details:
        async with transaction() as session:
            await _note(session, contact_id, place, where)


async def _where(place: str, who_knows: Known) -> Where:
    supplier, addresses = who_knows.addresses
    found = await _asked(supplier, lambda: addresses.find(place)) or []
    where = places.of_properties(places.meant(place, found))
    if where is not None and (where.elsewhere or WARD in where.details):
        return where
    area = None
    if who_knows.areas is not None:
        supplier, areas = who_knows.areas
        postcode, _ = within(place) or ("", "")
        area = await _asked(supplier, lambda: areas.area(postcode))
    return places.of_area(area) if where is None else places.with_ward(where, area)


async def _asked(supplier: str, call: Callable[[], Awaitable[T]]) -> T | None:
    """One answer; None where there will never be one. Raises SupplierUnavailable."""
    answers: list[T | ConnectorError] = []

    async def note(session: AsyncSession, answer: T | ConnectorError) -> None:
        answers.append(answer)

    async with transaction() as session:
        if await left_alone_until(session, supplier, clock.now()) is not None:
            raise SupplierUnavailable
    await send(supplier, LOOK_S, call, note)
    answer = answers[0]
    if not isinstance(answer, ConnectorError):
        return answer
    if answer.retryable:
        raise SupplierUnavailable from answer
    return None


async def _note(session: AsyncSession, contact_id: UUID, place: str, where: Where) -> None:
    """What was known before stays: who reported it may have given the property's number."""
    contact = await session.get(Contact, contact_id, with_for_update=True, populate_existing=True)
    if contact is None or places.to_look_up(contact) != place:
        return
    new = {label: said for label, said in where.details.items() if label not in contact.details}
    contact.details = {**contact.details, **new}
    if where.elsewhere:
        await contacts.note_history(session, contact_id, "noted", detail={"text": where.details[WHOSE] + "."})
    await taking.announce_change(session, contact_id)
