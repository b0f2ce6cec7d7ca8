"""A number or an address typed in answer to "Is it safe for us to contact you?" is the way to reach them."""

import pytest
from sqlalchemy import select

from tests.chat.conftest import Chat
from triage import reading
from triage.catalogue import catalogue
from triage.chat.answering import Room, with_reference_of
from triage.contacts import NOT_SAFE
from triage.database import transaction
from triage.tables import Contact, ContactHistory, Conversation


async def contacts() -> list[Contact]:
    async with transaction() as session:
        return list((await session.scalars(select(Contact))).all())


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("07700 900123", "07700 900123"),
        ("yes 07700900123", "07700900123"),
        ("my sister.two@example.org", "sister.two@example.org"),
        ("yes email me, Help.Me@example.org", "help.me@example.org"),
        ("you can text 07700 900456 after 6pm", "07700 900456"),
    ],
)
async def test_a_number_typed_in_answer_is_kept_as_the_way_to_reach_them(chat: Chat, typed: str, kept: str) -> None:
    await chat.say("my husband is hitting me")
    (said,) = (await chat.say(typed)).messages
    assert kept in said.text and "safe way to reach you" in said.text and "999" in said.text
    (contact,) = await contacts()
    assert (contact.safe_to_contact, contact.reply_to) == (True, kept)
    assert not any(kept in str(words.text) for words, _ in chat.engine.asked)


@pytest.mark.parametrize("typed", ["07700 900123", "ring me on 07700900123 please"])
async def test_a_number_typed_after_yes_is_kept_too(chat: Chat, typed: str) -> None:
    await chat.say("my husband is hitting me")
    (said,) = (await chat.say("yes")).messages
    assert "safest way to reach you" in said.text
    (said,) = (await chat.say(typed)).messages
    assert "safe way to reach you" in said.text
    (contact,) = await contacts()
    assert contact.reply_to and contact.reply_to.replace(" ", "") == "07700900123"


async def test_what_opens_our_answer_is_shown_once_they_say_that_it_is_safe(chat: Chat) -> None:
    """The reference alone before: whoever holds her phone must not read what we write to her later."""
    said = (await chat.say("my husband is hitting me")).messages[-1]
    (contact,) = await contacts()
    assert said.extras["reference"] == {"reference": contact.reference}
    room, bare = Room(catalogue(), reading.dangers()), {"reference": contact.reference}
    for safe, shown in ((None, bare), (False, bare), (True, bare | {"contact_id": str(contact.id)})):
        contact.safe_to_contact = safe
        assert with_reference_of(room.line("left_queue"), contact).extras["reference"] == shown
    (safe,) = (await chat.say("yes")).messages
    assert safe.extras["reference"] == {"reference": contact.reference, "contact_id": str(contact.id)}


async def test_a_number_beside_more_danger_is_kept_and_the_number_to_call_is_first(chat: Chat) -> None:
    await chat.say("my husband is hitting me")
    await chat.say("yes")
    said = (await chat.say("07700 900123 he is coming at me with a knife")).messages
    assert said[0].extras["danger"]["numbers"] and any("07700 900123" in one.text for one in said[1:])
    (contact,) = await contacts()
    assert contact.reply_to == "07700 900123"


@pytest.mark.parametrize(
    "typed", ["no 07700900123", "dont call 07700 900123 he has my phone", "not safe, 07700900123 is his"]
)
async def test_a_number_that_is_not_safe_is_no_way_to_reach_them(chat: Chat, typed: str) -> None:
    await chat.say("my husband is hitting me")
    await chat.say(typed)
    (contact,) = await contacts()
    assert (contact.safe_to_contact, contact.reply_to) == (False, None)
    async with transaction() as session:
        lines = await session.scalars(select(ContactHistory.what).where(ContactHistory.contact_id == contact.id))
    # Whoever else has been told of them hears of it from there (delivery/changes.py).
    assert list(lines).count(NOT_SAFE) == 1


async def test_what_is_typed_to_a_person_is_for_that_person(chat: Chat) -> None:
    await chat.say("my husband is hitting me")
    await chat.say("yes")
    async with transaction() as session:
        (await session.get_one(Conversation, chat.id)).mode = "person"
    assert (await chat.say("07700 900123")).messages == []
    (contact,) = await contacts()
    assert contact.reply_to is None
