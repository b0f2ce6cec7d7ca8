"""A new version of the question is a change by itself: nothing before it is held together with anything after it."""

from collections.abc import Iterable
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from triage.metrics.periods import Period, period_of, quarter
from triage.metrics.room.change import readings, verdict
from triage.metrics.room.holding import said_of
from triage.metrics.rules import Counts
from triage.metrics.schemas import Tally
from triage.metrics.sentences import compared, question
from triage.metrics.service import row
from triage.metrics.statistics.charts import FIRST_BASELINE
from triage.metrics.versions import Versions, days_of

OLD, NEW = "2026-12", "2027-03"
# As many answers as make a baseline; a level that nobody could call chance beside another.
USUAL, BETTER = Counts((9, 13, 14, 54, 60)), Counts((3, 5, 7, 55, 80))
LATER = date(2040, 1, 1)
# The question changed on 20 March 2027, and links of the old one were answered into April.
CHANGED = Versions.of(
    [
        *((OLD, day) for day in (date(2026, 1, 5), date(2027, 2, 3), date(2027, 3, 2), date(2027, 4, 3))),
        *((NEW, day) for day in (date(2027, 3, 20), date(2027, 4, 1), date(2027, 5, 9), date(2028, 4, 9))),
    ]
)


def months(first: date, *counts: Counts) -> list[tuple[Period, Counts]]:
    every = [period_of(first, "month")]
    while len(every) < len(counts):
        every.append(every[-1].next())
    return list(zip(every, counts, strict=True))


def test_it_changed_on_the_day_of_the_first_answer_to_the_new_one() -> None:
    assert CHANGED.changed == (date(2027, 3, 20),)
    # A month with both stands alone, so that neither baseline has it.
    assert CHANGED.starts == {date(2027, 3, 1), date(2027, 4, 1), date(2027, 5, 1)}
    assert CHANGED.words(date(2027, 3, 20)) == (
        "The question changed on 20 March 2027. In March 2027 and April 2027 people answered both, which is in no "
        "baseline."
    )


def test_on_the_first_of_a_month_there_is_no_month_of_both() -> None:
    clean = Versions.of([(OLD, date(2027, 2, 3)), (NEW, date(2027, 3, 1))])
    assert (
        clean.starts == {date(2027, 3, 1)} and clean.words(date(2027, 3, 1)) == "The question changed on 1 March 2027."
    )


def test_what_is_not_known_changes_nothing() -> None:
    # Days that were counted before versions were, and months without an answer.
    assert Versions.of([(NEW, date(2027, 3, 1)), (NEW, date(2027, 9, 1))]).starts == frozenset()
    assert Versions.of([]).comparable(days_of(quarter(2027, 1)), days_of(quarter(2026, 1)))


def test_going_back_to_an_old_version_is_a_change_too() -> None:
    back = Versions.of([(OLD, date(2027, 1, 2)), (NEW, date(2027, 2, 3)), (OLD, date(2027, 3, 4))])
    assert back.changed == (date(2027, 2, 3), date(2027, 3, 4))


def test_the_months_after_are_not_judged_by_those_before() -> None:
    of = months(date(2025, 3, 1), *[USUAL] * 24, *[BETTER] * 14)
    assert verdict(of, readings(of, frozenset(), LATER)).direction == 1
    found = verdict(of, readings(of, CHANGED.starts, LATER))
    assert found.direction is None
    assert found.sentences[0].endswith("and there are 12 with 1,800 since a new baseline began in May 2027.")


@given(st.lists(st.sampled_from([{OLD}, {NEW}, {OLD, NEW}]), min_size=2, max_size=60))
def test_no_baseline_and_no_four_months_hold_answers_to_different_versions(asked: list[set[str]]) -> None:
    of = months(date(2026, 1, 1), *[USUAL] * len(asked))
    known = Versions.of(_answered(of, asked))
    found = readings(of, known.starts, LATER)
    begun = 0
    for place, reading in enumerate(found):
        if reading.begins:
            begun = place
        together = {frozenset(asked[each]) for each in range(begun, place + 1)}
        assert len(together) == 1
        if len(asked[place]) > 1:
            assert not reading.judged and reading.baseline is None
        elif reading.judged:
            assert place - begun >= FIRST_BASELINE


def _answered(of: list[tuple[Period, Counts]], asked: list[set[str]]) -> Iterable[tuple[str, date]]:
    for (period, _), versions in zip(of, asked, strict=True):
        for days, version in enumerate(sorted(versions)):
            yield version, period.start + timedelta(days=days)


def test_the_table_says_it_of_the_month() -> None:
    of = months(date(2025, 3, 1), *[USUAL] * 24, *[BETTER] * 3)
    found = readings(of, CHANGED.starts, LATER)
    said = [
        said_of(row(period.name, Tally(counts), period=period), reading, CHANGED)
        for (period, counts), reading in zip(of, found, strict=True)
    ]
    assert said[24:] == [
        "answers to two questions, and so not judged. The question changed on 20 March 2027",
        "answers to two questions, and so not judged",
        "part of the baseline",
    ]


def test_a_quarter_is_not_compared_with_one_of_another_question() -> None:
    now, then = quarter(2027, 2), quarter(2026, 2)
    rows = [(quarter(2026, 1), USUAL), (then, USUAL), (now, BETTER)]
    assert compared(BETTER, rows, now)[0].endswith("more than chance would explain.")
    assert compared(BETTER, rows, now, CHANGED) == [
        "It was 76 a year before, in answer to another question (it changed on 20 March 2027): answers to different "
        "questions are not compared.",
        "In January to March 2026, the first that we can show, it was 76 (between 69 and 82), in answer to another "
        "question.",
    ]
    # Nor is the quarter with both with the year after; two years on all is as before.
    assert "another question" in compared(BETTER, [(quarter(2027, 1), USUAL)], quarter(2028, 1), CHANGED)[0]
    assert "chance" in compared(BETTER, [(quarter(2027, 3), USUAL)], quarter(2028, 3), CHANGED)[0]


def test_a_quarter_with_both_says_so() -> None:
    assert question(quarter(2027, 1), CHANGED) == (
        "The question changed on 20 March 2027: these answers are to different questions."
    )
    assert question(quarter(2027, 2), CHANGED).startswith("The question changed: ")
    assert question(quarter(2027, 3), CHANGED) == question(quarter(2026, 1), CHANGED) == ""
