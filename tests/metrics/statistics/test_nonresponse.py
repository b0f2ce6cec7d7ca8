"""Who answered against who could have."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.metrics.statistics.nonresponse import compare


def test_two_groups_by_hand() -> None:
    # Chat: 600 of 1,000 who could answer, 80 of 100 who did: 20 points more.
    chat, phone = compare({"chat": 600, "phone": 400}, {"chat": 80, "phone": 20})
    assert (chat.could.value, chat.did.value) == (0.6, 0.8)
    assert chat.difference == pytest.approx(0.2) and phone.difference == pytest.approx(-0.2)
    # Those who did not: 520 of 900. Newcombe's interval of 80/100 - 520/900 = 0.2222, by hand:
    # Wilson of 80/100: 0.7112 to 0.8666; of 520/900: 0.5452 to 0.6096.
    # low 0.2222 - √(0.0888² + 0.0318²) = 0.1279, high 0.2222 + √(0.0666² + 0.0326²) = 0.2964; times 0.9.
    assert chat.interval.low == pytest.approx(0.9 * 0.1279, abs=2e-4)
    assert chat.interval.high == pytest.approx(0.9 * 0.2964, abs=2e-4)
    assert chat.beyond_chance and phone.beyond_chance
    assert (chat.rate.some, chat.rate.n) == (80, 600)


def test_a_gap_that_chance_explains() -> None:
    assert not any(group.beyond_chance for group in compare({"chat": 600, "phone": 400}, {"chat": 32, "phone": 20}))


def test_a_group_of_which_nobody_answered_is_there() -> None:
    (_, tax) = compare({"bins": 50, "tax": 50}, {"bins": 30})
    assert tax.name == "tax" and tax.did.value == 0


def test_everybody_answered_and_nobody_did() -> None:
    assert [group.interval for group in compare({"a": 5, "b": 5}, {"a": 5, "b": 5})] == [(0, 0), (0, 0)]
    assert compare({"a": 5}, {}) == ()


def test_more_answers_than_people_are_refused() -> None:
    with pytest.raises(ValueError, match="more people answered"):
        compare({"a": 5}, {"a": 6})


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=3), st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1))
def test_differences_add_up_to_nothing_and_lie_in_their_intervals(groups: dict[str, tuple[int, int]]) -> None:
    found = compare({name: a + b for name, (a, b) in groups.items()}, {name: a for name, (a, _) in groups.items()})
    assert sum(group.difference for group in found) == pytest.approx(0, abs=1e-9)
    for group in found:
        assert group.interval.low - 1e-12 <= group.difference <= group.interval.high + 1e-12
        assert group.difference == pytest.approx(group.did.value - group.could.value, abs=1e-9)
