"""The report in Chromium: axe, 320 pixels, what a screen reader is given, without JavaScript, and on paper."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date

import pytest
from fastapi import FastAPI, Response
from fastapi.staticfiles import StaticFiles
from playwright.sync_api import Page, expect

from tests.journeys.browser import axe, fits, started_browser
from tests.makers import session_of
from tests.metrics.conftest import MakeFact
from tests.metrics.reporting import golden
from tests.metrics.reporting.conftest import FRONT, QUARTER, People, row
from tests.metrics.reporting.test_content import columns
from tests.serving import served
from triage import access
from triage.pages import STATIC

pytestmark = pytest.mark.journey

# Looked at before the report that is drawn from them.
FIGURES = (
    "/owner/gaps?figure=settled_in_time&quarter=2016-q4",
    "/owner?ward=Hendon&since=2016-07&until=2016-12",
    "/owner/figures",
    "/owner/figures/settled_in_time?since=2016-07&until=2016-12",
)
WIDTHS = ({"width": 320, "height": 640}, {"width": 1280, "height": 800})


@pytest.fixture
async def address(reports_app: FastAPI) -> AsyncIterator[str]:
    """The reports alone, served on a port of this machine."""

    # A browser takes a cookie that is for this host only from its server, and from nobody else.
    @reports_app.get("/as/{token}")
    async def signed_in_as(token: str) -> Response:
        response = Response("Signed in.", media_type="text/plain")
        access.set_cookie(response, access.DESK_COOKIE, token, 1)
        return response

    reports_app.mount("/static", StaticFiles(directory=STATIC), name="static")
    async with served(reports_app) as address:
        yield address


@pytest.fixture
async def golden_report(people: People, golden_draft: Callable[..., Awaitable[str]]) -> str:
    """The council's quarter of 315 indicators, published; its address on the owner's side."""
    rows = []
    for number, (area, found) in enumerate(golden.indicators().items()):
        for place, one in enumerate(found):
            made = columns(f"{number:02}-{place:02}", one, area, comment="It snowed.", comment_role="Head of service")
            rows.append({name: value for name, value in made.items() if name not in ("id", "origin", "entered_by")})
    draft = await golden_draft(rows)
    note = {"kind": "success", "partner": "CSG", "area": "CSG", "text": "Calls were answered faster."}
    await people.drafting.post(f"{draft}/notes", data=note)
    for step in ("approve", "publish"):
        assert (await people.approving.post(f"{draft}/{step}")).status_code == 303
    said = {"about": "Re", "was": "87% (45)", "now": "85% (44)", "why": "One was rated twice."}
    await people.approving.post(f"{draft}/corrections", data=said)
    return draft


def reads_in_order(page: Page) -> None:
    """What a screen reader is given: the headings in order, the chart in words, each table with its heads."""
    headings = [
        (int(one.evaluate("e => e.tagName[1]")), one.inner_text())
        for one in page.locator("main").get_by_role("heading").all()
    ]
    levels = [level for level, _ in headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    second = [text for level, text in headings if level == 2]
    assert second == [
        "Summary",
        "How do the indicators stand?",
        "Which indicators are below target?",
        "Partners and services",
        "Customer experience and resident satisfaction",
        "What each indicator counts",
        "How this was counted",
        "Corrections",
    ]
    chart = page.get_by_role("img", name="A bar divided by how the 244 rated indicators stand: Green 78% (191)")
    expect(chart).to_be_visible()
    table = page.get_by_role("table", name="Indicators by partner and service")
    heads = [one.inner_text() for one in table.get_by_role("columnheader").all()]
    assert heads == [
        "Service",
        "Reported",
        "Rated",
        "Green",
        "Green Amber",
        "Red Amber",
        "Red",
        "Monitor",
        "Improved or same",
        "Worsened",
    ]
    line = table.get_by_role("row").filter(has=page.get_by_role("rowheader", name="CSG: Re", exact=True))
    assert [one.inner_text() for one in line.get_by_role("cell").all()] == [
        "64",
        "52",
        "87% (45)",
        "0% (0)",
        "4% (2)",
        "10% (5)",
        "12",
        "65% (31)",
        "35% (17)",
    ]
    tree = page.locator("main").aria_snapshot()
    assert (
        tree.index("Contracts performance report")
        < tree.index("191 (78%) were on or above target")
        < tree.index("It snowed.")
    )


async def test_a_published_report_for_everybody(address: str, people: People, golden_report: str) -> None:
    def visit() -> None:
        with started_browser() as browser:
            for size in WIDTHS:
                page = browser.new_context(base_url=address, viewport=size, java_script_enabled=True).new_page()
                for path in ("/reports", f"/reports/{QUARTER}"):
                    page.goto(path)
                    expect(page.get_by_role("heading", level=1)).to_be_visible()
                    axe(page)
                    fits(page)
                reads_in_order(page)
            # On paper nothing to press is left, and nothing is cut off at the side.
            page.emulate_media(media="print")
            expect(page.get_by_role("link", name="PDF", exact=True)).not_to_be_visible()
            expect(page.get_by_text("191 (78%) were on or above target")).to_be_visible()
            assert len(page.pdf(format="A4")) > 10_000
            plain = browser.new_context(base_url=address, viewport=WIDTHS[0], java_script_enabled=False).new_page()
            plain.goto(f"/reports/{QUARTER}")
            expect(plain.get_by_text("One thing has been put right since this was published")).to_be_visible()

    await asyncio.to_thread(visit)


async def test_a_report_is_written_in_a_browser(address: str, people: People, fact: MakeFact) -> None:
    for month in range(7, 13):
        for level, count in (("within", 70 + month), ("late", 20)):
            await fact(date(2016, month, 1), "clock", f"settle:{level}", count)
            await fact(date(2016, month, 1), "clock", f"settle:{level}", 3, service="pothole", channel="phone")
    ward = {"dimension": "ward", "queue": "", "partner": "", "channel": ""}
    for member, count in (("Hendon", 20), ("Golders Green", 30), ("Finchley Church End", 2)):
        await fact(date(2016, 10, 1), "clock", "settle:within", count, member=member, **ward)
    for about in ({"member": "Hendon", **ward}, {}):
        await fact(date(2016, 10, 1), "satisfaction", "5", 40, **about)
        await fact(date(2016, 10, 1), "satisfaction", "1", 40 if not about else 20, **about)
    writes, approves = await session_of(people.drafter), await session_of(people.approver)
    values = row("CSG-01", result="80", comment="Two people left.", comment_by="Head of service")

    def visit() -> None:
        with started_browser() as browser:
            for width, code in zip(WIDTHS, (QUARTER, "2016-q3"), strict=True):
                page = browser.new_context(base_url=address, viewport=width).new_page()

                def good(page: Page = page) -> None:
                    axe(page)
                    fits(page)

                page.goto(f"/as/{writes}")
                for path in FIGURES:
                    page.goto(path)
                    expect(page.get_by_role("heading", level=1)).to_be_visible()
                    good()
                chart = page.get_by_role("img", name="Settled in time, month by month")
                expect(chart.filter(visible=True)).to_have_count(1)
                page.goto("/owner/reports")
                good()
                page.get_by_label("Quarter").fill(code)
                page.get_by_role("button", name="Begin").click()
                expect(page.get_by_text("There is no indicator in it.")).to_be_visible()
                good()
                page.get_by_role("link", name="Fill in the front page").click()
                good()
                for name, text in FRONT.items():
                    page.locator(f"#{name}").fill(text)
                page.get_by_role("button", name="Keep").click()
                page.get_by_role("link", name="Add an indicator").click()
                good()
                page.get_by_role("button", name="Keep").click()
                expect(page.get_by_role("alert")).to_contain_text("Enter: its id.")
                good()
                page.get_by_role("link", name="Enter: its id.").click()
                expect(page.locator("#id")).to_be_focused()
                for name, text in values.items():
                    if name == "polarity":
                        page.locator(f"#{name}").select_option(text)
                    else:
                        page.locator(f"#{name}").fill(text)
                page.get_by_role("button", name="Keep").click()
                expect(page.get_by_role("rowheader", name="CSG-01")).to_be_visible()
                good()
                where = page.url.partition("#")[0]
                page.goto(f"/as/{approves}")
                page.goto(where)
                page.get_by_role("button", name="Approve it").click()
                good()
                page.get_by_role("button", name="Publish it for good").click()
                expect(page.get_by_role("link", name=f"/reports/{code}")).to_be_visible()
                good()

    await asyncio.to_thread(visit)
