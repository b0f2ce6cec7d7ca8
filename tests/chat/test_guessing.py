"""The likeliest guess answered, and said to be one."""

import pytest

from triage import reading
from triage.catalogue import catalogue
from triage.chat import answering, guessing
from triage.chat.answering import Room
from triage.chat.engine import Turn, Understood

pytestmark = pytest.mark.usefixtures("trained")

RANKING = (("tip", 0.55), ("bulky_waste", 0.3), ("fly_tipping", 0.1), ("outside", 0.02))
UNCLEAR = ({"do": "clarify"},)


def unclear(confidence: float, service: str = "tip", form: str | None = None) -> Turn:
    return Turn(says=UNCLEAR, understood=Understood(service, confidence, True, RANKING), form=form)


def test_what_is_likelier_than_not_is_answered_as_a_guess() -> None:
    turn = guessing.guessed(unclear(0.55), catalogue().services, {})
    assert turn.says == ({"answer": "tip", "guess": True},)
    assert turn.understood.abstained


@pytest.mark.parametrize(
    ("turn", "context"),
    [
        (unclear(0.45), {}),
        (unclear(0.55, "outside"), {}),
        (unclear(0.55, "thanks"), {}),
        (unclear(0.55, form="missed_bin"), {}),
        (unclear(0.55), {"form": "missed_bin"}),
        (Turn(says=UNCLEAR, understood=Understood("outside", 0.9, False, RANKING)), {}),
        (Turn(says=({"do": "person"},), understood=Understood("person", 0.9, False, RANKING)), {}),
    ],
)
def test_everything_else_stays_as_it_is(turn: Turn, context: dict[str, str]) -> None:
    assert guessing.guessed(turn, catalogue().services, context) is turn


def test_a_guess_says_so_and_what_else_it_could_be_is_one_press_away() -> None:
    room = Room(catalogue(), reading.dangers())
    turn = guessing.guessed(unclear(0.55), catalogue().services, {})
    plain = answering.answer(room, "tip")
    said = guessing.as_a_guess(room, plain, turn)
    assert said.text.endswith(plain.text)
    assert "not sure" in said.text and catalogue().services["tip"].name in said.text
    sends = [choice["send"] for choice in said.extras["choices"]]
    for send in ({"service": "bulky_waste"}, {"service": "fly_tipping"}, {"do": "none_of_these"}, {"do": "person"}):
        assert sends.count(send) == 1
    assert len({choice["id"] for choice in said.extras["choices"]}) == len(sends)
    assert said.extras["source"] == plain.extras["source"]
