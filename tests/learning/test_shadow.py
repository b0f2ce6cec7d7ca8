"""A sorter trained on corrections: in shadow it never acts, promoted it sorts at once, whoever sorts meanwhile."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.learning.conftest import arrive, corrected, job_now, make_version, sort, states
from tests.makers import contact_now, make_agent
from triage import journey
from triage.database import transaction
from triage.errors import Conflict
from triage.learning import examples, steps, training, versions
from triage.sorters.contract import Score, sorter_kind
from triage.sorting.model import Example
from triage.tables import Agent, Contact, LearnedExample, ShadowDecision, SorterVersion

TEXT = "The leaves outside our house block the drain and the road floods whenever it rains."


async def shadows() -> list[ShadowDecision]:
    async with transaction() as session:
        return list(await session.scalars(select(ShadowDecision)))


def as_stored(contact: Contact) -> dict[str, object]:
    """Every column of a contact."""
    return {column.name: getattr(contact, column.name) for column in Contact.__table__.columns}


async def train(supervisor: Agent) -> str:
    """Accept a correction, train, and give the version that is in shadow then."""
    await corrected("Q-HWAY", text=TEXT)
    async with transaction() as session:
        await examples.gather(session)
    async with transaction() as session:
        for one in await session.scalars(select(LearnedExample)):
            await examples.accept(session, supervisor, one.id, "Q-HWAY", "")
    async with transaction() as session:
        job_id = await training.ask(session, supervisor)
    with pytest.raises(Conflict, match="going on already"):
        async with transaction() as session:
            await training.ask(session, supervisor)
    await training.retrain(job_id)
    job = await job_now(job_id)
    assert job.state == "done" and "in shadow now" in job.says, job.says
    return str(job.result["version"])


async def test_from_a_correction_to_a_sorter_that_sorts(at_home: Path, few: list[Example], supervisor: Agent) -> None:
    assert journey.STEPS
    version = await train(supervisor)
    built = sorter_kind().built()
    async with transaction() as session:
        row = await session.get(SorterVersion, version)
        assert row is not None
    assert (row.state, row.examples, row.corrections, row.live_version) == ("shadow", len(few) + 1, 1, built)
    new, live = Score.read(row.score), Score.read(row.live_score)
    assert new.n == live.n > 20 and 0 < new.right <= new.sorted

    # In shadow: each new contact is decided by both, and only the live one counts.
    contact_id = await arrive("A tree has come down across the pavement.")
    decision = await sort(contact_id)
    before = await contact_now(contact_id)
    for _ in range(2):
        async with transaction() as session:
            await steps.decide_in_shadow(session, contact_id)
    after = await contact_now(contact_id)
    (shadow,) = await shadows()
    assert (shadow.decision_id, shadow.version) == (decision.id, version)
    assert decision.made_by["sorting"] == built
    assert as_stored(before) == as_stored(after)

    # Promoted while contacts are being sorted: each has one decision by one of the two, and none is left.
    async with transaction() as session:
        held = await session.get(SorterVersion, version)
        assert held is not None
        # As good as the live one, whatever so few contacts say.
        held.score = held.live_score = Score(40, 2, 30).kept()
    ids = [await arrive(f"Please empty my blue bin, number {n}.") for n in range(12)]

    async def promote() -> tuple[str, ...]:
        await asyncio.sleep(0.05)
        async with transaction() as session:
            return await versions.refuse_or_promote(session, supervisor, version, "It learned about drains.")

    *decisions, why_not = await asyncio.gather(*(sort(one) for one in ids), promote())
    assert why_not == ()
    assert {one.made_by["sorting"] for one in decisions} <= {built, version}
    assert len({one.contact_id for one in decisions}) == 12
    assert (await sort(await arrive("Where is my blue bin?"))).made_by["sorting"] == version

    # One press back, and the next contact is sorted by the one before.
    async with transaction() as session:
        await versions.roll_back(session, supervisor, version, "Not yet.")
    assert (await sort(await arrive("Where is my green bin?"))).made_by["sorting"] == built
    assert await states() == {version: "past"}


async def test_without_one_in_shadow_the_step_does_nothing(at_home: Path) -> None:
    contact_id = await arrive("My bin was not emptied.")
    await sort(contact_id)
    async with transaction() as session:
        await steps.decide_in_shadow(session, contact_id)
    assert await shadows() == []


async def test_a_live_sorter_that_cannot_be_read_leaves_nobody_waiting(at_home: Path) -> None:
    await make_version("broken", "live", model=b"no archive")
    decision = await sort(await arrive("My bin was not emptied."))
    assert decision.made_by["sorting"] == sorter_kind().built()


async def test_a_training_that_fails_says_so_and_can_be_started_again(
    at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError("no room on the disk")

    monkeypatch.setattr(training, "_train", fails)
    agent = await make_agent(role="supervisor")
    async with transaction() as session:
        job_id = await training.ask(session, agent)
    with pytest.raises(OSError, match="no room"):
        await training.retrain(job_id)
    job = await job_now(job_id)
    assert job.state == "failed" and "OSError" in job.says and "disk" not in job.says
    async with transaction() as session:
        assert await training.ask(session, agent) != job_id
