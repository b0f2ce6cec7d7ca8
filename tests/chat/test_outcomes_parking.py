"""What comes of the forms about parking, case by case, with the law that says so."""

from datetime import date

import pytest

from tests.chat.outcome_words import TODAY
from triage.chat.outcomes import outcome_of
from triage.chat.outcomes.parking import last_day


@pytest.mark.parametrize(
    ("notice", "days", "last"),
    [
        # "14 days beginning with the date" counts that date: SI 2022/71, regulation 2 and schedule 2.
        (date(2026, 11, 1), 14, date(2026, 11, 14)),
        (date(2026, 11, 1), 28, date(2026, 11, 28)),
        (date(2027, 2, 20), 14, date(2027, 3, 5)),
        (date(2028, 2, 20), 14, date(2028, 3, 4)),  # a leap year
        (date(2026, 12, 20), 28, date(2027, 1, 16)),
    ],
)
def test_the_last_day(notice: date, days: int, last: date) -> None:
    assert last_day(notice, days) == last


@pytest.mark.parametrize(
    ("answers", "notes", "values"),
    [
        (
            {"paper": "windscreen", "dated": "2026-11-20"},
            ("half_price", "challenge_windscreen"),
            {"half_by": "Thursday 3 December 2026", "full_by": "Thursday 17 December 2026"},
        ),
        # The last day itself is in time, the next is not.
        (
            {"paper": "post", "dated": "2026-11-12"},
            ("half_price", "challenge_posted"),
            {"half_by": "Wednesday 25 November 2026", "full_by": "Wednesday 9 December 2026"},
        ),
        (
            {"paper": "post", "dated": "2026-11-11"},
            ("full_price", "challenge_posted"),
            {"full_by": "Tuesday 8 December 2026"},
        ),
        (
            {"paper": "windscreen", "dated": "2026-10-29"},
            ("full_price", "challenge_windscreen"),
            {"full_by": "Wednesday 25 November 2026"},
        ),
        ({"paper": "windscreen", "dated": "2026-10-28"}, ("out_of_time",), {"ended": "Tuesday 24 November 2026"}),
        ({"paper": "windscreen", "dated": "2026-11-26"}, ("not_yet",), {"dated": "Thursday 26 November 2026"}),
        # Notice to Owner and Notice of Rejection: 28 days; Charge Certificate: 14; Order for Recovery: 21.
        (
            {"paper": "later letter", "letter": "owner", "dated": "2026-11-20"},
            ("owner",),
            {"by": "Thursday 17 December 2026"},
        ),
        (
            {"paper": "later letter", "letter": "rejection", "dated": "2026-11-20"},
            ("rejection",),
            {"by": "Thursday 17 December 2026"},
        ),
        (
            {"paper": "later letter", "letter": "certificate", "dated": "2026-11-20"},
            ("certificate",),
            {"by": "Thursday 3 December 2026"},
        ),
        (
            {"paper": "later letter", "letter": "recovery", "dated": "2026-11-20"},
            ("recovery",),
            {"by": "Thursday 10 December 2026"},
        ),
        (
            {"paper": "later letter", "letter": "certificate", "dated": "2026-11-01"},
            ("out_of_time",),
            {"ended": "Saturday 14 November 2026"},
        ),
        ({"paper": "later letter", "letter": "not sure", "dated": "2026-11-20"}, ("which_letter",), {}),
    ],
)
def test_pcn_dates(answers: dict[str, str], notes: tuple[str, ...], values: dict[str, str]) -> None:
    outcome = outcome_of("pcn_dates", answers, TODAY)
    assert (outcome.notes, outcome.values, outcome.files) == (notes, values, False)


@pytest.mark.parametrize(
    ("answers", "note"),
    [
        # FACTS P5: the automatic kinds, each alone.
        ({"age": "3 or older", "benefit": "dla"}, "automatic"),
        ({"age": "3 or older", "benefit": "blind"}, "automatic"),
        ({"age": "3 or older", "benefit": "war pension"}, "automatic"),
        ({"age": "3 or older", "benefit": "armed forces"}, "automatic"),
        ({"age": "3 or older", "benefit": "pip", "points": "moving"}, "automatic"),
        ({"age": "3 or older", "benefit": "pip", "points": "distress"}, "automatic"),
        # Others are assessed, non-visible conditions too.
        ({"age": "3 or older", "benefit": "pip", "points": "other points", "difficulty": "hidden"}, "assessed"),
        ({"age": "3 or older", "benefit": "pip", "points": "not sure", "difficulty": "walking"}, "assessed"),
        ({"age": "3 or older", "benefit": "none", "points": "not asked", "difficulty": "arms"}, "assessed"),
        ({"age": "3 or older", "benefit": "none", "points": "not asked", "difficulty": "none"}, "unlikely"),
        ({"age": "under 3", "child": "yes"}, "young_child"),
        ({"age": "under 3", "child": "no"}, "young_child_other"),
        ({"age": "under 3", "child": "not sure"}, "young_child_other"),
    ],
)
def test_blue_badge_check(answers: dict[str, str], note: str) -> None:
    outcome = outcome_of("blue_badge_check", answers, TODAY)
    assert (outcome.notes, outcome.files) == ((note,), False)
