"""What residents tell a form is kept by us; the engine holds marks that say nothing."""

from typing import Any

from sqlalchemy import update

from bot.actions import PLAIN_SLOTS
from tests.chat.conftest import Chat
from triage.chat import repository, sealing
from triage.chat.acting import Actions
from triage.chat.engine import Turn, Understood, Words
from triage.database import transaction
from triage.tables import Conversation, Message

HOME = "12 Long Lane, N3 1AB"


def slot(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "name": name, "value": value}


class TestSealing:
    def test_every_slot_is_sealed_but_those_that_are_plain(self) -> None:
        events = [slot("a", HOME), slot("b", "blue"), slot("c", None), slot("d", 7)]
        result, details = sealing.seal_result({"events": events, "responses": []}, frozenset({"b"}))
        sealed = {event["name"]: event["value"] for event in result["events"]}
        assert (sealed["b"], sealed["c"]) == ("blue", None)
        assert {details[sealed["a"]], details[sealed["d"]]} == {HOME, 7}
        assert HOME not in str(result)

    def test_what_fills_a_note_is_sealed(self) -> None:
        said = [{"custom": {"note": "x.choice", "values": {"choices": [HOME, "another"]}}}, {"custom": {"note": "x.y"}}]
        result, details = sealing.seal_result({"events": [], "responses": said}, frozenset())
        assert HOME not in str(result)
        assert sealing.opened(result["responses"], details) == said

    def test_a_turn_is_opened_and_its_memory_is_not(self) -> None:
        turn = Turn(
            says=({"note": "x.choice", "values": {"choices": ["[kept 1]"]}},),
            understood=Understood(),
            memory=[slot("a", "[kept 1]")],
            slots={"a": "[kept 1]", "b": "see [kept 1]"},
        )
        turned = sealing.open_turn(turn, {sealing.DETAILS: {"[kept 1]": HOME}})
        assert turned is not None
        assert turned.says[0]["values"]["choices"] == [HOME]
        assert turned.slots == {"a": HOME, "b": "see [kept 1]"}, "only a whole value is a mark"
        assert turned.memory == turn.memory

    def test_details_that_no_slot_holds_are_forgotten(self) -> None:
        context = {"form": "x", sealing.DETAILS: {"[kept 1]": HOME, "[kept 2]": "b"}}
        assert sealing.only_held(context, [slot("a", "[kept 1]")])[sealing.DETAILS] == {"[kept 1]": HOME}
        assert sealing.only_held(context, []) == {"form": "x"}


def test_slots_that_residents_fill_are_not_plain() -> None:
    told = {"missed_bin_address", "missed_bin_uprn", "missed_bin_problem", "message_text", "message_reply_to"}
    assert not told & PLAIN_SLOTS


class TestInATurn:
    async def test_the_engine_has_the_redacted_words_and_the_record_has_them_whole(self, chat: Chat) -> None:
        said = "My name is Priya Shah of 12 Long Lane, N3 1AB. When is Golders Green library open?"
        await chat.say(said)
        words = chat.engine.asked[0][0]
        assert words == Words(
            "My name is [name] of [address], [postcode]. When is Golders Green library open?", None, 2
        )
        async with transaction() as session:
            assert (await repository.words_and_details(session, chat.id, 2)) == (said, {})

    async def test_placeholders_do_not_make_a_message_too_long(self, chat: Chat) -> None:
        await chat.say("N3 1AB " * 570)
        text = chat.engine.asked[0][0].text
        assert text is not None and text.startswith("[postcode] [postcode]") and len(text) == 4000

    async def test_an_action_reads_the_words_and_rasa_gets_a_mark(self, chat: Chat) -> None:
        await chat.say("it is 12 Long Lane, N3 1AB")
        seen: list[dict[str, Any]] = []

        class Executor:
            async def run(self, action_call: dict[str, Any]) -> dict[str, Any]:
                seen.append(action_call["tracker"])
                return {"events": [slot("missed_bin_address", HOME), slot("form_ended", "done")], "responses": []}

        door = Actions(Executor(), PLAIN_SLOTS)
        message = {"text": "it is [address], [postcode]", "message": 2}
        call = {"sender_id": str(chat.id), "tracker": {"latest_message": message, "slots": {}}}
        result = await door.run(call)
        assert seen[0]["latest_message"]["text"] == "it is 12 Long Lane, N3 1AB"
        mark = result["events"][0]["value"]
        assert HOME not in str(result) and result["events"][1]["value"] == "done"
        # The next call, in any process, finds the value by its mark.
        await door.run({**call, "tracker": {"latest_message": {"text": "yes"}, "slots": {"missed_bin_address": mark}}})
        assert seen[1]["slots"] == {"missed_bin_address": HOME}

    async def test_a_mark_of_another_conversation_opens_nothing(self, chat: Chat) -> None:
        async with transaction() as session:
            other = Conversation(secret_hash=b"x", context={sealing.DETAILS: {"[kept 1]": HOME}})
            session.add(other)
            await session.flush()
            assert (await repository.words_and_details(session, chat.id, 2))[1] == {}
            assert (await repository.words_and_details(session, other.id, 2)) == (None, {"[kept 1]": HOME})

    async def test_details_join_a_context_without_losing_what_is_in_it(self, chat: Chat) -> None:
        async with transaction() as session:
            await session.execute(update(Conversation).where(Conversation.id == chat.id).values(context={"form": "x"}))
            await repository.add_details(session, chat.id, {"[kept 1]": HOME})
            await repository.add_details(session, chat.id, {"[kept 2]": ["b"]})
        assert (await chat.state()).context == {
            "form": "x",
            sealing.DETAILS: {"[kept 1]": HOME, "[kept 2]": ["b"]},
        }

    async def test_a_form_that_is_over_leaves_no_details(self, chat: Chat) -> None:
        async with transaction() as session:
            await repository.add_details(session, chat.id, {"[kept 1]": HOME})
        await chat.say("when is my bin day")
        assert sealing.DETAILS not in (await chat.state()).context

    async def test_a_pressed_choice_is_read_by_what_it_says(self, chat: Chat) -> None:
        async with transaction() as session:
            session.add(
                Message(conversation_id=chat.id, seq=50, author="resident", text="12 Long", extras={"say": HOME})
            )
            await session.flush()
            assert (await repository.words_and_details(session, chat.id, 50))[0] == HOME
