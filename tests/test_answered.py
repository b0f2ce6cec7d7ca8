"""What a form's resident said is told from what the form itself says."""

from triage.answered import said_in
from triage.catalogue import catalogue
from triage.sorting.vulnerable import WORDS

ANSWERS = {
    "For today": "No, I have enough for today",
    "What happened": "A benefit stopped or was cut",
    "State Pension age": "No",
    "Children": "Yes, at school",
    "Where to answer you": "mum@example.org",
}


def test_labels_and_buttons_say_nothing_but_what_the_form_declares() -> None:
    said = said_in(catalogue(), ANSWERS)
    assert (said.typed, said.means) == ((), ("child",))
    assert said_in(catalogue(), ANSWERS | {"State Pension age": "Yes"}).means == ("child", "older")


def test_what_was_typed_is_theirs_also_beside_a_button_and_where_another_form_has_buttons() -> None:
    answers = {
        "What happened": "My mother is 84 and has nobody",
        "What needs repair": "A leak: it comes through the ceiling onto the cot",
        "Room and details": "Kitchen, since Monday",
        "When we can come": "Not given",
        "Run by": "A pensioner",
    }
    assert said_in(catalogue(), answers).typed == (
        "My mother is 84 and has nobody",
        "it comes through the ceiling onto the cot",
        "Kitchen, since Monday",
    )


def test_a_place_is_said_of_nobody() -> None:
    place = "outside the nursery"
    assert said_in(catalogue(), {"Where": place, "What you saw": "a van"}, place).typed == ("a van",)


def test_what_buttons_mean_are_words_that_the_desk_knows() -> None:
    known = catalogue()
    forms = [form for service in known.services.values() for form in service.forms.values()]
    choices = [one for form in forms for asked in form.ask.values() for one in asked.choices]
    meant = {word for choice in choices for word in choice.means}
    assert meant and meant <= set(WORDS)
