"""What a resident in danger is shown fits the hour: the number that somebody answers comes first."""

from datetime import UTC, datetime

import pytest

from triage import clock, reading
from triage.helping import danger_help


def numbers_at(monkeypatch: pytest.MonkeyPatch, signal: str, moment: datetime) -> list[str]:
    monkeypatch.setattr(clock, "now", lambda: moment)
    return [number["value"] for number in danger_help(reading.dangers().sighting(signal))["numbers"]]


@pytest.mark.parametrize(
    ("moment", "first"),
    [
        (datetime(2026, 11, 26, 10, 0, tzinfo=UTC), "020 8610 3539"),  # Thursday morning: Housing Options
        (datetime(2026, 11, 26, 23, 0, tzinfo=UTC), "020 8359 2000"),  # the same night: the council's own line
        (datetime(2026, 11, 28, 10, 0, tzinfo=UTC), "020 8359 2000"),  # Saturday
        (datetime(2026, 12, 25, 10, 0, tzinfo=UTC), "020 8359 2000"),  # Christmas Day, a Friday
        (datetime(2026, 8, 6, 8, 30, tzinfo=UTC), "020 8610 3539"),  # half past nine in British Summer Time
    ],
)
def test_somebody_with_nowhere_to_stay_is_given_first_the_number_that_answers_now(
    monkeypatch: pytest.MonkeyPatch, moment: datetime, first: str
) -> None:
    shown = numbers_at(monkeypatch, "homeless_tonight", moment)
    assert shown[0] == first
    assert set(shown) == {"020 8610 3539", "020 8359 2000", "999"}


def test_999_stays_first_for_a_child_at_any_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    for moment in (datetime(2026, 11, 26, 10, 0, tzinfo=UTC), datetime(2026, 11, 29, 3, 0, tzinfo=UTC)):
        shown = numbers_at(monkeypatch, "child_at_risk", moment)
        assert shown[0] == "999" and "020 8359 4066" in shown
    # At three on a Sunday morning Childline answers and the children's team does not.
    assert shown.index("0800 1111") < shown.index("020 8359 4066")


def test_a_number_nobody_has_checked_for_90_days_is_not_given_but_999_is(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = reading.dangers().numbers["samaritans"].verified_on
    fresh = datetime(looked.year, looked.month, looked.day, 12, 0, tzinfo=UTC)
    assert "116 123" in numbers_at(monkeypatch, "suicide", fresh)
    stale = datetime(2027, 6, 1, 12, 0, tzinfo=UTC)
    shown = numbers_at(monkeypatch, "suicide", stale)
    assert "116 123" not in shown and "85258" not in shown and shown[0] == "999"
