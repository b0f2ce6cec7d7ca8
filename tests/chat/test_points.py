"""The exact question is answered first: the nearest point of the service, and none when none is near."""

from triage import reading
from triage.catalogue import catalogue
from triage.chat import points
from triage.chat.answering import Room, answer
from triage.chat.engine import Turn, Understood
from triage.content import Point, Sentence


def one(*asks: str) -> Point:
    return Point(asks=asks, say=(Sentence(text="x"),))


DAY = one("what day does the direct debit go out", "when is the payment taken from my bank", "DD date?")
CARD = one("can i pay with a card", "pay by debit card over the phone", "card payment?")


def asked(text: str, least: float = points.NEAR) -> str | None:
    return points.nearest({"day": DAY, "card": CARD}, points._vector(text), least)


def test_a_question_finds_the_point_that_it_asks_for(trained: None) -> None:
    assert asked("which day do you take the direct debit") == "day"
    assert asked("is it possible to pay by card please") == "card"


def test_a_question_that_no_point_answers_finds_none(trained: None) -> None:
    assert asked("why has my bill gone up so much this year") is None


def test_every_points_own_questions_find_it_before_any_other(trained: None) -> None:
    wrong = []
    for service in catalogue().services.values():
        for name, point in service.points.items():
            for ask in point.asks:
                others = {key: value for key, value in service.points.items() if key != name}
                near = points.nearest(others, points._vector(ask), 0.97)
                wrong += [(service.id, name, near, ask)] if near else []
    assert wrong == []


def test_a_turn_of_a_form_has_no_point(trained: None) -> None:
    turn = Turn(says=({"ask": "missed_bin.stream"},), understood=Understood("missed_bin", 1.0, False))
    assert points.asked_for(catalogue(), turn, "how do i pay") is None


def test_the_general_answer_is_one_press_away(trained: None) -> None:
    room = Room(catalogue(), reading.dangers())
    for service in catalogue().services.values():
        for name in service.points:
            said = answer(room, service.id, name)
            assert {"service": service.id} in [choice["send"] for choice in said.extras["choices"]]
            assert len({choice["id"] for choice in said.extras["choices"]}) == len(said.extras["choices"])
