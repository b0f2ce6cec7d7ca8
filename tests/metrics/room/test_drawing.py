"""Where everything of the chart lies."""

import re
from datetime import date

from triage.metrics.periods import Period
from triage.metrics.plotting import Shape
from triage.metrics.room.change import readings
from triage.metrics.room.drawing import Drawing, draw
from triage.metrics.rules import TOO_FEW, Counts, satisfaction
from triage.metrics.schemas import Row, Tally

USUAL, BAD = Counts((9, 13, 14, 54, 60)), Counts((30, 25, 15, 40, 40))


def rows(*counts: Counts) -> list[Row]:
    """Rows of months from January 2024 on."""
    period, found = Period(date(2024, 1, 1), "month"), []
    for one in counts:
        share = satisfaction(one)
        found.append(Row(period.name, Tally(one), share, "" if share else TOO_FEW, period=period, code=period.code))
        period = period.next()
    return found


def drawn(*counts: Counts, notes: tuple[tuple[date, bool], ...] = (), shape: Shape = "wide") -> Drawing:
    """The chart of these months."""
    of = rows(*counts)
    read = readings([(row.period, row.tally.counts) for row in of if row.period], frozenset(), date(2030, 1, 1))
    found = draw(of, read, notes, shape)
    assert found is not None
    return found


def test_a_higher_share_lies_higher_and_later_months_further_right() -> None:
    first, second = drawn(BAD, USUAL).spots
    assert second.x > first.x and second.y < first.y
    assert (first.hundred, second.hundred) == (53, 76)


def test_everything_lies_inside_the_picture() -> None:
    for shape in ("wide", "narrow"):
        found = drawn(*[USUAL] * 30, BAD, shape=shape)
        for spot in found.spots:
            assert found.left <= spot.x <= found.right and found.top <= spot.y <= found.bottom
        for path in (found.band, found.line, found.limits, found.middle):
            assert path and re.fullmatch(r"[MLHVZ\d. -]+", path)


def test_a_flagged_month_and_the_baseline_are_marked() -> None:
    found = drawn(*[USUAL] * 13, BAD)
    assert [spot.direction for spot in found.spots] == [0] * 13 + [-1]
    ((x, width),) = found.baselines
    step = found.spots[1].x - found.spots[0].x
    assert x < found.spots[0].x and abs(width - 12 * step) < 1
    assert "Flagged as lower than chance would explain: February 2025." in found.words


def test_a_month_that_may_not_be_shown_is_a_gap() -> None:
    found = drawn(USUAL, Counts((1, 0, 0, 0, 3)), USUAL)
    assert len(found.spots) == 2 and found.line.count("M") == 2


def test_notes_lie_at_their_month_with_their_number_and_others_are_left_out() -> None:
    notes = ((date(2019, 1, 1), False), (date(2024, 2, 17), True))
    found = drawn(USUAL, USUAL, USUAL, notes=notes)
    (mark,) = found.marks
    # A change stands between the month before and its own.
    assert found.spots[0].x < mark.x < found.spots[1].x and (mark.number, mark.change) == (2, True)
    (mark,) = drawn(USUAL, USUAL, USUAL, notes=((date(2024, 2, 17), False),)).marks
    assert mark.x == found.spots[1].x


def test_the_narrow_chart_has_the_newest_months_and_few_labels() -> None:
    found = drawn(*[USUAL] * 40, shape="narrow")
    assert len(found.spots) == 15 and len(found.labels) <= 4
    assert found.labels[-1][1:] == ("Apr", "2027")


def test_nothing_to_show_is_no_chart() -> None:
    assert draw(rows(Counts((1, 1, 1, 0, 0))), readings([], frozenset(), date(2030, 1, 1)), (), "wide") is None
    assert draw([], (), (), "wide") is None
