"""How each chat went is counted once, on the day on which it began."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update

from tests.makers import make_contact, make_conversation
from tests.metrics.conftest import MakeAnswer
from tests.metrics.counting.conftest import NOON, Counted
from triage.database import transaction
from triage.tables import Conversation, SurveyCase

ASKED = (("resident", "When is my bin day?"), ("assistant", "Thursday."))


async def chat(*said: tuple[str, str], ending: str | None = "settled", **fields: Any) -> UUID:
    """A chat that began at noon and took a minute, with its survey case, which says how it ended."""
    values = {"started_at": NOON, "context": {"service": "bin_collection_day"}} | fields
    talk = await make_conversation(*(said or ASKED), **values)
    async with transaction() as session:
        # A message moves the end of its chat to now.
        took = fields.get("last_at", NOON + timedelta(minutes=1))
        await session.execute(update(Conversation).where(Conversation.id == talk).values(last_at=took))
        ended = {"ended_at": NOON, "eligible": True} if ending else {}
        await session.execute(delete(SurveyCase).where(SurveyCase.conversation_id == talk))
        session.add(
            SurveyCase(
                kind="conversation",
                conversation_id=talk,
                channel="chat",
                ending=ending,
                share=1,
                sampled=True,
                demo=fields.get("demo", False),
                **ended,
            )
        )
    return talk


async def test_a_chat_that_left_nothing_to_do_was_settled(counted: Counted, make_answer: MakeAnswer) -> None:
    await chat()
    await chat(mode="ended")
    for got_it in ("yes", "partly", "no"):
        await make_answer(4, NOON, got_it=got_it, conversation_id=await chat())
    assert await counted("chat") == {"settled": 2, "said_yes": 2, "said_no": 1}


async def test_a_chat_in_which_nobody_wrote_or_of_under_five_seconds_is_none(counted: Counted) -> None:
    await chat(("assistant", "Hello."))
    await chat(last_at=NOON + timedelta(seconds=4))
    await chat(last_at=NOON + timedelta(seconds=5))
    assert await counted("chat") == {"empty": 2, "settled": 1}


async def test_how_a_chat_ended_is_as_its_survey_case_says(counted: Counted) -> None:
    for ending in ("abandoned", "error", "not_eligible", "nothing_said", "message_left", "closed", None):
        await chat(ending=ending)
    # Whose form said "not likely" came to an end like any other (GOV.UK: not eligible counts as completed).
    assert await counted("chat") == {
        "abandoned": 1,
        "error": 1,
        "settled": 1,
        "empty": 1,
        "contact": 1,
        "person": 1,
        "going_on": 1,
    }


async def test_who_leaves_in_the_middle_and_answers_left_in_the_middle(
    counted: Counted, make_answer: MakeAnswer
) -> None:
    await chat(ending="abandoned")
    for got_it in ("yes", "partly", "no"):
        talk = await chat(ending="abandoned")
        await make_answer(4, NOON, got_it=got_it, conversation_id=talk)
        async with transaction() as session:
            ended = update(SurveyCase).where(SurveyCase.conversation_id == talk)
            await session.execute(ended.values(ending="abandoned"))
    await make_answer(4, NOON, got_it="yes", conversation_id=await chat())
    assert await counted("chat") == {"abandoned": 4, "said_yes": 1}


async def test_a_form_that_was_sent_is_a_contact_and_a_hand_over_a_person(counted: Counted) -> None:
    await make_contact(conversation_id=await chat(), channel="chat", consent=True, arrived_at=NOON)
    await make_contact(conversation_id=await chat(), channel="chat", arrived_at=NOON)
    await chat(*ASKED, ("agent", "Hello, this is an agent."))
    assert await counted("chat") == {"contact": 1, "person": 2}


async def test_who_comes_back_on_a_later_day_within_14_was_not_helped_by_the_assistant(counted: Counted) -> None:
    for days in (0, 1, 14, 15):
        talk = await chat()
        await make_contact(conversation_id=talk, channel="chat", consent=True, arrived_at=NOON + timedelta(days=days))
    assert await counted("chat") == {"contact": 1, "came_back": 2, "settled": 1}


async def test_who_sends_a_form_after_midnight_has_not_come_back(counted: Counted) -> None:
    begun = NOON.replace(hour=23, minute=50)
    for hours in (0.25, 5.9, 6):
        talk = await chat(started_at=begun, last_at=begun + timedelta(hours=hours))
        arrived = begun + timedelta(hours=hours)
        await make_contact(conversation_id=talk, channel="chat", consent=True, arrived_at=arrived)
    assert await counted("chat") == {"contact": 2, "came_back": 1}


async def test_a_chat_is_of_its_service_with_that_services_queue(counted: Counted) -> None:
    await chat()
    await chat(context={})
    assert await counted("chat", by="queue") == {"Q-WASTE": 1, "": 1}
    assert await counted("chat", by="service") == {"bin_collection_day": 1, "": 1}


async def test_demonstrations_are_left_out(counted: Counted) -> None:
    await chat(demo=True)
    assert await counted("chat") == {}
