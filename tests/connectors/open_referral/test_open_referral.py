"""Open Referral: its services as ours, with whose word it is."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import AnswerUnreadable
from connectors.open_referral import translate
from connectors.shapes import CommunityService

PAGE = json.loads((Path(__file__).parent / "fixtures" / "services.json").read_text())


def test_a_service_is_told_whole_and_one_that_closed_is_not() -> None:
    found = translate.page_of(PAGE, "Example directory")
    assert not found.more and found.services == (
        CommunityService(
            id="ac148810-d857-441c-9679-408f346de14b",
            name="Example lunch club",
            about="A warm meal every Tuesday",
            provenance="Example directory, from Example Community Trust",
            link="https://lunch.example",
            email="hello@lunch.example",
            phone="020 7946 0123",
            checked_on=date(2026, 10, 1),
        ),
    )
    assert translate.page_of({**PAGE, "last_page": False}, "x").more


def test_a_link_that_is_no_page_is_left_out() -> None:
    row = {"id": "1", "name": "x", "url": "javascript:alert(1)"}
    service = translate.service_of(row, "x")
    assert service and service.link is None


@pytest.mark.parametrize("content", [None, [], {}, {"contents": None}, {"contents": [1]}, {"contents": [{"id": "1"}]}])
def test_what_is_no_page_is_not_read(content: Any) -> None:
    with pytest.raises(AnswerUnreadable):
        translate.page_of(content, "x")
