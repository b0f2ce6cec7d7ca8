"""Undo, a form set aside for another and gone back to, and buttons that are pressed too late."""

from typing import Any

import pytest
from sqlalchemy import select

from language.taking_back import takes_back
from tests.chat.conftest import Chat
from triage import clock
from triage.chat.engine import EngineUnavailable, Turn, Understood, Words
from triage.chat.schemas import MessageOut
from triage.database import transaction
from triage.errors import OutOfRange
from triage.settings import get_settings
from triage.tables import Contact, ContactHistory


@pytest.fixture(autouse=True)
def while_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDOOR_NOW", "2026-11-24T10:00")
    get_settings.cache_clear()
    clock._shift.cache_clear()


def form(name: str, asking: str, **slots: str) -> Turn:
    memory: list[dict[str, Any]] = [{"event": "active_loop", "name": f"{name}_form"}]
    memory += [{"event": "slot", "name": f"{name}_{slot}", "value": value} for slot, value in slots.items()]
    return Turn(
        says=({"ask": f"{name}.{asking}"},),
        understood=Understood(None, 1.0, False),
        memory=memory,
        slots={f"{name}_{slot}": value for slot, value in slots.items()},
        form=name,
        asking=f"{name}_{asking}",
    )


def labels(result: Any) -> list[str]:
    return [one["label"] for one in result.messages[-1].extras.get("choices", ())]


async def send_a_report(chat: Chat) -> str:
    chat.engine.then = lambda _: Turn(
        says=({"do": "report_missed_bin"},),
        understood=Understood("missed_bin", 0.99, False),
        slots={"missed_bin_stream": "blue", "missed_bin_address": "12 Station Road, N3 1AB"},
    )
    sent = await chat.say("yes")
    return str(sent.messages[0].extras["reference"]["reference"])


class TestUndo:
    @pytest.mark.parametrize(
        "text", ["undo", "Go back!", "that was a mistake", "oops", "sorry, I pressed the wrong button"]
    )
    async def test_with_nothing_sent_there_is_nothing_to_take_back(self, chat: Chat, text: str) -> None:
        result = await chat.say(text)
        assert "nothing to take back" in result.messages[0].text and chat.engine.asked == []

    @pytest.mark.parametrize("text", ["I want to undo my parking permit", "go back to school dates", "a mistake"])
    async def test_a_sentence_with_such_a_word_is_read_as_any_other(self, chat: Chat, text: str) -> None:
        assert not takes_back(text)
        await chat.say(text)
        assert len(chat.engine.asked) == 1

    async def test_what_was_sent_gets_a_correction_and_is_not_deleted(self, chat: Chat) -> None:
        reference = await send_a_report(chat)
        offered = await chat.say("that was a mistake")
        assert reference in offered.messages[0].text and "Add a correction" in labels(offered)
        asked = await chat.press("c1")
        assert "What is wrong" in asked.messages[0].text
        done = await chat.say("It was the black bin")
        assert f"added that to {reference}" in done.messages[0].text
        async with transaction() as session:
            (contact,) = (await session.scalars(select(Contact))).all()
            lines = (await session.scalars(select(ContactHistory).where(ContactHistory.what == "added"))).all()
        assert contact.details["Bin"] == "Blue bin (recycling)" and contact.state != "closed"
        assert [line.detail["said"] for line in lines] == ["It was the black bin"]

    async def test_a_correction_may_be_thought_better_of(self, chat: Chat) -> None:
        await send_a_report(chat)
        await chat.say("undo")
        await chat.press("c1")
        result = await chat.say("never mind")
        assert "left it as it is" in result.messages[0].text
        async with transaction() as session:
            assert (await session.scalars(select(ContactHistory).where(ContactHistory.what == "added"))).all() == []

    async def test_inside_a_form_it_is_the_forms(self, chat: Chat) -> None:
        chat.engine.then = lambda _: form("missed_bin", "address", stream="blue")
        await chat.say("my blue bin was missed")
        await chat.say("undo")
        assert len(chat.engine.asked) == 2


