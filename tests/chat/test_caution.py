"""What the model alone may do in a form, what is plainly a no to being contacted, and who takes a danger back."""

import pytest

from language.danger import DangerRules, Sighting
from language.danger.model import MAY_BE, RULE, Dangers
from triage.catalogue import DATA
from triage.chat.caution import mistaken, weighed
from triage.chat.handover import safe_answer


@pytest.fixture(scope="module")
def dangers() -> Dangers:
    return Dangers(DangerRules.load(DATA / "danger"))


def seen(dangers: Dangers, rule: str) -> Sighting:
    known = dangers.sighting("immediate_danger")
    return Sighting(known.signal, known.level, known.priority, known.queue, rule)


def test_what_a_rule_saw_stands_wherever_it_was_said(dangers: Dangers) -> None:
    sighting = seen(dangers, "immediate_danger.weapon")
    assert weighed(sighting, "he has a knife", in_form=True, dangers=dangers) is sighting


@pytest.mark.parametrize(
    ("text", "in_form", "expected"),
    [
        ("its upstairs", True, None),
        ("my wife looks after my mum 40 hours", True, MAY_BE),
        ("its upstairs", False, MAY_BE),
        ("my wife looks after my mum 40 hours", False, "immediate_danger"),
        ("he " * 15, True, "immediate_danger"),
    ],
)
def test_the_model_alone_asks_at_most_in_answer_to_a_form(
    dangers: Dangers, text: str, in_form: bool, expected: str | None
) -> None:
    found = weighed(seen(dangers, RULE), text, in_form=in_form, dangers=dangers)
    assert (found.signal if found else None) == expected


@pytest.mark.parametrize(
    "text",
    [
        "no no i mean the sofa is upstairs, nobody is in danger",
        "its not an emergency he just walks slow",
        "theres no abuse!! how do i report the mould",
        "no i dont need an urgent team, i was answering your question",
        "can i go back to the form",
    ],
)
def test_somebody_may_say_that_nobody_is_in_danger(text: str) -> None:
    assert mistaken(text)


@pytest.mark.parametrize(
    "text",
    [
        "he hit me and i am hurt",
        "nobody helps me im in danger",
        "not safe im hurt",
        "he has not hurt me yet but he will",
        "there is no one here and i'm in danger",
        "i can't, not with him here",
    ],
)
def test_words_that_only_hold_a_no_take_no_danger_back(text: str) -> None:
    assert not mistaken(text)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("no", False),
        ("no please", False),
        ("please dont text me", False),
        ("no he reads my phone", False),
        ("he'll see it", False),
        ("yes its safe, 07700 900123", True),
        ("not tonight, its the end of next month. the landlord gave us a section 21. what do we do", None),
        ("no we just arent married thats all, can i finish booking", None),
    ],
)
def test_only_a_plain_no_closes_the_door_on_somebody(text: str, safe: bool | None) -> None:
    assert safe_answer(text) is safe
