"""The calendar: which days its events are on, worked out by hand from the fixture, and what is not guessed at."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.bins_ical import translate
from connectors.errors import AnswerUnreadable

CALENDAR = (Path(__file__).parent / "fixtures" / "days.ics").read_text()
TODAY = date(2026, 11, 26)
LONDON = ZoneInfo("Europe/London")
REFUSE, GARDEN, RECYCLING, CANCELLED = translate.events(CALENDAR)


def test_an_events_name_is_its_own_and_unfolded() -> None:
    assert translate.title(REFUSE) == "Refuse, black bin"


def test_a_weekly_round_with_christmas_moved_by_a_day() -> None:
    days = translate.days(REFUSE, TODAY, LONDON)
    assert days[:4] == [date(2026, 11, 4), date(2026, 11, 11), date(2026, 11, 18), date(2026, 11, 25)]
    assert date(2026, 12, 24) in days and date(2026, 12, 23) not in days
    assert days[-1] == date(2027, 1, 27)


def test_a_fortnightly_round_three_times() -> None:
    assert translate.days(GARDEN, TODAY, LONDON) == [date(2026, 11, 11), date(2026, 11, 25), date(2026, 12, 9)]


def test_a_moment_is_a_day_where_the_council_is() -> None:
    assert translate.days(RECYCLING, TODAY, LONDON) == [date(2026, 11, 30)]
    assert translate.days(RECYCLING, TODAY, ZoneInfo("Asia/Tokyo")) == [date(2026, 12, 1)]


def test_a_round_that_is_cancelled_has_no_days() -> None:
    assert translate.days(CANCELLED, TODAY, LONDON) == []


def test_an_event_of_long_ago_is_no_work() -> None:
    event = translate.events(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:19700107\nRRULE:FREQ=WEEKLY\nEND:VEVENT\nEND:VCALENDAR"
    )[0]
    assert 30 < len(translate.days(event, TODAY, LONDON)) < 40


@pytest.mark.parametrize("rule", ["FREQ=MONTHLY", "FREQ=WEEKLY;BYDAY=MO,TU", "FREQ=WEEKLY;BYSETPOS=1", "FREQ=DAILY",
                                  "FREQ=WEEKLY;INTERVAL=x", "FREQ=WEEKLY;UNTIL=soon"])  # fmt: skip
def test_a_rule_that_we_do_not_read_is_not_guessed_at(rule: str) -> None:
    event = {"DTSTART": [({}, "20261104")], "RRULE": [({}, rule)]}
    with pytest.raises(AnswerUnreadable):
        translate.days(event, TODAY, LONDON)


@given(
    st.text() | st.text("BEGINVTCALDR:;=\r\n \t0123456789").map(lambda text: f"BEGIN:VCALENDAR\n{text}\nEND:VCALENDAR")
)
def test_nothing_that_a_feed_gives_is_more_than_unreadable(text: str) -> None:
    try:
        for event in translate.events(text):
            translate.days(event, TODAY, LONDON)
            translate.title(event)
    except AnswerUnreadable:
        return
