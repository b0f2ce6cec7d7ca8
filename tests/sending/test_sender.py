"""One sender for all: a supplier of messages that is away is left alone by everybody, and what waited goes out once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from connectors.console import ConsoleMessages
from connectors.errors import ConnectorError, MessageRefused, SupplierBusy, SupplierSlow
from tests.care.conftest import changed, round_of
from tests.care.test_telling import Away
from triage import clock
from triage.database import transaction
from triage.sending import repository, sender
from triage.tables import Notice, Supplier


async def make_due() -> None:
    async with transaction() as session:
        await session.execute(update(Notice).where(Notice.state == "due").values(next_at=clock.now()))


async def states() -> list[str]:
    async with transaction() as session:
        return list(await session.scalars(select(Notice.state)))


async def test_a_supplier_of_messages_that_is_away_is_left_alone_and_nothing_is_lost(database: str) -> None:
    for number in range(12):
        await changed("closed", reply_to=f"resident{number}@example.com")
    away, well = Away(), ConsoleMessages()
    assert await round_of(away) == 0
    asked = away.asked
    assert 5 <= asked < 12, "from the fifth failure on nobody tries"
    await make_due()
    assert await round_of(away) == 0 and away.asked == asked
    # Its pause is over: one is tried, and when that works, the others.
    async with transaction() as session:
        await session.execute(update(Supplier).values(opened_until=clock.now() - timedelta(seconds=1)))
    for _ in range(3):
        await make_due()
        await round_of(well)
    assert len(well.outbox) == 12 and set(await states()) == {"sent"}
    async with transaction() as session:
        assert (await repository.breaker(session, sender.messenger())).failures == 0


async def test_whoever_asks_first_after_a_pause_sees_whether_it_works_again(database: str) -> None:
    now = clock.now()
    async with transaction() as session:
        session.add(Supplier(connector="depot", failures=5, opened_until=now - timedelta(seconds=1)))
    for first in (True, False):
        async with transaction() as session:
            assert (await sender.left_alone_until(session, "depot", now) is None) is first


@pytest.mark.parametrize(
    ("error", "failures"), [(SupplierBusy(), 1), (ValueError("a word of a resident"), 1), (MessageRefused(), 0)]
)
async def test_only_what_says_that_the_supplier_is_not_well_counts(
    database: str, error: Exception, failures: int, capsys: pytest.CaptureFixture[str]
) -> None:
    noted: list[object] = []

    async def call() -> None:
        raise error

    async def note(session: object, answer: object) -> None:
        noted.append(answer)

    assert not await sender.send("depot", 1.0, call, note)
    assert isinstance(noted[0], ConnectorError)
    async with transaction() as session:
        assert (await repository.breaker(session, "depot")).failures == failures
    assert "a word of a resident" not in capsys.readouterr().out


async def test_an_answer_that_never_comes_may_have_been_taken() -> None:
    answer = await sender.attempt("depot", 0.01, lambda: asyncio.sleep(60))
    assert isinstance(answer, SupplierSlow) and answer.maybe_done
