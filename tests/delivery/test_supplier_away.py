"""The supplier away, slow and half dead while our worker is killed: all arrives once, in order. See bench/delivery.py,
where the same is done with 5,000 requests and four hours."""

import asyncio
from datetime import timedelta

import pytest

from bench.delivery import DEPOT, simulate
from bench.depot import Depot
from connectors.errors import SupplierSlow
from connectors.shapes import Case
from tests.delivery.test_handing_on import arrives, deliver
from triage import clock, events, outbox
from triage.database import transaction
from triage.delivery import hearing
from triage.sending import repository as breakers
from triage.sending.rules import TRIP
from triage.settings import get_settings


@pytest.fixture
def handed_on(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Missed bins go to a supplier; events are followed by nothing else."""
    monkeypatch.setenv("FRONTDOOR_CASEWORK", f'{{"missed_bin": "{DEPOT}"}}')
    get_settings.cache_clear()
    for event in events.Event.__subclasses__():
        monkeypatch.setitem(outbox.routes, event.__name__, ())


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_everything_arrives_once_and_in_order_however_the_supplier_and_the_worker_fail(
    handed_on: None, seed: int
) -> None:
    ended = await simulate(150, timedelta(minutes=40), seed)
    assert ended.kills > 0
    assert ended.deliveries > 150
    assert (ended.twice, ended.missing, ended.out_of_order, ended.wrong_page) == ([], [], [], [])


class Silent(Depot):
    """Takes cases, and does not answer when it is asked how they stand."""

    def __init__(self) -> None:
        super().__init__(timedelta(hours=1), 1)
        self.asked = 0

    async def status(self, handle: str) -> Case:
        self.asked += 1
        await asyncio.sleep(0)
        raise SupplierSlow


async def test_who_does_not_say_how_cases_stand_is_asked_no_more_in_that_round_and_not_while_left_alone(
    handed_on: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRONTDOOR_SUPPLIERS_ASKED_EVERY_S", "0.000001")
    get_settings.cache_clear()
    silent = Silent()
    for _ in range(3 * hearing.SIDE_BY_SIDE):
        await arrives()
    while await deliver(silent):
        pass
    assert await hearing.ask({DEPOT: silent}) == 0
    assert TRIP <= silent.asked <= hearing.SIDE_BY_SIDE + TRIP
    async with transaction() as session:
        assert (await breakers.breaker(session, DEPOT)).failures == 0, "new cases go there as before"
        for _ in range(TRIP):
            await breakers.note_failure(session, DEPOT, clock.now())
    before = silent.asked
    await hearing.ask({DEPOT: silent})
    assert silent.asked == before
