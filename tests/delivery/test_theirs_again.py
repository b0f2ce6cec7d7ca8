"""A contact that comes back to a partner that had it is open again at its supplier, in one case; so is what is opened
again. One that goes to another system is made there. Limits that begin later are told.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from connectors.console import ConsoleCasework
from connectors.errors import SupplierBroken
from connectors.shapes import Case, Receipt
from tests.delivery.conftest import SUPPLIER, Told
from tests.delivery.test_handing_on import MIDDLE, arrives, deliver, hear, news, noted, says
from tests.delivery.test_theirs_no_more import close, pass_on, queue_of_another, states, take
from tests.makers import contact_now, make_agent, make_contact
from triage import clock, contacts
from triage.clocks import keeping
from triage.database import transaction
from triage.delivery import hearing, rules, service, steps
from triage.desk import correcting
from triage.queues import steps as queues
from triage.settings import get_settings
from triage.tables import Contact

HOME = "Q-WASTE"


def told(depot: ConsoleCasework) -> list[tuple[str, str | None]]:
    (case,) = depot.cases.values()
    return [(note.text, note.state) for note in case.notes]


async def test_what_comes_back_is_open_again_in_the_same_case_with_what_was_said_meanwhile(
    depot: ConsoleCasework, wall: Told
) -> None:
    contact_id = await arrives()
    await deliver(depot)
    await pass_on(contact_id, queue_of_another())
    await deliver(depot)
    await says(contact_id, "It is by the garages.")
    await deliver(depot)
    # The second partner would send it back: that is held for a supervisor, and nobody is told yet.
    await pass_on(contact_id, HOME)
    assert (await contact_now(contact_id)).placement == "bounced"
    await deliver(depot)
    assert len(told(depot)) == 1
    await pass_on(contact_id, HOME, role="supervisor")
    for _ in range(3):
        await deliver(depot)
    assert told(depot) == [
        (rules.PASSED_ON.text, "no_action"),
        (rules.BACK.text, "received"),
        ("It is by the garages.", None),
    ]
    contact = await contact_now(contact_id)
    assert contact.follow_up_on is not None, "it waits for its supplier, as before"
    assert "console has been told that this is open again." in await noted(contact_id)
    wall.later(5)
    assert await hearing.ask({SUPPLIER: depot}) == 1, "it is asked about again"
    assert (await contact_now(contact_id)).state == "closed"


async def test_what_they_said_was_not_theirs_is_open_again_when_it_comes_back_and_taken_back_when_it_goes(
    depot: ConsoleCasework,
) -> None:
    contact_id = await arrives()
    await deliver(depot)
    await hear(news("DEMO-00001", "not_ours", 1))
    await pass_on(contact_id, queue_of_another(), role="supervisor")
    await deliver(depot)
    assert told(depot) == [], "they have put it down themselves"
    await pass_on(contact_id, HOME, role="supervisor")
    await deliver(depot)
    await pass_on(contact_id, queue_of_another(), role="supervisor")
    await deliver(depot)
    assert [state for _, state in told(depot)] == ["received", "no_action"]


async def test_what_had_not_gone_out_goes_once_when_it_comes_back(depot: ConsoleCasework) -> None:
    contact_id = await arrives()
    await says(contact_id, "By the side gate.")
    await pass_on(contact_id, queue_of_another(), role="supervisor")
    for _ in range(3):
        await deliver(depot)
    assert not depot.cases and set(await states(contact_id)) == {"dropped"}
    await pass_on(contact_id, HOME, role="supervisor")
    for _ in range(4):
        await deliver(depot)
    assert told(depot) == [("By the side gate.", None)]


async def test_what_was_closed_before_it_went_out_goes_when_it_is_opened_again(depot: ConsoleCasework) -> None:
    contact_id = await arrives()
    await close(contact_id, "answered")
    await deliver(depot)
    assert not depot.cases
    await says(contact_id, "It is still full.")
    async with transaction() as session:
        await queues.queue_contact(session, contact_id)
        await steps.hand_on(session, contact_id)
    for _ in range(3):
        await deliver(depot)
    assert told(depot) == [("The resident says that this is not settled. It is still full.", "received")]


class LosesAnswers(ConsoleCasework):
    """Takes what it is told and says the first time that it could not."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    async def update(self, handle: str, note: Any) -> Receipt:
        receipt = await super().update(handle, note)
        self.heard.append(note.id)
        if self.heard.count(note.id) == 1:
            raise SupplierBroken(maybe_done=True, wait_s=0.001)
        return receipt


async def test_what_they_may_have_put_down_is_open_again_once(handed_on: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "wait_after", lambda *_: timedelta(0))
    depot = LosesAnswers()
    contact_id = await arrives()
    await deliver(depot)
    await pass_on(contact_id, queue_of_another(), role="supervisor")
    assert await deliver(depot) == 0
    await pass_on(contact_id, HOME, role="supervisor")
    for _ in range(4):
        await deliver(depot)
    assert [state for _, state in told(depot)] == ["no_action", "received"]
    assert (await states(contact_id))[0] == "sent"


class LosesCases(ConsoleCasework):
    """Makes a case and says the first time that it could not."""

    async def create(self, request: Any, client_reference: str) -> Case:
        new = not self.cases
        case = await super().create(request, client_reference)
        if new:
            raise SupplierBroken(maybe_done=True, wait_s=0.001)
        return case


