"""That somebody must not be contacted binds all that is sent to their address, and nobody can say it for them."""

import pytest

from tests.makers import make_agent, make_contact, make_conversation
from triage import reaching, telling
from triage.calls import Call, write_down
from triage.contacts import SAFETY, note_history
from triage.database import transaction
from triage.intake.schemas import ContactIn
from triage.intake.service import take_in
from triage.tables import Contact

pytestmark = pytest.mark.usefixtures("database")

ANN = "ann@x.example"


async def unsafe(address: str) -> bool:
    async with transaction() as session:
        return await reaching.unsafe_address(session, address)


@pytest.mark.parametrize("channel", ["web", "email", "phone", "api"])
async def test_nobody_is_silenced_by_whoever_types_their_address_into_a_page(channel: str) -> None:
    """One request from anybody, whatever it says that it is. It holds for that contact; an agent may make it known."""
    given = ContactIn(channel=channel, text="x", reply_to=ANN, safe_to_contact=False, consent=True)
    async with transaction() as session:
        said = await take_in(session, given, None)
    assert not await unsafe(ANN)
    agent = await make_agent()
    async with transaction() as session:
        contact = await session.get_one(Contact, said.contact_id)
        assert telling.not_safe(contact) == "unsafe" and await reaching.holds_for_itself_alone(session, contact)
        await note_history(session, contact.id, SAFETY, agent_id=agent.id, detail={"safe": "no"})
        assert not await reaching.holds_for_itself_alone(session, contact)
    assert await unsafe(ANN)


async def test_a_call_that_an_agent_wrote_down_is_known_of_its_number() -> None:
    agent = await make_agent()
    async with transaction() as session:
        await write_down(session, agent, Call("x", number="07700 900123", safe=False), "key")
    assert await unsafe("+44 7700 900123")


async def test_an_address_inside_somebody_elses_is_not_theirs() -> None:
    chat = await make_conversation(mode="ended")
    await make_contact(safe_to_contact=False, reply_to="joann@x.example or 07700900123", conversation_id=chat)
    assert [await unsafe(one) for one in (ANN, "joann@x.example", "07700 900123")] == [False, True, True]
