"""Who waits for a person is answered; once the person is there the assistant is quiet."""

import pytest

from tests.chat.conftest import Chat
from triage import clock
from triage.chat.engine import Turn, Understood
from triage.database import transaction
from triage.settings import get_settings
from triage.tables import Conversation


@pytest.fixture(autouse=True)
def on_a_wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDOOR_NOW", "2026-11-25T10:00")
    get_settings.cache_clear()
    clock._shift.cache_clear()


async def test_who_waits_is_told_that_it_was_added_and_no_engine_is_asked(chat: Chat) -> None:
    chat.engine.then = lambda words: Turn(says=({"do": "person"},), understood=Understood("person", 1.0, False))
    await chat.say("a person please")
    result = await chat.say("are you there")
    (told,) = result.messages
    assert "Nobody has joined yet" in told.text and result.handover and len(chat.engine.asked) == 1
    assert [choice["send"] for choice in told.extras["choices"]] == [{"do": "leave_queue"}]


async def test_the_assistant_is_quiet_once_a_person_is_there(chat: Chat) -> None:
    async with transaction() as session:
        (await session.get_one(Conversation, chat.id)).mode = "person"
    result = await chat.say("are you there")
    assert result.messages == [] and result.handover and chat.engine.asked == []
