"""Opening hours, bank holidays and working time, on the days that go wrong."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.clock import LONDON
from triage.hours import NeverOpens, Opening, bank_holidays, clocks, due
from triage.timetable import Calendar

WEEK = ("09:00-17:15",)
OFFICE = Opening(
    Calendar(name="Office", mon=WEEK, tue=WEEK, wed=WEEK, thu=WEEK, fri=("09:00-17:00",), bank_holidays="england")
)
SPLIT = Opening(Calendar(name="Split", mon=("09:00-12:00", "14:00-16:00"), sun=("00:00-03:00",)))
DAY = ("00:00-24:00",)
ALWAYS = Opening(Calendar(mon=DAY, tue=DAY, wed=DAY, thu=DAY, fri=DAY, sat=DAY, sun=DAY))
moments = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)).map(lambda m: m.replace(tzinfo=UTC))


def at(*parts: int) -> datetime:
    """A moment on a wall in London."""
    return datetime(*parts, tzinfo=LONDON)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (at(2026, 11, 23, 8, 59, 59), False),
        (at(2026, 11, 23, 9, 0), True),
        (at(2026, 11, 23, 17, 14, 59), True),
        (at(2026, 11, 23, 17, 15), False),
        (at(2026, 11, 27, 16, 59), True),  # Friday closes at 17:00
        (at(2026, 11, 27, 17, 0), False),
        (at(2026, 11, 28, 12, 0), False),  # Saturday
        (at(2026, 12, 25, 12, 0), False),  # Christmas Day, a Friday
        (at(2026, 12, 28, 12, 0), False),  # Boxing Day's substitute, a Monday
        (at(2026, 8, 31, 12, 0), False),  # summer bank holiday
        (at(2026, 7, 1, 9, 0), True),  # 08:00 UTC: summer time
    ],
)
def test_is_open(moment: datetime, is_open: bool) -> None:
    assert OFFICE.is_open(moment) is is_open


def test_scotlands_holidays_are_not_englands() -> None:
    assert at(2026, 1, 2).date() in bank_holidays("scotland", 2026)
    assert at(2026, 1, 2).date() not in bank_holidays("england", 2026)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (at(2026, 11, 23, 10, 0), 1, at(2026, 11, 24, 17, 15)),
        (at(2026, 11, 23, 17, 14), 1, at(2026, 11, 24, 17, 15)),
        (at(2026, 11, 23, 17, 15), 1, at(2026, 11, 25, 17, 15)),  # after closing: received on Tuesday
        (at(2026, 11, 26, 10, 0), 1, at(2026, 11, 27, 17, 0)),  # Friday's earlier close
        (at(2026, 11, 27, 10, 0), 1, at(2026, 11, 30, 17, 15)),  # over a weekend
        (at(2026, 11, 28, 10, 0), 1, at(2026, 12, 1, 17, 15)),  # Saturday: received on Monday
        (at(2026, 12, 23, 16, 0), 2, at(2026, 12, 29, 17, 15)),  # over Christmas
        (at(2026, 12, 31, 16, 0), 1, at(2027, 1, 4, 17, 15)),  # New Year's Day is a Friday
        (at(2026, 3, 27, 16, 0), 1, at(2026, 3, 30, 17, 15)),  # clocks go forward on 29 March
        (at(2026, 10, 23, 16, 0), 1, at(2026, 10, 26, 17, 15)),  # clocks go back on 25 October
    ],
)
def test_working_days(start: datetime, days: int, end: datetime) -> None:
    assert OFFICE.add_working_days(start, days) == end


def test_working_day_that_crosses_a_clock_change_keeps_the_time_on_the_wall() -> None:
    end = OFFICE.add_working_days(at(2026, 3, 27, 16, 0), 1)
    assert end.tzinfo is UTC
    assert (end.hour, end.minute) == (16, 15)  # 17:15 in British Summer Time


@pytest.mark.parametrize(
    ("start", "target", "priority", "end"),
    [
        (at(2026, 11, 23, 16, 15), "4 h", "P3", at(2026, 11, 24, 12, 0)),  # 1 h today, 3 h tomorrow
        (at(2026, 11, 27, 16, 50), "15 min", "P3", at(2026, 11, 30, 9, 5)),
        (at(2026, 11, 27, 16, 50), "15 min", "P1", at(2026, 11, 27, 17, 5)),
        (at(2026, 11, 28, 3, 0), "4 h", "P0", at(2026, 11, 28, 7, 0)),
        (at(2026, 11, 27, 16, 50), "1 wd", "P0", at(2026, 11, 30, 17, 15)),
        (at(2026, 3, 25, 10, 0), "14 d", "P3", at(2026, 4, 8, 10, 0)),  # the same time on the wall
        (at(2026, 11, 23, 10, 0), "8 wk", "P4", at(2027, 1, 18, 10, 0)),
        (at(2026, 3, 29, 0, 30), "1 h", "P1", at(2026, 3, 29, 2, 30)),  # 01:00 to 02:00 did not happen
    ],
)
def test_due(start: datetime, target: str, priority: str, end: datetime) -> None:
    assert due(start, target, OFFICE, priority) == end


@pytest.mark.parametrize("target", ["", "soon", "2 days", "-1 wd", "1wd"])
def test_a_target_that_cannot_be_read_is_refused(target: str) -> None:
    with pytest.raises(ValueError, match="not a target"):
        due(at(2026, 11, 23), target, OFFICE)


def test_split_shift() -> None:
    assert not SPLIT.is_open(at(2026, 11, 23, 13, 0))
    assert SPLIT.next_opening(at(2026, 11, 23, 12, 0)) == at(2026, 11, 23, 14, 0)
    assert due(at(2026, 11, 23, 11, 0), "90 min", SPLIT) == at(2026, 11, 23, 14, 30)
    assert SPLIT.next_closing(at(2026, 11, 23, 11, 0)) == at(2026, 11, 23, 12, 0)


def test_a_night_that_loses_or_gains_an_hour() -> None:
    forward, back = at(2026, 3, 29, 0, 0), at(2026, 10, 25, 0, 0)
    assert SPLIT.open_time_between(forward, forward + timedelta(days=1)) == timedelta(hours=2)
    assert SPLIT.open_time_between(back, back + timedelta(days=1)) == timedelta(hours=4)
    assert ALWAYS.open_time_between(at(2026, 3, 29), at(2026, 3, 30)) == timedelta(hours=23)


def test_a_calendar_that_never_opens_says_so() -> None:
    with pytest.raises(NeverOpens):
        Opening(Calendar(name="Nothing")).next_opening(at(2026, 11, 23))


def test_day_and_night_is_always_open() -> None:
    assert ALWAYS.is_open(at(2026, 12, 25, 3, 0))
    assert ALWAYS.is_open(at(2026, 11, 23, 23, 59, 59))
    assert due(at(2026, 12, 25, 3, 0), "5 min", ALWAYS) == at(2026, 12, 25, 3, 5)


@given(moments, st.integers(0, 30))
def test_working_days_end_when_it_closes_and_never_before_they_began(start: datetime, days: int) -> None:
    end = OFFICE.add_working_days(start, days)
    assert end > start
    assert not OFFICE.is_open(end)
    assert OFFICE.is_open(end - timedelta(seconds=1))
    between = {
        start.astimezone(LONDON).date() + timedelta(days=n)
        for n in range((end.astimezone(LONDON).date() - start.astimezone(LONDON).date()).days + 1)
    }
    # The day of receipt and the days promised, and no more.
    received_today = OFFICE.open_time_between(start, OFFICE.add_working_days(start, 0)) > timedelta() and (
        OFFICE.next_opening(start).astimezone(LONDON).date() == start.astimezone(LONDON).date()
    )
    working = [day for day in between if OFFICE.is_working_day(day)]
    late_today = OFFICE.is_working_day(start.astimezone(LONDON).date()) and not received_today
    assert len(working) == days + 1 + late_today


@given(moments, moments, st.sampled_from(["15 min", "4 h", "1 wd", "2 wd", "14 d", "8 wk"]))
def test_what_came_first_is_never_due_later(one: datetime, other: datetime, target: str) -> None:
    first, second = sorted((one, other))
    slack = timedelta(hours=1) if target in ("14 d", "8 wk") else timedelta()  # the hour that happens twice
    assert due(first, target, OFFICE) <= due(second, target, OFFICE) + slack


@given(moments, st.integers(1, 5000))
def test_opening_time_added_is_opening_time_counted(start: datetime, minutes: int) -> None:
    length = timedelta(minutes=minutes)
    assert OFFICE.open_time_between(start, OFFICE.add_open_time(start, length)) == length


@given(moments)
def test_the_next_opening_is_open_and_nothing_before_it_is(moment: datetime) -> None:
    opens = OFFICE.next_opening(moment)
    assert OFFICE.is_open(opens)
    assert OFFICE.open_time_between(moment, opens) == timedelta()


@pytest.mark.parametrize(
    ("queue", "priority", "live", "first"),
    [
        ("Q-CTAX", "P3", False, at(2026, 11, 25, 17, 15)),
        ("Q-CTAX", "P3", True, at(2026, 11, 23, 10, 3)),
        ("Q-TENANCY", "P1", False, at(2026, 11, 23, 11, 0)),
        ("Q-REPAIR", "P1", False, at(2026, 11, 23, 10, 15)),
        ("Q-HOMELESS", "P1", False, at(2026, 11, 23, 10, 15)),
        ("Q-HOMELESS", "P2", False, at(2026, 11, 24, 17, 15)),
        ("Q-REPAIR", "P0", False, at(2026, 11, 23, 10, 5)),
        ("Q-REPAIR", "P1", True, at(2026, 11, 23, 10, 3)),
    ],
)
def test_the_first_answer_has_the_shortest_promise_that_applies(
    queue: str, priority: str, live: bool, first: datetime
) -> None:
    assert clocks(queue, priority, at(2026, 11, 23, 10, 0), live)[0] == first


@pytest.mark.parametrize(
    ("start", "priority", "first"),
    [
        # The register office: what is urgent the same day, all else the next working day.
        (at(2026, 11, 25, 10, 0), "P2", at(2026, 11, 25, 17, 15)),
        (at(2026, 11, 25, 10, 0), "P3", at(2026, 11, 26, 17, 15)),
        # On a Friday evening the same day is the day on which it counts as received.
        (at(2026, 11, 27, 18, 0), "P2", at(2026, 11, 30, 17, 15)),
    ],
)
def test_an_urgent_burial_is_seen_the_same_day(start: datetime, priority: str, first: datetime) -> None:
    assert clocks("Q-REG", priority, start)[0] == first
