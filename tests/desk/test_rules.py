"""How a clock reads: in words and with a shape, counted in opening hours."""

from datetime import datetime, timedelta

import pytest

from tests.queues.test_hours import OFFICE, at
from triage import hours
from triage.desk.rules import CLOSE_REASONS, SHAPES, length_in_words, read_clock
from triage.desk.standing import promises
from triage.tables import Contact

MONDAY = at(2026, 11, 23, 9, 0)
TUESDAY_CLOSE = at(2026, 11, 24, 17, 15)


def read(now: datetime, met: datetime | None = None, due: datetime | None = TUESDAY_CLOSE) -> tuple[str, str]:
    clock = read_clock("First answer", due, MONDAY, met, now, OFFICE)
    assert clock.shape == SHAPES[clock.state]
    return clock.state, clock.words


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(2026, 11, 23, 9, 0), ("ok", "16 hours 30 minutes left")),
        (at(2026, 11, 23, 23, 0), ("ok", "8 hours 15 minutes left")),  # the night does not count
        (at(2026, 11, 24, 14, 0), ("soon", "3 hours 15 minutes left")),
        (at(2026, 11, 24, 17, 15), ("late", "Late by less than a minute")),
        (at(2026, 11, 25, 10, 0), ("late", "Late by 1 hour")),
    ],
)
def test_a_promise_that_is_open(now: datetime, expected: tuple[str, str]) -> None:
    assert read(now) == expected


def test_a_promise_that_was_kept_or_not() -> None:
    assert read(at(2026, 12, 1, 9, 0), met=at(2026, 11, 24, 9, 0)) == ("met", "Done in time")
    assert read(at(2026, 12, 1, 9, 0), met=at(2026, 11, 25, 9, 0)) == ("late", "Done late")
    assert read(MONDAY, due=None) == ("none", "No time promised")


def test_a_clock_that_runs_at_night_counts_plain_time() -> None:
    due = at(2026, 11, 23, 3, 0)
    assert read(at(2026, 11, 23, 2, 50), due=due) == ("soon", "10 minutes left")
    assert read(at(2026, 11, 23, 3, 20), due=due) == ("late", "Late by 20 minutes")


def test_every_state_has_a_shape_of_its_own() -> None:
    assert len(set(SHAPES.values())) == len(SHAPES)


def test_lengths() -> None:
    assert length_in_words(timedelta(seconds=59)) == "less than a minute"
    assert length_in_words(timedelta(minutes=61)) == "1 hour 1 minute"
    assert length_in_words(timedelta(hours=26)) == "26 hours"


def test_reasons_fit_on_the_keys_one_to_nine() -> None:
    assert len({reason.id for reason in CLOSE_REASONS}) == len(CLOSE_REASONS) <= 9
    assert any(not reason.done for reason in CLOSE_REASONS)


def test_what_is_promised_for_weeks_is_read_in_days_and_for_minutes_is_seen_to_be_near() -> None:
    due = at(2026, 12, 7, 17, 15)
    assert read(MONDAY, due=due) == ("ok", "10 working days left")
    by_clock = read_clock("Settle by", due, MONDAY, None, MONDAY, None)
    assert (by_clock.words, by_clock.counted) == ("14 days left", False)
    # Three minutes: the last quarter is 45 seconds, in which nobody would see it.
    due = MONDAY + timedelta(minutes=3)
    for waited, state in ((30, "ok"), (60, "soon"), (180, "late")):
        now = MONDAY + timedelta(seconds=waited)
        assert read_clock("First answer", due, MONDAY, None, now, None).state == state


@pytest.mark.parametrize(
    ("queue", "priority", "counted"),
    [("Q-REPAIR", "P3", True), ("Q-REPAIR", "P1", False), ("Q-SAFE-C", "P0", False), ("Q-EMERG", "P2", False)],
)
def test_what_is_settled_by_the_clock_is_not_counted_in_opening_hours(queue: str, priority: str, counted: bool) -> None:
    friday = at(2026, 11, 27, 16, 0)
    due = hours.clocks(queue, priority, friday)[1]
    contact = Contact(queue=queue, priority=priority, queued_at=friday, settle_due_at=due, live=False)
    clock = promises(contact, (), friday)[1]
    assert (clock.label, clock.counted) == ("Settle by", counted)
    if (queue, priority) == ("Q-REPAIR", "P1"):
        assert clock.words == "24 hours left"


def test_a_clock_that_does_not_stop_at_closing_time() -> None:
    due = at(2026, 11, 23, 17, 50)
    clock = read_clock("First answer", due, at(2026, 11, 23, 16, 50), None, at(2026, 11, 23, 17, 0), None)
    assert (clock.state, clock.words, clock.counted) == ("ok", "50 minutes left", False)
