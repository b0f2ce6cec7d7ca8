"""Dates as spreadsheets write them: day first, never guessed."""

from datetime import date

import pytest

from triage.metrics.importing.days import NotADay, day_of, period_of

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2016-07-13", date(2016, 7, 13)),
        ("2016-07-13T09:30:00Z", date(2016, 7, 13)),
        ("2016-07-13 09:30:00.123", date(2016, 7, 13)),
        ("13/07/2016", date(2016, 7, 13)),
        ("3/7/2016", date(2016, 7, 3)),
        ("03.07.16", date(2016, 7, 3)),
        ("13/07/2016 09:30", date(2016, 7, 13)),
        ("13/07/2016 9:30 pm", date(2016, 7, 13)),
        ("13 July 2016", date(2016, 7, 13)),
        ("13-Jul-16", date(2016, 7, 13)),
        ("1 Sept 2016", date(2016, 9, 1)),
        # Excel counts days from 1 January 1900 and takes 1900 to be a leap year: 42564 is 13 July 2016.
        ("42564", date(2016, 7, 13)),
        ("42564.395833", date(2016, 7, 13)),
        ("29/02/2016", date(2016, 2, 29)),
    ],
)
def test_a_day_is_read(cell: str, day: date) -> None:
    assert day_of(cell, TODAY).day == day


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("07/13/2016", "no month 13"),
        ("31/02/2016", "no such day"),
        ("29/02/2015", "no such day"),
        ("2016-13-01", "no such day"),
        ("27/11/2026", "in the future"),
        ("13/07/1999", "before 2000"),
        ("13 Juli 2016", "names no month"),
        ("yesterday", "not a date"),
        ("", "not a date"),
        ("20160713", "not a date"),
        ("１３/０７/２０１６", "not a date"),
    ],
)
def test_what_is_no_day_says_why(cell: str, said: str) -> None:
    with pytest.raises(NotADay) as wrong:
        day_of(cell, TODAY)
    assert said in wrong.value.what
    assert wrong.value.do


@pytest.mark.parametrize(
    ("cell", "day", "grain"),
    [
        ("2016-07", date(2016, 7, 1), "month"),
        ("07/2016", date(2016, 7, 1), "month"),
        ("July 2016", date(2016, 7, 1), "month"),
        ("Jul-16", date(2016, 7, 1), "month"),
        ("2016-q3", date(2016, 7, 1), "quarter"),
        ("2016 Q3", date(2016, 7, 1), "quarter"),
        ("2016-07-13", date(2016, 7, 13), "day"),
    ],
)
def test_a_period_is_read(cell: str, day: date, grain: str) -> None:
    found = period_of(cell, TODAY)
    assert (found.day, found.grain) == (day, grain)


def test_a_financial_quarter_is_not_guessed() -> None:
    with pytest.raises(NotADay) as wrong:
        period_of("Q3 2016/17", TODAY)
    assert "financial year" in wrong.value.what
