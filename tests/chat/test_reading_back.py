"""What a form reads back: the option with the resident's own words beside it, and only what was asked to change."""

import json

import pytest

from triage.catalogue import catalogue
from triage.chat.answering import Room, answers, note, question
from triage.chat.engine import Turn, Understood
from triage.reading import dangers

TYPED = "something else, it was the woman on reception at colindale"


@pytest.fixture
def room() -> Room:
    return Room(catalogue(), dangers())


def test_what_was_typed_beside_an_option_is_read_back(room: Room) -> None:
    slots = {"complaint_about": "something else", "complaint_beside": json.dumps({"about": ["something else", TYPED]})}
    assert answers(room, "complaint", slots) == {"About": f"Something else: {TYPED}"}


def test_what_was_typed_beside_another_option_is_not(room: Room) -> None:
    slots = {"complaint_about": "parking", "complaint_beside": json.dumps({"about": ["something else", TYPED]})}
    assert answers(room, "complaint", slots) == {"About": "Parking"}


def test_only_what_was_asked_can_be_changed(room: Room) -> None:
    slots = {"complaint_about": "parking", "complaint_which": "not asked", "complaint_remedy": "skip"}
    turn = Turn(says=(), understood=Understood(), slots=slots)
    offered = [one["label"] for one in question(room, "complaint.change", turn).extras["choices"]]
    assert offered == ["About", "What would put it right", "Nothing, go back"]


def test_what_was_put_right_is_said_as_its_button_says_it(room: Room) -> None:
    said = note(room, "missed_bin.corrected", {"question": "stream", "answer": "blue"})
    assert said.text == "OK. Bin: Blue bin (recycling)."
