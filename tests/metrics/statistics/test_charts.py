"""The p-chart: what is flagged, against what, and how often by chance."""

from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.charts import simulate, with_share
from triage.metrics.statistics.charts import Month, Rule, baseline_of, read

# 150 answers, 114 satisfied: 76%.
USUAL = (9, 13, 14, 54, 60)
# 150 answers, 105 satisfied: 70%.
WORSE = (12, 16, 17, 53, 52)


def months(*levels: tuple[int, ...]) -> list[Month]:
    """Months by their counts."""
    return [Month(f"month {place}", counts) for place, counts in enumerate(levels)]


def test_a_baseline_and_its_limits_by_hand() -> None:
    baseline = baseline_of(months(*[USUAL] * 12))
    assert baseline is not None
    assert (baseline.n, baseline.share, baseline.spread) == (1800, 0.76, 1.0)
    # 3.6 × √(0.76 × 0.24 × (1/150 + 1/1800)) = 3.6 × √(0.1824 × 0.0072222) = 3.6 × 0.036295 = 0.13066.
    low, high = baseline.limits(150) or (0, 0)
    assert low == pytest.approx(0.62934, abs=1e-5) and high == pytest.approx(0.89066, abs=1e-5)
    # A month of 600 has narrower ones: 3.6 × √(0.1824 × (1/600 + 1/1800)) = 3.6 × 0.020133 = 0.07248.
    low, high = baseline.limits(600) or (0, 0)
    assert low == pytest.approx(0.68752, abs=1e-5)


def test_ridits_by_hand() -> None:
    baseline = baseline_of(months((10, 10, 20, 40, 20), (10, 10, 20, 40, 20)))
    assert baseline is not None
    # Shares 0.1, 0.1, 0.2, 0.4, 0.2: half of one's own and all that is below.
    assert baseline.ridits == pytest.approx((0.05, 0.15, 0.3, 0.6, 0.9))


def test_all_levels_together_by_hand() -> None:
    baseline = baseline_of(months((10, 10, 20, 40, 20), (10, 10, 20, 40, 20)))
    assert baseline is not None
    # Everybody one of 100 at level 3: mean ridit 0.3. Variance of the baseline's ridits:
    # 0.1 × 0.0025 + 0.1 × 0.0225 + 0.2 × 0.09 + 0.4 × 0.36 + 0.2 × 0.81 - 0.25 = 0.0765.
    # (0.3 - 0.5) ÷ √(0.0765 × (1/100 + 1/200)) = -0.2 ÷ 0.033875 = -5.904.
    _, by_levels = baseline.moved_together(months((0, 0, 100, 0, 0)))
    assert by_levels == pytest.approx(-5.904, abs=1e-3)


def test_a_fall_of_six_points_that_stays_is_flagged_in_its_fourth_month_and_never_before_by_the_month_alone() -> None:
    found = read(months(*[USUAL] * 24, *[WORSE] * 4))
    assert [reading.direction for reading in found[:24]] == [0] * 24
    assert found[-1].direction == -1
    assert Rule.TOGETHER in {signal.rule for signal in found[-1].signals}
    # (0.70 - 0.76) ÷ √(0.1824 × (1/600 + 1/3600)) = -0.06 ÷ 0.018832 = -3.186.
    assert found[-1].signals[0].errors == pytest.approx(-3.186, abs=1e-3)
    assert all(signal.rule != Rule.MONTH for reading in found for signal in reading.signals)


def test_one_bad_month_is_flagged_at_once() -> None:
    found = read(months(*[USUAL] * 12, (30, 25, 15, 40, 40)))
    # 80 of 150 = 53.3%: (0.5333 - 0.76) ÷ 0.036295 = -6.2.
    assert found[-1].direction == -1 and Rule.MONTH in {signal.rule for signal in found[-1].signals}


def test_a_move_among_the_satisfied_only_shows_in_all_levels() -> None:
    # As many satisfied, but from very satisfied to satisfied.
    found = read(months(*[USUAL] * 24, *[(9, 13, 14, 84, 30)] * 4))
    assert {signal.rule for signal in found[-1].signals} == {Rule.LEVELS}


