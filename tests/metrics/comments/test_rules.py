"""What of the counts of comments may be shown, on examples that can be followed by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.metrics.comments.chart import picture
from triage.metrics.comments.rules import FEWEST, HELD_BACK, NONE, TOO_FEW, Line, changed, shown


def line(label: str, n: int, about: int, unhappy: int = 0) -> Line:
    return Line(label, label, n, about, unhappy)


def test_a_share_has_its_interval() -> None:
    # 12 of 40 is 30 in every 100; Wilson: (0.3 + 0.048) / 1.096 = 0.3175, half 0.1371: 18 to 45.
    found = shown([line("May", 40, 12, 3)], totalled=False)[0]
    assert found.share is not None
    assert found.unhappy_share is not None
    assert (found.share.hundred, found.share.bounds, found.unhappy_share.hundred) == (30, (18, 45), 25)


def test_fewer_than_ten_are_not_shown_nor_kept_in_the_line() -> None:
    hidden = shown([line("May", 40, 9, 2), line("June", 0, 0)], totalled=False)
    assert [(one.why, one.about, one.unhappy, one.share) for one in hidden] == [
        (TOO_FEW, 0, 0, None),
        (NONE, 0, 0, None),
    ]


def test_a_total_does_not_give_a_hidden_month_away() -> None:
    months = [line("May", 60, 30), line("June", 50, 12), line("July", 40, 4)]
    assert [one.why for one in shown(months, totalled=True)] == ["", HELD_BACK, TOO_FEW]
    assert [one.why for one in shown(months, totalled=False)] == ["", "", TOO_FEW]


def test_two_hidden_months_hide_each_other_when_they_are_ten_or_more_together() -> None:
    months = [line("May", 60, 30), line("June", 50, 3), line("July", 40, 4)]
    assert [one.why for one in shown(months, totalled=True)] == [HELD_BACK, TOO_FEW, TOO_FEW]
    # Three and seven are ten people together, which the total may give away.
    months = [line("May", 60, 30), line("June", 50, 3), line("July", 40, 7)]
    assert [one.why for one in shown(months, totalled=True)] == ["", TOO_FEW, TOO_FEW]


def test_two_small_months_whose_sum_is_under_ten_take_a_third_with_them() -> None:
    # The theme has 49 in all: less 20 and 20, it would say that nine people wrote in these two months.
    months = [line("May", 60, 20), line("June", 50, 20), line("July", 40, 4), line("August", 40, 5)]
    assert [one.why for one in shown(months, totalled=True)] == [HELD_BACK, "", TOO_FEW, TOO_FEW]


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12))
def test_no_month_can_be_worked_out_by_taking_the_shown_ones_from_the_total(abouts: list[int]) -> None:
    found = shown([line(str(at), 100, about) for at, about in enumerate(abouts)], totalled=True)
    left = [about for about, one in zip(abouts, found, strict=True) if one.why and about]
    shown_ones = [one for one in found if one.share]
    assert not left or not shown_ones or (len(left) > 1 and sum(left) >= FEWEST)


def test_a_rise_that_chance_would_not_explain_is_said() -> None:
    # 20 of 200: 10 (7 to 15). 80 of 200: 40 (33 to 47). The intervals do not meet.
    said = changed(shown([line("May", 200, 20), line("June", 200, 80)], totalled=False))
    assert said.startswith("More people mention this now: 40 in every 100 comments in June, 10 in May.")
    assert changed(shown([line("May", 200, 80), line("June", 200, 20)], totalled=False)).startswith("Fewer people")


def test_a_difference_within_the_intervals_is_no_change() -> None:
    said = changed(shown([line("May", 40, 12), line("June", 40, 14)], totalled=False))
    assert said.endswith("Chance alone could explain the difference.")
    assert changed(shown([line("May", 40, 12)], totalled=False)) == ""


def test_a_month_that_is_not_shown_is_a_gap_in_the_picture() -> None:
    months = [line("1", 100, 20), line("2", 100, 30), line("3", 100, 4), line("4", 100, 6), line("5", 100, 50)]
    drawn = picture(shown(months, totalled=True))
    assert drawn is not None
    assert [point.y is None for point in drawn.points] == [False, False, True, True, False]
    assert len(drawn.paths) == 1
    assert picture(shown([line("1", 100, 20)], totalled=True)) is None


@pytest.mark.parametrize("about", [10, 55, 100])
def test_every_point_lies_inside_the_picture(about: int) -> None:
    drawn = picture(shown([line("1", 100, about), line("2", 100, about)], totalled=True))
    assert drawn is not None
    assert all(0 <= at <= 240 for point in drawn.points for at in (point.y or 0, point.low, point.high))
