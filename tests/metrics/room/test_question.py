"""A new version of the question on the owner's page: its mark, its table and its file, without anybody declaring it."""

import csv
import io
import re
from collections.abc import Awaitable, Callable
from datetime import date

import httpx2
import pytest

from tests.metrics.conftest import MakeFact
from triage import clock

MakeFacts = Callable[..., Awaitable[None]]
USUAL, BETTER = (9, 13, 14, 54, 60), (3, 5, 7, 55, 80)
SAID = "The question changed on 9 January 2026."


@pytest.fixture
async def changed(make_facts: MakeFacts, fact: MakeFact, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two years of one version and a year of the next, which people are more content with."""
    monkeypatch.setattr(clock, "today", lambda: date(2027, 1, 2))
    for year, levels, version in ((2024, USUAL, "2026-11"), (2025, USUAL, "2026-11"), (2026, BETTER, "2027-03")):
        for month in range(1, 13):
            await make_facts(date(year, month, 9), levels)
            await fact(date(year, month, 9), "version", version, 150)


@pytest.mark.usefixtures("changed")
async def test_the_page_its_chart_and_its_table_say_that_the_question_changed(owner: httpx2.AsyncClient) -> None:
    for address in ("/owner", "/owner?service=missed_bin", "/owner?queue=Q-WASTE&by=month"):
        page = " ".join((await owner.get(address)).text.split())
        assert "It is going up" not in page and "since a new baseline began in January 2026" in page
        note = r"January 2026: The question changed on 9 January 2026\. <strong>A new baseline begins\.</strong>"
        assert re.search(note + r" <span[^>]*>\(The question changed\. Written by: Frontdoor, from the answers\)", page)
        assert "owner-pchart__mark--change" in page
        for words in re.findall(r'<desc id="chart-[a-z]+-words">(.*?)</desc>', page):
            assert SAID in words
        assert "Part of the baseline. The question changed on 9 January 2026" in page
    # Nobody wrote it, so nobody takes it off.
    assert "/remove" not in page.split('id="notes"')[1].split("Write a note")[0]


@pytest.mark.usefixtures("changed")
async def test_the_file_has_it_too(owner: httpx2.AsyncClient) -> None:
    file = (await owner.get("/owner/satisfaction.csv?table=month")).text
    line = next(line for line in csv.DictReader(io.StringIO(file)) if line["code"] == "2026-01")
    assert line["notes"] == f"{SAID} (a new baseline begins)" and line["kinds of note"] == "The question changed"
    assert line["verdict"] == "part of the baseline. The question changed on 9 January 2026"


@pytest.mark.usefixtures("changed")
async def test_a_year_before_is_named_and_not_compared(owner: httpx2.AsyncClient) -> None:
    page = (await owner.get("/owner")).text
    assert "It was 76 a year before, in answer to another question (it changed on 9 January 2026)" in page
    assert "in a year, more than chance would explain" not in page
    span = "since=2026-01&until=2026-12"
    for address in (f"/owner/figures?{span}", f"/owner/figures/satisfaction?{span}"):
        assert "ot compared: the question changed" in (await owner.get(address)).text


async def test_without_a_new_question_all_is_as_it_was_whatever_more_is_asked(
    owner: httpx2.AsyncClient, make_facts: MakeFacts, fact: MakeFact, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second version asks what the first asks in the same words, and more."""
    monkeypatch.setattr(clock, "today", lambda: date(2027, 1, 2))
    for year, levels, version in ((2025, USUAL, "2026-11"), (2026, BETTER, "2026-12")):
        for month in range(1, 13):
            await make_facts(date(year, month, 9), levels)
            await fact(date(year, month, 9), "version", version, 150)
    page = (await owner.get("/owner")).text
    assert "It is going up" in page and "The question changed on" not in page
    # It comes to the monthly letter and the public quarter by the same words.
    assert "more than chance would explain" in page
