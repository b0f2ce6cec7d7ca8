"""A try of which nobody knows what came is not made again where that would make a second case; nor by two at once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from bench.delivery import fast_time
from bench.depot import Depot, Killed
from connectors.errors import RequestRefused
from connectors.jadu_cxm import JaduCasework
from connectors.shapes import Case
from tests.connectors.jadu_cxm.supplier import running, settings
from tests.connectors.suppliers.running import Running
from tests.delivery.conftest import SUPPLIER
from tests.delivery.test_handing_on import MIDDLE, arrives, deliver, deliveries, noted
from tests.delivery.test_theirs_no_more import close
from tests.makers import contact_now, make_agent
from triage import clock
from triage.database import transaction
from triage.delivery import parcels, repository, rules, service
from triage.settings import get_settings

JADU = "jadu_cxm"
NEVER = timedelta(hours=1)


@pytest.fixture
async def jadu(handed_on: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Running]:
    """Jadu, which has no key against a second case and no search; what fails is tried again at once."""
    monkeypatch.setenv("FRONTDOOR_CASEWORK", f'{{"missed_bin": "{JADU}"}}')
    get_settings.cache_clear()
    monkeypatch.setattr(rules, "wait_after", lambda *_: timedelta(0))
    async with running("casework") as one:
        yield one


async def to_jadu(client: Any) -> int:
    return await service.deliver({JADU: client}, lambda: MIDDLE)


async def test_a_case_that_may_have_been_made_is_looked_for_by_a_person_and_not_made_again(jadu: Running) -> None:
    assert jadu.supplier is not None
    jadu.supplier.fail(None, "lost")
    contact_id = await arrives()
    for _ in range(3):
        assert await to_jadu(jadu.connector) == 0
    (delivery,) = await deliveries(contact_id)
    assert (jadu.made(), delivery.state, delivery.why) == (1, "failed", "maybe_made")
    assert (await contact_now(contact_id)).follow_up_on is None
    assert "Look for it there." in await noted(contact_id)
    async with transaction() as session:
        await service.send_again(session, delivery.id, await make_agent(role="supervisor"))
    assert await to_jadu(jadu.connector) == 1 and jadu.made() == 2, "whoever looked did not find it"


async def test_what_was_certainly_not_done_is_tried_again(jadu: Running) -> None:
    assert jadu.supplier is not None
    # The sign-in is lost; then Jadu is too busy to make a case.
    jadu.supplier.fail("lost", None, "busy")
    await arrives()
    assert [await to_jadu(jadu.connector) for _ in range(3)] == [0, 0, 1]
    assert jadu.made() == 1


class Dies(JaduCasework):
    """The worker is killed between Jadu's answer and its note of it."""

    async def create(self, request: Any, client_reference: str) -> Case:
        await super().create(request, client_reference)
        raise Killed


@pytest.mark.parametrize("closed", [False, True])
async def test_a_case_whose_maker_was_killed_is_looked_for_by_a_person(jadu: Running, closed: bool) -> None:
    assert jadu.supplier is not None
    with fast_time() as wall:
        contact_id = await arrives()
        with pytest.raises(Killed):
            await to_jadu(Dies(settings(jadu.supplier)))
        wall["now"] += timedelta(seconds=61)
        if closed:
            await close(contact_id, "answered")
        assert await to_jadu(JaduCasework(settings(jadu.supplier))) == 0
    delivery, *_ = await deliveries(contact_id)
    assert (jadu.made(), delivery.state, delivery.why) == (1, "failed", "maybe_made")


async def test_who_was_killed_before_it_began_leaves_nothing_to_look_for(jadu: Running) -> None:
    with fast_time() as wall:
        contact_id = await arrives()
        async with transaction() as session:
            lease = clock.now() + timedelta(seconds=60)
            assert await repository.claim(session, JADU, clock.now(), lease, 8)
        wall["now"] += timedelta(seconds=61)
        assert await to_jadu(jadu.connector) == 1
    assert [one.state for one in await deliveries(contact_id)] == ["sent"]


def test_only_who_knows_our_reference_may_be_told_again_without_being_asked() -> None:
    # Open311 offers to look, and an endpoint that lists nothing cannot.
    known = {name: parcels.knows_twice(name) for name in ("jadu_cxm", "open311", "webhook", "nobody")}
    assert known == {"jadu_cxm": False, "open311": False, "webhook": True, "nobody": False}


class Held(Depot):
    """Makes a second case when it is asked twice; the ninth call waits before it is done, until it is let go."""

    def __init__(self, wall: dict[str, datetime]) -> None:
        super().__init__(NEVER, 1)
        self.wall, self.begun = wall, 0
        self.ninth, self.let_go = asyncio.Event(), asyncio.Event()

    async def create(self, request: Any, client_reference: str) -> Case:
        self.begun += 1
        if self.begun == service.SIDE_BY_SIDE:
            # All that was claimed in the beginning has taken longer than a lease.
            self.wall["now"] += timedelta(seconds=61)
        if self.begun == service.SIDE_BY_SIDE + 1:
            self.ninth.set()
            await self.let_go.wait()
        return await super().create(request, client_reference)


async def test_what_waits_behind_slow_calls_is_sent_by_one_round_alone(handed_on: None) -> None:
    with fast_time() as wall:
        for _ in range(service.SIDE_BY_SIDE + 1):
            await arrives()
        depot = Held(wall)
        first = asyncio.create_task(deliver(depot))
        async with asyncio.timeout(20):
            await depot.ninth.wait()
            await deliver(depot)
            depot.let_go.set()
            await first
    assert [len(handles) for handles in depot.by_reference.values()] == [1] * 9


async def test_a_try_whose_lease_has_ended_is_given_up_and_its_failure_frees_nobody_elses(handed_on: None) -> None:
    depot = Depot(NEVER, 1)
    with fast_time() as wall:
        contact_id = await arrives()
        tries: list[repository.Claimed] = []
        for _ in range(2):
            async with transaction() as session:
                lease = clock.now() + timedelta(seconds=60)
                tries.extend(await repository.claim(session, SUPPLIER, clock.now(), lease, 1))
            wall["now"] += timedelta(seconds=61)
        late, now = tries
        assert await service.hand_over(late, SUPPLIER, depot, lambda: MIDDLE) == 0
        async with transaction() as session:
            await service.note(session, late, False, RequestRefused(), MIDDLE)
        assert (depot.calls, (await deliveries(contact_id))[0].state) == (0, "sending")
        assert await service.hand_over(now, SUPPLIER, depot, lambda: MIDDLE) == 1
    assert len(depot.cases) == 1
