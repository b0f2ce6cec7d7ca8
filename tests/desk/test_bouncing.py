"""When a contact has been to and fro between partners enough: the rule, and what the desk makes of it."""

from uuid import UUID

import pytest
from sqlalchemy import select

from tests.makers import contact_now, make_agent, make_contact
from triage import clock, taking
from triage.catalogue import catalogue
from triage.database import transaction
from triage.desk import service
from triage.desk.bouncing import Passed, judge
from triage.errors import SupervisorDecides
from triage.tables import Agent, ContactHistory


def test_within_one_partner_it_may_go_as_often_as_it_needs_to() -> None:
    assert not judge([Passed("a", "b")] * 9, Passed("b", "b"), "B").held
    assert not judge([], Passed("a", None), "Nobody").held


def test_each_partner_may_pass_it_on_once() -> None:
    assert not judge([], Passed("a", "b"), "B").held
    assert not judge([Passed("a", "b")], Passed("b", "c"), "C").held


def test_back_to_a_partner_who_had_it_is_held() -> None:
    verdict = judge([Passed("a", "b")], Passed("b", "a"), "The council")
    assert verdict.held
    assert verdict.reasons == ("The council had this contact before and passed it on.",)


def test_a_partner_who_has_it_again_may_not_pass_it_on_again() -> None:
    verdict = judge([Passed("a", "b"), Passed("b", "b"), Passed("b", "c")], Passed("b", "d"), "D")
    assert "The partner who has it now has passed it on once already." in verdict.reasons


def test_a_third_change_of_partner_is_held() -> None:
    verdict = judge([Passed("a", "b"), Passed("b", "c")], Passed("c", "d"), "D")
    assert verdict.reasons == ("It has changed partner twice already.",)


def test_moves_within_a_partner_are_no_changes() -> None:
    earlier = [Passed("a", "a"), Passed("a", "b"), Passed("b", "b")]
    assert not judge(earlier, Passed("b", "c"), "C").held


def queues_of_three_partners() -> list[str]:
    """The codes of queues that different partners run today."""
    known, today, found = catalogue(), clock.today(), dict[str, str]()
    for code in known.queues:
        partner = known.partner_id(code, today)
        if partner and code != "Q-HOLDING":
            found.setdefault(partner, code)
    return list(found.values())


async def pass_on(agent: Agent, contact_id: UUID, queue: str) -> None:
    async with transaction() as session:
        await taking.take(session, agent.id, contact_id)
    version = (await contact_now(contact_id)).version
    async with transaction() as session:
        await service.transfer(session, agent, contact_id, version, queue, "It is theirs.")


@pytest.mark.usefixtures("database")
async def test_it_is_held_and_a_supervisor_decides_and_that_is_final() -> None:
    first, second, third, *_ = queues_of_three_partners()
    agent, supervisor = await make_agent(), await make_agent(role="supervisor")
    contact_id = await make_contact(queue=first)
    await pass_on(agent, contact_id, second)
    assert (await contact_now(contact_id)).placement == "offered"
    # Taking it accepts it; sending it back is one time too many.
    await pass_on(agent, contact_id, first)
    contact = await contact_now(contact_id)
    assert (contact.state, contact.queue, contact.placement) == ("queued", "Q-HOLDING", "bounced")
    async with transaction() as session:
        lines = (await session.scalars(select(ContactHistory).order_by(ContactHistory.at))).all()
    assert lines[-1].detail["wanted"] == first
    assert "had this contact before" in lines[-1].detail["held"][0]
    assert [line.detail.get("accepted") for line in lines if line.what == "taken"] == [None, True]
    # No agent is given it, takes it or passes it on.
    with pytest.raises(SupervisorDecides):
        async with transaction() as session:
            await service.take(session, agent, contact_id, contact.version)
    async with transaction() as session:
        await service.take(session, supervisor, contact_id, contact.version)
    version = (await contact_now(contact_id)).version
    async with transaction() as session:
        await service.transfer(session, supervisor, contact_id, version, third, "It is theirs to settle.")
    assert (await contact_now(contact_id)).placement == "final"
    with pytest.raises(SupervisorDecides):
        await pass_on(agent, contact_id, second)
    async with transaction() as session:
        version = (await contact_now(contact_id)).version
        await service.release(session, agent, contact_id, version)
    await pass_on(supervisor, contact_id, second)
    contact = await contact_now(contact_id)
    assert (contact.queue, contact.placement) == (second, "final")


@pytest.mark.usefixtures("database")
async def test_three_partners_one_after_another_is_the_most() -> None:
    queues = queues_of_three_partners()
    assert len(queues) >= 4
    agent, contact_id = await make_agent(), await make_contact(queue=queues[0])
    await pass_on(agent, contact_id, queues[1])
    await pass_on(agent, contact_id, queues[2])
    assert (await contact_now(contact_id)).queue == queues[2]
    await pass_on(agent, contact_id, queues[3])
    assert (await contact_now(contact_id)).queue == "Q-HOLDING"
