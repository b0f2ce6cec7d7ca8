"""Somebody rings: their contact is found by whatever they know of it, or what they say is written down."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tests.browsers import SignIn
from tests.makers import contact_now, make_agent, make_contact
from triage import clock, journey, taking
from triage.database import transaction
from triage.desk.looking_up import MOST_FOUND, Way, ways
from triage.following_up import say_more
from triage.metrics import steps as metrics
from triage.people import trail
from triage.people.schemas import AuditView
from triage.queues import steps as queues
from triage.tables import Audit, Contact, ContactHistory, Fact

assert journey.JOURNEY


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("my reference is bn wxdk z5q1", [("reference", "BN-WXDK-Z5Q1"), ("words", "my")]),
        ("WXDK-Z5Q1", [("reference", "BN-WXDK-Z5Q1"), ("words", "WXDK-Z5Q1")]),
        ("Mary Ross", [("reference", "BN-MARY-R0SS"), ("words", "Mary")]),
        ("Mary@Example.com", [("email", "mary@example.com")]),
        ("+44 (0)7700 900123", [("phone", "7700900123")]),
        ("020 8359 2000", [("phone", "2083592000")]),
        ("n3 1ab", [("postcode", "N31AB")]),
        ("12", []),
        ("%", []),
    ],
)
def test_what_was_typed_says_what_it_is(typed: str, meant: list[tuple[str, str]]) -> None:
    assert [(way.by, way.values[0]) for way in ways(typed, "BN")] == meant
    assert all(isinstance(way, Way) for way in ways(typed, "BN"))


async def test_a_caller_is_found_by_whatever_they_know_and_only_in_my_queues(signed_in: SignIn) -> None:
    whose = {"name": "Test Resident", "reply_to": "07700 900 123", "place": "4 Long Lane, N3 1AB"}
    mine = await make_contact(**whose)
    others = await make_contact(queue="Q-PARK", **whose)
    held = await make_contact(**whose)
    old = await make_contact(**whose, state="closed", arrived_at=clock.now() - timedelta(days=400))
    agent, colleague = await make_agent("Q-WASTE"), await make_agent("Q-WASTE", name="Agent, Colleague")
    async with transaction() as session:
        await taking.take(session, colleague.id, held)
    browser = await signed_in(agent)
    names = {(await contact_now(one)).reference: one for one in (mine, others, held, old)}

    async def found(typed: str) -> tuple[set[UUID], str]:
        answer = await browser.post("/desk/look-up", data={"q": typed})
        assert answer.status_code == 200 and typed not in str(answer.url)
        return {one for reference, one in names.items() if reference in answer.text}, answer.text

    for typed in ("resident", "test long lane", "N31AB", "n3 1ab", "+447700900123", "900123"):
        assert (await found(typed))[0] == {mine, held}, typed
    # What a colleague has is named and not opened; whose it is is not said again.
    shown = (await found("resident"))[1]
    assert "with Agent, Colleague" in shown and f'href="/desk/contacts/{held}"' not in shown
    assert shown.count("Test Resident, 4 Long Lane, N3 1AB") == 1
    assert (await found("nobody@example.com"))[0] == set()
    # A reference opens its contact, however old; that of another team finds nothing.
    for contact_id in (mine, old):
        opened = await browser.post("/desk/look-up", data={"q": (await contact_now(contact_id)).reference.lower()})
        assert opened.headers["location"] == f"/desk/contacts/{contact_id}"
    assert "Nothing was found" in (await found((await contact_now(others)).reference))[1]
    for name in [f"Many {number}" for number in range(MOST_FOUND + 1)]:
        await make_contact(name=name)
    assert f"More than {MOST_FOUND} contacts" in (await found("many"))[1]
    # Who looked is on the trail, with what was shown and never with what was typed.
    async with transaction() as session:
        lines = (await session.scalars(select(Audit).where(Audit.what == "looked_up").order_by(Audit.at))).all()
        about_mine = await trail.search(session, AuditView(reference=(await contact_now(mine)).reference))
    assert "Looked up a resident or a contact" in [line.what for line in about_mine.lines]
    assert lines[0].agent_id == agent.id and lines[0].detail["by"] == "words"
    assert set(lines[0].detail["references"]) == {(await contact_now(one)).reference for one in (mine, held)}
    assert not re.search("resident|long lane|900123|example", str([line.detail for line in lines]), re.IGNORECASE)


async def test_an_address_is_found_however_it_was_typed(signed_in: SignIn) -> None:
    contact = await contact_now(await make_contact(reply_to="Test.Resident@Example.com "))
    browser = await signed_in(await make_agent("Q-WASTE"))
    for typed in ("test.resident@example.com", "TEST.resident @example.com"):
        assert contact.reference in (await browser.post("/desk/look-up", data={"q": typed})).text
    assert "Nothing was found" in (await browser.post("/desk/look-up", data={"q": "resident@example.com"})).text


async def test_a_partners_agent_finds_nothing_of_another_partners(signed_in: SignIn) -> None:
    contact = await contact_now(await make_contact(queue="Q-WASTE", name="Test Resident"))
    browser = await signed_in(await make_agent(role="partner", partner="nsl"))
    for typed in (contact.reference, "Test Resident"):
        assert "Nothing was found" in (await browser.post("/desk/look-up", data={"q": typed})).text


@pytest.mark.usefixtures("trained")
async def test_a_call_is_filed_once_as_any_contact_and_goes_to_whoever_deals_with_it(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    call = {"words": "Their brown bin was not emptied.", "name": "Test Resident", "number": "07700 900123"}
    call |= {"place": "4 Long Lane, N3 1AB", "safe": "no", "mine": "yes", "key": str(uuid4())}
    wrong = await browser.post("/desk/calls", data=call | {"words": " "})
    assert wrong.status_code == 422 and "Test Resident" in wrong.text and 'href="#words"' in wrong.text
    first, again = [await browser.post("/desk/calls", data=call) for _ in range(2)]
    shown = re.findall(r"<dd[^>]*>([^<]+)</dd>", first.text.partition("fd-reference")[2])[:2]
    assert first.status_code == 200 and all(part in again.text for part in shown)
    async with transaction() as session:
        contact = (await session.scalars(select(Contact))).one()
        assert contact.reference == shown[0]
        assert (contact.channel, contact.state, contact.reply_to) == ("phone", "arrived", "07700 900123")
        assert contact.safe_to_contact is False and contact.consent is False and contact.danger is None
        # As sorting leaves it.
        contact.state, contact.queue, contact.service = "sorted", "Q-WASTE", "missed_bin"
    for _ in range(2):
        async with transaction() as session:
            await queues.queue_contact(session, contact.id)
    now = await contact_now(contact.id)
    assert (now.state, now.agent_id) == ("taken", agent.id) and now.first_due_at is not None
    assert now.reference in (await browser.get("/desk")).text
    async with transaction() as session:
        await metrics.count_contact(session, contact.id)
        await session.flush()
    await metrics.count_marked()
    async with transaction() as session:
        channels = set(await session.scalars(select(Fact.channel).where(Fact.service == "missed_bin")))
        told = (await session.scalars(select(ContactHistory).order_by(ContactHistory.at))).all()
    assert channels == {"phone"}
    assert [line.what for line in told] == ["arrived", "wrote down", "queued", "taken"]
    # Opened again it is nobody's by right: it waits like any other.
    version = now.version
    await browser.post(
        f"/desk/contacts/{contact.id}/close", data={"version": str(version), "reason": "done", "outcome": "Done."}
    )
    async with transaction() as session:
        await say_more(session, contact.id, "It was not emptied.")
        await queues.queue_contact(session, contact.id)
    assert (await contact_now(contact.id)).state == "queued"


@pytest.mark.usefixtures("trained")
async def test_a_call_that_tells_of_a_danger_says_so_while_they_are_on_the_line(signed_in: SignIn) -> None:
    browser = await signed_in(await make_agent("Q-WASTE"))
    page = await browser.post("/desk/calls", data={"words": "My husband is hitting me", "mine": "yes"})
    assert "while they are on the line" in page.text and "999" in page.text and "fd-leave" not in page.text
    async with transaction() as session:
        contact = (await session.scalars(select(Contact))).one()
        assert contact.danger is not None and contact.safe_to_contact is None
        # Sorted into a queue that is none of theirs, it waits there, whoever wrote it down.
        contact.state, contact.queue = "sorted", "Q-SAFE-A"
    async with transaction() as session:
        await queues.queue_contact(session, contact.id)
    assert (await contact_now(contact.id)).state == "queued"
