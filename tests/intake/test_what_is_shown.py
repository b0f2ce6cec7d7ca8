"""What a contact's page says that its resident must do or may wait for."""

from typing import Any
from uuid import UUID

import pytest

from tests.makers import make_agent, make_contact, make_conversation
from triage import clock, contacts, following_up, hours, record, telling
from triage.database import transaction
from triage.desk import promising, service
from triage.intake import showing
from triage.tables import Contact

pytestmark = pytest.mark.usefixtures("database")


async def shown(contact_id: UUID) -> showing.Shown:
    async with transaction() as session:
        return await showing.show(session, await session.get_one(Contact, contact_id))


async def asked(**fields: Any) -> UUID:
    contact_id = await make_contact(**fields)
    async with transaction() as session:
        await contacts.note_history(session, contact_id, "answered", detail={"text": "Which?", telling.ASKS: True})
    assert (await shown(contact_id)).waits_for_you
    return contact_id


async def test_whoever_answered_in_the_chat_is_not_asked_for_their_answer_again() -> None:
    talk = await make_conversation(("resident", "My bin was not emptied."))
    contact_id = await asked(conversation_id=talk, channel="chat")
    async with transaction() as session:
        said = await record.append_message(session, talk, "resident", "What day is it today?")
        await record.append_message(session, talk, "assistant", "It is Friday.", answers_id=said.id)
    assert (await shown(contact_id)).waits_for_you, "that was for the assistant"
    async with transaction() as session:
        await record.append_message(session, talk, "resident", "The blue one.")
    assert not (await shown(contact_id)).waits_for_you


async def test_a_file_is_an_answer_too() -> None:
    contact_id = await asked()
    async with transaction() as session:
        await following_up.add_file(session, contact_id, "gate.txt", b"The gate by the school.")
    assert not (await shown(contact_id)).waits_for_you


async def test_an_agents_reminder_is_their_own_and_what_was_promised_is_shown() -> None:
    agent = await make_agent("Q-WASTE")
    contact_id = await make_contact()
    async with transaction() as session:
        await service.take_next(session, agent)
    days = promising.days_to_offer(hours.opening("office"))
    for on, promised in ((days[0], False), (days[1], True)):
        async with transaction() as session:
            version = (await session.get_one(Contact, contact_id)).version
            if promised:
                await promising.get_back(session, agent, contact_id, version, on.isoformat(), True, "")
            else:
                await promising.look_again(session, agent, contact_id, version, on.isoformat())
        assert on > clock.today()
        assert (await shown(contact_id)).look_again_on == (on if promised else None)
