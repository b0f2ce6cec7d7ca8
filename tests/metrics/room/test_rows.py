"""From monthly counts to the rows of a view: the same month is said to be the same, wherever one begins to look."""

from datetime import date

import pytest

from triage.metrics.periods import Period
from triage.metrics.room.rows import every_row, in_view, judged, newest
from triage.metrics.room.schemas import View
from triage.metrics.rules import Counts
from triage.metrics.schemas import Tally

USUAL, WORSE = Counts((9, 13, 14, 54, 60)), Counts((12, 16, 17, 53, 52))
LATER = date(2030, 1, 1)


def tallies(*counts: Counts) -> dict[Period, Tally]:
    """Months from January 2014 on."""
    return {
        Period(date(2014 + place // 12, place % 12 + 1, 1), "month"): Tally(each) for place, each in enumerate(counts)
    }


# Two years as usual, then a slide: begun with 2016, the slide would be its own yardstick.
SLIDE = tallies(*[USUAL] * 24, *[WORSE] * 12)


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "2016-01"},
        {"since": "2015-06", "until": "2016-04"},
        {"since": "2016-02", "until": "2016-05", "by": "month"},
        {"until": "2014-06"},
    ],
)
def test_a_month_has_the_same_reading_wherever_one_begins_to_look(asked: dict[str, str]) -> None:
    every = every_row(SLIDE, "month", None)
    whole = judged(every, View(), frozenset(), LATER)
    cut = judged(every, View.model_validate(asked), frozenset(), LATER)
    assert cut.rows and len(cut.rows) < len(whole.rows)
    in_whole = dict(zip((row.code for row in whole.rows), whole.readings, strict=True))
    assert {row.code: in_whole[row.code] for row in cut.rows} == dict(
        zip((row.code for row in cut.rows), cut.readings, strict=True)
    )


def test_the_verdict_is_of_the_newest_month_in_view_and_knows_what_came_before() -> None:
    every = every_row(SLIDE, "month", None)
    verdict = judged(every, View(since="2016-01"), frozenset(), LATER).verdict
    assert verdict == judged(every, View(), frozenset(), LATER).verdict
    assert verdict.direction == -1 and "70 in every 100 were satisfied, against its usual 76" in verdict.sentences[0]
    # In December 2015 nobody knew of the slide.
    assert judged(every, View(until="2015-12"), frozenset(), LATER).verdict.direction == 0


def test_a_view_of_months_without_an_answer_has_no_rows() -> None:
    every = every_row(SLIDE, "month", None)
    assert in_view(every, View(since="2018-01")) == []
    assert judged(every, View(since="2018-01"), frozenset(), LATER).rows == ()


def test_a_period_that_runs_is_what_the_page_is_about_only_where_there_is_no_other() -> None:
    few, many = Tally(Counts((0, 0, 0, 2, 2))), Tally(Counts((0, 0, 0, 20, 20)))
    months = {Period(date(2014, month, 1), "month"): tally for month, tally in ((1, many), (4, few), (7, many))}
    rows = every_row(months, "month", None)

    def about(today: date) -> str:
        top = newest(rows, today)
        return top.code if top else ""

    assert about(date(2014, 8, 1)) == "2014-07"
    # July runs, and in April too few answered.
    assert about(date(2014, 7, 31)) == "2014-01"
    assert about(date(2014, 1, 31)) == "2014-07"
    assert newest([], LATER) is None
