"""The exact question is answered first: the nearest point of the service, and none for the general question."""

import pytest

from triage import reading
from triage.catalogue import catalogue
from triage.chat import points
from triage.chat.answering import Room, answer
from triage.chat.engine import Turn, Understood

pytestmark = pytest.mark.usefixtures("trained")


def asked(service: str, text: str) -> str | None:
    turn = Turn(says=({"answer": service},), understood=Understood(service, 1.0, False))
    return points.asked_for(catalogue(), turn, text)


@pytest.mark.parametrize(
    ("service", "text", "point"),
    [
        ("term_dates", "which day do schools break up for christmas this year", "christmas"),
        ("council_tax_bill", "can you tell me what date the direct debit is taken", "direct_debit_date"),
        ("penalty_charge", "charge certificate came, never had a first letter", "charge_certificate"),
        ("parks", "how many years do people wait for an allotment", "get_an_allotment"),
        ("penalty_charge", "I got a parking ticket and I want to appeal it", "how_to_challenge"),
        ("council_tax_single_person", "my husband moved out, it's only me now, do I get 25% off", "partner_left"),
        ("hall_hire", "can I rent a room in Edgware library for a workshop", "library_room"),
        ("injury_claim", "the bin lorry knocked my mirror off, who pays", "our_lorry"),
        ("library_card", "what is the wifi code in the library", "wifi"),
    ],
)
def test_a_question_finds_the_point_that_it_asks_for(service: str, text: str, point: str) -> None:
    assert asked(service, text) == point


@pytest.mark.parametrize(
    ("service", "text"),
    [
        ("penalty_charge", "parking ticket"),
        ("burial", "how do I arrange to bury my mum in the cemetery next to my dad"),
        ("birth_registration", "we had our baby girl last week, where do we go to register her"),
        ("council_tax_single_person", "single person discount please"),
        ("telecare", "can we get one of those alarm pendants for my mum in case she falls"),
        ("pothole", "there's a massive pothole outside number 40 and it's wrecked my tyre"),
    ],
)
def test_the_general_question_keeps_the_general_answer(service: str, text: str) -> None:
    assert asked(service, text) is None


def test_each_points_own_questions_find_it() -> None:
    found = total = 0
    for service in catalogue().services.values():
        for name, point in service.points.items():
            total += len(point.asks)
            found += sum(asked(service.id, ask) == name for ask in point.asks)
    assert found / total >= 0.95, f"{found} of {total}"


def test_an_everyday_point_is_looked_at_only_when_nothing_was_understood() -> None:
    turn = Turn(says=({"do": "clarify"},), understood=Understood())
    assert points.asked_for(catalogue(), turn, "bins") == "bins"
    assert asked("missed_bin", "bins") != "bins"


def test_a_turn_of_a_form_has_no_point() -> None:
    turn = Turn(says=({"ask": "missed_bin.stream"},), understood=Understood("missed_bin", 1.0, False))
    assert points.asked_for(catalogue(), turn, "how do i pay") is None


def test_what_can_be_finished_here_and_the_general_answer_are_one_press_away() -> None:
    room = Room(catalogue(), reading.dangers())
    for service in catalogue().services.values():
        forms = {choice.do for choice in service.answer.next if (choice.do or "").startswith("start_")}
        for name in service.points:
            said = answer(room, service.id, name)
            sends = [choice["send"] for choice in said.extras["choices"]]
            assert {"service": service.id} in sends
            assert forms <= {send.get("do") for send in sends}, f"{service.id}.{name}"
            assert len({choice["id"] for choice in said.extras["choices"]}) == len(sends)
