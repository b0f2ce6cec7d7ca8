"""No cell of a file that we write is calculated by a spreadsheet, whoever writes it (PROMISES 16)."""

from datetime import UTC, datetime

import pytest

from connectors.file_drop import translate
from connectors.shapes import CaseNote
from triage import clock
from triage.metrics.exports import safe
from triage.people.auditing import as_csv
from triage.people.schemas import AuditLine

RUN = ("=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", "  =1", "\u3000＝1")


@pytest.mark.parametrize("text", RUN)
def test_what_a_spreadsheet_would_run_is_shown_in_every_file(text: str) -> None:
    assert safe(text) == f"'{text}"
    note = CaseNote("1", text, datetime(2026, 11, 27, tzinfo=UTC))
    assert f"'{text}" in translate.note_file("BN-1", note).decode("utf-8-sig")
    line = AuditLine(clock.now(), text, "agent", "x", "x", "x")
    assert f"'{text}" in as_csv([line])


@pytest.mark.parametrize("cell", ["a=1", "2-1", "", -1, 1.5])
def test_what_is_plain_stays_as_it_is(cell: str | float) -> None:
    assert safe(cell) == cell
