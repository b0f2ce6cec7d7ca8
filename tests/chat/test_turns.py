"""One turn of a conversation, with everything real but the engine."""

import asyncio
import time

import pytest
from sqlalchemy import select

from language.danger.model import DangerModel, Guess
from tests.chat.conftest import Chat
from triage import clock
from triage.access import ResidentKey
from triage.chat.engine import EngineUnavailable, Turn, Understood
from triage.chat.sending import Sent
from triage.database import transaction
from triage.errors import EmptyMessage, MessageTooLong, NotFound, OutOfRange, TooMany
from triage.settings import get_settings
from triage.tables import Contact, Message


def at(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    monkeypatch.setenv("FRONTDOOR_NOW", moment)
    get_settings.cache_clear()
    clock._shift.cache_clear()


OPEN = "2026-11-24T10:00"
CLOSED = "2026-11-22T23:00"


async def messages(chat: Chat) -> list[Message]:
    async with transaction() as session:
        found = await session.scalars(select(Message).where(Message.conversation_id == chat.id).order_by(Message.seq))
        return list(found.all())


async def contacts() -> list[Contact]:
    async with transaction() as session:
        return list((await session.scalars(select(Contact))).all())


class TestAnswer:
    async def test_answers_from_the_content_with_its_source(self, chat: Chat) -> None:
        result = await chat.say("when is my bin day")
        assert [m.author for m in result.messages] == ["assistant"]
        assert result.messages[0].extras["source"]["name"]
        assert result.understood and result.understood.service == "bin_collection_day"

    async def test_the_message_is_stored_before_the_engine_is_asked(self, chat: Chat) -> None:
        stored: list[str] = []

        async def look() -> None:
            stored.extend(m.text for m in await messages(chat) if m.author == "resident")

        original = chat.engine.turn

        async def looking(*args: object) -> Turn:
            await look()
            return await original(*args)  # type: ignore[arg-type]

        chat.engine.turn = looking  # type: ignore[method-assign]
        await chat.say("when is my bin day")
        assert stored == ["when is my bin day"]

    async def test_the_engine_gets_back_its_own_memory(self, chat: Chat) -> None:
        await chat.say("one")
        await chat.say("two")
        assert [memory for _, memory in chat.engine.asked] == [[], [{"turn": 1}]]

    async def test_a_slash_is_only_text(self, chat: Chat) -> None:
        await chat.say("/restart")
        assert (await messages(chat))[1].text == "/restart"
        assert chat.engine.asked[0][0].intent is None

    async def test_a_code_is_neither_stored_nor_passed_on(self, chat: Chat) -> None:
        await chat.say("my code is 7K3M9-QXF7K-3M9QX-F7K3M-9QXF7-K thanks")
        assert (await messages(chat))[1].text == "my code is [code] thanks"
        assert chat.engine.asked[0][0].text == "my code is [code] thanks"


class TestRefused:
    @pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00"])
    async def test_empty(self, chat: Chat, text: str) -> None:
        with pytest.raises(EmptyMessage):
            await chat.say(text)

    async def test_too_long(self, chat: Chat) -> None:
        with pytest.raises(MessageTooLong):
            await chat.say("a" * 10_000)

    async def test_a_wrong_secret_and_an_unknown_conversation_look_the_same(self, chat: Chat) -> None:
        for key in (ResidentKey(chat.id, "wrong"), ResidentKey(type(chat.id)(int=7), "wrong")):
            with pytest.raises(NotFound):
                await chat.turns.take(key, Sent("hello", None, None))

    async def test_a_choice_that_was_never_offered(self, chat: Chat) -> None:
        with pytest.raises(OutOfRange):
            await chat.press("c99")

    async def test_too_many_in_a_minute(self, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FRONTDOOR_MESSAGES_PER_MINUTE", "2")
        get_settings.cache_clear()
        await chat.say("one")
        await chat.say("two")
        with pytest.raises(TooMany):
            await chat.say("three")


class TestOnce:
    async def test_five_at_a_time_with_one_key_are_one_message_and_one_answer(self, chat: Chat) -> None:
        results = await asyncio.gather(*(chat.say("when is my bin day", key="k") for _ in range(5)))
        assert len({result.messages[0].id for result in results}) == 1
        assert [m.author for m in await messages(chat)] == ["assistant", "resident", "assistant"]

    async def test_two_messages_at_once_are_answered_in_order(self, chat: Chat) -> None:
        first = asyncio.create_task(chat.say("first"))
        await asyncio.sleep(0.05)
        await asyncio.gather(first, chat.say("second"))
        assert [words.text for words, _ in chat.engine.asked] == ["first", "second"]
        assert chat.engine.asked[1][1] == [{"turn": 1}]


class TestEngineAway:
    async def test_the_spare_engine_answers(self, chat: Chat) -> None:
        chat.engine.then = EngineUnavailable("dead")
        spare = Chat(chat.engine, chat.id, "")
        spare.turns._spare = type(chat.engine)()
        spare.key = chat.key
        result = await spare.say("when is my bin day")
        assert result.messages[0].extras["source"]

    async def test_without_a_spare_there_is_a_way_on(self, chat: Chat) -> None:
        chat.engine.then = EngineUnavailable("dead")
        result = await chat.say("when is my bin day")
        assert "/contact" in [link["href"] for link in result.messages[0].extras["links"]]
        assert result.messages[0].extras["choices"][0]["label"] == "Talk to a person"

    async def test_an_open_form_waits_for_the_engine(self, chat: Chat) -> None:
        chat.engine.then = lambda words: Turn(
            says=({"ask": "missed_bin.stream"},),
            understood=Understood("missed_bin", 0.99, False),
            memory=[{"form": "open"}],
            form="missed_bin",
            asking="missed_bin_stream",
        )
        asked = await chat.say("my bin was missed")
        assert len(asked.messages[-1].extras["choices"]) == 4
        chat.engine.then = EngineUnavailable("dead")
        chat.turns._spare = type(chat.engine)()
        result = await chat.say("blue")
        assert "choices" in result.messages[0].extras
        assert (await chat.state()).dialogue == [{"form": "open"}]


class TestPerson:
    async def test_while_open_the_resident_waits(self, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
        at(monkeypatch, OPEN)
        await chat.say("my bill is wrong")
        chat.engine.then = lambda words: Turn(says=({"do": "person"},), understood=Understood("person", 1.0, False))
        await chat.say("a person please")
        result = await chat.say("yes, that's right")
        assert result.handover
        (contact,) = await contacts()
        assert contact.live and contact.conversation_id == chat.id and "my bill is wrong" in contact.text
        assert (await chat.state()).mode == "waiting"

    async def test_while_closed_a_message_is_offered(self, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
        at(monkeypatch, CLOSED)
        chat.engine.then = lambda words: Turn(says=({"do": "person"},), understood=Understood("person", 1.0, False))
        result = await chat.say("a person please")
        assert not result.handover and await contacts() == []
        assert "tomorrow at 9am" in result.messages[0].text
        labels = [choice["label"] for choice in result.messages[0].extras["choices"]]
        assert any("message" in label.lower() for label in labels)

    async def test_leaving_the_queue_keeps_the_contact(self, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
        at(monkeypatch, OPEN)
        chat.engine.then = lambda words: Turn(says=({"do": "person"},), understood=Understood("person", 1.0, False))
        offered = await chat.say("a person please")
        leave = next(c for c in offered.messages[-1].extras["choices"] if c["send"].get("do") == "leave_queue")
        result = await chat.press(leave["id"])
        (contact,) = await contacts()
        shown = {"reference": contact.reference, "contact_id": str(contact.id)}
        assert not contact.live and result.messages[0].extras["reference"] == shown
        assert (await chat.state()).mode == "assistant"


class TestDanger:
    async def test_the_number_at_once_then_a_person_and_the_engine_is_not_asked(self, chat: Chat) -> None:
        result = await chat.say("i want to kill myself tonight")
        assert result.danger and result.handover and chat.engine.asked == []
        numbers = [n["value"] for n in result.messages[0].extras["danger"]["numbers"]]
        assert numbers and any(n in ("999", "116 123") for n in numbers)
        (contact,) = await contacts()
        assert contact.priority == "P0" and contact.danger == result.danger

    async def test_the_model_stops_a_turn_that_the_engine_already_thinks_about(
        self, trained: None, chat: Chat, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The rules see nothing; the engine hangs for longer than a resident in danger may wait."""

        async def hang(*_: object) -> Turn:
            await asyncio.sleep(60)
            raise EngineUnavailable

        monkeypatch.setattr(DangerModel, "weigh_up", lambda *_: Guess("suicide", doubts=False))
        monkeypatch.setattr(chat.engine, "turn", hang)
        async with asyncio.timeout(5):
            result = await chat.say("i have sorted everything out for after")
        assert result.danger == "suicide" and result.messages[0].extras["danger"]["numbers"]

    async def test_what_the_engine_said_beside_a_danger_is_thrown_away(
        self, trained: None, chat: Chat, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Its memory too, so that a form goes on where it was."""
        await chat.say("when is my bin day")
        before = (await chat.state()).dialogue

        def slowly(*_: object) -> Guess:
            time.sleep(0.2)
            return Guess("suicide", doubts=False)

        monkeypatch.setattr(DangerModel, "weigh_up", slowly)
        result = await chat.say("i have sorted everything out for after")
        assert len(chat.engine.asked) == 2 and result.danger and result.understood is None
        assert (await chat.state()).dialogue == before != []

    async def test_an_alarm_that_the_model_doubts_is_asked_about_beside_the_answer(
        self, trained: None, chat: Chat, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The engine is asked meanwhile, because a rule that is not sure may not keep the answer away."""
        monkeypatch.setattr(DangerModel, "weigh_up", lambda *_: Guess(None, doubts=True))
        result = await chat.say("we got hate mail about the new bins")
        assert result.danger == "may_be_danger" and not result.handover
        assert len(chat.engine.asked) == 1 and result.understood is not None
        assert any("danger" in message.extras for message in result.messages)
        assert await contacts() == []

    async def test_no_doubt_keeps_the_number_from_who_says_it_outright(
        self, trained: None, chat: Chat, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(DangerModel, "weigh_up", lambda *_: Guess(None, doubts=True))
        result = await chat.say("i want to kill myself tonight")
        assert result.danger == "suicide" and result.handover and chat.engine.asked == []

    async def test_is_it_safe_to_contact_you(self, chat: Chat) -> None:
        asked = await chat.say("my husband is hitting me")
        no = next(c for c in asked.messages[-1].extras["choices"] if c["send"] == {"safe": False})
        await chat.press(no["id"])
        (contact,) = await contacts()
        assert contact.safe_to_contact is False

    @pytest.mark.parametrize(
        ("typed", "safe"),
        [
            ("no", False),
            ("no dont contact me he reads my phone", False),
            ("its not safe", False),
            ("please never ring me", False),
            ("yes", True),
            ("Yes it is safe", True),
            ("ok", True),
        ],
    )
    async def test_the_answer_may_be_typed(self, chat: Chat, typed: str, safe: bool) -> None:
        await chat.say("my husband is hitting me")
        result = await chat.say(typed)
        (contact,) = await contacts()
        assert contact.safe_to_contact is safe and len(result.messages) == 1

    async def test_other_words_do_not_count_as_an_answer(self, chat: Chat) -> None:
        await chat.say("my husband is hitting me")
        await chat.say("the door is locked and the kids are asleep")
        (contact,) = await contacts()
        assert contact.safe_to_contact is None

    async def test_a_limit_never_keeps_a_cry_for_help_out(self, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FRONTDOOR_MESSAGES_PER_MINUTE", "1")
        get_settings.cache_clear()
        await chat.say("hello")
        with pytest.raises(TooMany):
            await chat.say("hello again")
        assert (await chat.say("i want to kill myself")).danger

    async def test_a_second_danger_raises_the_same_contact(self, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
        at(monkeypatch, OPEN)
        chat.engine.then = lambda words: Turn(says=({"do": "person"},), understood=Understood("person", 1.0, False))
        await chat.say("a person please")
        await chat.say("he is breaking in with a knife")
        (contact,) = await contacts()
        assert contact.priority == "P0"

    async def test_at_night_nobody_is_told_to_wait_for_a_desk_that_is_closed(
        self, chat: Chat, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        at(monkeypatch, CLOSED)
        result = await chat.say("i have nowhere to sleep tonight, me and my kids are on the street")
        assert result.danger and not result.handover
        (contact,) = await contacts()
        shown = {"reference": contact.reference, "contact_id": str(contact.id)}
        assert not contact.live and result.messages[1].extras["reference"] == shown
        # "Nobody is in danger" may be true of them, and they still need a bed.
        labels = [one["label"] for one in result.messages[1].extras["choices"]]
        assert "I do not need a person now" in labels and "Nobody is in danger, go on" not in labels


class TestConcern:
    async def test_beside_a_danger_a_person_is_offered_not_that_it_was_not_understood(self, chat: Chat) -> None:
        chat.engine.then = lambda words: Turn(says=({"do": "clarify"},), understood=Understood("outside", 0.4, True))
        line, offer = (await chat.say("sos")).messages
        assert line.extras["danger"]["numbers"]
        assert "talk to somebody" in offer.text and offer.extras["choices"][0]["send"] == {"do": "person"}


class TestForms:
    async def test_a_refused_answer_is_told_once_with_the_questions_choices(self, chat: Chat) -> None:
        chat.engine.then = lambda words: Turn(
            says=({"note": "missed_bin.not_a_bin"}, {"ask": "missed_bin.stream"}),
            understood=Understood("missed_bin", 0.9, False),
            form="missed_bin",
            asking="missed_bin_stream",
        )
        await chat.say("the purple one")
        (said,) = (await chat.say("no the purple one")).messages
        assert "don't know that bin" in said.text and len(said.extras["choices"]) >= 4

    async def test_after_two_answers_that_cannot_be_used_a_person_is_offered(self, chat: Chat) -> None:
        chat.engine.then = lambda words: Turn(
            says=({"note": "missed_bin.not_a_bin"}, {"ask": "missed_bin.stream"}),
            understood=Understood("missed_bin", 0.2, True),
            form="missed_bin",
            asking="missed_bin_stream",
        )
        await chat.say("my bin was missed")
        first = await chat.say("purple")
        second = await chat.say("the big one")
        labels = [[c["label"] for c in result.messages[-1].extras["choices"]] for result in (first, second)]
        assert "Talk to a person" not in labels[0] and labels[1][-2:] == ["Talk to a person", "Stop this"]

    async def test_the_status_of_what_was_sent_here_needs_no_reference(self, chat: Chat) -> None:
        chat.engine.then = lambda words: Turn(
            says=({"do": "report_missed_bin"},),
            understood=Understood("missed_bin", 0.99, False),
            slots={"missed_bin_stream": "blue", "missed_bin_address": "12 Station Road, N3 1AB"},
        )
        filed = await chat.say("yes")
        reference = filed.messages[0].extras["reference"]["reference"]
        chat.engine.then = lambda words: Turn(
            says=({"ask": "contact_status.reference"},),
            understood=Understood("contact_status", 0.99, False),
            memory=[{"form": "open"}],
            form="contact_status",
            asking="contact_reference",
        )
        result = await chat.say("how is it going")
        assert reference in result.messages[0].text and len(result.messages) == 1
        assert (await chat.state()).dialogue == [] and (await chat.state()).context["form"] is None


class TestJourney:
    async def test_from_hand_over_to_a_queue_and_a_place(
        self, chat: Chat, follow: object, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        at(monkeypatch, OPEN)
        await chat.say("i want to kill myself tonight")
        await follow()  # type: ignore[operator]
        (contact,) = await contacts()
        assert contact.state == "queued" and contact.queue and contact.first_due_at
        said = (await messages(chat))[-1]
        assert said.author == "system"
        await follow()  # type: ignore[operator]
        assert (await messages(chat))[-1].seq == said.seq

    async def test_ending_asks_how_it_went_once(self, chat: Chat, follow: object) -> None:
        chat.engine.then = lambda words: Turn(says=({"do": "end"},), understood=Understood("goodbye", 1.0, False))
        await chat.say("bye")
        await follow()  # type: ignore[operator]
        surveys = [m for m in await messages(chat) if m.extras.get("survey")]
        assert len(surveys) == 1

    async def test_a_forgotten_message_is_answered(self, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
        from triage import record
        from triage.chat import steps

        at(monkeypatch, "2026-11-24T09:00")
        async with transaction() as session:
            await record.append_message(session, chat.id, "resident", "is anybody there")
        at(monkeypatch, "2026-11-24T09:01")
        async with transaction() as session:
            assert await steps.answer_forgotten(session) == 1
        async with transaction() as session:
            assert await steps.answer_forgotten(session) == 0
        assert (await messages(chat))[-1].author == "assistant"
