"""Working time over years of moments and calendars of every kind, against minutes counted one by one.

The oracle here knows nothing of triage.hours: it walks from minute to minute and asks of each whether a clock on the
wall says that it is open.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from triage.clocks import law, pausing
from triage.hours import Opening, counted_between, counted_on, due, warn_at
from triage.timetable import Calendar, Law

WALL = ZoneInfo("Europe/London")
MINUTE = timedelta(minutes=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# No opening begins or ends within the hour that summer time skips or repeats: what that would mean is not defined.
TIMES = ["00:00", "03:00", "06:30", "08:00", "09:00", "12:00", "12:30", "13:15", "17:15", "20:00", "23:59", "24:00"]
# The bank holidays of England in these years, from GOV.UK, so that they are not taken on trust from a package.
_DATES = {
    2025: ((1, 1), (4, 18), (4, 21), (5, 5), (5, 26), (8, 25), (12, 25), (12, 26)),
    2026: ((1, 1), (4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28)),
    2027: ((1, 1), (3, 26), (3, 29), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)),
    2028: ((1, 3),),
}
# A holiday that falls on a weekend is one besides its substitute: nobody works on Boxing Day, a Saturday in 2026.
_ON_A_WEEKEND = {date(2026, 12, 26), date(2027, 12, 25), date(2027, 12, 26), date(2028, 1, 1)}
HOLIDAYS = _ON_A_WEEKEND | {date(year, month, day) for year, dates in _DATES.items() for month, day in dates}
moments = st.datetimes(datetime(2025, 1, 2), datetime(2027, 12, 1)).map(
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=UTC)
)
# Days around both changes of the clocks, Easter and Christmas are tried more often than chance would.
edges = st.sampled_from([datetime(2026, 3, 27), datetime(2026, 10, 23), datetime(2026, 4, 2), datetime(2026, 12, 23)])
starts = st.one_of(
    moments,
    st.builds(lambda day, minutes: day.replace(tzinfo=UTC) + MINUTE * minutes, edges, st.integers(0, 4 * 24 * 60)),
)


@st.composite
def shifts(draw: st.DrawFn) -> tuple[str, ...]:
    """None, one, two or three openings on a day, apart from each other."""
    times = draw(st.lists(st.sampled_from(TIMES), min_size=0, max_size=6, unique=True).map(sorted))
    return tuple(f"{opens}-{shuts}" for opens, shuts in zip(times[::2], times[1::2], strict=False))


@st.composite
def closures(draw: st.DrawFn) -> dict[str, Any]:
    day = draw(
        st.dates(date(2025, 1, 2), date(2027, 12, 20)) | st.sampled_from([date(2026, 12, 24), date(2026, 3, 28)])
    )
    row: dict[str, Any] = {"on": day, "name": "Closed", "reason": "Staff training"}
    match draw(st.sampled_from(["day", "days", "early", "late"])):
        case "days":
            row["to"] = day + timedelta(days=draw(st.integers(1, 4)))
        case "early":
            row["closes"] = draw(st.sampled_from(["12:00", "13:15"]))
        case "late":
            row["opens"] = draw(st.sampled_from(["09:00", "12:30"]))
    return row


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    week = {weekday: draw(shifts()) for weekday in WEEKDAYS}
    # Every calendar opens at some time of an ordinary week.
    week["wed"] = week["wed"] or ("09:00-17:15",)
    closed = draw(st.lists(closures(), max_size=3))
    return Calendar(
        name="Tried",
        **week,
        closed=closed,
        bank_holidays=draw(st.sampled_from([None, "england"])),  # type: ignore[arg-type]
    )


def is_open(calendar: Calendar, minute: datetime) -> bool:
    """Whether a clock on the wall says so."""
    wall = minute.astimezone(WALL)
    day, hour = wall.date(), f"{wall:%H:%M}"
    if calendar.bank_holidays and day in HOLIDAYS:
        return False
    for row in calendar.closed:
        if row.on <= day <= (row.to or row.on):
            if row.opens is None and row.closes is None:
                return False
            if (row.opens and hour < row.opens) or (row.closes and hour >= row.closes):
                return False
    spans: tuple[str, ...] = getattr(calendar, WEEKDAYS[day.weekday()])
    return any(opens <= hour < shuts for opens, shuts in (span.split("-") for span in spans))


def counted(calendar: Calendar, start: datetime, end: datetime) -> int:
    """The open minutes from `start` to `end`, one by one."""
    number, minute = 0, start
    while minute < end:
        number += is_open(calendar, minute)
        minute += MINUTE
    return number


def after(calendar: Calendar, start: datetime, minutes: int) -> datetime:
    """The moment at which the last of so many open minutes ends."""
    minute = start
    while True:
        if is_open(calendar, minute):
            minutes -= 1
        minute += MINUTE
        if not minutes:
            return minute


@settings(max_examples=60, deadline=None)
@given(calendars(), starts, st.integers(1, 5 * 24 * 60))
def test_open_time_between_is_the_minutes_one_by_one(calendar: Calendar, start: datetime, minutes: int) -> None:
    end = start + MINUTE * minutes
    assert Opening(calendar).open_time_between(start, end) == MINUTE * counted(calendar, start, end)


@settings(max_examples=60, deadline=None)
@given(calendars(), starts, st.integers(1, 600))
def test_open_time_added_is_the_minutes_one_by_one(calendar: Calendar, start: datetime, minutes: int) -> None:
    assert Opening(calendar).add_open_time(start, MINUTE * minutes) == after(calendar, start, minutes)


@settings(max_examples=60, deadline=None)
@given(calendars(), starts, st.integers(0, 6))
def test_working_days_are_the_days_one_by_one(calendar: Calendar, start: datetime, days: int) -> None:
    # Received on the day of the next open minute; due as the last open minute of the last working day ends.
    received = after(calendar, start, 1) - MINUTE
    day = received.astimezone(WALL).date()
    minute, last, left = received, received, days
    while True:
        if is_open(calendar, minute):
            here = minute.astimezone(WALL).date()
            if here != day:
                if not left:
                    break
                day, left = here, left - 1
            last = minute
        minute += MINUTE
    assert Opening(calendar).add_working_days(start, days) == last + MINUTE


@settings(max_examples=150, deadline=None)
@given(calendars(), starts, st.integers(1, 20_000))
@example(Calendar(sun=("00:00-03:00",)), datetime(2026, 3, 29, 0, 30, tzinfo=UTC), 90)
@example(Calendar(sun=("00:00-03:00",)), datetime(2026, 10, 24, 23, 30, tzinfo=UTC), 200)
def test_what_is_added_is_what_is_counted(calendar: Calendar, start: datetime, seconds: int) -> None:
    opening, length = Opening(calendar), timedelta(seconds=seconds)
    assert opening.open_time_between(start, opening.add_open_time(start, length)) == length


@settings(max_examples=150, deadline=None)
@given(calendars(), starts, st.integers(1, 3000), st.integers(1, 3000))
def test_lengths_add_up_and_later_is_never_sooner(calendar: Calendar, start: datetime, one: int, other: int) -> None:
    opening = Opening(calendar)
    there = opening.add_open_time(start, MINUTE * one)
    further = opening.add_open_time(there, MINUTE * other)
    assert further == opening.add_open_time(start, MINUTE * (one + other))
    assert start < there < further
    assert opening.add_open_time(start + MINUTE * other, MINUTE * one) >= there
    whole = opening.open_time_between(start, further)
    assert opening.open_time_between(start, there) + opening.open_time_between(there, further) == whole


@settings(max_examples=150, deadline=None)
@given(calendars(), starts, st.sampled_from(["15 min", "4 h", "0 wd", "1 wd", "5 wd"]))
def test_what_is_due_is_due_while_it_is_open(calendar: Calendar, start: datetime, target: str) -> None:
    end = due(start, target, Opening(calendar))
    assert is_open(calendar, end - MINUTE)
    # An urgent contact's minutes and hours run by the clock.
    if not target.endswith("wd"):
        assert (
            due(start, target, Opening(calendar), "P1") == start + {"15 min": MINUTE * 15, "4 h": MINUTE * 240}[target]
        )


@settings(max_examples=150, deadline=None)
@given(calendars(), starts, st.integers(0, 5000), st.integers(0, 5000))
def test_a_pause_moves_what_is_due_by_exactly_its_open_time(
    calendar: Calendar, start: datetime, until_pause: int, length: int
) -> None:
    opening = Opening(calendar)
    promised = due(start, "5 wd", opening)
    since = min(start + MINUTE * until_pause, promised)
    stood = counted_between(opening, since, since + MINUTE * length)
    moved = counted_on(opening, promised, stood)
    assert counted_between(opening, promised, moved) == stood
    assert moved >= promised
    if not stood:
        assert moved == promised
    # What was left when it stopped is left when it goes on.
    assert counted_between(opening, since, promised) == counted_between(opening, since + MINUTE * length, moved)


@given(starts, st.integers(0, 20_000))
def test_by_the_clock_a_pause_moves_what_is_due_by_its_length(start: datetime, minutes: int) -> None:
    moved = pausing.resumed(
        calendar=None,
        counts_from=start,
        due=start + timedelta(days=14),
        warn=start + timedelta(days=10),
        paused=timedelta(),
        since=start,
        at=start + MINUTE * minutes,
    )
    assert (moved.due, moved.warn) == (
        start + timedelta(days=14) + MINUTE * minutes,
        start + timedelta(days=10) + MINUTE * minutes,
    )


@settings(max_examples=150, deadline=None)
@given(calendars(), starts, st.sampled_from(["15 min", "4 h", "1 wd", "5 wd"]))
def test_the_desk_is_warned_when_a_quarter_is_left(calendar: Calendar, start: datetime, target: str) -> None:
    opening = Opening(calendar)
    end = due(start, target, opening)
    warned = warn_at(opening, start, end)
    assert start <= warned <= end
    whole = opening.open_time_between(start, end)
    # A quarter of a few minutes is nothing that anybody could act on.
    assert opening.open_time_between(warned, end) == max(whole / 4, min(whole, 2 * MINUTE))
    assert warn_at(opening, start, end, timedelta(days=1000)) == start


def limit(target: str, **fields: Any) -> Law:
    proof = {"statutory": "sar", "name": "A limit", "law": "An Act", "source": "https://www.legislation.gov.uk"}
    return Law(target=target, reviewed_on=date(2026, 1, 1), review_by=date(2027, 1, 1), **proof, **fields)


@given(starts, st.integers(1, 40))
def test_the_laws_working_days_are_the_days_one_by_one(start: datetime, number: int) -> None:
    day, left = start.astimezone(WALL).date(), number
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5 and day not in HOLIDAYS
    end = law.due(limit(f"{number} wd"), start).astimezone(WALL)
    assert (end.date(), end.hour, end.minute) == (day + timedelta(days=1), 0, 0)


@given(starts, st.integers(1, 3))
def test_a_month_ends_on_the_same_date_or_the_last_and_never_on_a_day_off(start: datetime, months: int) -> None:
    day = start.astimezone(WALL).date()
    end = (law.due(limit(f"{months} mo"), start) - MINUTE).astimezone(WALL).date()
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    last_of_month = (end + timedelta(days=1)).day == 1
    assert end.day == day.day or (last_of_month and end.day < day.day)
    rolled = (law.due(limit(f"{months} mo", rolls=True), start) - MINUTE).astimezone(WALL).date()
    assert rolled >= end and rolled.weekday() < 5 and rolled not in HOLIDAYS
    between = [end + timedelta(days=n) for n in range((rolled - end).days)]
    assert all(day.weekday() >= 5 or day in HOLIDAYS for day in between)


@given(starts, st.integers(0, 40))
def test_days_that_are_not_counted_move_the_law_by_as_many(start: datetime, days: int) -> None:
    rule = limit("1 mo", pauses={"resident": "days", "identity": "begins again"})
    at = start + timedelta(days=days)
    stood = {"counts_from": start, "longer": False, "since": start, "at": at}
    moved = pausing.resumed_law(rule, proved=False, paused=timedelta(), **stood)
    whole = (at.astimezone(WALL).date() - start.astimezone(WALL).date()).days
    assert law.on_wall(moved.due) - law.on_wall(law.due(rule, start)) == timedelta(days=whole)
    # With the proof nothing from before it counts, and no day that was left out then.
    again = pausing.resumed_law(rule, proved=True, paused=timedelta(days=3), **stood)
    assert (again.due, again.paused) == (law.due(rule, at), timedelta())


def test_the_freedom_of_information_act_leaves_out_the_holidays_of_every_part() -> None:
    # St Patrick's Day is a bank holiday in Northern Ireland alone, St Andrew's in Scotland alone.
    for day in (date(2026, 3, 17), date(2026, 11, 30), date(2026, 7, 13)):
        assert not law.is_working_day(day, "uk")
        assert law.is_working_day(day, "england")
    # Good Friday and Christmas Day, which the Act names, and Easter Monday, which Scotland does not keep.
    for day in (date(2026, 4, 3), date(2026, 12, 25), date(2026, 4, 6)):
        assert not law.is_working_day(day, "uk")