@pytest.mark.parametrize("there", [True, False])
async def test_what_they_may_have_made_of_what_is_not_theirs_is_found_and_taken_back_and_never_made(
    handed_on: None, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    monkeypatch.setattr(rules, "wait_after", lambda *_: timedelta(0))
    depot = LosesCases()
    contact_id = await arrives()
    assert await deliver(depot) == 0
    if not there:
        depot.cases.clear()
    await pass_on(contact_id, queue_of_another(), role="supervisor")
    for _ in range(3):
        await deliver(depot)
    assert await states(contact_id) == (["dropped", "sent"] if there else ["dropped", "dropped"])
    assert [note.text for case in depot.cases.values() for note in case.notes] == [rules.PASSED_ON.text] * there
    assert (await contact_now(contact_id)).follow_up_on is None, "whoever has it now is given it today"


class Timeless(ConsoleCasework):
    """Does not say since when a case is as it is."""

    now_is: Any = "done"

    async def status(self, handle: str) -> Case:
        return Case(handle, handle, self.now_is)


async def test_who_does_not_say_since_when_is_heard_to_settle_it_again(handed_on: None) -> None:
    depot = Timeless()
    contact_id = await arrives()
    await deliver(depot)
    heard = []
    for state in ("done", "done", "in_progress", "done"):
        if (await contact_now(contact_id)).state == "closed":
            await says(contact_id, f"It is still full: {len(heard)}.")
            async with transaction() as session:
                await queues.queue_contact(session, contact_id)
            await deliver(depot)
        depot.now_is = state
        await hearing.ask({SUPPLIER: depot})
        heard.append((await contact_now(contact_id)).state)
    # Their "done" of before we told them is no news.
    assert heard == ["closed", "queued", "queued", "closed"]


async def correct(contact_id: UUID, service_id: str, queue: str) -> None:
    agent = await take(contact_id, "supervisor")
    contact = await contact_now(contact_id)
    async with transaction() as session:
        await correcting.correct(session, agent, contact_id, contact.version, {"service": service_id}, {})
    contact = await contact_now(contact_id)
    async with transaction() as session:
        from triage.desk import service as desk

        await desk.transfer(session, agent, contact_id, contact.version, queue, "It is a hole in the road.")
    async with transaction() as session:
        await steps.hand_on(session, contact_id)


async def test_what_is_another_systems_is_taken_back_and_made_there_and_comes_back_to_the_case_that_it_had(
    depot: ConsoleCasework, monkeypatch: pytest.MonkeyPatch
) -> None:
    roads = ConsoleCasework()
    monkeypatch.setenv("FRONTDOOR_CASEWORK", f'{{"missed_bin": "{SUPPLIER}", "pothole": "file_drop"}}')
    get_settings.cache_clear()

    async def round_of_all() -> None:
        for _ in range(3):
            await service.deliver({SUPPLIER: depot, "file_drop": roads}, lambda: MIDDLE)

    contact_id = await arrives()
    await says(contact_id, "It is as deep as my hand.")
    await round_of_all()
    await correct(contact_id, "pothole", "Q-HWAY")
    await round_of_all()
    assert told(depot) == [("It is as deep as my hand.", None), (rules.PASSED_ON.text, "no_action")]
    assert told(roads) == [("It is as deep as my hand.", None)]
    await says(contact_id, "There are two.")
    await correct(contact_id, "missed_bin", HOME)
    await round_of_all()
    assert told(depot)[2:] == [(rules.BACK.text, "received"), ("There are two.", None)]
    assert told(roads)[-1] == (rules.PASSED_ON.text, "no_action")
    assert len(depot.cases) == len(roads.cases) == 1


@pytest.mark.parametrize("consent", [True, False])
async def test_a_limit_on_contacting_a_resident_is_told_where_they_are_known_and_nothing_more(
    depot: ConsoleCasework, consent: bool
) -> None:
    contact_id = await arrives(name="A resident", reply_to="resident@example.org", consent=consent)
    await deliver(depot)
    for _ in range(2):
        async with transaction() as session:
            await contacts.note_not_safe(session, await session.get_one(Contact, contact_id))
        await deliver(depot)
    assert told(depot) == ([(rules.DO_NOT_CONTACT.text, None)] if consent else [])
    assert "safe" not in rules.DO_NOT_CONTACT.text and "danger" not in rules.DO_NOT_CONTACT.text


async def test_a_legal_limit_that_begins_later_is_told(depot: ConsoleCasework, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDOOR_CASEWORK", f'{{"housing_repair": "{SUPPLIER}"}}')
    get_settings.cache_clear()
    contact_id = await make_contact(
        service="housing_repair",
        queue="Q-REPAIR",
        state="sorted",
        queued_at=None,
        statutory="hazard",
        priority="P2",
        arrived_at=datetime.now(UTC),
    )
    async with transaction() as session:
        await queues.queue_contact(session, contact_id)
        await steps.hand_on(session, contact_id)
    await deliver(depot)
    agent = await make_agent()
    async with transaction() as session:
        contact = await session.get_one(Contact, contact_id)
        assert await keeping.reach(session, contact, "hazard_investigate", clock.now(), agent.id)
    await deliver(depot)
    ((text, state),) = told(depot)
    assert state is None and text.startswith("By law: Hazard in a council home.") and "investigate, by" not in text
