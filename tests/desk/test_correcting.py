"""A person puts right what sorting made of a contact, and its clocks follow."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from tests.browsers import Browser, SignIn
from tests.makers import contact_now, make_agent, make_contact
from triage import clock, taking
from triage.clocks import keeping
from triage.database import transaction
from triage.desk.correcting import Sorted, put_right
from triage.queues import steps
from triage.sorting.steps import find_repeat
from triage.tables import Agent, Contact, ContactClock, ContactHistory, SortingDecision


async def taken(agent: Agent, **fields: Any) -> UUID:
    contact_id = await make_contact(
        **{"state": "sorted", "queue": "Q-GOV", "first_due_at": None, "settle_due_at": None, "queued_at": None} | fields
    )
    async with transaction() as session:
        await steps.queue_contact(session, contact_id)
    async with transaction() as session:
        await taking.take(session, agent.id, contact_id)
    return contact_id


async def send(browser: Browser, contact_id: UUID, **fields: str) -> int:
    version = str((await contact_now(contact_id)).version)
    return (await browser.post(f"/desk/contacts/{contact_id}/correct", data={"version": version} | fields)).status_code


async def laws(contact_id: UUID) -> dict[str, list[ContactClock]]:
    """The law's clocks of a contact, by whether they run."""
    async with transaction() as session:
        rows = await session.scalars(
            select(ContactClock)
            .where(ContactClock.contact_id == contact_id, ContactClock.kind.not_in(keeping.OURS))
            .order_by(ContactClock.began_at, ContactClock.kind)
        )
        found: dict[str, list[ContactClock]] = {"runs": [], "ended": []}
        for row in rows:
            found["ended" if row.ended_at else "runs"].append(row)
        return found


async def corrected(contact_id: UUID) -> dict[str, Any]:
    async with transaction() as session:
        rows = await session.scalars(
            select(ContactHistory.detail)
            .where(ContactHistory.contact_id == contact_id, ContactHistory.what == "corrected")
            .order_by(ContactHistory.at.desc())
        )
        return dict(rows.first() or {})


PLAIN = Sorted("missed_bin", "P3", False, None)
COMPLAINT = Sorted("missed_bin", "P3", True, "complaint")
REQUEST = Sorted("freedom_of_information", "P3", False, "foi")


@pytest.mark.parametrize(
    ("was", "chosen", "complaint", "law"),
    [
        (PLAIN, {"complaint": True}, True, "complaint"),
        (PLAIN, {"statutory": "complaint"}, True, "complaint"),
        (PLAIN, {"statutory": "hazard"}, False, "hazard"),
        (PLAIN, {"statutory": "hazard", "complaint": True}, True, "hazard"),
        (COMPLAINT, {"complaint": False}, False, None),
        # A complaint has its limit, whatever else is taken off it.
        (COMPLAINT, {"statutory": None}, True, "complaint"),
        (Sorted("housing_repair", "P3", True, "hazard"), {"statutory": None}, True, "complaint"),
        (Sorted("housing_repair", "P3", True, "hazard"), {"complaint": False}, False, "hazard"),
        # The law comes and goes with a service that is nothing else, unless they chose another.
        (PLAIN, {"service": "subject_access"}, False, "sar"),
        (PLAIN, {"service": "freedom_of_information"}, False, "foi"),
        (COMPLAINT, {"service": "freedom_of_information"}, True, "complaint"),
        (REQUEST, {"service": "missed_bin"}, False, None),
        (REQUEST, {"service": "subject_access"}, False, "sar"),
        (REQUEST, {"service": "subject_access", "statutory": "eir"}, False, "eir"),
        (Sorted(None, "P3", False, "eir"), {"service": "freedom_of_information"}, False, "eir"),
        (Sorted("housing_repair", "P3", False, "hazard"), {"service": None}, False, "hazard"),
    ],
)
def test_what_a_person_chose_stands_and_the_rest_follows(
    was: Sorted, chosen: dict[str, Any], complaint: bool, law: str | None
) -> None:
    found = put_right(was, replace(was, **chosen))
    assert (found.complaint, found.statutory) == (complaint, law)


