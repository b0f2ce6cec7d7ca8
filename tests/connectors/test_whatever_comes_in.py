"""Whatever is posted or sent to us is read or refused by name; `python -m bench fuzz-connectors` tries 100,000."""

import orjson
import pytest

from bench.fuzz_connectors import NotStorable, check, read_all
from connectors.errors import RequestRefused
from connectors.file_drop.translate import updates_of
from connectors.open311.translate import moment
from connectors.plain import words
from connectors.shapes import DeliveryReport
from connectors.webhook.translate import update_of

# In London that was the year 0, which no calendar has.
EARLY = "0001-01-01T00:00:00+23:59"


def test_a_few_thousand_spoilt_ones_of_every_kind() -> None:
    found = read_all(2_100, seed=2)
    assert found["crashes"] == []
    assert max(found["worst_ms"].values()) < 1000
    # It goes deep: some of each are refused, and most of the emails and rows are read.
    assert {one.partition(":")[0] for one in found["refused"]} == {"webhook", "receipt", "calendar", "xml", "json"}


def test_what_cannot_be_kept_is_noticed() -> None:
    with pytest.raises(NotStorable):
        check([DeliveryReport("a\x00", "delivered")])


def test_a_moment_outside_the_calendar_is_none_and_zero_characters_go() -> None:
    assert moment(EARLY) is None and words("a\x00b") == "ab"
    data = {"state": "done", "reference": "1"}
    with pytest.raises(RequestRefused):
        update_of(orjson.dumps({"type": "case.changed", "timestamp": EARLY, "data": data}), "msg_1")
    assert updates_of(f"reference,state,at\n1,done,{EARLY}\n".encode()) == ([], 1)
