"""Somebody who is in no danger is taken to be: what they were doing is kept, and one press or a sentence leads back."""

from typing import Any

import pytest
from sqlalchemy import select

from tests.chat.conftest import Chat
from triage import clock
from triage.chat.engine import Turn, Understood
from triage.database import transaction
from triage.settings import get_settings
from triage.tables import Contact, ContactHistory

FORM = [
    {"event": "active_loop", "name": "fly_tipping_form"},
    {"event": "slot", "name": "fly_tipping_what", "value": "bags"},
    {"event": "slot", "name": "requested_slot", "value": "fly_tipping_place"},
    {"event": "action", "name": "action_listen"},
]


@pytest.fixture(autouse=True)
def on_a_wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDOOR_NOW", "2026-11-25T10:00")
    get_settings.cache_clear()
    clock._shift.cache_clear()


async def open_form(chat: Chat) -> None:
    chat.engine.then = lambda words: Turn(
        says=({"ask": "fly_tipping.place"},),
        understood=Understood("fly_tipping", 1.0, False),
        memory=FORM,
        slots={"fly_tipping_what": "bags"},
        form="fly_tipping",
        asking="fly_tipping_place",
    )
    await chat.say("bags of rubbish")


def sends(message: Any) -> list[dict[str, Any]]:
    return [choice["send"] for choice in message.extras.get("choices", ())]


async def test_one_press_leads_back_to_the_question_that_was_open(chat: Chat) -> None:
    await open_form(chat)
    result = await chat.say("he has a knife and he is breaking in")
    assert result.handover and "999" in result.messages[0].text
    state = await chat.state()
    assert not state.context.get("form") and state.context["paused"]["form"] == "fly_tipping"
    back = next(one for one in result.messages[-1].extras["choices"] if one["send"].get("do") == "nobody_in_danger")
    result = await chat.press(back["id"])
    assert not result.handover
    assert "A person will still read" in result.messages[0].text and "Where is it?" in result.messages[1].text
    assert (await chat.state()).context["form"] == "fly_tipping"


async def test_the_contact_keeps_its_priority_whatever_they_say(chat: Chat) -> None:
    await chat.say("he has a knife and he is breaking in")
    async with transaction() as session:
        before = (await session.scalars(select(Contact))).one()
    result = await chat.say("sorry no, nobody is in danger, it was a play")
    assert not result.handover
    async with transaction() as session:
        contact = (await session.scalars(select(Contact))).one()
        history = {line.what for line in (await session.scalars(select(ContactHistory))).all()}
    assert (contact.priority, contact.state) == (before.priority, before.state) and contact.danger == before.danger
    assert "nobody in danger" in history


async def test_an_unclear_answer_leaves_the_question_of_safety_open(chat: Chat) -> None:
    await chat.say("my husband hits me")
    result = await chat.say("not tonight, its the end of next month that we go to court, what do we do")
    assert "We will not call" not in result.messages[0].text
    async with transaction() as session:
        assert (await session.scalars(select(Contact))).one().safe_to_contact is None


async def test_a_button_is_no_cry_for_help(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    monkeypatch.setattr(chat.turns, "_dangers", _Noting(chat.turns._dangers, looked))
    await chat.say("hello")
    chat.engine.then = lambda words: Turn(
        says=({"answer": "bin_collection_day"},), understood=Understood("bin_collection_day", 1.0, False)
    )
    result = await chat.say("bins")
    looked.clear()
    await chat.press(result.messages[0].extras["choices"][0]["id"])
    assert looked == []


class _Noting:
    """The dangers, noting what they are asked to look at."""

    def __init__(self, dangers: Any, looked: list[str]) -> None:
        self._dangers, self._looked = dangers, looked

    def first_look(self, text: str) -> Any:
        self._looked.append(text)
        return self._dangers.first_look(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dangers, name)
