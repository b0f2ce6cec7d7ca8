"""What an agent may do with a contact, and what is refused."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from tests.browsers import Browser, SignIn
from tests.makers import contact_now, make_agent, make_contact, make_conversation
from triage import outbox, record, taking
from triage.database import transaction
from triage.following_up import say_more
from triage.tables import Contact, ContactHistory, Message

WRITES: dict[str, dict[str, str]] = {
    "reply": {"text": "We will come back on Tuesday."},
    "note": {"text": "Called the depot."},
    "transfer": {"queue": "Q-STREET", "reason": "It is street cleansing.", "why": "wrong_team"},
    "close": {"reason": "done", "outcome": "We emptied your bin."},
    "release": {},
}


async def history(contact_id: UUID) -> list[str]:
    async with transaction() as session:
        rows = await session.scalars(
            select(ContactHistory.what).where(ContactHistory.contact_id == contact_id).order_by(ContactHistory.at)
        )
        return list(rows)


async def take(contact_id: UUID, agent_id: UUID) -> int:
    async with transaction() as session:
        await taking.take(session, agent_id, contact_id)
    return (await contact_now(contact_id)).version


async def write(browser: Browser, contact_id: UUID, what: str, version: int, **fields: str) -> Any:
    data = WRITES[what] | fields | {"version": str(version)}
    return await browser.post(f"/desk/contacts/{contact_id}/{what}", data=data)


async def test_take_next_opens_the_contact_and_says_when_there_is_none(signed_in: SignIn) -> None:
    contact_id = await make_contact()
    browser = await signed_in(await make_agent("Q-WASTE"))
    page = await browser.get("/desk")
    assert "Take next" in page.text
    assert "1 waiting" in page.text
    taken = await browser.post("/desk/take-next")
    assert (taken.status_code, taken.headers["location"]) == (303, f"/desk/contacts/{contact_id}")
    page = await browser.get(taken.headers["location"])
    assert page.status_code == 200
    assert "My bin was not emptied." in page.text
    again = await browser.post("/desk/take-next")
    assert again.headers["location"] == "/desk?empty=true"
    page = await browser.get("/desk?empty=true")
    assert "Nobody is waiting." in page.text


async def test_the_whole_way_of_a_contact(signed_in: SignIn) -> None:
    contact_id = await make_contact()
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    assert (await browser.post(f"/desk/contacts/{contact_id}/take", data={"version": "1"})).status_code == 303
    assert (await write(browser, contact_id, "reply", 2)).status_code == 303
    answered = await contact_now(contact_id)
    assert answered.first_answer_at is not None
    assert (await write(browser, contact_id, "note", 3)).status_code == 303
    page = await browser.get(f"/desk/contacts/{contact_id}")
    assert "We will come back on Tuesday." in page.text
    assert "Private note: residents do not see this" in page.text
    assert (await write(browser, contact_id, "close", 4)).status_code == 303
    closed = await contact_now(contact_id)
    assert (closed.state, closed.close_reason, closed.outcome) == ("closed", "done", "We emptied your bin.")
    assert closed.first_answer_at == answered.first_answer_at
    assert closed.agent_id == agent.id
    assert await history(contact_id) == ["taken", "answered", "noted", "viewed", "closed"]
    page = await browser.get(f"/desk/contacts/{contact_id}")
    assert "We emptied your bin." in page.text


async def test_transfer_starts_new_clocks_on_a_queue_where_nobody_has_it(signed_in: SignIn) -> None:
    contact_id, agent = await make_contact(), await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    before = await contact_now(contact_id)
    version = await take(contact_id, agent.id)
    assert (await write(browser, contact_id, "transfer", version)).status_code == 303
    after = await contact_now(contact_id)
    assert (after.state, after.queue, after.agent_id, after.lease_until) == ("queued", "Q-STREET", None, None)
    assert after.first_due_at != before.first_due_at
    # It is no longer in one of my queues.
    assert (await browser.get(f"/desk/contacts/{contact_id}")).status_code == 404
    # Nothing is chosen beforehand: sorting learns from why.
    for wrong in ({"queue": "Q-NOWHERE"}, {"queue": ""}, {"why": ""}):
        contact_id = await make_contact()
        version = await take(contact_id, agent.id)
        refused = await write(browser, contact_id, "transfer", version, **wrong)
        assert refused.status_code == 422
        assert (await contact_now(contact_id)).state == "taken"


async def test_a_reply_in_a_chat_is_said_in_the_conversation(signed_in: SignIn) -> None:
    conversation_id = await make_conversation(("resident", "Hello?"), ("assistant", "A person will join."))
    contact_id = await make_contact(conversation_id=conversation_id, live=True, channel="chat")
    agent = await make_agent("Q-WASTE", name="Agent, Waste")
    browser = await signed_in(agent)
    version = await take(contact_id, agent.id)
    # What was said to the assistant before anybody took it was read when it was opened.
    assert "unanswered" not in (await browser.get("/desk")).text
    async with transaction() as session:
        await record.append_message(session, conversation_id, "resident", "Are you there?")
    assert "1 unanswered" in (await browser.get("/desk")).text
    await write(browser, contact_id, "reply", version)
    async with transaction() as session:
        last = await session.scalar(select(Message).order_by(Message.seq.desc()).limit(1))
    assert last is not None
    assert (last.author, last.by, last.text) == ("agent", "Agent, Waste", WRITES["reply"]["text"])
    page = await browser.get(f"/desk/contacts/{contact_id}")
    assert page.text.index("Hello?") < page.text.index("A person will join.") < page.text.index("We will come")
    assert page.text.count("We will come back on Tuesday.") == 1
    assert "unanswered" not in (await browser.get("/desk")).text


async def test_what_residents_write_is_text_and_never_markup(signed_in: SignIn) -> None:
    nasty = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    contact_id = await make_contact(text=nasty, details={nasty: nasty}, name=nasty, place=nasty)
    browser = await signed_in(await make_agent("Q-WASTE"))
    page = await browser.get(f"/desk/contacts/{contact_id}")
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text


@pytest.mark.parametrize("what", WRITES)
async def test_a_stale_version_is_refused_and_what_was_typed_is_kept(signed_in: SignIn, what: str) -> None:
    contact_id, agent = await make_contact(), await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    version = await take(contact_id, agent.id)
    refused = await write(browser, contact_id, what, version - 1)
    assert refused.status_code == 409
    typed = WRITES[what].get("text") or WRITES[what].get("reason" if what == "transfer" else "outcome", "")
    assert typed in refused.text
    assert (await contact_now(contact_id)).version == version


@pytest.mark.parametrize("what", WRITES)
async def test_somebody_elses_contact_cannot_be_found(signed_in: SignIn, what: str) -> None:
    holder, colleague = await make_agent("Q-WASTE"), await make_agent("Q-WASTE")
    stranger = await make_agent("Q-LIB")
    contact_id = await make_contact()
    version = await take(contact_id, holder.id)
    for agent in (colleague, stranger):
        browser = await signed_in(agent)
        assert (await browser.get(f"/desk/contacts/{contact_id}")).status_code == 404
        assert (await browser.get(f"/desk/contacts/{contact_id}/events")).status_code == 404
        assert (await write(browser, contact_id, what, version)).status_code == 404
    browser = await signed_in(stranger)
    assert (await write(browser, uuid4(), what, 1)).status_code == 404
    waiting = await make_contact()
    for address in ("", "/events"):
        assert (await browser.get(f"/desk/contacts/{waiting}{address}")).status_code == 404
    taken = await browser.post(f"/desk/contacts/{waiting}/take", data={"version": "1"})
    assert taken.status_code == 404
    assert (await contact_now(contact_id)).version == version


@pytest.mark.parametrize("what", WRITES)
async def test_a_holder_whose_lease_ran_out_is_told(signed_in: SignIn, what: str) -> None:
    first, second = await make_agent("Q-WASTE"), await make_agent("Q-WASTE")
    contact_id = await make_contact()
    version = await take(contact_id, first.id)
    browser = await signed_in(first)
    async with transaction() as session:
        contact = await session.get(type(await contact_now(contact_id)), contact_id)
        assert contact is not None
        contact.state, contact.agent_id = "queued", None
        contact.version += 1
    assert (await write(browser, contact_id, what, version)).status_code == 409
    await take(contact_id, second.id)
    assert (await write(browser, contact_id, what, version)).status_code == 409
    assert (await contact_now(contact_id)).agent_id == second.id


async def test_a_contact_that_was_not_taken_cannot_be_closed(signed_in: SignIn) -> None:
    contact_id = await make_contact()
    browser = await signed_in(await make_agent("Q-WASTE"))
    assert (await write(browser, contact_id, "close", 1)).status_code == 409
    assert (await contact_now(contact_id)).state == "queued"


async def test_closing_needs_a_reason_from_the_list_and_a_sentence(signed_in: SignIn) -> None:
    contact_id, agent = await make_contact(), await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    version = await take(contact_id, agent.id)
    for fields in ({"reason": "because"}, {"reason": ""}, {"outcome": "  "}, {"outcome": "x" * 501}):
        assert (await write(browser, contact_id, "close", version, **fields)).status_code == 422
    assert (await contact_now(contact_id)).state == "taken"


async def test_two_agents_reach_for_one_contact(signed_in: SignIn) -> None:
    contact_id = await make_contact()
    one, other = await make_agent("Q-WASTE"), await make_agent("Q-WASTE")
    await take(contact_id, one.id)
    browser = await signed_in(other)
    late = await browser.post(f"/desk/contacts/{contact_id}/take", data={"version": "1"})
    assert late.status_code == 409
    assert "Another agent has this contact now" in late.text


async def test_a_supervisor_may_read_what_a_colleague_has_and_not_write(signed_in: SignIn) -> None:
    contact_id, agent = await make_contact(), await make_agent("Q-WASTE")
    version = await take(contact_id, agent.id)
    browser = await signed_in(await make_agent(role="supervisor"))
    page = await browser.get(f"/desk/contacts/{contact_id}")
    assert page.status_code == 200
    assert "A colleague has this contact" in page.text
    assert (await write(browser, contact_id, "reply", version)).status_code == 409


async def test_looking_is_on_record_once_an_hour(signed_in: SignIn) -> None:
    contact_id = await make_contact()
    browser = await signed_in(await make_agent("Q-WASTE"))
    for _ in range(3):
        assert (await browser.get(f"/desk/contacts/{contact_id}")).status_code == 200
    assert await history(contact_id) == ["viewed"]


async def test_a_heartbeat_keeps_what_i_have(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    for _ in range(2):
        await take(await make_contact(), agent.id)
    assert (await browser.post("/desk/heartbeat")).json() == {"kept": 2}


@pytest.mark.parametrize(
    ("state", "who"), [("queued", "Resident, added later"), ("closed", "Resident, says it is not settled")]
)
async def test_what_the_resident_says_later_stands_among_what_was_said(
    signed_in: SignIn, state: str, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(outbox.routes, "ContactReopened", ())
    contact_id = await make_contact(state=state)
    async with transaction() as session:
        await say_more(session, contact_id, "There are rats in it now.")
        await session.execute(update(Contact).where(Contact.id == contact_id).values(state="queued"))
    page = await (await signed_in(await make_agent("Q-WASTE"))).get(f"/desk/contacts/{contact_id}")
    assert page.status_code == 200
    assert page.text.count("There are rats in it now.") == 1 and who in page.text


async def test_no_two_parts_of_a_page_have_one_name(signed_in: SignIn) -> None:
    """What changes by itself is found by its id: with two of one, the wrong part of the page would be changed."""
    agent = await make_agent("Q-WASTE")
    talk = await make_conversation(("resident", "My bin was not emptied."))
    contact_id = await make_contact(conversation_id=talk, live=True, channel="chat", reply_to="resident@example.com")
    await take(contact_id, agent.id)
    browser = await signed_in(agent)
    for address in ("/desk", f"/desk/contacts/{contact_id}", "/desk/queues/Q-WASTE"):
        ids = re.findall(r'\sid="([^"]+)"', (await browser.get(address)).text)
        assert len(ids) > 5 and sorted(ids) == sorted(set(ids)), address
