"""A transfer is a correction: over the real desk and the real database."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from tests.learning.conftest import corrected, correction, make_sorted, pass_on, settle
from tests.makers import contact_now, make_agent, make_contact
from triage import clock, events, journey, outbox
from triage.database import transaction
from triage.desk.supervision import moving
from triage.errors import Invalid
from triage.learning import repository, steps
from triage.learning.figures import confusions, put_by
from triage.tables import ContactHistory, Correction


async def count() -> int:
    async with transaction() as session:
        return await session.scalar(select(func.count()).select_from(Correction)) or 0


async def test_a_pass_to_another_team_is_a_correction_before_it_is_settled(database: str) -> None:
    contact_id = await make_sorted()
    agent = await make_agent()
    await pass_on(contact_id, "Q-STREET", agent=agent)
    found = await correction(contact_id)
    assert (found.from_queue, found.from_service, found.to_queue) == ("Q-WASTE", "missed_bin", "Q-STREET")
    assert (found.verdict, found.agent_id, found.settled_at) == ("wrong", agent.id, None)


async def test_settled_elsewhere_it_is_one_row_that_steps_may_write_twice(database: str) -> None:
    contact_id = await corrected("Q-STREET")
    found = await correction(contact_id)
    closed_at = (await contact_now(contact_id)).closed_at
    assert found.verdict == "wrong" and found.settled_at and closed_at
    assert abs(found.settled_at - closed_at) < timedelta(seconds=1)
    assert await count() == 1


async def test_the_agent_says_why_and_another_reason_does_not_count(database: str) -> None:
    contact_id = await make_sorted()
    await pass_on(contact_id, "Q-STREET", "specialist")
    await settle(contact_id)
    assert (await correction(contact_id)).verdict == "right"
    async with transaction() as session:
        line = await session.scalar(select(ContactHistory).where(ContactHistory.what == "transferred"))
        assert line is not None and line.detail["why"] == "specialist"


async def test_a_supervisors_move_counts_when_it_is_settled(database: str) -> None:
    moved_on, out_of_holding = await make_sorted(), await make_sorted("Q-HOLDING", None, holding=True)
    supervisor = await make_agent(role="supervisor")
    async with transaction() as session:
        move = await moving.begin(session, supervisor, "Q-STREET", "It is theirs.", [moved_on, out_of_holding])
        await moving.batch(session, move.id)
    found = {}
    for contact_id in (moved_on, out_of_holding):
        await settle(contact_id)
        found[contact_id] = await correction(contact_id)
    assert [(one.verdict, one.to_queue) for one in found.values()] == [("wrong", "Q-STREET"), ("held", "Q-STREET")]
    assert found[moved_on].agent_id == supervisor.id


async def test_a_reason_that_is_not_listed_is_refused(database: str) -> None:
    contact_id = await make_sorted()
    with pytest.raises(Invalid, match="Choose why"):
        await pass_on(contact_id, "Q-STREET", "because")


async def test_demonstrations_and_contacts_without_a_decision_are_left_alone(database: str) -> None:
    shown, bare = await make_sorted(demo=True), await make_contact()
    for contact_id in (shown, bare):
        await settle(contact_id)
    assert await count() == 0


async def test_the_desk_publishes_what_the_step_follows(database: str) -> None:
    for event in (events.ContactTransferred, events.ContactClosed, events.ContactReopened):
        assert steps.note_correction in journey.JOURNEY[event]
    assert "learning.note_correction" in outbox.routes["ContactTransferred"]


async def test_the_figures_count_what_was_settled_with_what_was_held_apart(database: str) -> None:
    for _ in range(3):
        await settle(await make_sorted())
    await corrected("Q-STREET")
    held: UUID = await make_sorted("Q-HOLDING", None, holding=True)
    await pass_on(held, "Q-CTAX")
    await settle(held)
    await pass_on(await make_sorted(), "Q-STREET")  # not settled yet
    async with transaction() as session:
        groups = await repository.settled_since(session, clock.now() - timedelta(days=30))
        decided = await repository.decided_since(session, clock.now() - timedelta(days=30))
        weeks = await repository.by_week(session, clock.now() - timedelta(weeks=2))
    (row,) = put_by(groups, by_queue=True)
    assert (row.settled, row.wrong, row.percent) == (4, 1, "too few to say")
    assert row.bounds == "–"  # no share and no interval of so few
    assert decided == (6, 1)
    assert sum(n for _, _, n in weeks) == 5
    (confusion,) = confusions(groups)
    assert (confusion.n, confusion.to_service) == (1, "Nobody has said")