class TestChangeOfMind:
    async def to_a_second_form(self, chat: Chat) -> None:
        chat.engine.then = lambda _: form("missed_bin", "address", stream="blue")
        await chat.say("my blue bin was missed")
        chat.engine.then = lambda words: form("bulky_booking", "items")
        await chat.turns.take(chat.key, self.pressed("bulky_waste"))

    def pressed(self, service: str) -> Any:
        from triage.chat.sending import Sent

        return Sent(None, None, None, intent=service)

    async def test_what_is_pressed_opens_its_form_and_the_first_is_kept(self, chat: Chat) -> None:
        await self.to_a_second_form(chat)
        assert chat.engine.asked[-1] == (Words(intent="bulky_waste"), [])
        state = await chat.state()
        assert state.context["form"] == "bulky_booking" and state.context["paused"]["form"] == "missed_bin"

    async def test_at_its_end_the_first_is_offered_and_goes_on_where_it_was(self, chat: Chat) -> None:
        await self.to_a_second_form(chat)
        chat.engine.then = lambda _: Turn(
            says=({"note": "bulky_booking.stopped"},), understood=Understood("stop", 1.0, False)
        )
        ended = await chat.say("stop")
        assert labels(ended)[0] == "Go back to: Missed bin"
        back = await chat.press("c80")
        assert back.messages[0].text.startswith("Back to missed bin.") and "postcode" in back.messages[0].text
        state = await chat.state()
        assert (state.context["form"], state.context["asking"]) == ("missed_bin", "missed_bin_address")
        assert {"event": "slot", "name": "missed_bin_stream", "value": "blue"} in state.dialogue
        assert "paused" not in state.context

    @pytest.mark.parametrize("text", ["go back", "ok back to the report", "where were we"])
    async def test_going_back_may_be_typed(self, chat: Chat, text: str) -> None:
        await self.to_a_second_form(chat)
        chat.engine.then = lambda _: Turn(
            says=({"note": "bulky_booking.stopped"},), understood=Understood("stop", 1.0, False)
        )
        await chat.say("stop")
        await chat.say(text)
        assert (await chat.state()).context["form"] == "missed_bin"

    async def test_the_same_form_pressed_again_goes_on(self, chat: Chat) -> None:
        chat.engine.then = lambda _: form("missed_bin", "address", stream="blue")
        await chat.say("my blue bin was missed")
        chat.engine.then = lambda _: form("missed_bin", "stream")
        result = await chat.turns.take(chat.key, self.pressed("missed_bin"))
        assert "postcode" in result.messages[-1].text
        assert {"event": "slot", "name": "missed_bin_stream", "value": "blue"} in (await chat.state()).dialogue

    async def test_a_service_without_a_form_is_answered_beside_the_question(self, chat: Chat) -> None:
        chat.engine.then = lambda _: form("missed_bin", "address", stream="blue")
        await chat.say("my blue bin was missed")
        kept = (await chat.state()).dialogue
        chat.engine.then = lambda _: Turn(
            says=({"answer": "blue_badge"},), understood=Understood("blue_badge", 1.0, False)
        )
        await chat.turns.take(chat.key, self.pressed("blue_badge"))
        assert [memory for _, memory in chat.engine.asked[-2:]] == [[], kept]

    async def test_a_form_left_for_a_person_can_be_gone_back_to(self, chat: Chat) -> None:
        chat.engine.then = lambda _: form("missed_bin", "address", stream="blue")
        await chat.say("my blue bin was missed")
        chat.engine.then = lambda _: Turn(
            says=({"do": "person"},), understood=Understood("person", 1.0, False), slots={"missed_bin_stream": "blue"}
        )
        await chat.say("person")
        result = await chat.say("never mind")
        assert labels(result)[0] == "Go back to: Missed bin"

    async def test_a_person_is_there_in_a_form_while_the_engine_is_away(self, chat: Chat) -> None:
        from triage.chat.plain import PlainEngine

        chat.engine.then = lambda _: form("missed_bin", "address", stream="blue")
        await chat.say("my blue bin was missed")
        chat.engine.then = EngineUnavailable("dead")
        chat.turns._spare = PlainEngine(None)  # type: ignore[arg-type]  # a press needs no reader
        assert "what I will pass on" in (await chat.press("person")).messages[0].text


