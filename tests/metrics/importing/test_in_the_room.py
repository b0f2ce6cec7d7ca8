"""Past figures on the owner's pages: apart from live ones, and by quarter where they were counted so."""

import html
import re

import httpx2
from sqlalchemy import select

from tests.metrics.importing.test_pages import FACES, JULY, brought_in
from triage.database import transaction
from triage.tables import SurveyImport

HEAD = "month,service,channel,very_satisfied,satisfied,neither,dissatisfied,very_dissatisfied\n"
# Two years by quarter: 76 of 100 in each, and 52 of 100 in the last.
QUARTERS = HEAD + "".join(
    f"{year}-q{number},missed_bin,phone,{'20,32,20,18,10' if (year, number) == (2015, 4) else '40,36,10,6,8'}\n"
    for year in (2014, 2015)
    for number in (1, 2, 3, 4)
)
CONTACTS = "month,service,arrived,closed\n2014-q1,missed_bin,300,280\n2014-q2,missed_bin,330,310\n"


async def text_of(owner: httpx2.AsyncClient, path: str) -> str:
    """The words of a page, one space between them."""
    page = await owner.get(path)
    assert page.status_code == 200, page.text
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


async def test_the_live_page_says_that_past_figures_are_kept_apart(owner: httpx2.AsyncClient) -> None:
    assert "Past figures from" not in await text_of(owner, "/owner")
    await brought_in(owner, QUARTERS, "counted_answers")
    page = await owner.get("/owner?service=missed_bin&since=2026-01")
    assert "Past figures from 2014 to 2015 were brought in from files." in page.text
    assert 'href="/owner?source=import&amp;service=missed_bin"' in page.text
    for other in ("/owner?source=import", "/owner?source=demo"):
        assert "were brought in from files." not in await text_of(owner, other)
    async with transaction() as session:
        held = (await session.scalars(select(SurveyImport))).one()
        held.taken_back_at, held.taken_back_why = held.at, "The wrong file"
    assert "were brought in from files." not in await text_of(owner, "/owner")


async def test_past_faces_and_contacts_are_not_told_as_nobody_having_answered_yet(owner: httpx2.AsyncClient) -> None:
    page = await text_of(owner, "/owner?source=import")
    assert "No past figures have been brought in." in page and "People are asked" not in page
    await brought_in(owner, FACES, "faces")
    await brought_in(owner, CONTACTS, "counted_contacts")
    page = await text_of(owner, "/owner?source=import")
    assert "Past figures have no five-point answers." in page
    assert "Nobody has answered" not in page and "People are asked at the end" not in page
    assert 'href="/owner/figures?source=import"' in (await owner.get("/owner/imports")).text
    assert "630" in await text_of(owner, "/owner/figures?source=import&since=2014-01&until=2014-06")


async def test_what_was_counted_by_quarter_is_not_drawn_or_judged_by_month(owner: httpx2.AsyncClient) -> None:
    await brought_in(owner, QUARTERS, "counted_answers")
    for address in ("/owner?source=import", "/owner?source=import&by=month", "/owner?source=import&partner=council"):
        page = await owner.get(address)
        said = await text_of(owner, address)
        assert "Some of these past figures were counted by quarter" in said
        assert "owner-pchart" not in page.text and "The months as a table" not in said
        assert "By quarter" in said and "By month" not in said
        assert "In October to December 2015, 52 in every 100" in said
        assert "That is down from 76 a year before" in said
        # January would be the whole quarter, and February and March nothing.
        assert "January 2014" not in said.replace("January 2014 to", "")
    months = await owner.get("/owner/satisfaction.csv?source=import&table=month")
    assert months.status_code == 422 and "counted by quarter" in months.text
    rows = (await owner.get("/owner/satisfaction.csv?source=import&by=month")).text.splitlines()
    assert len(rows) == 9 and rows[1].startswith("January to March 2014,2014-q1,")


async def test_a_view_without_what_was_counted_by_quarter_has_its_months(owner: httpx2.AsyncClient) -> None:
    await brought_in(owner, QUARTERS, "counted_answers")
    await brought_in(owner, JULY.replace("missed_bin", "council_tax_bill"), "counted_answers", beside="yes")
    page = await owner.get("/owner?source=import&service=council_tax_bill")
    assert "owner-pchart" in page.text and "counted by quarter" not in page.text
    assert "counted by quarter" in (await owner.get("/owner?source=import")).text


async def test_every_other_figure_of_it_is_by_quarter_as_well(owner: httpx2.AsyncClient) -> None:
    await brought_in(owner, QUARTERS, "counted_answers")
    # Of February alone there is nothing: it is the whole quarter.
    address = "/owner/figures/satisfaction{}?source=import&since=2015-02&until=2015-11"
    page = await owner.get(address.format(""))
    said = await text_of(owner, address.format(""))
    assert "Quarter by quarter" in said and "counted by quarter" in said and "owner-pchart" not in page.text
    assert "January to December 2015: 70 in every 100" in said
    file = await owner.get(address.format(".csv"))
    rows = file.text.splitlines()
    assert [row.split(",")[1] for row in rows] == ["code", "2015-q1", "2015-q2", "2015-q3", "2015-q4"]
    assert rows[0].startswith("quarter,") and "by-quarter.csv" in file.headers["content-disposition"]
