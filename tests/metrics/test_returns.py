"""The return on each pound of help into work: a sum worked out by hand, and when it may not be shown."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.content import UnitValue
from triage.metrics.returns import NO_SPEND, return_per_pound
from triage.metrics.rules import FEWEST, TOO_FEW

TODAY = date(2026, 11, 25)
REVIEW = date(2027, 5, 26)


def worth(pounds: int, verified: bool = True) -> UnitValue:
    return UnitValue(source="made up", reviewed_on=TODAY, review_by=REVIEW, verified=verified, pounds=Decimal(pounds))


VALUES = {"started_work": worth(6897), "training": worth(500), "benefit_changed": worth(0)}


def test_a_worked_example() -> None:
    # 12 started work at £6,897 = £82,764; 4 in training at £500 = £2,000; 3 benefits put right at £0; 6 no change and
    # 2 not reached at nothing. Together £84,764 for 27 people. £84,764 ÷ £30,000 = 2.8254…, so £2.83 for each £1.
    counts = {"started_work": 12, "training": 4, "benefit_changed": 3, "no_change": 6, "not_reached": 2}
    result = return_per_pound(counts, VALUES, Decimal(30000), TODAY)
    assert (result.pounds, result.worth, result.n, result.why) == (Decimal("2.83"), Decimal(84764), 27, "")


@pytest.mark.parametrize(
    ("counts", "spent", "why"),
    [
        ({"started_work": FEWEST - 1}, 30000, TOO_FEW),
        ({}, 30000, TOO_FEW),
        ({"started_work": FEWEST}, 0, NO_SPEND),
        ({"training": FEWEST, "unknown": 0}, 1, ""),
        ({"started_work": FEWEST}, 1, ""),
    ],
)
def test_when_it_is_shown(counts: dict[str, int], spent: int, why: str) -> None:
    result = return_per_pound(counts, VALUES, Decimal(spent), TODAY)
    assert result.why == why and (result.pounds is None) is bool(why) and result.n == sum(counts.values())


def test_a_value_that_nobody_confirmed_or_that_is_past_its_review_is_not_used() -> None:
    counts = {"started_work": 12}
    doubtful = VALUES | {"started_work": worth(6897, verified=False)}
    for values, today in ((doubtful, TODAY), (VALUES, REVIEW + timedelta(days=1)), ({}, TODAY)):
        result = return_per_pound(counts, values, Decimal(30000), today)
        assert result.pounds is None and "started work" in result.why
    # A doubtful value of something that did not happen stops nothing.
    others = VALUES | {"training": worth(500, verified=False)}
    assert return_per_pound(counts, others, Decimal(30000), TODAY).pounds == Decimal("2.76")


@given(st.integers(10, 500), st.integers(0, 500), st.integers(1, 10**7))
def test_those_whom_nothing_changed_for_never_raise_it(started: int, unchanged: int, spent: int) -> None:
    some = return_per_pound({"started_work": started}, VALUES, Decimal(spent), TODAY)
    all_of_them = {"started_work": started, "no_change": unchanged, "not_reached": unchanged}
    assert return_per_pound(all_of_them, VALUES, Decimal(spent), TODAY).pounds == some.pounds
