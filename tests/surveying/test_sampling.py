"""Who is to be asked is drawn when something begins, by nothing but its id and the seed."""

from uuid import UUID

import pytest

from triage.surveying.sampling import drawn

# Ten thousand people who are the same in every run.
PEOPLE = [UUID(int=number) for number in range(10_000)]


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_a_share_is_about_that_share(share: float) -> None:
    found = sum(drawn(person, "a seed", share) for person in PEOPLE)
    # Four standard errors of a share of 10,000: 100 × √(share × (1 − share)) × 4.
    assert abs(found - share * 10_000) <= 400 * (share * (1 - share)) ** 0.5


def test_the_draw_can_be_done_again() -> None:
    assert [drawn(person, "a seed", 0.3) for person in PEOPLE] == [drawn(person, "a seed", 0.3) for person in PEOPLE]


def test_a_larger_share_leaves_nobody_out_who_was_in_a_smaller_one() -> None:
    assert all(drawn(person, "a seed", 0.5) for person in PEOPLE if drawn(person, "a seed", 0.2))


def test_another_seed_draws_other_people() -> None:
    both = sum(drawn(person, "a seed", 0.5) and drawn(person, "another", 0.5) for person in PEOPLE)
    assert abs(both - 2_500) <= 200
