"""How long it takes, worked out by hand from the bins."""

import random
from itertools import pairwise
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.metrics.counting.measures import BINS, MINUTES, bin_bounds
from triage.metrics.figure_pages.showing import shown
from triage.metrics.figures import ALL
from triage.metrics.figures.arithmetic import bin_parts, quantile
from triage.metrics.figures.shapes import Counts, Value


def test_in_time_is_of_all_that_were_due_or_done() -> None:
    counts = Counts.of(
        {
            ("clock", "first:within"): 18,
            ("clock", "first:late"): 2,
            ("clock", "settle:within"): 6,
            ("clock", "settle:late"): 4,
            ("clock", "foi:within"): 3,
            ("clock", "sar:late"): 1,
        }
    )
    found = {id_: ALL[id_].figure(counts) for id_ in ("first_in_time", "settled_in_time", "law_in_time")}
    assert {id_: (value.numerator, value.n) for id_, value in found.items()} == {
        "first_in_time": (18, 20),
        "settled_in_time": (6, 10),
        "law_in_time": (3, 4),
    }


def test_half_and_nine_in_ten_are_read_off_inside_a_bin() -> None:
    # 40 within 1 to 2 hours, 40 within 2 to 4 hours, 20 within 4 to 8 hours. The 50th of 100 is the 10th of 40 in the
    # second bin: 120 + 120 × 10/40 = 150 minutes. The 90th is the 10th of 20 in the third: 240 + 240 × 10/20 = 360.
    counts = Counts.of({("first_time", "120"): 40, ("first_time", "240"): 40, ("first_time", "480"): 20})
    half, nine = ALL["first_answer_median"].figure(counts), ALL["first_answer_ninety"].figure(counts)
    assert (half.value, nine.value, half.n) == (150, 360, 100)
    # The interval is that of the rank: 50 ± 1.96 × √(100 × 0.5 × 0.5) = 40.2 and 59.8, so 120 + 120 × 0.2/40 = 120.6
    # and 120 + 120 × 19.8/40 = 179.4 minutes.
    assert half.low == pytest.approx(120.6, abs=0.1)
    assert half.high == pytest.approx(179.4, abs=0.1)
    assert half.parts == (("1 to 2 hours", 40), ("2 to 4 hours", 40), ("4 to 8 hours", 20))


def test_what_nobody_has_come_to_yet_is_later_than_everything() -> None:
    counts = Counts.of({("danger_time", "5"): 6, ("danger_time", "not_yet"): 4})
    # The 5th of 10 is the 5th of 6 in the bin from 2 to 5 minutes: 2 + 3 × 5/6 = 4.5. The 9th has not been reached.
    half, nine = ALL["danger_median"].figure(counts), ALL["danger_ninety"].figure(counts)
    assert half.value == pytest.approx(4.5)
    assert half.high is None
    assert (nine.value, nine.n, nine.why) == (None, 10, "fewer than nine in ten are done yet")
    assert half.parts[-1] == ("not yet", 4)
    assert half.provisional


def test_the_longest_bin_says_only_where_it_begins() -> None:
    forty = 40 * 24 * 60
    # 80 in 1 to 2 days and 20 of which nobody knows how long: nine in ten took more than 40 days, and maybe 200.
    half, nine = (quantile({"2880": 80, "more": 20}, at) for at in (0.5, 0.9))
    assert (nine.value, nine.low, nine.high, nine.why) == (None, forty, None, "more than 40 days")
    assert half.value == 1440 + 1440 * 50 / 80 and half.high is not None
    assert shown(ALL["settlement_ninety"], nine).ends == "40 days or more"
    # The interval's lower end may be known though the value is not: rank 90 - 1.96 × √9 = 84.1 of 86 in the bin.
    low = quantile({"2880": 86, "more": 14}, 0.9).low
    assert low == pytest.approx(1440 + 1440 * 84.12 / 86, abs=1)
    # 88 of 100 are done, which is most of them and not nine in ten.
    assert quantile({"5": 88, "not_yet": 12}, 0.9).why == "fewer than nine in ten are done yet"
    assert quantile({"5": 48, "not_yet": 52}, 0.5).why == "fewer than half are done yet"
    assert bin_parts({"1": 2, "60": 1, "more": 3}) == (
        ("under 1 minute", 2),
        ("30 minutes to 1 hour", 1),
        ("40 days or more", 3),
    )


def test_bins_meet_and_leave_nothing_out() -> None:
    bounds = [bin_bounds(level) for level in BINS]
    assert bounds[0] == (0, 1)
    assert bounds[-1] == (MINUTES[-1], None)
    assert all(one[1] == two[0] for one, two in pairwise(bounds))


def test_a_median_from_bins_is_in_the_bin_of_the_true_one() -> None:
    chance = random.Random(6)
    for _ in range(50):
        times = sorted(chance.lognormvariate(5, 2) for _ in range(chance.randrange(1, 400, 2)))
        bins: dict[str, int] = {}
        for minutes in times:
            level = next(level for level in BINS if (end := bin_bounds(level)[1]) is None or minutes < end)
            bins[level] = bins.get(level, 0) + 1
        found = quantile(bins, 0.5).value
        true = times[len(times) // 2]
        if found is None:
            assert true >= MINUTES[-1]
            continue
        start, end = next(each for each in map(bin_bounds, BINS) if each[1] is None or true < each[1])
        assert end is not None and start <= found <= end


def half(bins: dict[str, int]) -> Value:
    return quantile(bins, 0.5)


@given(
    st.dictionaries(st.sampled_from(BINS), st.integers(0, 50)),
    st.dictionaries(st.sampled_from(BINS), st.integers(0, 50)),
)
def test_days_that_are_added_up_lie_between_what_each_said(one: dict[str, int], two: dict[str, int]) -> None:
    """Bins of two days are added and read again, which is not so of two medians."""
    both = {level: one.get(level, 0) + two.get(level, 0) for level in BINS}
    # What has no value is longer than any that has one; what nothing was counted of says nothing.
    known = [inf if value.value is None else value.value for value in map(half, (one, two)) if value.n]
    found = inf if (value := half(both)).value is None else value.value
    if not known:
        assert value.n == 0
        return
    assert min(known) - 1e-6 <= found <= max(known) + 1e-6
