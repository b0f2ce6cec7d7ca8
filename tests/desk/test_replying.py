"""What an agent sends is done once, and with what the page showed when they began to type."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update

from tests.browsers import Browser, SignIn
from tests.makers import contact_now, make_agent, make_contact, make_conversation
from triage import taking
from triage.database import transaction
from triage.tables import Contact, ContactHistory, Message

TEXT = "We will come back on Tuesday."


async def take(contact_id: UUID, agent_id: UUID) -> int:
    async with transaction() as session:
        await taking.take(session, agent_id, contact_id)
    return (await contact_now(contact_id)).version


async def answers(contact_id: UUID) -> int:
    async with transaction() as session:
        found = select(func.count()).where(ContactHistory.contact_id == contact_id, ContactHistory.what == "answered")
        return int(await session.scalar(found) or 0)


async def reply(browser: Browser, contact_id: UUID, version: int, key: str, text: str = TEXT) -> int:
    data = {"version": str(version), "text": text, "key": key}
    answer: Any = await browser.post(f"/desk/contacts/{contact_id}/reply", data=data)
    return int(answer.status_code)


@pytest.mark.parametrize("channel", ["chat", "web"])
async def test_a_reply_whose_answer_was_lost_is_said_once_however_often_it_is_sent(
    signed_in: SignIn, channel: str
) -> None:
    talk = await make_conversation(("resident", "Hello?")) if channel == "chat" else None
    contact_id, agent = await make_contact(conversation_id=talk, channel=channel), await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    version, key = await take(contact_id, agent.id), str(uuid4())
    assert await reply(browser, contact_id, version, key) == 303
    # Sent again from the same page, and once the page has read itself again, which gives it the newer version.
    assert await reply(browser, contact_id, version, key) == 303
    assert await reply(browser, contact_id, (await contact_now(contact_id)).version, key) == 303
    assert await answers(contact_id) == 1
    if talk:
        async with transaction() as session:
            said = await session.scalar(select(func.count()).where(Message.author == "agent"))
        assert said == 1
    # Other words, or the same from a new form, are said.
    assert await reply(browser, contact_id, (await contact_now(contact_id)).version, key, "And on Wednesday.") == 303
    assert await reply(browser, contact_id, (await contact_now(contact_id)).version, str(uuid4())) == 303
    assert await answers(contact_id) == 3


async def test_each_page_has_a_key_of_its_own_for_what_is_typed_in_it(signed_in: SignIn) -> None:
    contact_id, agent = await make_contact(), await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    await take(contact_id, agent.id)
    pages = [(await browser.get(f"/desk/contacts/{contact_id}")).text for _ in range(2)]
    keys = [page.split('name="key" value="')[1].split('"')[0] for page in pages]
    assert len(set(keys)) == 2 and all(UUID(key) for key in keys)


async def correct(browser: Browser, contact_id: UUID, service: str, priority: str, shown: tuple[str, str]) -> int:
    version = str((await contact_now(contact_id)).version)
    data = {"version": version, "service": service, "priority": priority}
    data |= {"shown_service": shown[0], "shown_priority": shown[1]}
    answer: Any = await browser.post(f"/desk/contacts/{contact_id}/correct", data=data)
    return int(answer.status_code)


async def test_a_service_put_right_leaves_the_urgency_that_a_danger_has_raised_meanwhile(signed_in: SignIn) -> None:
    contact_id, agent = await make_contact(), await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    await take(contact_id, agent.id)
    page = (await browser.get(f"/desk/contacts/{contact_id}")).text
    assert 'name="shown_service" value="none"' in page and 'name="shown_priority" value="P3"' in page
    async with transaction() as session:
        await session.execute(update(Contact).where(Contact.id == contact_id).values(priority="P1"))
    assert await correct(browser, contact_id, "pothole", "P3", ("none", "P3")) == 303
    now = await contact_now(contact_id)
    assert (now.service, now.priority) == ("pothole", "P1")
    # The other way round: the urgency is chosen, and a colleague's service stays.
    assert await correct(browser, contact_id, "none", "P0", ("none", "P1")) == 303
    now = await contact_now(contact_id)
    assert (now.service, now.priority) == ("pothole", "P0")


async def test_an_urgency_chosen_beside_another_that_has_changed_is_refused(signed_in: SignIn) -> None:
    contact_id, agent = await make_contact(priority="P1"), await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    await take(contact_id, agent.id)
    assert await correct(browser, contact_id, "pothole", "P4", ("none", "P3")) == 409
    now = await contact_now(contact_id)
    assert (now.service, now.priority) == (None, "P1")
    assert await correct(browser, contact_id, "pothole", "P4", ("none", "P1")) == 303
