"""When a delivery is tried, and when a supplier is left alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.delivery import rules
from triage.delivery.rules import Breaker

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "chance", "seconds"),
    [(1, 0.0, 2.5), (1, 1.0, 5), (2, 1.0, 10), (4, 0.5, 30), (8, 1.0, 600), (50, 1.0, 600)],
)
def test_each_wait_is_twice_the_last_up_to_ten_minutes(attempts: int, chance: float, seconds: float) -> None:
    assert rules.wait_after(attempts, chance) == timedelta(seconds=seconds)


def test_a_supplier_that_says_how_long_is_given_that_long_but_not_for_ever() -> None:
    assert rules.wait_after(1, 0.0, timedelta(minutes=5)) == timedelta(minutes=5)
    assert rules.wait_after(8, 1.0, timedelta(seconds=1)) == timedelta(minutes=10)
    assert rules.wait_after(1, 0.0, timedelta(days=9)) == timedelta(hours=1)


@given(st.integers(1, 100), st.floats(0, 1))
def test_no_wait_is_nothing_or_too_long(attempts: int, chance: float) -> None:
    assert timedelta(seconds=2) < rules.wait_after(attempts, chance) <= rules.LONGEST_WAIT


def test_after_five_failures_it_is_left_alone_for_longer_each_time() -> None:
    breaker = Breaker()
    for _ in range(rules.TRIP - 1):
        breaker = breaker.failed(NOW)
        assert not breaker.is_open(NOW)
    pauses = []
    for _ in range(8):
        breaker = breaker.failed(NOW)
        assert breaker.opened_until is not None
        pauses.append((breaker.opened_until - NOW).total_seconds())
    assert pauses[:4] == [30, 60, 120, 240]
    assert max(pauses) == 300
    assert breaker.is_open(NOW)
    assert breaker.is_probing(NOW + timedelta(minutes=5))


def test_a_person_is_asked_after_three_days() -> None:
    assert not rules.gives_up(NOW, NOW + timedelta(days=2, hours=23))
    assert rules.gives_up(NOW, NOW + timedelta(days=3))


def test_every_state_of_a_case_means_something_and_has_a_name() -> None:
    from typing import get_args

    from connectors.shapes import CaseState

    assert set(rules.MEANS) == set(rules.STATE_NAMES) == set(get_args(CaseState))
    # Only what is done closes a contact: nobody is told no by a machine (DESIGN decision 5).
    assert [state for state, meaning in rules.MEANS.items() if meaning == rules.SETTLED] == ["done"]
