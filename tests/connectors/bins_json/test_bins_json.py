"""The JSON feed: its rows as days, and what is no feed."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from connectors.bins_json.translate import days_of
from connectors.errors import AnswerUnreadable
from connectors.rounds import rounds_of
from connectors.shapes import Collection

FEED = json.loads((Path(__file__).parent / "fixtures" / "days.json").read_text())
STREAMS = {"general": "black", "recycling": "blue", "garden": "green"}


def test_rows_are_days_of_the_streams_that_we_know() -> None:
    days = days_of(FEED, STREAMS, "%d/%m/%Y")
    assert days == {
        "black": [date(2026, 12, 1)],
        "blue": [date(2026, 12, 1)],
        "green": [date(2026, 12, 8), date(2026, 12, 22)],
    }


def test_a_feed_of_days_to_come_says_when_the_last_one_was() -> None:
    """Black has one day to come, so its last was a week before; green's two are a fortnight apart."""
    rounds = rounds_of("1", days_of(FEED, STREAMS, "%d/%m/%Y"), date(2026, 11, 26))
    assert rounds[0] == Collection("1", "black", "Tuesday", date(2026, 11, 24), date(2026, 12, 1))
    assert rounds[2] == Collection("1", "green", "Tuesday", date(2026, 11, 24), date(2026, 12, 8))


def test_a_stream_whose_days_are_all_gone_has_no_round() -> None:
    assert rounds_of("1", {"black": [date(2026, 11, 1)]}, date(2026, 11, 26)) == []


@pytest.mark.parametrize(
    "content",
    [None, [], {}, {"bins": {}}, {"bins": [1]}, {"bins": [{"type": "x"}]},
     {"bins": [{"type": "x", "collectionDate": "2026-12-01"}]},
     {"bins": [{"type": 1, "collectionDate": "01/12/2026"}]}],
)  # fmt: skip
def test_what_is_no_feed_is_not_read(content: Any) -> None:
    with pytest.raises(AnswerUnreadable):
        days_of(content, STREAMS, "%d/%m/%Y")
