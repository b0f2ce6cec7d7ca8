"""A supervisor's move once it stands: who hears of it, and what somebody held at the moment when it was made."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from tests.makers import contact_now, make_agent, make_contact
from tests.queues.walls import arrive
from triage import clock, journey, outbox, taking
from triage.database import transaction
from triage.desk.supervision import moving, steps
from triage.events import ContactMoved, Event, MoveBegun, MoveStands, MoveUndone
from triage.intake.repository import history_for_resident
from triage.tables import BulkMove, BulkMoveItem, Contact, Notice

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every event that is handed on."""
    found: list[object] = []
    publish = outbox.publish

    async def kept(session: AsyncSession, event: Event, *, after: timedelta | None = None) -> None:
        found.append(event)
        await publish(session, event, after=after)

    monkeypatch.setattr(outbox, "publish", kept)
    return found


async def begin(to: str, ids: Sequence[UUID]) -> UUID:
    supervisor = await make_agent(role="supervisor")
    async with transaction() as session:
        return (await moving.begin(session, supervisor, to, "It is theirs.", ids)).id


async def moved(to: str, *ids: UUID) -> UUID:
    """A move that has been made, and that can no longer be taken back."""
    move_id = await begin(to, ids)
    async with transaction() as session:
        await moving.batch(session, move_id)
        long_ago = clock.now() - timedelta(minutes=16)
        await session.execute(update(BulkMove).where(BulkMove.id == move_id).values(began_at=long_ago))
    return move_id


async def stand(move_id: UUID) -> None:
    """As the worker does it, and twice, as it may."""
    for _ in range(2):
        async with transaction() as session:
            await steps.stand(session, move_id)


async def told(contact_id: UUID) -> list[str]:
    async with transaction() as session:
        return list(await session.scalars(select(Notice.kind).where(Notice.contact_id == contact_id)))


async def seen_by_its_resident(contact_id: UUID) -> list[str]:
    async with transaction() as session:
        lines = await history_for_resident(session, await session.get_one(Contact, contact_id))
        return [line.what for line in lines]


async def states(move_id: UUID) -> dict[UUID, str]:
    async with transaction() as session:
        rows = await session.execute(
            select(BulkMoveItem.contact_id, BulkMoveItem.state).where(BulkMoveItem.move_id == move_id)
        )
        return dict(rows.tuples().all())


async def test_whose_contact_goes_to_another_partner_is_told_once_and_the_supplier_hears_of_it(
    handed: list[object],
) -> None:
    contact_id = await make_contact(queue="Q-CTAX")
    move_id = await moved("Q-REPAIR", contact_id)
    assert await told(contact_id) == [] and await seen_by_its_resident(contact_id) == []
    await stand(move_id)
    assert await told(contact_id) == ["passed_on"] and await seen_by_its_resident(contact_id) == ["moved"]
    assert ContactMoved(contact_id) in handed
    assert {journey.step_name(step) for step in journey.JOURNEY[ContactMoved]} == {
        "delivery.hand_on",
        "learning.note_correction",
    }


async def test_between_two_queues_of_one_partner_by_the_same_day_there_is_no_news(handed: list[object]) -> None:
    contact_id = await arrive("Q-STREET")
    await stand(await moved("Q-LIB", contact_id))
    assert await told(contact_id) == [] and ContactMoved(contact_id) in handed


async def test_a_move_that_may_still_be_taken_back_or_was_is_told_to_nobody(handed: list[object]) -> None:
    contact_id = await make_contact(queue="Q-CTAX")
    move_id = await begin("Q-REPAIR", [contact_id])
    assert MoveStands(move_id) in handed
    async with transaction() as session:
        await moving.batch(session, move_id)
    await stand(move_id)
    assert await told(contact_id) == []
    async with transaction() as session:
        supervisor = await make_agent(role="supervisor")
        await moving.undo(session, supervisor, move_id)
        await moving.back(session, move_id)
        await session.execute(update(BulkMove).values(began_at=clock.now() - timedelta(minutes=16)))
    await stand(move_id)
    assert await told(contact_id) == [] and ContactMoved(contact_id) not in handed


async def test_who_took_it_meanwhile_was_news_enough_of_who_has_it(handed: list[object]) -> None:
    contact_id = await arrive("Q-CTAX")
    move_id = await moved("Q-EDU", contact_id)
    agent = await make_agent()
    async with transaction() as session:
        await taking.take(session, agent.id, contact_id)
    await stand(move_id)
    assert await told(contact_id) == ["taken"] and ContactMoved(contact_id) in handed


async def test_many_are_told_in_batches(handed: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "BATCH", 2)
    ids = sorted([await make_contact(queue="Q-CTAX") for _ in range(2)])
    move_id = await moved("Q-REPAIR", *ids)
    await stand(move_id)
    assert MoveStands(move_id, ids[-1]) in handed
    async with transaction() as session:
        await steps.stand(session, move_id, ids[0])
    assert [await told(one) for one in ids] == [["passed_on"]] * 2


async def test_what_somebody_holds_for_a_moment_is_moved_a_little_later(handed: list[object]) -> None:
    free, held = await make_contact(), await make_contact()
    move_id = await begin("Q-STREET", [free, held])
    async with transaction() as other:
        await other.get(Contact, held, with_for_update=True)
        async with transaction() as session:
            await moving.batch(session, move_id)
    assert await states(move_id) == {free: "moved", held: "waiting"}
    assert MoveBegun(move_id, 1) in handed
    async with transaction() as session:
        await steps.go_on(session, move_id, 1)
    assert (await contact_now(held)).queue == "Q-STREET"


async def test_what_somebody_holds_for_a_moment_goes_back_a_little_later(handed: list[object]) -> None:
    free, held = await make_contact(), await make_contact()
    move_id = await begin("Q-STREET", [free, held])
    supervisor = await make_agent(role="supervisor")
    async with transaction() as session:
        await moving.batch(session, move_id)
        await moving.undo(session, supervisor, move_id)
    async with transaction() as other:
        await other.get(Contact, held, with_for_update=True)
        async with transaction() as session:
            await steps.go_back(session, move_id)
    assert await states(move_id) == {free: "back", held: "moved"}
    assert MoveUndone(move_id, 1) in handed
    async with transaction() as session:
        await steps.go_back(session, move_id, 1)
    assert (await contact_now(held)).queue == "Q-WASTE"


async def test_what_is_held_for_longer_is_left_in_the_end_and_says_why(handed: list[object]) -> None:
    held = await make_contact()
    move_id = await begin("Q-STREET", [held])
    async with transaction() as other:
        await other.get(Contact, held, with_for_update=True)
        async with transaction() as session:
            await moving.batch(session, move_id, moving.MOST_TRIES)
    assert await states(move_id) == {held: "left"}
    assert MoveBegun(move_id, moving.MOST_TRIES + 1) not in handed
