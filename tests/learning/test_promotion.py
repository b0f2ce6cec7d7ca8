"""Promotion is a person's decision: refused when the figures are worse, on record, and taken back in one press."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from tests.learning.conftest import make_version, states
from tests.makers import make_agent
from triage.database import transaction
from triage.errors import Conflict, EmptyMessage, MessageTooLong, NotAllowed, NotFound
from triage.learning import versions
from triage.sorters import keeping
from triage.sorters.contract import Score, Trained
from triage.tables import Agent, LearningChange


@pytest.fixture(autouse=True)
def built(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sorter that was built is called so; nothing is read with it here."""

    class Named:
        def built(self) -> str:
            return "built"

    monkeypatch.setattr(versions, "sorter_kind", Named)


async def promote(agent: Agent, version: str, reason: str = "It does better on our own contacts.") -> tuple[str, ...]:
    async with transaction() as session:
        return await versions.refuse_or_promote(session, agent, version, reason)


async def roll_back(agent: Agent, version: str) -> str:
    async with transaction() as session:
        return await versions.roll_back(session, agent, version, "It sends trees to parking.")


async def live() -> str | None:
    async with transaction() as session:
        return await keeping.live_version(session)


async def lines() -> list[LearningChange]:
    async with transaction() as session:
        return list(await session.scalars(select(LearningChange).order_by(LearningChange.at)))


async def test_a_person_promotes_with_a_reason_that_is_kept(supervisor: Agent) -> None:
    await make_version("new")
    assert await live() is None
    assert await promote(supervisor, "new") == ()
    assert await live() == "new"
    (line,) = await lines()
    assert (line.what, line.agent_id) == ("promoted", supervisor.id)
    assert line.detail == {
        "version": "new",
        "instead_of": "built",
        "reason": "It does better on our own contacts.",
    }


@pytest.mark.parametrize(
    ("score", "says"),
    [
        (Score(200, 10, 179), "94.2%"),
        (Score(200, 30, 170), "15.0%"),
        (Score(200, 10, 190, ("contact 3 of the held-out ones (P1, Q-SAFE-A)",)), "contact 3"),
    ],
)
async def test_a_worse_one_is_refused_with_the_figures_and_the_try_is_on_record(
    supervisor: Agent, score: Score, says: str
) -> None:
    await make_version("worse", score=score.kept())
    why = await promote(supervisor, "worse")
    assert says in " ".join(why)
    assert await live() is None and (await states())["worse"] == "shadow"
    (line,) = await lines()
    assert line.what == "refused" and line.detail["why"] == list(why)


async def test_one_that_was_compared_with_another_than_the_live_one_is_refused(supervisor: Agent) -> None:
    await make_version("first", "live")
    await make_version("new", live_version="built")
    assert "Another sorter has become live" in " ".join(await promote(supervisor, "new"))


@pytest.mark.parametrize("role", ["agent", "owner", "editor", "partner"])
async def test_others_may_not(supervisor: Agent, role: str) -> None:
    await make_version("new")
    agent = await make_agent(role=role)
    with pytest.raises(NotAllowed):
        await promote(agent, "new")
    with pytest.raises(NotAllowed):
        await roll_back(agent, "new")


async def test_a_reason_is_asked(supervisor: Agent) -> None:
    await make_version("new")
    with pytest.raises(EmptyMessage):
        await promote(supervisor, "new", "  ")
    with pytest.raises(MessageTooLong):
        await promote(supervisor, "new", "x" * 501)
    with pytest.raises(NotFound):
        await promote(supervisor, "nothing")


async def test_back_to_the_one_before_and_from_there_to_the_built_one(supervisor: Agent) -> None:
    await make_version("one")
    await promote(supervisor, "one")
    await make_version("two", live_version="one")
    await promote(supervisor, "two")
    assert await states() == {"one": "past", "two": "live"}
    assert await roll_back(supervisor, "two") == "one"
    assert await states() == {"one": "live", "two": "past"}
    with pytest.raises(Conflict):
        await roll_back(supervisor, "two")
    assert await roll_back(supervisor, "one") == "built"
    assert await live() is None
    assert [line.what for line in await lines()] == ["promoted", "promoted", "rolled_back", "rolled_back"]


async def test_two_who_press_at_once_promote_once(supervisor: Agent) -> None:
    await make_version("new")
    done: list[Any] = await asyncio.gather(*(promote(supervisor, "new") for _ in range(4)), return_exceptions=True)
    assert done.count(()) == 1 and sum(isinstance(one, Conflict) for one in done) == 3
    assert await states() == {"new": "live"}


async def test_a_new_one_takes_the_place_of_the_one_in_shadow(supervisor: Agent) -> None:
    await make_version("old")
    score = Score(200, 10, 180)
    for _ in range(2):
        async with transaction() as session:
            await versions.put_in_shadow(
                session, Trained("new", 990), 12, score, live_score=score, live_version="built", packed=b"files"
            )
    assert await states() == {"old": "past", "new": "shadow"}
