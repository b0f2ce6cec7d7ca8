"""planning.data.gov.uk: its entities as constraints."""

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import AnswerUnreadable
from connectors.planning_data import translate
from connectors.shapes import PlanningConstraint

HOME = "https://www.planning.data.gov.uk"
ANSWER = json.loads((Path(__file__).parent / "fixtures" / "entities.json").read_text())


def test_what_is_in_force_is_told_by_its_name_or_its_kind() -> None:
    area, direction, ended = [translate.constraint_of(one, HOME) for one in translate.entities(ANSWER)]
    assert area == PlanningConstraint("conservation-area", "Example Garden Suburb", "CA-7", f"{HOME}/entity/44000123")
    assert direction and direction.name == "Article 4 direction area" and ended is None


@pytest.mark.parametrize("content", [None, [], {}, {"entities": None}, {"entities": [1]}])
def test_what_is_no_answer_is_not_read(content: Any) -> None:
    with pytest.raises(AnswerUnreadable):
        translate.entities(content)
