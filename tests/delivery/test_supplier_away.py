"""The supplier away, slow and half dead while our worker is killed: all arrives once, in order. See bench/delivery.py,
where the same is done with 5,000 requests and four hours."""

from datetime import timedelta

import pytest

from bench.delivery import DEPOT, simulate
from triage import events, outbox
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
