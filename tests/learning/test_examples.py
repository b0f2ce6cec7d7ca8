"""Corrections become examples: redacted, looked at by a person, bounded, and forgotten in time."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from tests.learning.conftest import corrected, make_sorted, settle
from tests.makers import make_agent
from triage import clock
from triage.database import transaction
from triage.errors import Conflict, Invalid, NotAllowed, NotFound
from triage.learning import examples
from triage.tables import Contact, LearnedExample, LearningChange

# Things that say who somebody is, as they come in letters; none of them may be in what is stored.
CANARIES = (
    "Zelkova",
    "Priya",
    "Quillfeather",
    "900123",
    "N12 0QX",
    "priya.z@example.org",
    "QQ 12 34 56",
    "Farnaby",
)
LETTER = (
    "Dear Sir or Madam,\n\nMy name is Priya Zelkova and I live at 47 Quillfeather Road, N12 0QX. The leaves outside "
    "block the drain. My National Insurance number is QQ 12 34 56 C. Ring me on 07700 900123 or write to "
    "priya.z@example.org. Ms Farnaby at number 49 says the same.\n\nYours faithfully,\nPriya Zelkova"
)


async def gather() -> int:
    async with transaction() as session:
        return await examples.gather(session)


async def stored() -> list[LearnedExample]:
    async with transaction() as session:
        return list(await session.scalars(select(LearnedExample).order_by(LearnedExample.made_at)))


async def test_nothing_that_says_who_somebody_is_is_stored(database: str) -> None:
    await corrected("Q-STREET", text=LETTER, name="Priya Zelkova", reply_to="priya.z@example.org")
    assert await gather() == 1
    async with transaction() as session:
        whole = str((await session.execute(text("select row_to_json(e)::text from learned_example e"))).all())
    (one,) = await stored()
    assert "block the drain" in one.text
    for private in CANARIES:
        assert private.casefold() not in whole.casefold(), private


async def test_a_name_that_no_rule_would_know_is_taken_out_because_the_contact_has_it(database: str) -> None:
    await corrected("Q-STREET", text="the drain by umbra's, signed umbra qorvath", name="Umbra Qorvath")
    await gather()
    (one,) = await stored()
    assert "umbra" not in one.text.casefold() and "qorvath" not in one.text.casefold()


async def test_each_correction_makes_one_example_however_often_it_is_gathered(database: str) -> None:
    await corrected("Q-STREET", text="The leaves block the drain.")
    await settle(await make_sorted(text="My bin."))  # agreed: nothing to learn
    assert [await gather(), await gather()] == [1, 0]
    (one,) = await stored()
    assert (one.state, one.from_queue, one.queue, one.channel) == ("waiting", "Q-WASTE", "Q-STREET", "web")


@pytest.mark.parametrize("about", [{"danger": "domestic_abuse"}, {"priority": "P1"}, {"demo": True}])
async def test_what_tells_of_a_danger_is_never_an_example(database: str, about: dict[str, Any]) -> None:
    await corrected("Q-SAFE-A", text="He hurts me.", **about)
    assert await gather() == 0


async def test_a_long_letter_is_cut(database: str) -> None:
    await corrected("Q-STREET", text="the drain is blocked again " * 400)
    await gather()
    (one,) = await stored()
    assert len(one.text) <= examples.LONGEST + 2 and one.text.endswith("…")


async def test_only_so_many_wait_at_once(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "MOST_WAITING", 2)
    for number in range(3):
        await corrected("Q-STREET", text=f"Drain number {number} is blocked.")
    assert [await gather(), await gather()] == [2, 0]


async def accept(agent_role: str, example_id: UUID, queue: str = "Q-STREET", service: str = "street_cleaning") -> None:
    agent = await make_agent(role=agent_role)
    async with transaction() as session:
        await examples.accept(session, agent, example_id, queue, service)


async def test_only_what_a_person_accepted_is_trained_on(database: str) -> None:
    from triage.catalogue import catalogue

    service = next(one.id for one in catalogue().services.values() if one.queue == "Q-STREET")
    for number in range(3):
        await corrected("Q-STREET", text=f"Drain number {number} is blocked by leaves.")
    await gather()
    first, second, _ = await stored()
    await accept("editor", first.id, service=service)
    async with transaction() as session:
        await examples.drop(session, await make_agent(role="supervisor"), second.id)
    async with transaction() as session:
        (used,) = await examples.accepted(session)
    assert (used.text, used.queue, used.service) == (first.text, "Q-STREET", service)
    dropped = next(one for one in await stored() if one.id == second.id)
    assert dropped.state == "dropped" and dropped.text == ""
    async with transaction() as session:
        lines = list(await session.scalars(select(LearningChange).order_by(LearningChange.at)))
    assert [line.what for line in lines] == ["accepted", "dropped"] and all(line.agent_id for line in lines)


@pytest.mark.parametrize("role", ["agent", "owner", "partner", "administrator"])
async def test_others_may_not_decide(database: str, role: str) -> None:
    await corrected("Q-STREET")
    await gather()
    (one,) = await stored()
    with pytest.raises(NotAllowed):
        await accept(role, one.id, service="")


async def test_it_is_decided_once_and_for_a_queue_that_there_is(database: str) -> None:
    await corrected("Q-STREET")
    await gather()
    (one,) = await stored()
    for queue, service in (("Q-HOLDING", ""), ("Q-NOWHERE", ""), ("Q-STREET", "no_such_service")):
        with pytest.raises(Invalid):
            await accept("editor", one.id, queue, service)
    await accept("editor", one.id, service="")
    with pytest.raises(Conflict):
        await accept("editor", one.id, service="")
    with pytest.raises(NotFound):
        await accept("editor", UUID(int=0), service="")


async def test_what_is_past_its_time_is_forgotten_and_an_erased_contact_takes_its_example_along(database: str) -> None:
    old, erased, kept = [await corrected("Q-STREET", text=f"Drain {n} is blocked.") for n in range(3)]
    await gather()
    async with transaction() as session:
        await session.execute(
            update(LearnedExample)
            .where(LearnedExample.contact_id == old)
            .values(expires_at=clock.now() - timedelta(minutes=1))
        )
        contact = await session.get(Contact, erased)
        await session.delete(contact)
    async with transaction() as session:
        assert await examples.forget(session) == 1
    assert [one.contact_id for one in await stored()] == [kept]


async def test_the_oldest_accepted_are_let_go_beyond_a_bound(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "MOST_ACCEPTED", 1)
    for number in range(2):
        await corrected("Q-STREET", text=f"Drain {number} is blocked.")
    await gather()
    first, second = await stored()
    for one in (first, second):
        await accept("editor", one.id, service="")
    async with transaction() as session:
        await examples.forget(session)
        (used,) = await examples.accepted(session)
    assert used.text == second.text
