"""What people said, worked out by hand."""

import pytest

from triage.metrics.figures import ALL
from triage.metrics.figures.shapes import Counts


def test_satisfied_are_the_two_best_of_all_five_levels() -> None:
    # 12 very satisfied, 8 satisfied, 3 neither, 5 dissatisfied, 2 very dissatisfied: 20 of 30.
    counts = Counts.of(
        {("satisfaction", str(level)): n for level, n in zip((5, 4, 3, 2, 1), (12, 8, 3, 5, 2), strict=True)}
    )
    value = ALL["satisfaction"].figure(counts)
    assert (value.numerator, value.n) == (20, 30)
    assert value.value == pytest.approx(2 / 3)
    # Wilson by hand: z² = 3.841459; middle = (0.666667 + 3.841459/60) / (1 + 3.841459/30) = 0.647748;
    # half = 1.959964 × √(0.222222/30 + 3.841459/3600) / 1.128049 = 1.959964 × 0.092056 / 1.128049 = 0.159946.
    assert value.low == pytest.approx(0.4878, abs=1e-4)
    assert value.high == pytest.approx(0.8077, abs=1e-4)
    assert dict(value.parts) == {
        "very satisfied": 12,
        "satisfied": 8,
        "neither": 3,
        "dissatisfied": 5,
        "very dissatisfied": 2,
    }


def test_who_got_it_in_part_did_not_get_it() -> None:
    value = ALL["got_it"].figure(Counts.of({("got_it", "yes"): 6, ("got_it", "partly"): 3, ("got_it", "no"): 1}))
    assert (value.value, value.n) == (0.6, 10)


def test_easy_is_easy_and_very_easy() -> None:
    levels = zip((5, 4, 3, 2, 1), (6, 3, 2, 4, 5), strict=True)
    value = ALL["effort"].figure(Counts.of({("effort", str(level)): n for level, n in levels}))
    assert (value.value, value.numerator, value.n) == (0.45, 9, 20)
    assert value.parts[0] == ("very easy", 6)


def test_each_driver_is_of_those_who_were_asked_it() -> None:
    counts = Counts.of({("taken_seriously", "yes"): 3, ("taken_seriously", "no"): 1, ("clear_next_step", "partly"): 2})
    found = [ALL[id_].figure(counts) for id_ in ("taken_seriously", "clear_next_step")]
    assert [(value.numerator, value.n) for value in found] == [(3, 4), (0, 2)]


def test_without_an_answer_there_is_no_value_and_it_says_why() -> None:
    value = ALL["satisfaction"].figure(Counts())
    assert (value.value, value.low, value.n, value.why) == (None, None, 0, "nothing to count")
