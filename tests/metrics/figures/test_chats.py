"""How chats ended, worked out by hand."""

from triage.metrics.figures import ALL
from triage.metrics.figures.shapes import Counts

ENDS = {
    "empty": 7,
    "going_on": 4,
    "person": 20,
    "came_back": 3,
    "contact": 22,
    "error": 2,
    "abandoned": 8,
    "said_no": 5,
    "said_yes": 8,
    "settled": 32,
}
COUNTS = Counts.of({("chat", end): n for end, n in ENDS.items()})


def test_settled_by_the_assistant_is_verified_and_of_those_who_wrote() -> None:
    value = ALL["containment"].figure(COUNTS)
    # 8 + 32 of 100: not the 7 empty ones and the 4 that go on, nor who came back, said no, or left in the middle.
    assert (value.value, value.numerator, value.n) == (0.4, 40, 100)
    assert sum(n for _, n in value.parts) == 111


def test_leaving_in_the_middle_is_shown_apart() -> None:
    assert (ALL["abandonment"].figure(COUNTS).numerator, ALL["abandonment"].figure(COUNTS).n) == (8, 100)
    assert ALL["completion"].figure(COUNTS).value == 0.9


def test_hand_overs_are_of_those_who_wrote() -> None:
    assert ALL["handovers"].figure(COUNTS).value == 0.2


def test_empty_chats_alone_are_nothing_to_count() -> None:
    value = ALL["containment"].figure(Counts.of({("chat", "empty"): 7}))
    assert (value.value, value.n, value.why) == (None, 0, "nothing to count")
