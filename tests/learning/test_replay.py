"""A rule is tried on the past before it is switched on, and does then what the trial said."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.learning.conftest import arrive, job_now, make_sorted, pass_on, settle, sort
from tests.makers import contact_now, make_agent
from triage import journey
from triage.database import transaction
from triage.errors import Conflict, Invalid, NotAllowed
from triage.learning import ruling
from triage.learning.replaying import replay
from triage.learning.ruling import Asked
from triage.tables import Agent, Contact, LearningChange, LearningJob

XMAS = Asked(name="Christmas trees", phrases="christmas tree\nxmas tree", queue="Q-STREET", priority="P2", tag="xmas")


async def make(agent: Agent, asked: Asked = XMAS) -> UUID:
    async with transaction() as session:
        return await ruling.make(session, agent, asked)


async def tried(agent: Agent, rule_id: UUID, version: int = 1) -> LearningJob:
    assert journey.STEPS
    async with transaction() as session:
        job_id = await ruling.ask_to_try(session, agent, rule_id, version)
    await replay(job_id)
    return await job_now(job_id)


async def switch_on(agent: Agent, rule_id: UUID, version: int = 1) -> None:
    async with transaction() as session:
        await ruling.switch_on(session, agent, rule_id, version)


async def test_the_trial_counts_what_would_move_and_changes_nothing(supervisor: Agent) -> None:
    moved = await make_sorted(text="When is my Christmas tree collected?")
    settled = await make_sorted(text="xmas tree still here")
    await settle(settled)
    wrong = await make_sorted(text="An Xmas tree lies in the road.")
    await pass_on(wrong, "Q-STREET")
    await settle(wrong)
    await make_sorted("Q-SAFE-A", None, text="He hit me with the Christmas tree.", priority="P1")
    await make_sorted(text="My bin was not emptied.")
    before = await contact_now(moved)
    job = await tried(supervisor, await make(supervisor))
    found = job.result
    assert job.state == "done"
    assert (found["looked"], found["moved"], found["raised"], found["tagged"]) == (5, 3, 3, 4)
    assert (found["settled_away"], found["settled_there"], found["held_back"]) == (1, 1, 1)
    assert found["pairs"] == [["Q-WASTE", "Q-STREET", 3]]
    assert {one["reference"] for one in found["shown"] if one["to"] == "Q-STREET"} >= {before.reference}
    assert "Christmas" not in str(found), "a trial keeps references and no words"
    after = await contact_now(moved)
    assert (after.queue, after.version) == (before.queue, before.version)


async def test_it_looks_at_no_more_than_it_is_let(supervisor: Agent) -> None:
    for _ in range(5):
        await make_sorted(text="christmas tree")
    rule_id = await make(supervisor)
    async with transaction() as session:
        job_id = await ruling.ask_to_try(session, supervisor, rule_id, 1)
    await replay(job_id, most=3)
    assert (await job_now(job_id)).result["looked"] == 3


async def test_switched_on_it_does_what_the_trial_said(at_home: Path, supervisor: Agent) -> None:
    texts = (
        "Where do I leave my christmas tree?",
        "The xmas tree outside number 4 has blown into the road.",
        "My blue bin was not emptied this week.",
        "A man is hurting his wife next to the christmas tree, help her now.",
        "I want to pay my council tax by direct debit.",
    )
    first = [await arrive(text) for text in texts]
    before = [await sort(one) for one in first]
    # A queue in which none of them is already.
    rule_id = await make(supervisor, XMAS.model_copy(update={"queue": "Q-LIB"}))
    found = (await tried(supervisor, rule_id)).result
    await switch_on(supervisor, rule_id)
    second = [await arrive(text) for text in texts]
    after = [await sort(one) for one in second]
    moved = [(old.queue, new.queue) for old, new in zip(before, after, strict=True) if old.queue != new.queue]
    said = {(one, two): n for one, two, n in found["pairs"]}
    assert {pair: moved.count(pair) for pair in moved} == said and said
    assert sum(new.priority < old.priority for old, new in zip(before, after, strict=True)) == found["raised"]
    assert all(new.priority <= old.priority for old, new in zip(before, after, strict=True))
    tags = [(await contact_now(one)).tags for one in second]
    assert sum(tag == ["xmas"] for tag in tags) == found["tagged"]
    named = next(one for one in after if one.made_by["sorting_rules"])
    assert named.made_by["sorting_rules"] == [f"{rule_id}@1"]
    assert any("The rule “Christmas trees”" in reason for reason in named.reasons)
    # Tried once more while it is on, over all ten: still as if it were not there, so twice as many.
    again = (await tried(supervisor, rule_id)).result
    assert again["moved"] == 2 * found["moved"]


async def test_it_is_switched_on_only_as_it_was_tried(supervisor: Agent) -> None:
    rule_id = await make(supervisor)
    with pytest.raises(Conflict, match="Try the rule first"):
        await switch_on(supervisor, rule_id)
    await tried(supervisor, rule_id)
    async with transaction() as session:
        await ruling.change(session, supervisor, rule_id, 1, XMAS.model_copy(update={"queue": "Q-HWAY"}))
    with pytest.raises(Conflict, match="changed this rule"):
        await switch_on(supervisor, rule_id, 1)
    with pytest.raises(Conflict, match="Try the rule first"):
        await switch_on(supervisor, rule_id, 2)
    await tried(supervisor, rule_id, 2)
    await switch_on(supervisor, rule_id, 2)
    async with transaction() as session:
        await ruling.switch_off(session, supervisor, rule_id, 2)
        lines = list(await session.scalars(select(LearningChange.what).order_by(LearningChange.at)))
    assert lines == ["rule_made", "rule_tried", "rule_changed", "rule_tried", "rule_on", "rule_off"]


@pytest.mark.parametrize("role", ["agent", "owner", "editor"])
async def test_others_may_not(supervisor: Agent, role: str) -> None:
    rule_id, agent = await make(supervisor), await make_agent(role=role)
    with pytest.raises(NotAllowed):
        await make(agent, XMAS.model_copy(update={"name": "Another"}))
    for what in (ruling.ask_to_try, ruling.switch_on, ruling.switch_off):
        with pytest.raises(NotAllowed):
            async with transaction() as session:
                await what(session, agent, rule_id, 1)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"phrases": ""}, "when the rule applies"),
        ({"queue": "", "priority": "", "tag": ""}, "what the rule does"),
        ({"queue": "Q-NOWHERE"}, "queue"),
        ({"service": "nothing"}, "service"),
        ({"channel": "pigeon"}, "channel"),
        ({"priority": "P9"}, "priority"),
        ({"phrases": "?!"}, "letter or number"),
        ({"phrases": "x\n" * 2 + "\n".join(f"phrase {n}" for n in range(51))}, "At most 50"),
        ({"from_day": ["31", "2", "2027"]}, "day, month and year"),
        ({"from_day": ["24", "", ""]}, "day, month and year"),
        ({"from_day": ["24", "12", "2026"], "to_day": ["23", "12", "2026"]}, "before the first"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_what_to_mend(change: dict[str, Any], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        ruling.read(XMAS.model_copy(update=change))


async def test_a_name_is_taken_once(supervisor: Agent) -> None:
    await make(supervisor)
    with pytest.raises(Conflict, match="already"):
        await make(supervisor)


async def test_one_trial_of_a_rule_at_a_time(supervisor: Agent) -> None:
    rule_id = await make(supervisor)
    async with transaction() as session:
        await ruling.ask_to_try(session, supervisor, rule_id, 1)
    with pytest.raises(Conflict, match="going on already"):
        async with transaction() as session:
            await ruling.ask_to_try(session, supervisor, rule_id, 1)
    async with transaction() as session:
        assert await session.scalar(select(Contact.id).limit(1)) is None
