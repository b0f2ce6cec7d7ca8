"""postcodes.io: its answer as an area, and what is no answer."""

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import AnswerUnreadable
from connectors.postcodes_io.settings import Settings
from connectors.postcodes_io.translate import area_of
from connectors.shapes import Area

ANSWER = json.loads((Path(__file__).parent / "fixtures" / "n3_1ab.json").read_text())
OURS = Settings.model_validate({"council": "E09000003", "border": ["EN5"]})


def test_an_answer_is_an_area_with_its_ward() -> None:
    expected = Area("N3 1AB", "E09000003", True, False, "Finchley Church End", 51.601, -0.193, "Barnet")
    assert area_of(ANSWER, OURS) == expected


@pytest.mark.parametrize("content", [None, [], {}, {"result": None}, {"result": {"postcode": "N3 1AB", "codes": []}}])
def test_what_is_no_answer_is_not_read(content: Any) -> None:
    with pytest.raises(AnswerUnreadable):
        area_of(content, OURS)
