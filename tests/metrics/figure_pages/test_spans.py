"""Which months a page of figures is about."""

from datetime import date

from triage.metrics.figure_pages.spans import MOST_MONTHS, span
from triage.metrics.room.schemas import View

TODAY = date(2026, 11, 27)


def codes(newest: date | None, earlier: date | None = None, **view: str) -> tuple[str, str]:
    found = span(View(**view), newest, earlier, TODAY)
    return found.first.code, found.last.code


def test_it_is_the_newest_quarter_that_has_ended_unless_there_is_only_the_one_that_runs() -> None:
    assert codes(date(2016, 8, 1)) == ("2016-07", "2016-09")
    assert codes(date(2026, 11, 1), date(2026, 9, 1)) == ("2026-07", "2026-09")
    assert codes(date(2026, 11, 1), date(2025, 9, 1)) == ("2026-10", "2026-12")
    assert codes(None) == ("2026-10", "2026-12")


def test_months_that_are_asked_for() -> None:
    newest = date(2016, 12, 1)
    assert codes(newest, since="2016-03", until="2016-05") == ("2016-03", "2016-05")
    assert codes(newest, since="2016-05", until="2016-03") == ("2016-03", "2016-05")
    assert codes(newest, since="2016-11") == ("2016-11", "2016-12")
    assert codes(newest, since="2017-02") == ("2017-02", "2017-02")
    assert codes(newest, until="2016-01") == ("2015-11", "2016-01")


def test_the_months_before_are_as_many_and_a_page_never_asks_for_more_than_ten_years() -> None:
    found = span(View(since="2015-11", until="2016-02"), None, None, TODAY)
    assert (found.name, found.before().name) == ("November 2015 to February 2016", "July to October 2015")
    assert span(View(since="1000-01", until="2999-12"), None, None, TODAY).months == MOST_MONTHS
