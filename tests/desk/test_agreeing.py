"""Whether a resident hears of an answer by message: the agent is told, and keeps what the resident says."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from connectors.console import ConsoleMessages
from tests.browsers import Browser, SignIn
from tests.makers import contact_now, make_agent, make_contact, make_conversation
from triage import taking
from triage.care import service as care
from triage.database import transaction
from triage.tables import Contact, ContactHistory

CALL = {"words": "Their brown bin was not emptied.", "number": "07700 900123", "safe": "yes"}


async def taken(browser_of: Any, **fields: Any) -> UUID:
    contact_id = await make_contact(**fields)
    async with transaction() as session:
        await taking.take(session, browser_of.id, contact_id)
    return contact_id


@pytest.mark.usefixtures("trained")
async def test_whoever_rings_may_agree_to_messages(signed_in: SignIn) -> None:
    browser = await signed_in(await make_agent("Q-WASTE"))
    page = (await browser.get("/desk/calls")).text
    assert "They agree to messages about this, and a question how it went" in page
    for agrees in ("", "yes"):
        filed = await browser.post("/desk/calls", data=CALL | {"messages": agrees, "key": str(uuid4())})
        assert filed.status_code == 200
    async with transaction() as session:
        agreed = list(await session.scalars(select(Contact.messages_ok).order_by(Contact.arrived_at)))
        # As sorting leaves it.
        for contact in await session.scalars(select(Contact)):
            contact.state, contact.queue = "queued", "Q-WASTE"
    assert agreed == [False, True]
    messages = ConsoleMessages()
    assert await care.deliver(messages) == 1
    assert [one.to for one in messages.outbox] == ["07700 900123"]


@pytest.mark.parametrize("number", ["", "020 8359 2000"])
async def test_messages_need_somewhere_to_go(signed_in: SignIn, number: str) -> None:
    browser = await signed_in(await make_agent("Q-WASTE"))
    wrong = await browser.post("/desk/calls", data=CALL | {"number": number, "messages": "yes", "key": str(uuid4())})
    assert wrong.status_code == 422 and "UK mobile number that messages can go to" in wrong.text
    assert re.search(r'id="messages"[^>]* checked', wrong.text)


async def agree(browser: Browser, contact_id: UUID, to: str, agrees: str) -> int:
    version = str((await contact_now(contact_id)).version)
    data = {"version": version, "to": to, "agrees": agrees}
    answer: Any = await browser.post(f"/desk/contacts/{contact_id}/messages", data=data)
    return int(answer.status_code)


async def test_an_agent_keeps_what_the_resident_agrees_to(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    contact_id = await taken(agent, channel="phone", reply_to="020 8359 2000")
    for nowhere in ("", "020 8359 2000", "a@b.example" + "x" * 400):
        assert await agree(browser, contact_id, nowhere, "yes") == 422
    assert await agree(browser, contact_id, "resident@example.com", "yes") == 303
    now = await contact_now(contact_id)
    assert (now.messages_ok, now.reply_to) == (True, "resident@example.com")
    messages = ConsoleMessages()
    await care.deliver(messages)
    assert "received" in [one.template for one in messages.outbox], "their reference, which they have nowhere else"
    # The same again changes nothing; and they may want none any more.
    assert await agree(browser, contact_id, "resident@example.com", "yes") == 303
    assert await agree(browser, contact_id, "resident@example.com", "") == 303
    async with transaction() as session:
        lines = select(ContactHistory).where(ContactHistory.what.like("messages%")).order_by(ContactHistory.at)
        assert [(one.what, one.agent_id) for one in await session.scalars(lines)] == [
            ("messages_on", agent.id),
            ("messages_off", agent.id),
        ]
    assert (await contact_now(contact_id)).messages_ok is False


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"reply_to": "resident@example.com"}, "they did not agree to messages"),
        ({"messages_ok": True}, "they left no email address or mobile number"),
        (
            {"messages_ok": True, "reply_to": "resident@example.com", "safe_to_contact": False},
            "it is not safe to contact them",
        ),
        ({"messages_ok": True, "reply_to": "resident@example.com"}, None),
    ],
)
async def test_an_agent_sees_above_the_reply_that_no_message_tells_of_it(
    signed_in: SignIn, fields: dict[str, Any], why: str | None
) -> None:
    agent = await make_agent("Q-WASTE")
    contact_id = await taken(agent, **fields)
    page = (await (await signed_in(agent)).get(f"/desk/contacts/{contact_id}")).text
    assert ("No message tells them of your answer" in page) == (why is not None)
    assert ("No message is sent:" in page) == (why is not None), "beside the day by which they hear from us"
    assert why is None or page.count(why) == 2


async def test_whoever_is_in_the_chat_reads_it_there(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    talk = await make_conversation(("resident", "Hello?"))
    contact_id = await taken(agent, conversation_id=talk, live=True, channel="chat")
    page = (await (await signed_in(agent)).get(f"/desk/contacts/{contact_id}")).text
    assert "No message tells them" not in page and "The resident is told now." in page
