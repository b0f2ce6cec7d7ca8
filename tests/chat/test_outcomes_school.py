"""Which school year, which application and whether in time: the law's days, and every birth date there can be."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.chat.outcome_words import said
from triage.chat.outcomes import outcome_of
from triage.chat.outcomes.school import (
    AFTER,
    Application,
    next_application,
    reception_september,
    school_year,
    summer_born,
)
from triage.chat.rendering import plain_date
from triage.checking.facts import known_values
from triage.settings import ROOT

BIRTHS = st.dates(date(2000, 1, 1), date(2035, 12, 31))
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("born", "september"),
    [
        # The first September after turning 4; who turns 4 on 1 September waits a year.
        (date(2022, 9, 1), 2027),
        (date(2022, 12, 31), 2027),
        (date(2023, 1, 1), 2027),
        (date(2023, 8, 31), 2027),
        (date(2023, 9, 1), 2028),
        (date(2024, 2, 29), 2028),
    ],
)
def test_the_september_of_reception(born: date, september: int) -> None:
    assert reception_september(born) == september


@given(BIRTHS)
def test_a_child_is_four_when_starting_reception_and_eleven_when_starting_year_7(born: date) -> None:
    september = reception_september(born)
    for first, age in ((date(september, 9, 1), 4), (date(september + AFTER["secondary"], 9, 1), 11)):
        # The day before the term: whoever has a birthday on 1 September is in the next year.
        eve = first - timedelta(days=1)
        assert eve.year - born.year - ((eve.month, eve.day) < (born.month, born.day)) == age


@given(BIRTHS)
def test_only_the_turn_of_august_makes_a_day_younger_a_year_later(born: date) -> None:
    later = reception_september(born + timedelta(days=1)) - reception_september(born)
    assert later == (1 if (born.month, born.day) == (8, 31) else 0)


@given(BIRTHS)
def test_summer_born_are_the_last_five_months_of_a_school_year(born: date) -> None:
    year_ends = date(school_year(born) + 1, 8, 31)
    assert summer_born(born) is (born >= date(year_ends.year, 4, 1))


@given(st.integers(2020, 2060), st.sampled_from(["reception", "junior", "secondary"]))
def test_the_days_of_an_application_are_in_order_and_the_laws(september: int, step: str) -> None:
    one = Application(step, september)  # type: ignore[arg-type]
    assert one.begins < one.closes < one.offers < date(september, 9, 1)
    assert one.stage(one.begins - timedelta(days=1)) == "early"
    assert one.stage(one.begins) == one.stage(one.closes) == "open"
    assert one.stage(one.closes + timedelta(days=1)) == "late"
    law = known_values(ROOT / "data" / "known.toml")
    kind = "secondary" if step == "secondary" else "primary"
    assert f"{one.closes.day} {one.closes:%B}" == law[f"school.{kind}.closes"]
    earliest = date(september, 3, 1) if step == "secondary" else date(september, 4, 16)
    assert earliest <= one.offers <= earliest + timedelta(days=5) and one.offers.weekday() < 5


@given(BIRTHS, DAYS)
def test_what_comes_next_has_not_begun_and_is_the_next_there_is(born: date, today: date) -> None:
    september = reception_september(born)
    comes = next_application(september, today)
    if comes is None:
        assert today >= date(september + 7, 9, 1)
    else:
        assert today < date(comes.september, 9, 1)
        assert comes.step == "reception" or today >= date(september, 9, 1)


@given(BIRTHS, DAYS)
def test_every_birth_date_has_something_to_read_and_files_nothing(born: date, today: date) -> None:
    outcome = outcome_of("school_dates", {"born": born.isoformat()}, today)
    assert outcome.notes and not outcome.files
    assert ("to_come" in outcome.notes) is (born > today)


@pytest.mark.parametrize(
    ("offered", "day"),
    [
        (Application("secondary", 2027).offers, date(2027, 3, 1)),  # a Monday
        (Application("secondary", 2026).offers, date(2026, 3, 2)),  # 1 March is a Sunday
        (Application("reception", 2027).offers, date(2027, 4, 16)),  # a Friday
        (Application("reception", 2028).offers, date(2028, 4, 18)),  # Easter Sunday, then the bank holiday
    ],
)
def test_offer_day_is_the_next_working_day(offered: date, day: date) -> None:
    assert offered == day


NOVEMBER = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("born", "today", "notes"),
    [
        ("2016-03-14", NOVEMBER, ("secondary_late", "where")),  # year 6, 31 October has gone
        ("2016-03-14", date(2026, 10, 31), ("secondary_open", "where")),
        ("2016-03-14", date(2026, 8, 31), ("secondary_early", "where")),
        ("2016-09-01", NOVEMBER, ("secondary_early", "where")),  # a day younger than the oldest: year 5
        ("2016-08-31", NOVEMBER, ("secondary_late", "where")),
        ("2022-10-10", NOVEMBER, ("reception_open", "where")),
        ("2022-10-10", date(2027, 1, 15), ("reception_open", "where")),
        ("2022-10-10", date(2027, 1, 16), ("reception_late", "where")),
        ("2023-06-10", NOVEMBER, ("reception_open", "summer_born", "where")),
        ("2024-06-10", NOVEMBER, ("reception_early", "summer_born", "where")),
        ("2019-12-01", NOVEMBER, ("secondary_early", "junior", "where")),  # year 2
        ("2019-12-01", date(2027, 1, 16), ("secondary_early", "junior_late", "where")),
        ("2018-12-01", NOVEMBER, ("secondary_early", "where")),  # year 3
        ("2012-03-01", NOVEMBER, ("older",)),
        ("2009-03-01", NOVEMBER, ("sixth_form",)),
        ("2001-03-01", NOVEMBER, ("grown",)),
        ("2027-03-01", NOVEMBER, ("to_come",)),
        ("year 6", NOVEMBER, ("secondary_late", "where")),
        ("year 5", NOVEMBER, ("secondary_early", "where")),
        ("year 2", NOVEMBER, ("secondary_early", "junior", "where")),
        ("reception", NOVEMBER, ("secondary_early", "junior", "where")),
        ("nursery", NOVEMBER, ("reception_open", "where")),
        ("year 11", NOVEMBER, ("older",)),
        ("year 12", NOVEMBER, ("sixth_form",)),
    ],
)
def test_school_dates(born: str, today: date, notes: tuple[str, ...]) -> None:
    assert outcome_of("school_dates", {"born": born}, today).notes == notes


def test_what_is_read_by_a_parent_who_is_late() -> None:
    text = said("school_dates", outcome_of("school_dates", {"born": "2016-03-14"}, NOVEMBER))
    assert "September 2027" in text and plain_date(date(2026, 10, 31)) in text and "Apply today all the same" in text
    assert plain_date(date(2027, 3, 1)) in text and "council where your child lives" in text
    after = said("school_dates", outcome_of("school_dates", {"born": "2016-03-14"}, date(2027, 3, 2)))
    assert "Answers went out on Monday 1 March 2027" in after


def test_what_is_read_by_a_parent_with_time_to_spare() -> None:
    text = said("school_dates", outcome_of("school_dates", {"born": "year 5"}, NOVEMBER))
    assert "nothing to do yet" in text and "Sunday 31 October 2027" in text and "in year 5 now" in text


@pytest.mark.parametrize(
    ("today", "first"),
    [(date(2026, 11, 26), "a_year_later"), (date(2027, 1, 16), "a_year_later_late")],
)
def test_a_summer_child_of_four_may_wait_a_year_and_is_never_told_there_is_nothing_to_do(
    today: date, first: str
) -> None:
    outcome = outcome_of("school_dates", {"born": "2022-08-20"}, today)
    assert outcome.notes == (first, "not_at_school", "secondary_later", "junior", "where")
    assert outcome.values["later"] == "September 2027"
    assert outcome.values["later_closes"] == "Friday 15 January 2027"


def test_another_child_of_reception_age_may_not_be_at_school_yet() -> None:
    outcome = outcome_of("school_dates", {"born": "2021-12-01"}, date(2026, 11, 26))
    assert outcome.notes[:2] == ("not_at_school", "secondary_later")


def test_a_child_in_a_reception_class_is_at_school() -> None:
    assert outcome_of("school_dates", {"born": "reception"}, date(2026, 11, 26)).notes[0] == "secondary_early"
