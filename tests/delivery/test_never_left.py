"""Whatever is a supplier's goes there or comes to a person; what they tell before we know is heard."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from bench.depot import Depot
from connectors.console import ConsoleCasework
from connectors.errors import SupplierSlow
from connectors.shapes import Case, CaseUpdate
from tests.delivery.conftest import SUPPLIER
from tests.delivery.test_handing_on import MIDDLE, arrives, deliver, deliveries, hear, noted
from tests.delivery.test_theirs_no_more import take
from tests.makers import contact_now, make_contact
from triage import clock
from triage.database import transaction
from triage.delivery import hearing, rules, service, steps
from triage.sending import repository as breakers
from triage.sending.rules import TRIP
from triage.settings import get_settings
from triage.tables import Delivery

WELL = timedelta(hours=1)


async def test_one_that_is_taken_at_once_goes_to_its_supplier_all_the_same(depot: ConsoleCasework) -> None:
    contact_id = await make_contact(service="missed_bin")
    await take(contact_id)
    async with transaction() as session:
        await steps.hand_on(session, contact_id)
    assert await deliver(depot) == 1 and len(depot.cases) == 1
    contact = await contact_now(contact_id)
    assert (contact.state, contact.follow_up_on) == ("taken", None), "who has taken it keeps it"


async def test_what_no_step_has_handed_on_is_found_at_night_and_nothing_older(depot: ConsoleCasework) -> None:
    missed = await make_contact(service="missed_bin")
    for fields in ({"service": "blue_badge"}, {"queued_at": clock.now() - timedelta(days=3)}, {"demo": True}):
        await make_contact(**{"service": "missed_bin"} | fields)
    assert [await steps.hand_on_missed() for _ in range(2)] == [1, 0]
    assert await deliver(depot) == 1
    assert [one.state for one in await deliveries(missed)] == ["sent"]


def done(handle: str) -> CaseUpdate:
    return CaseUpdate("theirs-1", handle, "done", clock.now(), None)


class TellsFirst(Depot):
    """Knows cases by our reference, and has done one before its answer to us has come."""

    async def create(self, request: Any, client_reference: str) -> Case:
        await super().create(request, client_reference)
        assert await hear(done(client_reference))
        return Case(client_reference, "W-17", "received")


async def test_what_is_told_before_we_have_noted_the_case_counts(handed_on: None) -> None:
    contact_id = await arrives()
    await deliver(TellsFirst(WELL, 1))
    (delivery,) = await deliveries(contact_id)
    assert (delivery.state, delivery.handle, delivery.reference) == ("sent", str(delivery.id), "W-17")
    assert (await contact_now(contact_id)).state == "closed"


class LosesAnswers(Depot):
    """Has made the case, and its answer never comes."""

    async def create(self, request: Any, client_reference: str) -> Case:
        await super().create(request, client_reference)
        raise SupplierSlow(maybe_done=True)


async def test_who_tells_of_a_case_has_taken_it_though_no_answer_came(handed_on: None) -> None:
    depot = LosesAnswers(WELL, 1)
    contact_id = await arrives()
    assert await deliver(depot) == 0
    (delivery,) = await deliveries(contact_id)
    # Only the supplier that it went to knows it.
    async with transaction() as session:
        assert not await hearing.hear(session, "webhook", done(str(delivery.id)))
    assert await hear(CaseUpdate("theirs-1", str(delivery.id), "planned", clock.now(), None))
    (delivery,) = await deliveries(contact_id)
    assert (delivery.state, delivery.handle) == ("sent", str(delivery.id))
    assert "it has a day" in await noted(contact_id)


async def test_what_a_supplier_takes_away_a_second_time_comes_to_a_person(depot: ConsoleCasework) -> None:
    contact_id = await arrives()
    for _ in range(2):
        assert await deliver(depot) == 1
        depot.cases.clear()
        async with transaction() as session:
            (await session.get_one(Delivery, (await deliveries(contact_id))[0].id)).checked_at = None
        assert await hearing.reconcile({SUPPLIER: depot}) == 1
    (delivery,) = await deliveries(contact_id)
    assert (delivery.state, delivery.why, delivery.lost) == ("failed", "lost_again", 2)
    assert await deliver(depot) == 0 and not depot.cases
    assert (await contact_now(contact_id)).follow_up_on is None


async def grows_old(contact_id: UUID) -> None:
    async with transaction() as session:
        for one in await deliveries(contact_id):
            (await session.get_one(Delivery, one.id)).made_at = clock.now() - rules.GIVE_UP


async def why(contact_id: UUID) -> list[tuple[str, str | None]]:
    return [(one.state, one.why) for one in await deliveries(contact_id)]


async def test_what_goes_to_nobody_any_more_comes_to_a_person(
    depot: ConsoleCasework, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact_id = await arrives()
    # Its settings are wrong for a moment: it waits.
    assert await service.deliver({}, lambda: MIDDLE) == 0 and await why(contact_id) == [("due", None)]
    monkeypatch.setenv("FRONTDOOR_CASEWORK", "{}")
    get_settings.cache_clear()
    await steps.deliver()
    expected = [("failed", "no_route")]
    assert await why(contact_id) == expected, "it is not handed to anybody"


async def test_what_waited_three_days_for_wrong_settings_or_an_absent_supplier_comes_to_a_person(
    depot: ConsoleCasework,
) -> None:
    old, new = await arrives(), await arrives()
    await grows_old(old)
    assert await service.deliver({}, lambda: MIDDLE) == 0
    assert (await why(old), await why(new)) == ([("failed", "gave_up")], [("due", None)])
    async with transaction() as session:
        for _ in range(TRIP):
            await breakers.note_failure(session, SUPPLIER, clock.now())
    await grows_old(new)
    third = await arrives()
    assert await deliver(depot) == 0
    assert (await why(new), await why(third)) == ([("failed", "gave_up")], [("due", None)])
