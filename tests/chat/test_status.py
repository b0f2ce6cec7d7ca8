"""Where a contact has got to, in the chat: what its resident then adds, and what they say is not settled."""

from uuid import UUID

import pytest
from sqlalchemy import select

from tests.chat.conftest import Chat
from tests.makers import contact_now, make_agent, make_contact, make_conversation
from triage import clock, codes
from triage.chat import steps
from triage.chat.engine import Turn, Understood
from triage.chat.turns import Result
from triage.database import transaction
from triage.settings import get_settings
from triage.tables import ContactHistory, Conversation, Message

CODE, OTHER_CODE = "7K3M9-QXF2T-8HJ4P-W6R5Z-1BCDE-G", "7K3M9-QXF2T-8HJ4P-W6R5Z-1BCDE-H"


@pytest.fixture(autouse=True)
def on_a_wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDOOR_NOW", "2026-11-25T10:00")
    get_settings.cache_clear()
    clock._shift.cache_clear()


async def closed(**fields: object) -> UUID:
    """A contact that an agent has closed, with a code that its resident holds."""
    agent = await make_agent()
    now = clock.now()
    return await make_contact(
        **{
            "reference": "BN-7K3M-9QXF",
            "secret_hash": codes.hash_code(CODE),
            "state": "closed",
            "agent_id": agent.id,
            "taken_at": now,
            "first_answer_at": now,
            "closed_at": now,
            "close_reason": "done",
            "outcome": "We have emptied it.",
            "live": True,
        }
        | fields
    )


async def ask(chat: Chat, code: str = CODE) -> Result:
    chat.engine.then = lambda words: Turn(
        says=({"do": "contact_status"},),
        understood=Understood("contact_status", 0.99, False),
        slots={"contact_reference": "BN-7K3M-9QXF", "contact_code": "[code]"},
    )
    return await chat.say(f"how is BN-7K3M-9QXF going? {code}")


async def finish(chat: Chat, form: str, question: str, words: str) -> Result:
    chat.engine.then = lambda given: Turn(
        says=({"do": f"finish_{form}"},), understood=Understood(None, 1.0, False), slots={f"{form}_{question}": words}
    )
    return await chat.say("yes")


async def history(contact_id: UUID) -> list[ContactHistory]:
    async with transaction() as session:
        rows = await session.scalars(
            select(ContactHistory).where(ContactHistory.contact_id == contact_id).order_by(ContactHistory.at)
        )
        return list(rows.all())


def labels(result: Result) -> list[str]:
    return [one["label"] for one in result.messages[-1].extras["choices"]]


async def test_a_closed_contact_says_what_was_done_and_asks_if_that_is_so(chat: Chat) -> None:
    await closed()
    result = await ask(chat)
    assert "We have emptied it." in result.messages[-1].text
    assert labels(result)[0] == "This is not settled"


async def test_not_settled_opens_it_again_in_its_queue_with_new_clocks(chat: Chat, follow: object) -> None:
    contact_id = await closed()
    await ask(chat)
    result = await finish(chat, "not_settled", "problem", "The bin is still full.")
    assert "opened BN-7K3M-9QXF again" in result.messages[-1].text
    # Q-WASTE settles in two working days, from now.
    assert "Friday 27 November 2026" in result.messages[-1].text
    await follow()  # type: ignore[operator]
    contact = await contact_now(contact_id)
    assert (contact.state, contact.queue, contact.live) == ("queued", "Q-WASTE", False)
    assert contact.agent_id is contact.first_answer_at is contact.closed_at is contact.outcome is None
    assert contact.first_due_at and contact.first_due_at > clock.now()
    (reopened,) = [row for row in await history(contact_id) if row.what == "reopened"]
    assert reopened.detail["said"] == "The bin is still full."
    assert reopened.detail["queue"] == "Q-WASTE" and reopened.detail["partner"] == "Barnet Council"


async def test_said_twice_it_is_opened_once_and_nothing_said_is_lost(chat: Chat) -> None:
    contact_id = await closed()
    await ask(chat)
    await finish(chat, "not_settled", "problem", "Still full.")
    second = await finish(chat, "not_settled", "problem", "And now there are rats.")
    assert "added it to BN-7K3M-9QXF" in second.messages[-1].text
    assert [row.what for row in await history(contact_id)] == ["reopened", "added"]


async def test_more_is_added_to_an_open_contact_without_moving_it(chat: Chat) -> None:
    contact_id = await closed(state="queued", agent_id=None, closed_at=None, outcome=None)
    before = await contact_now(contact_id)
    assert "Add something to it" in labels(await ask(chat))
    await finish(chat, "add_to_contact", "addition", "It smells.")
    contact = await contact_now(contact_id)
    assert (contact.state, contact.first_due_at) == ("queued", before.first_due_at)
    assert contact.version == before.version + 1
    assert [(row.what, row.detail["said"]) for row in await history(contact_id)] == [("added", "It smells.")]


async def test_a_wrong_code_shows_nothing_and_opens_nothing(chat: Chat) -> None:
    contact_id = await closed()
    await ask(chat, OTHER_CODE)
    result = await finish(chat, "not_settled", "problem", "Open somebody else's.")
    assert "can't find" in result.messages[-1].text
    assert (await contact_now(contact_id)).state == "closed" and await history(contact_id) == []


async def test_after_a_talk_with_a_person_the_same_conversation_can_say_so(chat: Chat, follow: object) -> None:
    """The line that a person closed it offers the choice; the resident needs no reference for what began here."""
    contact_id = await closed(conversation_id=chat.id)
    async with transaction() as session:
        conversation = await session.get_one(Conversation, chat.id)
        conversation.mode, conversation.contact_id = "person", contact_id
        # Another contact was looked up before the talk.
        conversation.context = {**conversation.context, "contact_shown": str(await make_contact())}
    async with transaction() as session:
        await steps.tell_closed(session, contact_id)
    async with transaction() as session:
        told = (await session.scalars(select(Message).where(Message.author == "system"))).all()[-1]
    assert told.extras["choices"][0]["send"] == {"do": "start_not_settled"}
    await finish(chat, "not_settled", "problem", "You said somebody would ring.")
    await follow()  # type: ignore[operator]
    contact = await contact_now(contact_id)
    assert (contact.state, contact.live) == ("queued", False)
    assert (await chat.state()).mode == "assistant"


async def test_with_no_contact_at_all_it_says_what_to_do(chat: Chat) -> None:
    result = await finish(chat, "not_settled", "problem", "Nothing was sent.")
    assert "can't find" in result.messages[-1].text


async def test_another_conversation_is_shown_nothing_of_it(chat: Chat) -> None:
    other = await make_conversation(("resident", "My bin."))
    contact_id = await closed(conversation_id=other)
    await finish(chat, "not_settled", "problem", "Still full.")
    assert (await contact_now(contact_id)).state == "closed"
