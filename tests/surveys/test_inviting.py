"""Who is asked: once, at the end, whatever the end was; and an answer that is given is counted."""

from datetime import timedelta

from sqlalchemy import select, text

from tests.makers import make_contact, make_conversation
from triage import clock
from triage.database import transaction
from triage.metrics import steps as counting
from triage.surveys import service, steps
from triage.surveys.schemas import AnswerIn
from triage.tables import Answer, Fact, Invite, Message


async def invites() -> list[Invite]:
    async with transaction() as session:
        return list(await session.scalars(select(Invite)))


async def token_said() -> str:
    async with transaction() as session:
        message = await session.scalar(select(Message).where(Message.author == "system"))
        assert message is not None
        token: str = message.extras["survey"]["token"]
        return token


async def test_asked_once_after_a_conversation(database: str) -> None:
    conversation_id = await make_conversation(("resident", "hello"), mode="ended", context={"service": "missed_bin"})
    for _ in range(2):
        async with transaction() as session:
            await steps.invite_after_conversation(session, conversation_id)
    asked = await invites()
    assert [(one.service, one.queue, one.channel, one.demo) for one in asked] == [
        ("missed_bin", "Q-WASTE", "chat", False)
    ]


async def test_asked_once_after_a_contact_and_not_before_it_is_closed(database: str) -> None:
    here = clock.now() + timedelta(minutes=5)
    conversation_id = await make_conversation(("resident", "hello"), mode="person", here_until=here)
    contact_id = await make_contact(conversation_id=conversation_id, live=True, channel="chat", state="taken")
    async with transaction() as session:
        await steps.invite_after_contact(session, contact_id)
    assert await invites() == []
    async with transaction() as session:
        await session.execute(text("update contact set state = 'closed'"))
    for _ in range(2):
        async with transaction() as session:
            await steps.invite_after_contact(session, contact_id)
    assert len(await invites()) == 1


async def test_who_was_not_drawn_is_not_asked(database: str) -> None:
    conversation_id = await make_conversation(("resident", "hello"), mode="ended", survey_sampled=False)
    async with transaction() as session:
        await steps.invite_after_conversation(session, conversation_id)
    assert await invites() == []


async def test_an_answer_becomes_facts(database: str) -> None:
    conversation_id = await make_conversation(("resident", "hello"), mode="ended", context={"service": "missed_bin"})
    async with transaction() as session:
        await steps.invite_after_conversation(session, conversation_id)
    async with transaction() as session:
        stored = await service.answer(session, await token_said(), AnswerIn(satisfaction=4, got_it="yes", comment=None))
        assert stored is not None
    async with transaction() as session:
        await counting.count_answer(session, stored.id)
    await counting.count_marked()
    async with transaction() as session:
        assert await session.scalar(select(Answer.satisfaction)) == 4
        facts = {(row.day, row.measure): row.levels for row in await session.scalars(select(Fact))}
    today = clock.today()
    assert facts[today, "satisfaction"] == {"4": 1}
    assert facts[today, "got_it"] == {"yes": 1}
    assert facts[today, "invited"] == {"answered": 1}
    assert (today, "answered") in facts
