"""A contact goes to its supplier, what its resident adds goes after it, and what comes back counts once."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from connectors.console import ConsoleCasework
from connectors.errors import RequestRefused, SupplierBroken
from connectors.shapes import CaseUpdate
from tests.delivery.conftest import SUPPLIER, Told
from tests.makers import contact_now, make_agent, make_contact
from triage import clock, taking
from triage.database import transaction
from triage.delivery import hearing, service, steps
from triage.following_up import say_more
from triage.queues import steps as queues
from triage.ringing import ADDS, NOT_SETTLED, Rang
from triage.sending import repository as breakers
from triage.settings import get_settings
from triage.tables import Contact, ContactHistory, Delivery

MIDDLE = 0.5


async def arrives(**fields: Any) -> UUID:
    contact_id = await make_contact(**{"service": "missed_bin"} | fields)
    async with transaction() as session:
        await steps.hand_on(session, contact_id)
    return contact_id


async def deliver(depot: Any) -> int:
    return await service.deliver({SUPPLIER: depot}, lambda: MIDDLE)


async def deliveries(contact_id: UUID) -> list[Delivery]:
    async with transaction() as session:
        rows = await session.scalars(select(Delivery).where(Delivery.contact_id == contact_id).order_by(Delivery.seq))
        return list(rows)


async def noted(contact_id: UUID) -> str:
    async with transaction() as session:
        rows = await session.scalars(
            select(ContactHistory.detail).where(ContactHistory.contact_id == contact_id).order_by(ContactHistory.at)
        )
        return "\n".join(str(row.get("text", "")) for row in rows)


async def says(contact_id: UUID, text: str) -> None:
    async with transaction() as session:
        await say_more(session, contact_id, text, key=text)


async def test_it_is_created_once_and_waits_for_its_supplier_with_its_clock_running(depot: ConsoleCasework) -> None:
    contact_id = await arrives(place="12 Ballards Lane, N3 1AB")
    async with transaction() as session:
        await steps.hand_on(session, contact_id)
    assert await deliver(depot) == 1
    assert await deliver(depot) == 0
    (case,) = depot.cases.values()
    assert case.request.service == "missed_bin" and case.request.place is not None
    assert case.request.place.line == "12 Ballards Lane, N3 1AB"
    (delivery,) = await deliveries(contact_id)
    assert (delivery.state, delivery.reference, case.reference) == ("sent", "DEMO-00001", str(delivery.id))
    contact = await contact_now(contact_id)
    assert contact.settle_due_at is not None and contact.paused_at is None
    assert contact.follow_up_on == contact.settle_due_at.astimezone(clock.LONDON).date()
    agent = await make_agent()
    async with transaction() as session:
        # Nobody is given what somebody else is working on.
        assert await taking.take_next(session, agent.id, []) is None


@pytest.mark.parametrize(
    ("fields", "known"),
    [({"consent": True}, True), ({"consent": False}, False), ({"consent": True, "safe_to_contact": False}, False)],
)
async def test_who_it_is_from_is_told_only_where_they_agreed_and_it_is_safe(
    depot: ConsoleCasework, fields: dict[str, Any], known: bool
) -> None:
    await arrives(name="A resident", reply_to="resident@example.org", **fields)
    await deliver(depot)
    (case,) = depot.cases.values()
    assert (case.request.reporter is not None) == known
    if case.request.reporter:
        assert case.request.reporter.email == "resident@example.org"


async def test_what_a_caller_adds_to_what_is_closed_asks_nothing_of_the_supplier(depot: ConsoleCasework) -> None:
    contact_id = await arrives()
    await deliver(depot)
    agent = await make_agent()
    for does in (ADDS, NOT_SETTLED):
        async with transaction() as session:
            contact = await session.get_one(Contact, contact_id)
            contact.state, contact.closed_at = "closed", clock.now()
            await say_more(session, contact_id, f"It is {does}.", does, rang=Rang(agent.id, does, saw_open=False))
        await deliver(depot)
    (case,) = depot.cases.values()
    assert [note.text for note in case.notes] == ["The resident says that this is not settled. It is not_settled."]


@pytest.mark.parametrize("fields", [{"service": "blue_badge"}, {"demo": True}, {"service": None}])
async def test_nothing_else_leaves_the_house(depot: ConsoleCasework, fields: dict[str, Any]) -> None:
    contact_id = await arrives(**fields)
    assert await deliver(depot) == 0
    assert await deliveries(contact_id) == []
    assert (await contact_now(contact_id)).follow_up_on is None


async def test_a_danger_goes_to_the_supplier_and_to_an_agent_as_well(depot: ConsoleCasework) -> None:
    contact_id = await arrives(priority="P0", danger="fire")
    assert await deliver(depot) == 1
    assert (await contact_now(contact_id)).follow_up_on is None


@pytest.mark.parametrize(
    ("priority", "told"),
    [
        ("P1", {"Emergency hazard: make safe, by": "2026-11-25T21:30+00:00"}),
        # Ten working days after the Tuesday on which they were told, to the end of the last.
        ("P2", {"Significant hazard: investigate, by": "2026-12-08T23:59+00:00"}),
    ],
)
async def test_a_hazard_takes_its_legal_clock_with_it(
    depot: ConsoleCasework, monkeypatch: pytest.MonkeyPatch, priority: str, told: dict[str, str]
) -> None:
    monkeypatch.setenv("FRONTDOOR_CASEWORK", f'{{"housing_repair": "{SUPPLIER}"}}')
    get_settings.cache_clear()
    contact_id = await make_contact(
        service="housing_repair",
        queue="Q-REPAIR",
        state="sorted",
        queued_at=None,
        statutory="hazard",
        priority=priority,
        details={"What is wrong": "Damp or mould"},
        arrived_at=datetime(2026, 11, 24, 21, 30, tzinfo=UTC),
    )
    async with transaction() as session:
        await queues.queue_contact(session, contact_id)
        await steps.hand_on(session, contact_id)
    await deliver(depot)
    (case,) = depot.cases.values()
    details = dict(case.request.details)
    assert details.pop("By law").startswith("Hazard in a council home. Awaab's Law")
    assert details == {"What is wrong": "Damp or mould"} | told


async def test_a_complaints_clock_is_the_councils_to_keep(depot: ConsoleCasework) -> None:
    contact_id = await make_contact(service="missed_bin", state="sorted", queued_at=None, statutory="complaint")
    async with transaction() as session:
        await queues.queue_contact(session, contact_id)
        await steps.hand_on(session, contact_id)
    await deliver(depot)
    (case,) = depot.cases.values()
    assert case.request.details == {}


async def test_what_the_resident_adds_goes_after_it_and_in_order(depot: ConsoleCasework) -> None:
    contact_id = await arrives()
    await says(contact_id, "It is the blue one.")
    await says(contact_id, "By the side gate.")
    for _ in range(3):
        await deliver(depot)
    (case,) = depot.cases.values()
    assert [note.text for note in case.notes] == ["It is the blue one.", "By the side gate."]
    # Whoever added something is read by an agent no sooner for it: the supplier has it.
    assert (await contact_now(contact_id)).follow_up_on is not None


async def test_it_comes_back_settled_and_the_resident_reads_what_was_done(depot: ConsoleCasework, wall: Told) -> None:
    contact_id = await arrives()
    await deliver(depot)
    assert await hearing.ask({SUPPLIER: depot}) == 1
    assert await hearing.ask({SUPPLIER: depot}) == 0
    wall.later(2)
    assert await hearing.ask({SUPPLIER: depot}) == 1
    assert (await contact_now(contact_id)).state == "queued"
    wall.later(2)
    assert await hearing.ask({SUPPLIER: depot}) == 1
    contact = await contact_now(contact_id)
    assert (contact.state, contact.close_reason) == ("closed", "done")
    assert (
        contact.outcome
        == "The crew went back and emptied your bin. If it is still full, tell us and we will open this again."
    )
    assert "Demonstration: a crew is on its way" in await noted(contact_id)


async def test_a_reopened_one_is_told_as_not_settled(depot: ConsoleCasework, wall: Told) -> None:
    contact_id = await arrives()
    await deliver(depot)
    wall.later(5)
    await hearing.ask({SUPPLIER: depot})
    await says(contact_id, "It is still full.")
    assert (await contact_now(contact_id)).state == "sorted"
    await deliver(depot)
    (case,) = depot.cases.values()
    assert [(note.text, note.state) for note in case.notes] == [
        ("The resident says that this is not settled. It is still full.", "received")
    ]


def news(handle: str, state: Any, minutes: float, number: int = 1) -> CaseUpdate:
    return CaseUpdate(f"u{number}", handle, state, clock.now() + timedelta(minutes=minutes), "The lane was blocked.")


async def hear(update: CaseUpdate) -> bool:
    async with transaction() as session:
        return await hearing.hear(session, SUPPLIER, update)


async def test_what_is_posted_twice_counts_once_and_what_comes_late_changes_nothing(depot: ConsoleCasework) -> None:
    contact_id = await arrives()
    await deliver(depot)
    assert await hear(news("DEMO-00001", "in_progress", 2, 2))
    assert not await hear(news("DEMO-00001", "in_progress", 2, 2))
    assert await hear(news("DEMO-00001", "planned", 1, 1))
    text = await noted(contact_id)
    assert text.count("they are working on it") == 1
    assert "it has a day" not in text
    assert not await hear(news("SOMEBODY-ELSES", "done", 3, 3))


@pytest.mark.parametrize("state", ["no_action", "not_ours", "duplicate"])
async def test_what_a_supplier_declines_is_looked_at_by_a_person(depot: ConsoleCasework, state: str) -> None:
    contact_id = await arrives()
    await deliver(depot)
    assert await hear(news("DEMO-00001", state, 1))
    contact = await contact_now(contact_id)
    assert (contact.state, contact.follow_up_on) == ("queued", None)
    assert "They say: The lane was blocked." in await noted(contact_id)


class Refusing(ConsoleCasework):
    async def create(self, request: Any, client_reference: str) -> Any:
        raise RequestRefused(codes=("no_uprn",))


async def test_what_is_refused_is_seen_to_by_a_person_who_sends_it_again(
    handed_on: None, depot: ConsoleCasework
) -> None:
    contact_id = await arrives()
    await says(contact_id, "By the side gate.")
    assert await deliver(Refusing()) == 0
    first, second = await deliveries(contact_id)
    assert (first.state, first.why, second.state) == ("failed", "refused", "due")
    assert first.detail is not None and "no_uprn" in first.detail
    # An agent has it, and reads why; what stands behind it waits.
    assert (await contact_now(contact_id)).follow_up_on is None
    assert "console could not be given what is theirs. The supplier will not" in await noted(contact_id)
    assert await deliver(depot) == 0
    async with transaction() as session:
        await service.send_again(session, first.id, await make_agent(role="supervisor"))
    assert "Sent again" in await noted(contact_id)
    assert await deliver(depot) == 1
    assert await deliver(depot) == 1
    assert [one.state for one in await deliveries(contact_id)] == ["sent", "sent"]


async def test_what_is_dealt_with_by_hand_lets_the_rest_go(depot: ConsoleCasework) -> None:
    contact_id = await arrives()
    await deliver(Refusing())
    agent = await make_agent(role="supervisor")
    (first,) = await deliveries(contact_id)
    async with transaction() as session:
        await service.drop(session, first.id, agent)
    await says(contact_id, "By the side gate.")
    await deliver(depot)
    assert not depot.cases
    assert "dealt with by hand" in await noted(contact_id)


class Down(ConsoleCasework):
    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    async def create(self, request: Any, client_reference: str) -> Any:
        self.asked += 1
        raise SupplierBroken(wait_s=120)


async def test_a_supplier_that_is_down_is_left_alone_and_asked_to_wait_as_long_as_it_says(handed_on: None) -> None:
    down = Down()
    ids = [await arrives() for _ in range(8)]
    await deliver(down)
    asked = down.asked
    assert asked == 8
    async with transaction() as session:
        breaker = await breakers.breaker(session, SUPPLIER)
    assert breaker.failures == 8 and breaker.is_open(clock.now())
    await arrives()
    await deliver(down)
    assert down.asked == asked
    (delivery,) = await deliveries(ids[0])
    assert (delivery.state, delivery.why) == ("due", "unavailable")
    assert delivery.next_at - clock.now() > timedelta(seconds=100)


async def test_reconciliation_sends_again_what_the_supplier_has_lost(depot: ConsoleCasework) -> None:
    lost, kept = await arrives(), await arrives()
    await deliver(depot)
    await deliver(depot)
    (first,) = await deliveries(lost)
    depot.cases.pop(first.reference or "")
    assert await hearing.reconcile({SUPPLIER: depot}) == 1
    assert await deliver(depot) == 1
    (first,), (second,) = await deliveries(lost), await deliveries(kept)
    assert (first.state, first.lost, second.lost, len(depot.cases)) == ("sent", 1, 0, 2)
    assert await hearing.reconcile({SUPPLIER: depot}) == 0


async def test_a_supplier_that_cannot_say_loses_nothing(depot: ConsoleCasework) -> None:
    await arrives()
    await deliver(depot)
    assert await hearing.reconcile({}) == 0


async def test_what_was_closed_meanwhile_is_not_created(depot: ConsoleCasework) -> None:
    contact_id = await arrives()
    async with transaction() as session:
        await session.execute(
            Delivery.__table__.update().values(next_at=clock.now())  # type: ignore[attr-defined]
        )
    from sqlalchemy import text

    async with transaction() as session:
        await session.execute(text("update contact set state = 'closed'"))
    assert await deliver(depot) == 0
    (delivery,) = await deliveries(contact_id)
    assert (delivery.state, len(depot.cases)) == ("dropped", 0)