def test_the_baseline_is_frozen_at_12_months_taken_again_at_24_and_never_after() -> None:
    better = (6, 9, 10, 55, 70)
    found = read(months(*[USUAL] * 40))
    assert [found[place].baseline.months for place in (0, 23, 24, 39)] == [12, 12, 24, 24]  # type: ignore[union-attr]
    # A change that was flagged before the 24th month must not become the yardstick.
    found = read(months(*[USUAL] * 14, *[better] * 20))
    assert found[-1].baseline is not None and found[-1].baseline.months == 12
    assert found[-1].direction == 1


def test_a_declared_change_starts_a_new_baseline() -> None:
    better = (6, 9, 10, 55, 70)
    found = read(months(*[USUAL] * 24, *[better] * 14), changes={24})
    assert [reading.direction for reading in found] == [0] * 38
    assert found[24].begins and not found[0].begins
    assert found[-1].baseline is not None and found[-1].baseline.share == pytest.approx(125 / 150)
    # Undeclared, the same months are flagged.
    assert any(reading.direction == 1 for reading in read(months(*[USUAL] * 24, *[better] * 14)))


def test_there_is_no_verdict_on_too_few() -> None:
    # Too short a history, too few answers in a month, too few in the baseline.
    assert not any(reading.judged for reading in read(months(*[USUAL] * 11, (150, 0, 0, 0, 0))[:11]))
    last = read(months(*[USUAL] * 12, (9, 0, 0, 0, 0)))[-1]
    assert last.limits is None and not any(signal.rule is Rule.MONTH for signal in last.signals)
    assert baseline_of(months(*[(1, 1, 1, 1, 2)] * 12)) is None
    assert not any(reading.judged for reading in read(months(*[(1, 1, 1, 1, 2)] * 20)))
    assert read([]) == ()


def test_when_everybody_is_satisfied_there_is_nothing_to_hold_a_month_against() -> None:
    assert baseline_of(months(*[(0, 0, 0, 0, 100)] * 12)) is None


def test_months_that_differ_more_than_chance_widen_the_limits() -> None:
    # 60% and 90% in turn: chi-squared is 12 × (0.15² × 150 ÷ (0.75 × 0.25)) = 216 on 11 degrees of freedom.
    baseline = baseline_of(months(*[(60, 0, 0, 0, 90), (15, 0, 0, 0, 135)] * 6))
    assert baseline is not None and baseline.spread == pytest.approx(sqrt(216 / 11))


LEVELS = st.tuples(*[st.integers(0, 60)] * 5)


@given(st.lists(LEVELS, min_size=14, max_size=40))
@settings(deadline=None, max_examples=60)
def test_what_comes_later_never_changes_what_was_said(levels: list[tuple[int, ...]]) -> None:
    all_of_it = read(months(*levels))
    for upto in (13, len(levels) - 1):
        if upto >= 12:
            assert [r.signals for r in read(months(*levels[:upto]))] == [r.signals for r in all_of_it[:upto]]


@given(st.lists(LEVELS, min_size=12, max_size=12), st.randoms())
@settings(deadline=None, max_examples=30)
def test_the_order_of_a_baselines_months_does_not_matter(levels: list[tuple[int, ...]], dice: object) -> None:
    mixed = list(levels)
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = baseline_of(months(*levels)), baseline_of(months(*mixed))
    assert (one is None) == (other is None)
    if one and other:
        assert one.levels == other.levels and one.spread == pytest.approx(other.spread)


def test_the_simulated_levels_hold_the_share_that_was_asked_for() -> None:
    assert sum(with_share(0.7)[3:]) == pytest.approx(0.7) and sum(with_share(0.7)) == pytest.approx(1)


def test_six_points_at_150_a_month_are_seen_in_four_months_and_chance_is_not() -> None:
    """The brief's 76%. `python -m bench charts` has other shares, other rules and more runs."""
    found = simulate(0.76, runs=1500)
    assert found.rises >= 0.8 and found.falls >= 0.8
    assert found.false_alarms < 0.05
