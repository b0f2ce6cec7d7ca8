"""Values in words, and where the chart puts them."""

from dataclasses import replace
from datetime import date

import pytest

from triage.metrics.figure_pages.drawing import draw
from triage.metrics.figure_pages.files import NUMBERS, numbers
from triage.metrics.figure_pages.showing import TOO_EARLY, TOO_FEW_TO_JUDGE, change, length, pounds, shown
from triage.metrics.figures import ALL
from triage.metrics.figures.arithmetic import quantile, share
from triage.metrics.figures.shapes import Value
from triage.metrics.periods import Period

IN_TIME, MEDIAN, COST, CONTACTS = (
    ALL[name] for name in ("settled_in_time", "settlement_median", "cost_to_serve", "contacts")
)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0.4, "under a minute"),
        (1, "1 minute"),
        (119, "119 minutes"),
        (120, "2 hours"),
        (200, "3 hours 20 minutes"),
        (2880, "2 days"),
        (3000, "2 days 2 hours"),
        (2879.8, "2 days"),
    ],
)
def test_a_time_is_said_as_people_say_it(minutes: float, said: str) -> None:
    assert length(minutes) == said


def test_money() -> None:
    assert [pounds(amount) for amount in (0.15, 99.5, 12340.2)] == ["£0.15", "£99.50", "£12,340"]


def test_nine_are_too_few_ten_are_not_and_a_count_is_always_shown() -> None:
    nine, ten = shown(IN_TIME, share(8, 9)), shown(IN_TIME, share(8, 10))
    assert (nine.value, nine.why, nine.n, nine.figure) == ("", "too few to show", 9, None)
    # Wilson's interval of 8 of 10, by hand in tests/metrics/test_rules.py.
    assert (ten.value, ten.ends, ten.counts) == ("80 in every 100", "49 to 94", "8 of 10")
    assert shown(CONTACTS, Value(3.0, 3)).value == "3"
    assert shown(COST, Value(None, 12, 1.8, 66.84, why="a range")).value == "£1.80 to £66.84"


def test_nothing_is_said_of_chance_while_either_side_can_still_change() -> None:
    # Of 500 asked this month 60 have answered so far, of 1,500 before 300: people have 14 days to answer.
    asked = ALL["response_rate"]
    running, before = replace(share(60, 500), provisional=True), share(300, 1500)
    assert change(shown(asked, running), shown(asked, before)) == TOO_EARLY
    assert change(shown(asked, before), shown(asked, running)) == TOO_EARLY
    assert change(shown(asked, share(60, 500)), shown(asked, before)) == "down by more than chance explains"
    # The file says so in a column of its own.
    at = NUMBERS.index("can still change")
    assert [numbers(asked, shown(asked, value), None)[at] for value in (running, before)] == ["yes", ""]
    assert len(numbers(asked, shown(asked, share(3, 4)), None)) == len(NUMBERS)


@pytest.mark.parametrize(("now", "before"), [(29, 300), (300, 29)])
def test_nothing_is_said_of_chance_about_fewer_than_thirty(now: int, before: int) -> None:
    one, two = shown(IN_TIME, share(now, now)), shown(IN_TIME, share(0, before))
    assert change(one, two) == TOO_FEW_TO_JUDGE
    assert change(shown(IN_TIME, share(30, 30)), shown(IN_TIME, share(0, 30))) == "up by more than chance explains"


def test_most_are_not_done_yet() -> None:
    said = shown(MEDIAN, quantile({"60": 10, "not_yet": 40}, 0.5))
    assert (said.value, said.why, said.counts) == ("", "fewer than half are done yet", "50 contacts")


def test_a_chart_has_the_target_the_interval_and_a_gap_where_a_month_is_hidden() -> None:
    months, month = [], Period(date(2016, 1, 1), "month")
    for value in (share(80, 100), share(3, 4), share(60, 100)):
        months.append((month, shown(IN_TIME, value), 95.0 if month.start.month > 1 else None))
        month = month.next()
    chart = draw(IN_TIME, months, "wide")
    assert chart is not None
    (_, first), (_, last) = chart.spots
    assert first < last and chart.newest == "60" and chart.line.count("M") == 2
    # The target is a level stroke over February and March, above both spots.
    assert chart.target.startswith("M") and chart.target.count("M") == 1 and chart.target.count("H") == 2
    assert float(chart.target.split()[1].split("H")[0]) < first
    assert [words for _, words in chart.grid] == ["50", "60", "70", "80", "90", "100"]
    assert "From 80 in every 100 in January 2016 to 60 in every 100 in March 2016." in chart.words
    assert "1 of 3 months are not shown" in chart.words


def test_times_are_drawn_in_days_and_a_wide_interval_is_cut_off() -> None:
    month = Period(date(2016, 1, 1), "month")
    chart = draw(MEDIAN, [(month, shown(MEDIAN, Value(2880.0, 40, 1440.0, 57600.0)), None)], "narrow")
    assert chart is not None and chart.scale == "Days" and chart.newest == "2"
    assert [words for _, words in chart.grid] == ["0", "1", "2", "3", "4"]
    numbers = [float(part) for part in chart.band.replace("M", " ").replace("H", " ").replace("V", " ")[:-1].split()]
    assert min(numbers) >= 0


def test_nothing_to_show_is_no_chart() -> None:
    month = Period(date(2016, 1, 1), "month")
    assert draw(IN_TIME, [(month, shown(IN_TIME, share(3, 4)), 95.0)], "wide") is None
