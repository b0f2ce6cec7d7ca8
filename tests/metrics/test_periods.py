"""Months and quarters, whose edges are where figures go wrong."""

from datetime import date

import pytest

from triage.metrics.periods import Period, period_of, periods, quarter


@pytest.mark.parametrize(
    ("day", "code", "first", "last"),
    [
        (date(2016, 1, 1), "2016-q1", date(2016, 1, 1), date(2016, 3, 31)),
        (date(2016, 3, 31), "2016-q1", date(2016, 1, 1), date(2016, 3, 31)),
        (date(2016, 4, 1), "2016-q2", date(2016, 4, 1), date(2016, 6, 30)),
        (date(2016, 12, 31), "2016-q4", date(2016, 10, 1), date(2016, 12, 31)),
    ],
)
def test_a_day_falls_in_its_calendar_quarter(day: date, code: str, first: date, last: date) -> None:
    found = period_of(day, "quarter")
    assert (found.code, found.start, found.end) == (code, first, last)
    assert quarter(int(code[:4]), int(code[-1])) == found


def test_a_month_ends_on_its_last_day() -> None:
    february = period_of(date(2024, 2, 29), "month")
    assert (february.code, february.end) == ("2024-02", date(2024, 2, 29))
    assert february.year_before().end == date(2023, 2, 28)


def test_names_to_read_aloud() -> None:
    assert quarter(2016, 3).name == "July to September 2016"
    assert period_of(date(2016, 7, 9), "month").name == "July 2016"
    assert quarter(2016, 3).short == ("Jul–Sep", "2016")


def test_every_period_between_is_there() -> None:
    found = periods(quarter(2015, 3), quarter(2016, 2))
    assert [period.code for period in found] == ["2015-q3", "2015-q4", "2016-q1", "2016-q2"]
    months = periods(Period(date(2015, 12, 1), "month"), Period(date(2016, 1, 1), "month"))
    assert [period.code for period in months] == ["2015-12", "2016-01"]


def test_a_year_before_is_the_same_months() -> None:
    assert quarter(2016, 1).year_before() == quarter(2015, 1)


@pytest.mark.parametrize(("year", "number"), [(2016, 0), (2016, 5), (999, 1), (9999, 4)])
def test_no_such_quarter(year: int, number: int) -> None:
    with pytest.raises(ValueError, match="is not a quarter"):
        quarter(year, number)


def test_the_period_before() -> None:
    assert quarter(2017, 1).before() == quarter(2016, 4)
    assert period_of(date(2017, 1, 5), "month").before().code == "2016-12"
