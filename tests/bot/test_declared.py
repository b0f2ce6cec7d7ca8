"""Every form that is written down in a form.yml, tried as a resident would: to the end, put right, left and resumed.

With a real Rasa. Each question's own `example` is what the resident types, so a new form is tried without new code.
"""

import pytest

from bot.actions.answers import KINDS
from bot.actions.declared import NOT_ASKED, Declared, declared_forms
from tests.bot.dialogue import Dialogue
from triage.catalogue import catalogue

FORMS = declared_forms()
rasa = pytest.mark.rasa


def asked(said: list[str], form: Declared) -> str | None:
    """The question that is open after a turn."""
    return next((one.removeprefix(f"ask:{form.id}.") for one in said if one.startswith("ask:")), None)


def answer_all(dialogue: Dialogue, form: Declared, said: list[str], until: str = "confirm") -> list[str]:
    """Type each question's example until the question `until` is asked."""
    examples = {question.id: question.example for question in form.questions}
    for _ in range(len(form.questions) + 1):
        question = asked(said, form)
        assert question, f"{form.id}: nothing was asked: {said}"
        if question == until:
            return said
        said = dialogue.say(examples[question])
        assert asked(said, form) != question, f"{form.id}.{question}: {examples[question]!r} was not taken: {said}"
    raise AssertionError(f"{form.id} never asks {until}")


@rasa
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
class TestEveryForm:
    def test_to_its_end(self, dialogue: Dialogue, form: Declared) -> None:
        said = answer_all(dialogue, form, dialogue.press(form.start))
        assert asked(said, form) == "confirm"
        assert dialogue.say("yes") == [f"do:finish_{form.id}"]
        assert all(dialogue.slots.get(form.slot(question.id)) for question in form.questions)

    def test_every_option_of_every_question_is_taken(self, dialogue: Dialogue, form: Declared) -> None:
        """Walked once for each option, the first of all questions, then the second; what is not asked is not taken."""
        _, words = catalogue().form(form.id)
        said_by = {
            one.id: [choice.say for choice in words.ask[one.id].choices if choice.say]
            for one in form.questions
            if one.kind in ("choice", "yes_no", "years", "birth")
        }
        for number in range(max(map(len, said_by.values()), default=0)):
            walk = Dialogue(dialogue.client)
            said = walk.press(form.start)
            while (question := asked(said, form)) != "confirm":
                assert question, f"{form.id}: nothing was asked: {said}"
                options = said_by.get(question)
                example = next(one.example for one in form.questions if one.id == question)
                said = walk.say(options[number % len(options)] if options else example)
                if options:
                    assert walk.slots[form.slot(question)] == options[number % len(options)], question

    def test_interrupted_by_a_question_it_goes_on_where_it_was(self, dialogue: Dialogue, form: Declared) -> None:
        first = asked(dialogue.press(form.start), form)
        said = dialogue.say(
            "what time does the council open?" if form.questions[0].kind == "text" else "how do I join the library?"
        )
        assert dialogue.turn["requested_slot"] == form.slot(str(first)), said
        answer_all(dialogue, form, [f"ask:{form.id}.{first}"])

    def test_cancelled_nothing_is_left_of_it(self, dialogue: Dialogue, form: Declared) -> None:
        dialogue.press(form.start)
        assert dialogue.say("stop") == [f"note:{form.id}.stopped"]
        assert dialogue.turn["active_form"] is None

    def test_put_right_at_the_last_look(self, dialogue: Dialogue, form: Declared) -> None:
        answer_all(dialogue, form, dialogue.press(form.start))
        assert asked(dialogue.say("no, something is wrong"), form) == "change"
        last = [question for question in form.questions if dialogue.slots[form.slot(question.id)] != NOT_ASKED][-1]
        said = dialogue.say(f"change the {last.id}")
        assert asked(said, form) == last.id
        assert asked(dialogue.say(last.example), form) == "confirm"

    def test_resumed_from_the_events_alone(self, dialogue: Dialogue, form: Declared) -> None:
        said = dialogue.press(form.start)
        said = dialogue.say(form.questions[0].example)
        kept, again = dialogue.events, Dialogue(dialogue.client)
        again.events = kept
        answer_all(again, form, said)

    def test_a_person_from_anywhere(self, dialogue: Dialogue, form: Declared) -> None:
        dialogue.press(form.start)
        assert dialogue.say("talk to a person") == ["do:person"]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_its_words_and_its_questions_fit(form: Declared) -> None:
    _, words = catalogue().form(form.id)
    assert [question.id for question in form.questions] == list(words.labels), "labels, in the order asked"
    for question in form.questions:
        wording = words.ask[question.id]
        said = {choice.say for choice in wording.choices if choice.say}
        if question.kind == "choice":
            assert said == set(question.options), question.id
        for name in question.options:
            assert question.named(name) == name, f"{question.id}: {name!r} is read as something else"
        assert question.kind in KINDS
        assert not question.skippable or "skip" in said, f"{question.id} can be skipped, and no button says so"
    assert {words.place, words.reply_to} <= {None, *(question.id for question in form.questions)}


def test_every_form_can_be_reached() -> None:
    """A form that no choice starts and no words open is a form that nobody fills in."""
    known = catalogue()
    wordings = [one for service in known.services.values() for one in (service.answer, *service.details.values())]
    # The forms of everyday talk are offered by what it says, and not by the answer of a service.
    wordings += [one for form in known.everyday.forms.values() for one in form.note.values()]
    started = {choice.do for wording in wordings for choice in (*wording.next, *wording.choices)}
    assert [form.id for form in FORMS if form.start not in started and not form.opens_on] == []
    assert [one for form in FORMS for one in form.opens_with if one not in started] == []
