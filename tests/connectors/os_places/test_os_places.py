"""OS Places: its records as addresses, and which house is meant."""

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import AnswerUnreadable
from connectors.os_places import translate
from tests.connectors.os_places.supplier import running

ANSWER = json.loads((Path(__file__).parent / "fixtures" / "postcode.json").read_text())
ROWS = translate.records(ANSWER)


def test_a_record_is_an_address_to_read() -> None:
    first, second = [translate.address_of(row, 5090) for row in ROWS]
    assert (first.uprn, first.line, first.ours) == ("200000000012", "12 Example Road, London, N3 1AB", True)
    assert second.line == "Flat 1, 14B Example Road, London, N3 1AB"
    assert (first.latitude, first.longitude) == (51.601, -0.193)
    assert not translate.address_of(ROWS[0], 5150).ours


@pytest.mark.parametrize(
    ("typed", "found"), [("12 ", 1), ("14b example rd", 1), ("14", 0), ("Flat 1", 1), ("1", 1), ("no number", 2)]
)
def test_the_house_that_was_typed(typed: str, found: int) -> None:
    assert len(translate.at_house(ROWS, typed)) == found


@pytest.mark.parametrize(
    "content", [None, [], {}, {"results": []}, {"header": {}, "results": [{"DPA": {"UPRN": "1"}}]}]
)
def test_what_is_no_answer_is_not_read(content: Any) -> None:
    with pytest.raises(AnswerUnreadable):
        translate.records(content)


async def test_a_postcode_of_two_councils_is_on_the_border_and_one_of_none_is_nowhere() -> None:
    async with running("areas") as one:
        border = await one.connector.area("EN5 1AA")
        assert border.border and border.council in ("5090", "1915")
        assert not (await one.connector.area("N3 1AB")).border
        assert await one.connector.area("ZZ9 9ZZ") is None and await one.connector.area("N3 9ZZ") is None
        assert all("key=" not in path for _, path in one.supplier.calls)
