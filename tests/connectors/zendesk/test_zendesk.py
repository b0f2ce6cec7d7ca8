"""Zendesk: its own words and refusals. What its kind promises is tested by test_conformance.py."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import AnswerUnreadable, RequestRefused
from connectors.shapes import Case, CaseRequest, Reporter
from connectors.zendesk import translate
from tests.connectors.zendesk.supplier import running

TICKET = json.loads((Path(__file__).parent / "fixtures" / "ticket.json").read_text())
NOW = datetime.now(UTC)
REQUEST = CaseRequest("missed_bin", "Left", NOW, None, Reporter("Ada Example", "ada@example.com"), {"bin": "blue"})


def test_a_ticket_is_a_case() -> None:
    at = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
    assert translate.case_of(translate.ticket_in(TICKET)) == Case("35436", "35436", "in_progress", None, at)


def test_what_a_ticket_is_made_from_is_private_and_tagged() -> None:
    made = translate.ticket_of(REQUEST, "BN-1/1", 7)
    assert made["comment"] == {"body": "Left\n\nbin: blue\nOur reference: BN-1/1", "public": False}
    assert made["requester"] == {"name": "Ada Example", "email": "ada@example.com"} and made["group_id"] == 7
    assert made["tags"] == ["frontdoor", "missed_bin"] and made["external_id"] == "BN-1/1"


@pytest.mark.parametrize("content", [None, [], {}, {"ticket": None}, {"ticket": {"id": "1"}}])
def test_what_is_no_ticket_is_not_read(content: Any) -> None:
    with pytest.raises(AnswerUnreadable):
        translate.ticket_in(content)


async def test_changes_come_from_page_to_page_and_only_of_our_own_tickets() -> None:
    async with running("casework") as one:
        cases = [await one.connector.create(REQUEST, str(number)) for number in range(5)]
        one.supplier.world[0]["tags"] = ["somebody else's"]
        one.supplier.world[3]["status"] = "solved"
        now = datetime.now(UTC)
        updates = await one.connector.updates(now - timedelta(minutes=1), now + timedelta(minutes=1))
        assert [(update.handle, update.state) for update in updates] == [
            (cases[1].handle, "received"), (cases[2].handle, "received"), (cases[3].handle, "done"),
            (cases[4].handle, "received"),
        ]  # fmt: skip


async def test_a_field_that_the_account_requires_is_for_a_person_to_mend() -> None:
    async with running("casework") as one:
        ticket = {"comment": {"body": " "}}
        with pytest.raises(RequestRefused):
            await one.connector._call("create", "POST", "/api/v2/tickets.json", once="1", json={"ticket": ticket})
