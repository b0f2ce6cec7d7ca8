"""When a delivery is tried, when a person is asked, and what suppliers are told at the end and say back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.shapes import SETTLED
from triage.delivery import rules
from triage.desk.rules import CLOSING

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "chance", "seconds"),
    [(1, 0.0, 2.5), (1, 1.0, 5), (2, 1.0, 10), (4, 0.5, 30), (8, 1.0, 600), (50, 1.0, 600)],
)
def test_each_wait_is_twice_the_last_up_to_ten_minutes(attempts: int, chance: float, seconds: float) -> None:
    assert rules.wait_after(attempts, chance) == timedelta(seconds=seconds)


@given(st.integers(1, 100), st.floats(0, 1))
def test_no_wait_is_nothing_or_too_long(attempts: int, chance: float) -> None:
    assert timedelta(seconds=2) < rules.wait_after(attempts, chance) <= rules.LONGEST_WAIT


def test_a_supplier_that_asks_for_longer_is_given_longer() -> None:
    assert rules.wait_after(1, 0.0, 300) == timedelta(minutes=5)
    assert rules.wait_after(8, 1.0, 1) == timedelta(minutes=10)


@pytest.mark.parametrize(
    ("route", "here", "home", "left"),
    [
        ("depot", "council", "council", False),
        ("depot", "barnet_homes", "council", True),
        # Held for a supervisor: nobody has decided.
        ("depot", None, "council", False),
        ("depot", "council", None, False),
        # It is another service's now.
        ("potholes", "council", "council", True),
        (None, "council", "council", True),
    ],
)
def test_a_contact_has_left_when_another_partner_has_it_or_its_service_is_another(
    route: str | None, here: str | None, home: str | None, left: bool
) -> None:
    assert rules.has_left("depot", route, here, home) is left


def test_only_what_says_that_nothing_is_left_to_do_takes_a_case_back() -> None:
    assert {reason for reason in CLOSING if rules.end_of("closed", reason).state} == {"done", "duplicate", "not_done"}
    for what in rules.ENDS - {"closed"}:
        assert rules.end_of(what, "").state in SETTLED


def test_a_person_is_asked_after_three_days() -> None:
    assert not rules.gives_up(NOW, NOW + timedelta(days=2, hours=23))
    assert rules.gives_up(NOW, NOW + timedelta(days=3))


def test_every_state_of_a_case_means_something_and_has_a_name() -> None:
    from typing import get_args

    from connectors.shapes import CaseState

    assert set(rules.MEANS) == set(rules.STATE_NAMES) == set(get_args(CaseState))
    # Only what is done closes a contact: nobody is told no by a machine (DESIGN decision 5).
    assert [state for state, meaning in rules.MEANS.items() if meaning == rules.SETTLED] == ["done"]