async def test_a_person_puts_sorting_right_and_it_is_on_record(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    one = await taken(agent, service="missed_bin", queue="Q-WASTE")
    before = await contact_now(one)
    assert await send(browser, one, service="pothole", priority="P1") == 303
    after = await contact_now(one)
    assert (after.service, after.priority) == ("pothole", "P1")
    assert after.first_due_at and before.first_due_at and after.first_due_at < before.first_due_at
    assert await corrected(one) == {
        "from": {"service": "missed_bin", "priority": "P3"},
        "to": {"service": "pothole", "priority": "P1"},
    }
    page = (await browser.get(f"/desk/contacts/{one}")).text
    assert "Usually with" in page and "Put right: service from" in page
    for wrong in ({"service": "nonsense", "priority": "P3"}, {"service": "pothole", "priority": "P9"}):
        assert await send(browser, one, **wrong) == 422


async def test_a_mark_is_put_on_with_its_clocks_from_arrival_and_taken_off_as_not_due(signed_in: SignIn) -> None:
    agent = await make_agent("Q-GOV")
    browser = await signed_in(agent)
    one = await taken(agent, service="missed_bin")
    page = (await browser.get(f"/desk/contacts/{one}")).text
    for field in ("correct-complaint", "correct-law"):
        assert f'for="{field}"' in page and f'id="{field}"' in page
    assert await send(browser, one, complaint="yes") == 303
    contact = await contact_now(one)
    assert contact.complaint and contact.statutory == "complaint"
    begun = (await laws(one))["runs"]
    assert {row.kind for row in begun} == {"complaint_acknowledge", "complaint"}
    assert all(row.counts_from == contact.arrived_at for row in begun)
    assert (await corrected(one))["to"] == {
        "service": "missed_bin",
        "priority": "P3",
        "complaint": True,
        "statutory": "complaint",
    }
    page = (await browser.get(f"/desk/contacts/{one}")).text
    assert "Put right: it is a complaint, legal time limit from none to" in page

    assert await send(browser, one, complaint="no") == 303
    assert not (await contact_now(one)).complaint and (await contact_now(one)).statutory is None
    found = await laws(one)
    assert not found["runs"] and len(found["ended"]) == 2
    assert all(row.met_at is None and row.breached_at is None for row in found["ended"])
    # Long after, with the contact closed: what was taken off is neither met nor missed.
    async with transaction() as session:
        await session.execute(update(Contact).where(Contact.id == one).values(closed_at=clock.now()))
        await keeping.keep(session, await session.get_one(Contact, one, with_for_update=True), clock.now())
    assert all(row.met_at is None and row.breached_at is None for row in (await laws(one))["ended"])


async def test_a_mark_that_was_taken_off_by_mistake_begins_again_from_arrival(signed_in: SignIn) -> None:
    agent = await make_agent("Q-GOV")
    browser = await signed_in(agent)
    one = await taken(agent, statutory="foi", service="freedom_of_information")
    (first,) = (await laws(one))["runs"]
    assert await send(browser, one, law="none") == 303 and not (await laws(one))["runs"]
    assert await send(browser, one, law="foi") == 303
    (again,) = (await laws(one))["runs"]
    assert (again.counts_from, again.due_at) == (first.counts_from, first.due_at) and again.id != first.id


async def test_the_law_follows_a_service_that_is_nothing_else(signed_in: SignIn) -> None:
    agent = await make_agent("Q-GOV")
    browser = await signed_in(agent)
    one = await taken(agent, service=None)
    for service, kinds in (("subject_access", ["sar"]), ("freedom_of_information", ["foi"]), ("missed_bin", [])):
        assert await send(browser, one, service=service) == 303
        assert [row.kind for row in (await laws(one))["runs"]] == kinds


async def test_a_danger_in_a_home_that_is_urgent_too_has_its_day(signed_in: SignIn) -> None:
    agent = await make_agent("Q-REPAIR")
    one = await taken(agent, service="housing_repair", queue="Q-REPAIR")
    assert await send(await signed_in(agent), one, law="hazard", priority="P1") == 303
    (row,) = (await laws(one))["runs"]
    assert row.kind == "hazard_emergency"


async def test_a_service_may_be_made_not_known_again_and_what_is_not_sent_stays(signed_in: SignIn) -> None:
    agent = await make_agent("Q-GOV")
    browser = await signed_in(agent)
    one = await taken(agent, service="missed_bin", complaint=True, statutory="complaint")
    assert '<option value="none">Not known yet</option>' in (await browser.get(f"/desk/contacts/{one}")).text
    assert await send(browser, one, service="none") == 303
    contact = await contact_now(one)
    assert contact.service is None and contact.complaint and contact.statutory == "complaint"
    assert (await corrected(one))["to"] == {"service": None, "priority": "P3"}
    assert "to not known" in (await browser.get(f"/desk/contacts/{one}")).text


@pytest.mark.parametrize("wrong", [{"law": "nonsense"}, {"complaint": "perhaps"}])
async def test_what_is_not_in_the_lists_is_refused(signed_in: SignIn, wrong: dict[str, str]) -> None:
    agent = await make_agent("Q-GOV")
    one = await taken(agent, service="missed_bin")
    assert await send(await signed_in(agent), one, **wrong) == 422


async def test_a_held_contact_is_looked_for_again_once_a_person_names_its_service(signed_in: SignIn) -> None:
    agent = await make_agent("Q-HOLDING")
    first = await make_contact(service="missed_bin", reply_to="07700 900123")
    one = await taken(agent, service=None, queue="Q-HOLDING", reply_to="+44 7700 900-123")
    assert (await contact_now(one)).repeat_of is None
    async with transaction() as session:
        session.add(
            SortingDecision(
                contact_id=one,
                service=None,
                queue="Q-HOLDING",
                priority="P3",
                confidence=0.1,
                holding=True,
                reasons=["Held."],
                made_by={},
            )
        )
    assert await send(await signed_in(agent), one, service="missed_bin") == 303
    version = (await contact_now(one)).version
    for _ in range(2):
        async with transaction() as session:
            await find_repeat(session, one)
    contact = await contact_now(one)
    # The agent who works on it is not stopped by it.
    assert (contact.repeat_of, contact.version) == (first, version)
    async with transaction() as session:
        reasons = (await session.scalars(select(SortingDecision.reasons))).one()
    assert len(reasons) == 2 and "same resident" in reasons[1]
    assert await send(await signed_in(agent), one, service="new_bin") == 303
    async with transaction() as session:
        await find_repeat(session, one)
    assert (await contact_now(one)).repeat_of is None