class TestLatePress:
    async def offered(self, chat: Chat) -> tuple[MessageOut, str]:
        chat.engine.then = lambda _: form("missed_bin", "stream")
        asked = MessageOut.of((await chat.say("my bin was missed")).messages[-1])
        assert asked.choices
        return asked, asked.choices[0].id

    async def test_a_choice_is_known_by_its_message(self, chat: Chat) -> None:
        asked, first = await self.offered(chat)
        assert first == f"{asked.seq}.c1"
        chat.engine.then = lambda _: form("missed_bin", "address", stream="black")
        await chat.press(first)
        assert chat.engine.asked[-1][0].text == "black"

    async def test_an_old_page_never_presses_what_took_its_place(self, chat: Chat) -> None:
        _, first = await self.offered(chat)
        chat.engine.then = lambda _: form("missed_bin", "out_on_time", stream="blue", address="12 Long Lane")
        await chat.say("the blue one, 12 Long Lane N3")
        number = len(chat.engine.asked)
        result = await chat.press(first)
        assert len(chat.engine.asked) == number, "nothing was answered by it"
        assert "earlier question" in result.messages[0].text
        assert "Was the bin out" in result.messages[1].text and "Yes" in labels(result)

    async def test_the_same_question_open_again_takes_it(self, chat: Chat) -> None:
        _, first = await self.offered(chat)
        await chat.say("the purple one")
        chat.engine.then = lambda _: form("missed_bin", "address", stream="black")
        await chat.press(first)
        assert chat.engine.asked[-1][0].text == "black"

    async def test_without_a_form_it_is_said_and_nothing_is_done(self, chat: Chat) -> None:
        _, first = await self.offered(chat)
        chat.engine.then = lambda _: Turn(
            says=({"note": "missed_bin.stopped"},), understood=Understood("stop", 1.0, False)
        )
        await chat.say("stop")
        (said,) = (await chat.press(first)).messages
        assert "earlier question" in said.text and said.extras["choices"]

    async def test_yes_send_it_pressed_twice_sends_once(self, chat: Chat) -> None:
        chat.engine.then = lambda _: form("missed_bin", "confirm", stream="blue", address="12 Long Lane")
        asked = MessageOut.of((await chat.say("nothing")).messages[-1])
        assert asked.choices
        await send_a_report(chat)
        result = await chat.press(asked.choices[0].id)
        assert "earlier question" in result.messages[0].text
        async with transaction() as session:
            assert len((await session.scalars(select(Contact))).all()) == 1

    async def test_what_answers_no_question_counts_however_late(self, chat: Chat) -> None:
        told = MessageOut.of((await chat.say("hello")).messages[-1])
        person = next(one for one in told.choices or () if one.label == "Talk to a person")
        await chat.say("and another thing")
        await chat.press(person.id)
        assert chat.engine.asked[-1][0] == Words(intent="person")

    async def test_no_do_not_contact_me_counts_however_late(self, chat: Chat) -> None:
        asked = MessageOut.of((await chat.say("my husband is hitting me")).messages[-1])
        no = next(one for one in asked.choices or () if one.label.startswith("No"))
        await chat.say("the kids are asleep")
        await chat.press(no.id)
        async with transaction() as session:
            (contact,) = (await session.scalars(select(Contact))).all()
        assert contact.safe_to_contact is False

    @pytest.mark.parametrize("choice", ["99.c1", "1.c99", "x.c1", "0.c1", "99999999999999999999.c1", "c99", ".", "1."])
    async def test_what_was_never_offered_is_refused(self, chat: Chat, choice: str) -> None:
        with pytest.raises(OutOfRange):
            await chat.press(choice)


class TestTwoFailures:
    """After two in a row a person is offered without being asked."""

    def unclear(self) -> Turn:
        return Turn(
            says=({"do": "clarify"},),
            understood=Understood("blue_badge", 0.3, True, (("blue_badge", 0.3), ("parking_permit", 0.2))),
        )

    async def test_not_understood_twice(self, chat: Chat) -> None:
        chat.engine.then = lambda _: self.unclear()
        first, second = await chat.say("the thing"), await chat.say("you know the thing")
        assert labels(first)[0] == "Blue Badge" and labels(second)[0] == "Talk to a person"

    async def test_an_answer_between_starts_the_count_anew(self, chat: Chat) -> None:
        answers = chat.engine.then
        chat.engine.then = lambda _: self.unclear()
        await chat.say("the thing")
        chat.engine.then = answers
        await chat.say("when is my bin day")
        chat.engine.then = lambda _: self.unclear()
        assert labels(await chat.say("the other thing"))[0] == "Blue Badge"

    async def test_not_understood_and_then_a_wrong_answer(self, chat: Chat) -> None:
        chat.engine.then = lambda _: self.unclear()
        await chat.say("the thing")
        chat.engine.then = lambda _: Turn(
            says=({"do": "wrong_answer"},), understood=Understood("wrong_answer", 0.9, False)
        )
        assert labels(await chat.say("no, not that"))[0] == "Talk to a person"

    async def test_a_form_with_no_words_of_its_own_for_it_says_so_and_asks_again(self, chat: Chat) -> None:
        chat.engine.then = lambda _: form("missed_bin", "out_on_time", stream="blue")
        await chat.say("12 Long Lane")
        refused = form("missed_bin", "out_on_time", stream="blue")
        chat.engine.then = lambda _: Turn(
            ({"note": "missed_bin.not_out_on_time"}, *refused.says),
            refused.understood,
            refused.memory,
            refused.slots,
            refused.form,
            refused.asking,
        )
        first, second = await chat.say("purple"), await chat.say("purple again")
        assert "could not use that answer" in first.messages[0].text
        assert "Was the bin out" in first.messages[1].text and "Talk to a person" not in labels(first)
        assert labels(second)[-2:] == ["Talk to a person", "Stop this"]
