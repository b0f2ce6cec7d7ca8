"""A contact's place is looked up after it is stored; who cannot say changes nothing and holds nothing up."""

from typing import Any
from uuid import UUID

import procrastinate
import pytest
from sqlalchemy import text

from connectors.console import ConsoleAddresses, ConsoleAreas, ConsoleCasework
from connectors.errors import SupplierBroken, SupplierUnavailable
from connectors.registry import STAND_IN
from connectors.shapes import Address, Area
from tests.delivery.conftest import SUPPLIER
from tests.makers import contact_now, make_contact
from triage.contacts import MADE_UP, UPRN, WARD, WHOSE
from triage.database import transaction
from triage.delivery import locating, service, steps
from triage.delivery.locating import Known
from triage.delivery.places import UNSURE
from triage.outbox import jobs

HOUSE = "12 Ballards Lane, N3 1AB"


class Elsewhere(ConsoleAddresses):
    """Everything that it finds is Enfield's."""

    async def find(self, text: str) -> list[Address]:
        found = await super().find(text)
        return [Address(one.uprn, one.line, one.postcode, ours=False, council_name="Enfield") for one in found]


class Away(ConsoleAddresses, ConsoleAreas):
    """It does not answer."""

    async def find(self, text: str) -> list[Address]:
        raise SupplierBroken

    async def area(self, postcode: str) -> Area | None:
        raise SupplierBroken


def known(addresses: Any = None) -> Known:
    # Names of their own: how they are doing says nothing about the depot.
    return Known(("places", addresses or ConsoleAddresses()), ("areas", ConsoleAreas()))


async def located(place: str, addresses: Any = None, **fields: Any) -> tuple[UUID, dict[str, Any]]:
    contact_id = await make_contact(place=place, **fields)
    await locating.locate(contact_id, known(addresses))
    return contact_id, (await contact_now(contact_id)).details


async def test_a_property_is_noted_beside_what_was_said_and_what_was_said_stays(handed_on: None) -> None:
    contact_id, details = await located(HOUSE, details={"Bin": "Blue", WARD: "As they said"})
    assert (details["Bin"], details[WARD]) == ("Blue", "As they said") and details[UPRN].isdecimal()
    await locating.locate(contact_id, known(Elsewhere()))
    assert (await contact_now(contact_id)).details == details


async def test_a_border_postcode_without_its_house_is_unsure_and_with_it_is_not(handed_on: None) -> None:
    _, details = await located("The bridge on East Barnet Road, EN4 8RN")
    assert details == {WHOSE: UNSURE}
    _, details = await located("12 East Barnet Road, EN4 8RN")
    assert UPRN in details and details[WHOSE] != UNSURE


async def test_what_is_anothers_stays_on_its_queue_and_a_person_reads_whose(handed_on: None) -> None:
    contact_id, details = await located(HOUSE, Elsewhere())
    assert "Enfield" in details[WHOSE] and UPRN not in details
    contact = await contact_now(contact_id)
    assert (contact.state, contact.queue) == ("queued", "Q-WASTE")


async def test_what_the_stand_in_makes_up_is_marked_and_goes_to_nobody(depot: ConsoleCasework) -> None:
    contact_id = await make_contact(service="missed_bin", place=HOUSE, details={"Bin": "Blue"})
    await locating.locate(contact_id, Known((STAND_IN, ConsoleAddresses()), (STAND_IN, ConsoleAreas())))
    details = (await contact_now(contact_id)).details
    assert {label for label, said in details.items() if said.endswith(MADE_UP)} == {UPRN, WARD, WHOSE}
    async with transaction() as session:
        await steps.hand_on(session, contact_id)
    await service.deliver({SUPPLIER: depot}, lambda: 0.5)
    (case,) = depot.cases.values()
    assert case.request.place is not None and case.request.place.uprn is None
    assert case.request.details == {"Bin": "Blue"}


async def test_nothing_is_asked_of_a_place_without_a_postcode_or_of_a_demonstration(handed_on: None) -> None:
    for place, demo in (("The bridge", False), (HOUSE, True)):
        _, details = await located(place, Away(), demo=demo)
        assert details == {}


async def test_with_nobody_to_ask_nothing_changes_and_it_is_asked_again(handed_on: None) -> None:
    contact_id = await make_contact(place=HOUSE)
    with pytest.raises(SupplierUnavailable):
        await locating.locate(contact_id, known(Away()))
    assert (await contact_now(contact_id)).details == {}
    await locating.locate(contact_id, None)
    await locating.locate(contact_id, known())
    assert UPRN in (await contact_now(contact_id)).details


@pytest.mark.parametrize("away", [False, True])
async def test_the_suppliers_case_has_the_property_and_waits_for_nobody(
    depot: ConsoleCasework, monkeypatch: pytest.MonkeyPatch, away: bool
) -> None:
    monkeypatch.setattr(locating, "known", lambda: known(Away() if away else None))
    contact_id = await make_contact(service="missed_bin", place=HOUSE)
    async with transaction() as session:
        await steps.hand_on(session, contact_id)
    assert await service.deliver({SUPPLIER: depot}, lambda: 0.5) == 1
    (case,) = depot.cases.values()
    assert case.request.place is not None and case.request.place.line == HOUSE
    assert case.request.place.uprn == (await contact_now(contact_id)).details.get(UPRN)
    assert (case.request.place.uprn is None) is away


async def test_the_worker_looks_it_up_and_asks_again_where_nobody_could_say(
    handed_on: None, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[Known | None] = [known(Away())]
    monkeypatch.setattr(locating, "known", lambda: answers[0])
    contact_id = await make_contact(place=HOUSE)
    async with transaction() as session:
        await steps.find_place(session, contact_id)
        await steps.find_place(session, await make_contact(place="The bridge"))

    async def jobs_now() -> list[str]:
        async with transaction() as session:
            rows = await session.execute(text("select status::text from procrastinate_jobs where task_name = 'locate'"))
            return [row.status for row in rows]

    connector = procrastinate.PsycopgConnector(conninfo=database, min_size=1, max_size=4)
    with jobs.replace_connector(connector):
        async with jobs.open_async():
            await jobs.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False)
            assert await jobs_now() == ["todo"], "nobody could say; a place without a postcode is not asked about"
            assert (await contact_now(contact_id)).details == {}
            answers[0] = known()
            async with transaction() as session:
                await session.execute(text("update procrastinate_jobs set scheduled_at = now() where status = 'todo'"))
            await jobs.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False)
    assert await jobs_now() == ["succeeded"]
    assert UPRN in (await contact_now(contact_id)).details
