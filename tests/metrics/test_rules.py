"""Figures against values worked out elsewhere: published tables, and sums written out here."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.metrics.comments.rules import Line, changed
from triage.metrics.periods import Period
from triage.metrics.rules import (
    FEWEST,
    Counts,
    Share,
    beyond_chance,
    difference,
    in_hundred,
    may_judge,
    satisfaction,
    wilson,
    withheld,
)
from triage.metrics.schemas import Tally
from triage.metrics.sentences import change, headline


@pytest.mark.parametrize(
    ("some", "n", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        # By hand, 8 of 10: z² = 3.841459; middle = (0.8 + 0.192073) / 1.384146 = 0.716740;
        # half = 1.959964 × √(0.016 + 0.009604) / 1.384146 = 0.313623 / 1.384146 = 0.226580.
        (8, 10, 0.4902, 0.9433),
        (10, 10, 0.7225, 1.0),
    ],
)
def test_wilson_as_published_and_by_hand(some: int, n: int, low: float, high: float) -> None:
    found = wilson(some, n)
    assert found.low == pytest.approx(low, abs=6e-5)
    assert found.high == pytest.approx(high, abs=6e-5)


@pytest.mark.parametrize(("some", "n"), [(0, 0), (-1, 5), (6, 5)])
def test_a_share_of_nothing_has_no_interval(some: int, n: int) -> None:
    with pytest.raises(ValueError, match="not a share"):
        wilson(some, n)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_share_and_stays_a_share(pair: tuple[int, int]) -> None:
    some, n = pair
    low, high = wilson(some, n)
    assert 0 <= low <= some / n <= high <= 1


@pytest.mark.parametrize(
    ("now", "before", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17:873, table II, method 10.
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 20), 0.6791, 1.0),
    ],
)
def test_a_difference_as_published(now: tuple[int, int], before: tuple[int, int], low: float, high: float) -> None:
    found = difference(Share(*now), Share(*before))
    assert found.low == pytest.approx(low, abs=6e-5)
    assert found.high == pytest.approx(high, abs=6e-5)


def test_what_chance_explains() -> None:
    assert beyond_chance(Share(56, 70), Share(48, 80))
    assert beyond_chance(Share(48, 80), Share(56, 70))
    # 52 and 54 in 100 of a hundred people each: nobody could tell them apart.
    assert not beyond_chance(Share(54, 100), Share(52, 100))
    # The same two points between 10,000 people each are a change.
    assert beyond_chance(Share(5400, 10000), Share(5200, 10000))


@pytest.mark.parametrize(("now", "before", "may"), [(30, 30, True), (29, 300, False), (300, 29, False)])
def test_nothing_is_said_of_chance_about_fewer_than_thirty_or_beside_fewer(now: int, before: int, may: bool) -> None:
    one, two = Share(now, now), Share(0, before)
    assert may_judge(one, two) is may
    # All against none: as far apart as can be, in the headline and of a theme.
    said = change(one, two, "a year before")
    mentions = changed([Line("May", "may", before, 0, 0), Line("June", "june", now, now, 0)])
    if may:
        assert "more than chance would explain" in said and mentions.startswith("More people")
    else:
        assert said == "It was 0 a year before: too few answers to compare (we need 30 each time)."
        assert mentions.startswith("Too few comments") and "chance" not in mentions


def test_who_was_asked_has_a_sentence_of_its_own_that_says_where_other_answers_come_from() -> None:
    july = Period(date(2016, 7, 1), "quarter")
    tally = Tally(Counts((0, 0, 0, 0, 90)), invited=233, answered=70)
    said = headline(july, True, "us", tally)
    assert said.endswith(
        "; 90 answers). Of 233 people asked, 70 answered (30%); "
        "the other answers are of people asked earlier, or from a contact’s own page."
    )
    assert headline(july, True, "us", replace(tally, answered=90)).endswith("Of 233 people asked, 90 answered (39%).")
    assert headline(july, True, "us", replace(tally, invited=0, answered=0)).endswith("; 90 answers).")


def test_satisfied_is_the_top_two_of_all_five() -> None:
    share = satisfaction(Counts((96, 119, 104, 236, 110)))
    # The brief's first quarter of 2013: (236 + 110) / 665 = 346 / 665 = 52.03%.
    assert share is not None
    assert (share.some, share.n, share.hundred) == (346, 665, 52)


def test_fewer_than_ten_are_not_shown() -> None:
    assert satisfaction(Counts((0, 0, 0, 0, FEWEST - 1))) is None
    assert satisfaction(Counts((0, 0, 0, 0, FEWEST))) == Share(10, 10)
    assert satisfaction(Counts()) is None


def test_a_half_goes_up() -> None:
    assert [in_hundred(share) for share in (0.505, 0.525, 0.5049, 1, 0)] == [51, 53, 50, 100, 0]


def test_one_small_row_takes_another_with_it() -> None:
    assert withheld([40, 4, 25, 300]) == {1: "too few to show", 2: "held back"}
    assert withheld([40, 4, 9]) == {1: "too few to show", 2: "too few to show"}
    assert withheld([40, 0, 25]) == {1: "no answers"}
    # 4 + 5 are nine people, whose answers the total less 40 and 25 would tell.
    assert withheld([40, 4, 5, 25]) == {1: "too few to show", 2: "too few to show", 3: "held back"}
    assert withheld([4]) == {0: "too few to show"}
    assert withheld([]) == {}


def test_counts_add_up() -> None:
    assert Counts((1, 2, 3, 4, 5)) + Counts((5, 4, 3, 2, 1)) == Counts((6, 6, 6, 6, 6))
