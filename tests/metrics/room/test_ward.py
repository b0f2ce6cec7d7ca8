"""Which views of a ward are shown, and which quarters they are."""

from datetime import date

import pytest

from triage.metrics.periods import Period
from triage.metrics.room.schemas import View
from triage.metrics.room.ward import MOST_QUARTERS, quarters_of, why_not

NEWEST = Period(date(2026, 7, 1), "quarter")


@pytest.mark.parametrize(
    ("view", "said"),
    [
        ({}, ""),
        ({"service": "missed_bin"}, ""),
        ({"since": "2026-01", "until": "2026-06"}, ""),
        ({"by": "month"}, ""),
        ({"channel": "chat"}, "together with a channel"),
        ({"queue": "Q-WASTE", "service": "missed_bin"}, "together with a queue"),
        ({"since": "2026-02"}, "whole quarters"),
        ({"until": "2026-05"}, "whole quarters"),
        ({"since": "2026-07", "until": "2026-03"}, "after the last"),
        ({"source": "import"}, "do not know wards"),
    ],
)
def test_a_ward_is_shown_alone_or_with_a_service_by_whole_quarters(view: dict[str, str], said: str) -> None:
    found = why_not(View(ward="Hendon", **view))  # type: ignore[arg-type]
    assert said in found and bool(said) == bool(found)


def test_the_quarters_are_those_of_the_address_that_have_settled() -> None:
    def codes(**view: str) -> list[str]:
        return [period.code for period in quarters_of(View(ward="Hendon", **view), NEWEST)]  # type: ignore[arg-type]

    assert codes(since="2026-01") == ["2026-q3", "2026-q2", "2026-q1"]
    assert codes(since="2026-01", until="2026-03") == ["2026-q1"]
    assert codes(since="2026-10") == []
    assert codes(until="2020-12")[0] == "2020-q4"
    assert len(codes()) == MOST_QUARTERS


def test_a_ward_stays_in_the_address() -> None:
    assert View(ward="St. James's", service="missed_bin").address() == "?service=missed_bin&ward=St.+James%27s"
