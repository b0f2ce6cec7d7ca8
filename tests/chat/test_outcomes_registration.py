"""What comes of asking for a time to register a birth or a death, with the law that says so."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.chat.outcome_words import TODAY, said
from triage.chat.outcomes import outcome_of
from triage.chat.outcomes.registration import birth_by, death_by, months_after

days = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("born", "by"),
    [
        (date(2026, 10, 14), date(2026, 11, 25)),
        (date(2027, 1, 20), date(2027, 3, 3)),
        (date(2028, 1, 20), date(2028, 3, 2)),  # a leap year
        (date(2026, 12, 1), date(2027, 1, 12)),
    ],
)
def test_a_birth_is_registered_within_42_days_of_it(born: date, by: date) -> None:
    assert birth_by(born) == by


@given(days)
def test_every_birth_has_six_whole_weeks(born: date) -> None:
    assert birth_by(born).weekday() == born.weekday()
    assert (birth_by(born) - born).days == 42


@given(days)
def test_every_death_has_five_days_that_end_on_another_weekday(received: date) -> None:
    assert (death_by(received) - received).days == 5
    assert death_by(received).weekday() != received.weekday()


@given(days, st.integers(0, 24))
def test_months_are_counted_as_a_calendar_does(day: date, months: int) -> None:
    after = months_after(day, months)
    assert after >= day
    assert after.day in (day.day, 1)
    if after.day == day.day:
        assert (after.year - day.year) * 12 + after.month - day.month == months
    else:
        # There is no such day in that month, so the first of the next counts.
        assert (after.year - day.year) * 12 + after.month - day.month == months + 1


@given(days, days)
def test_nobody_is_told_that_they_are_late_who_is_not(born: date, today: date) -> None:
    outcome = outcome_of("birth_time", {"born": born.isoformat(), "place": "here", "parents": "married"}, today)
    if born > today:
        assert (outcome.notes, outcome.files) == (("not_born_yet",), False)
        return
    late = (today - born).days > 42
    assert (outcome.notes[0] != "in_time") is late
    assert outcome.files and outcome.details["Register by"].endswith("(late)") is late


HERE = {"place": "here", "send_on": "not asked", "parents": "married"}


@pytest.mark.parametrize(
    ("answers", "notes", "priority"),
    [
        ({"born": "2026-11-20", **HERE}, ("in_time", "comes_either", "sent"), None),
        # A week is left: a time must be found now.
        ({"born": "2026-10-21", **HERE}, ("in_time", "comes_either", "sent"), "P2"),
        ({"born": "2026-10-22", **HERE}, ("in_time", "comes_either", "sent"), None),
        # The last day itself is in time.
        ({"born": "2026-10-14", **HERE}, ("in_time", "comes_either", "sent"), "P2"),
        ({"born": "2026-10-13", **HERE}, ("late", "comes_either", "sent"), "P2"),
        ({"born": "2025-11-25", **HERE}, ("late", "comes_either", "sent"), "P2"),
        ({"born": "2025-11-24", **HERE}, ("very_late", "comes_either", "sent"), "P2"),
        ({"born": "2026-11-20", **HERE, "parents": "not married"}, ("in_time", "comes_together", "sent"), None),
        ({"born": "2026-11-20", **HERE, "parents": "alone"}, ("in_time", "comes_alone", "sent"), None),
        ({"born": "2026-11-20", **HERE, "parents": "somebody else"}, ("in_time", "comes_other", "sent"), None),
        (
            {"born": "2026-11-20", "place": "elsewhere", "send_on": "yes", "parents": "alone"},
            ("in_time", "comes_alone", "sent_declaration"),
            None,
        ),
    ],
)
def test_a_birth(answers: dict[str, str], notes: tuple[str, ...], priority: str | None) -> None:
    outcome = outcome_of("birth_time", answers, TODAY)
    assert (outcome.notes, outcome.priority, outcome.files) == (notes, priority, True)


def test_a_birth_elsewhere_is_told_where_and_files_nothing() -> None:
    answers = {"born": "2026-11-20", "place": "elsewhere", "send_on": "no", "parents": "not asked"}
    outcome = outcome_of("birth_time", answers, TODAY)
    assert (outcome.notes, outcome.files) == (("in_time", "elsewhere"), False)
    assert "Friday 1 January 2027" in said("birth_time", outcome)


def test_what_a_late_birth_asks_of_the_office_is_for_the_office_to_know() -> None:
    three, twelve = (
        outcome_of("birth_time", {"born": born, **HERE}, TODAY).details for born in ("2026-08-24", "2025-11-24")
    )
    assert "superintendent registrar" in three["Over 3 months"]
    assert "Registrar General" in twelve["Over 12 months"] and "Over 3 months" not in twelve
    assert "Over 3 months" not in outcome_of("birth_time", {"born": "2026-08-25", **HERE}, TODAY).details


ORDINARY = {"hurry": "no", "papers": "sent", "sent_on": "2026-11-23", "place": "here", "certificates": "3"}


@pytest.mark.parametrize(
    ("changed", "notes", "values"),
    [
        ({}, ("death_by", "sent"), {"by": "Saturday 28 November 2026"}),
        ({"sent_on": "2026-11-20"}, ("death_by", "sent"), {"by": "Wednesday 25 November 2026"}),
        ({"sent_on": "2026-11-19"}, ("death_late", "sent"), {"by": "Tuesday 24 November 2026"}),
        ({"sent_on": "skip"}, ("papers_here", "sent"), {}),
        # A day that has not come cannot be the day they came.
        ({"sent_on": "2026-11-26"}, ("papers_here", "sent"), {}),
        ({"papers": "waiting", "sent_on": "not asked"}, ("papers_waiting", "sent"), {}),
        ({"papers": "not sure", "sent_on": "not asked"}, ("papers_waiting", "sent"), {}),
        ({"papers": "coroner", "sent_on": "not asked"}, ("coroner", "sent"), {}),
        ({"place": "elsewhere"}, ("death_by", "elsewhere", "sent"), {"by": "Saturday 28 November 2026"}),
    ],
)
def test_a_death(changed: dict[str, str], notes: tuple[str, ...], values: dict[str, str]) -> None:
    outcome = outcome_of("death_time", ORDINARY | changed, TODAY)
    assert (outcome.notes, outcome.values, outcome.files) == (notes, values, True)


@pytest.mark.parametrize(
    ("papers", "place", "notes"),
    [
        ("sent", "here", ("sent_soon",)),
        ("waiting", "not sure", ("sent_soon",)),
        ("coroner", "here", ("soon_coroner", "sent_soon")),
        ("not sure", "elsewhere", ("soon_elsewhere", "sent_soon")),
        ("coroner", "elsewhere", ("soon_coroner", "soon_elsewhere", "sent_soon")),
    ],
)
def test_a_burial_that_cannot_wait(papers: str, place: str, notes: tuple[str, ...]) -> None:
    outcome = outcome_of("death_time", {"hurry": "soon", "papers": papers, "place": place}, TODAY)
    assert (outcome.notes, outcome.priority) == (notes, "P2")
    assert "same day" in outcome.details["Needed today"]
    assert "same day" in said("death_time", outcome)


def test_nobody_who_grieves_is_blamed_or_cheered() -> None:
    for papers in ("sent", "waiting", "coroner", "not sure"):
        for told in ("2026-11-19", "2026-11-23", "skip"):
            text = said("death_time", outcome_of("death_time", ORDINARY | {"papers": papers, "sent_on": told}, TODAY))
            assert "!" not in text and "fail" not in text and "must" not in text.lower()
