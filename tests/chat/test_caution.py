"""What the model alone may do in a form, what is plainly a no to being contacted, and who takes a danger back."""

import json
from pathlib import Path

import pytest

from language.danger import DangerRules, Sighting
from language.danger.model import MAY_BE, RULE, Dangers
from tests.patience import at_once
from triage.catalogue import DATA
from triage.chat.caution import mistaken, weighed
from triage.chat.following import follows
from triage.chat.handover import safe_answer

LANGUAGE = Path(__file__).parents[1] / "language"


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
        ("'No!', she can't talk", False),
        ("no ... ' ' ...", False),
        ("he'll see it", False),
        ("yes its safe, 07700 900123", True),
        ("not tonight, its the end of next month. the landlord gave us a section 21. what do we do", None),
        ("no we just arent married thats all, can i finish booking", None),
    ],
)
def test_only_a_plain_no_closes_the_door_on_somebody(text: str, safe: bool | None) -> None:
    assert safe_answer(text) is safe


@pytest.mark.parametrize("text", ["no " + "'" * 2000 + " a" * 6, "no " + "' a" * 700])
def test_whether_it_is_safe_is_read_at_once_whatever_was_typed(text: str) -> None:
    with at_once():
        assert safe_answer(text) in (None, False)


FOLLOW_UPS = [
    "and for my mum?",
    "and for my dad who is 84",
    "what about my nan",
    "she lives alone",
    "is it the same for him",
    "and my mum",
    "can my nan get it too",
    "he's 91 and can't walk far",
    "hes 91 and cant walk far",
    "shes disabled",
    "my mum is 84 and lives alone",
    "and if she has dementia",
    "he is blind",
    "can i do it for her",
    "its for my wife, she is bedbound",
    "and my son who is 8",
    "my mother is in hospital",
    "what if hes in a care home",
    "and what about my mum who is 84 and lives alone, can she have it too?",
    "my neighbour who uses a frame",
    "and for my baby",
]


@pytest.mark.parametrize("text", FOLLOW_UPS)
def test_a_follow_up_about_somebody_is_not_met_by_the_danger_question(dangers: Dangers, text: str) -> None:
    found = seen(dangers, RULE)
    assert weighed(found, text, in_form=False, dangers=dangers, spoken_of=True) is None
    # Said first, with nothing before it, the same words may be a worry: the model has its say.
    assert weighed(found, text, in_form=False, dangers=dangers) is not None


def test_what_a_rule_saw_in_a_follow_up_stands(dangers: Dangers) -> None:
    sighting = seen(dangers, "adult_at_risk.alone")
    assert weighed(sighting, "she lives alone", in_form=False, dangers=dangers, spoken_of=True) is sighting


@pytest.mark.parametrize(
    "text",
    [
        "and for my mum who hits me",
        "he wont let me out",
        "she lives alone and hasnt eaten for days",
        "my dad is 84 and he is missing",
        "help me please",
        "my baby is not breathing",
        "my mum is on the floor",
        "he has my phone",
        "i am alone and scared",
        "my son is 3 and home alone",
        "she cant breathe",
        "can i die",
    ],
)
def test_other_words_beside_them_are_no_mere_follow_up(text: str) -> None:
    assert not follows(text)


def test_no_danger_of_any_set_is_a_mere_follow_up() -> None:
    files = [*LANGUAGE.glob("danger_*.jsonl"), *(DATA / "danger" / "examples").glob("*.jsonl")]
    harmless = ("ordinary", "near_misses")
    lines = [
        row["text"]
        for file in files
        if file.stem not in harmless
        for row in map(json.loads, file.read_text(encoding="utf-8").splitlines())
        if row.get("level", "of a signal's own examples")
    ]
    assert len(lines) > 4_000
    assert [text for text in lines if follows(text)] == []
