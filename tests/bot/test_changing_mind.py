"""In a real Rasa a resident changes their mind in a form, takes an answer back, and asks something beside it."""

import pytest

from bot.actions.declared import Declared, declared_forms
from tests.bot.dialogue import Dialogue
from tests.bot.test_declared import answer_all, asked

pytestmark = pytest.mark.rasa
FORMS = declared_forms()


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
class TestEveryForm:
    def test_undo_takes_the_last_answer_back_and_asks_again(self, dialogue: Dialogue, form: Declared) -> None:
        said = dialogue.press(form.start)
        first = asked(said, form)
        said = dialogue.say(form.questions[0].example)
        assert asked(said, form) != first
        said = dialogue.say("undo")
        assert said[0] == f"note:{form.id}.undone" and asked(said, form) == first
        assert dialogue.slots.get(form.slot(str(first))) is None
        answer_all(dialogue, form, [f"ask:{form.id}.{first}"])

    def test_undo_at_the_first_question_and_at_the_last_look(self, dialogue: Dialogue, form: Declared) -> None:
        said = dialogue.press(form.start)
        first = asked(said, form)
        again = dialogue.say("go back")
        assert again == [f"note:{form.id}.nothing_to_undo", f"ask:{form.id}.{first}"]
        answer_all(dialogue, form, again)
        last = asked(dialogue.say("that was a mistake"), form)
        assert last not in (None, "confirm")
        answer_all(dialogue, form, [f"ask:{form.id}.{last}"])

    def test_a_person_from_every_kind_of_question(self, dialogue: Dialogue, form: Declared) -> None:
        said = dialogue.press(form.start)
        examples = {question.id: question.example for question in form.questions}
        while question := asked(said, form):
            there = Dialogue(dialogue.client)
            there.events = dialogue.events
            assert there.say("can I talk to a person") == ["do:person"], question
            pressed = Dialogue(dialogue.client)
            pressed.events = dialogue.events
            assert pressed.press("person") == ["do:person"], question
            if question == "confirm":
                return
            said = dialogue.say(examples[question])
        raise AssertionError("it never asks for a last look")


@pytest.mark.parametrize(
    ("to", "question", "asked_again"),
    [
        ("start_bulky_booking", "how much is it?", "bulky_booking"),
        ("missed_bin", "how long does it take?", "missed_bin"),
        ("start_fly_tipping", "what do I need to have?", "fly_tipping"),
    ],
)
def test_a_question_about_the_very_service_is_answered_beside_the_form(
    dialogue: Dialogue, to: str, question: str, asked_again: str
) -> None:
    dialogue.press(to)
    says = dialogue.say(question)
    assert says[0] == "do:detail" and says[-1].startswith(f"ask:{asked_again}.")


def test_another_need_in_words_is_answered_beside_the_form_and_the_form_goes_on(dialogue: Dialogue) -> None:
    dialogue.press("missed_bin")
    dialogue.say("black")
    says = dialogue.say("actually can you tell me how to report dumped rubbish in my street?")
    assert says == ["answer:fly_tipping", "ask:missed_bin.address"]
    assert dialogue.say("12 N3 1AB") == ["ask:missed_bin.out_on_time"]


def test_a_form_opened_afresh_leaves_the_first_ones_memory_as_it_was(dialogue: Dialogue) -> None:
    """What the web app does when another form is pressed: it gives Rasa an empty memory, and keeps the other."""
    dialogue.press("missed_bin")
    dialogue.say("blue")
    kept, dialogue.events = dialogue.events, []
    assert dialogue.press("start_bulky_booking")[0].startswith("ask:bulky_booking.")
    assert dialogue.say("stop") == ["note:bulky_booking.stopped"]
    dialogue.events = kept
    assert dialogue.say("12 N3 1AB") == ["ask:missed_bin.out_on_time"]
    assert dialogue.slots["missed_bin_stream"] == "blue"


@pytest.mark.parametrize("text", ["no, the blue one", "actually it was the blue bin", "sorry i meant the blue one"])
def test_the_blue_one_while_something_else_is_asked(dialogue: Dialogue, text: str) -> None:
    dialogue.press("missed_bin")
    dialogue.say("black")
    assert dialogue.say(text) == ["note:missed_bin.corrected", "ask:missed_bin.address"]
    assert dialogue.slots["missed_bin_stream"] == "blue"


def test_undo_takes_an_address_back_with_what_was_found_there(dialogue: Dialogue) -> None:
    dialogue.press("missed_bin")
    dialogue.say("black")
    dialogue.say("12 N3 1AB")
    assert dialogue.say("oops") == ["note:missed_bin.undone", "ask:missed_bin.address"]
    assert "missed_bin_uprn" not in dialogue.slots and dialogue.slots["missed_bin_stream"] == "black"


def test_undo_in_a_message(dialogue: Dialogue) -> None:
    dialogue.press("leave_message")
    dialogue.say("My neighbour's tree is on the wires")
    assert dialogue.say("undo") == ["note:message.undone", "ask:message.text"]


def test_go_back_when_asked_what_to_change_goes_back_to_the_last_look(dialogue: Dialogue) -> None:
    dialogue.press("leave_message")
    dialogue.say("My neighbour's tree is on the wires")
    dialogue.say("skip")
    dialogue.say("change")
    assert dialogue.say("go back") == ["ask:message.confirm"]


def test_a_person_from_the_forms_that_are_written_in_code(dialogue: Dialogue) -> None:
    for opens in ("missed_bin", "leave_message", "contact_status", "library_hours", "complaint"):
        dialogue.press(opens)
        assert dialogue.say("I want to speak to someone") == ["do:person"], opens
        dialogue.press(opens)
        assert dialogue.press("person") == ["do:person"], opens


def test_not_what_i_asked_inside_a_form_is_no_answer_of_ours(dialogue: Dialogue) -> None:
    dialogue.press("missed_bin")
    says = dialogue.say("that's not what I asked")
    assert says[-1] == "ask:missed_bin.stream" and not any(one.startswith("answer:") for one in says)


def test_what_is_said_when_a_person_is_asked_keeps_the_forms_answers(dialogue: Dialogue) -> None:
    """The summary is made of them."""
    dialogue.press("missed_bin")
    dialogue.say("black")
    dialogue.say("12 N3 1AB")
    assert dialogue.say("person") == ["do:person"]
    assert dialogue.slots["missed_bin_stream"] == "black" and dialogue.slots["missed_bin_address"]
