"""Groups of people on a page and as a file, and a ward as a filter: what is shown, and what is refused and why."""

import csv
import html
import io
import re
from datetime import date

import httpx2
import pytest

from tests.makers import make_agent, session_of
from tests.metrics.conftest import MakeFact
from triage import access, clock

JULY, AUGUST = date(2026, 7, 15), date(2026, 8, 15)
NOWHERE = {"queue": "", "partner": "", "channel": "", "dimension": "ward"}


def lines(answer: httpx2.Response) -> list[dict[str, str]]:
    assert answer.headers["content-type"].startswith("text/csv"), answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


async def text_of(owner: httpx2.AsyncClient, path: str, status: int = 200) -> str:
    """The words of a page, one space between them."""
    page = await owner.get(path)
    assert page.status_code == status, page.text
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


async def rated(fact: MakeFact, day: date, yes: int, no: int, **about: str) -> None:
    for level, count in (("5", yes), ("1", no)):
        if count:
            await fact(day, "satisfaction", level, count, **about)


@pytest.fixture
async def a_quarter(fact: MakeFact, monkeypatch: pytest.MonkeyPatch) -> None:
    """600 answers of a quarter that has settled, 150 of them of two wards and 40 of people who write in Polish."""
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 27))
    tax = {"service": "council_tax_bill", "queue": "Q-CTAX"}
    await rated(fact, JULY, 200, 60)
    await rated(fact, AUGUST, 100, 40, channel="phone")
    await rated(fact, AUGUST, 120, 80, **tax)
    await rated(fact, JULY, 45, 5, **NOWHERE, member="Hendon")
    await rated(fact, AUGUST, 10, 10, **NOWHERE | {"service": "council_tax_bill"}, member="Hendon")
    await rated(fact, JULY, 30, 30, **NOWHERE, member="Golders Green")
    await rated(fact, JULY, 16, 4, **NOWHERE | {"service": "council_tax_bill"}, member="Golders Green")
    await rated(fact, JULY, 10, 30, dimension="language", member="pl")
    await rated(fact, JULY, 5, 0, dimension="language", member="ro")


async def test_every_group_stands_beside_everybody_else(owner: httpx2.AsyncClient, a_quarter: None) -> None:
    said = await text_of(owner, "/owner/gaps")
    assert "Satisfied with the service, July to September 2026" in said
    # 420 of 600 in all. Hendon 55 of 70 beside 365 of 530; by hand in tests/metrics/groups/test_cells.py.
    rows = {row["group"]: row for row in lines(await owner.get("/owner/gaps.csv"))}
    row = rows["Hendon"]
    assert (row["numerator"], row["of"], row["others numerator"], row["others of"]) == ("55", "70", "365", "530")
    assert (row["value %"], row["others %"], row["difference in points"]) == ("78.6", "68.9", "9.7")
    assert float(row["difference low"]) < 0 < float(row["difference high"])
    assert row["verdict"] == "no more than chance explains"
    assert "Of 600 in all, 450 are of no known ward (75 in every 100)." in said
    # Polish: 10 of 40 beside 410 of 560. Romanian: 5, and Polish goes with it, or everybody else would give it away.
    polish, romanian = rows["Polish"], rows["Romanian"]
    assert (polish["why not shown"], romanian["why not shown"]) == ("held back", "too few to show")
    assert {polish[name] + romanian[name] for name in ("of", "numerator", "others of", "value %")} == {""}


async def test_a_gap_that_chance_does_not_explain_is_said_first(owner: httpx2.AsyncClient, a_quarter: None) -> None:
    # Golders Green in bins: 30 of 60 beside 270 of 340 is 29 points less. Hendon: 45 of 50 beside 255 of 350.
    said = await text_of(owner, "/owner/gaps?service=missed_bin")
    assert "2 groups can be compared with everybody else" in said
    assert "Worse for them, by more than chance explains: Golders Green (-29)." in said
    assert "Better for them, by more than chance explains: Hendon (+17)." in said
    assert "30 of 60" in said and "270 of 340" in said


async def test_nothing_is_shown_before_it_is_settled(
    owner: httpx2.AsyncClient, a_quarter: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for today in (date(2026, 9, 30), date(2026, 10, 21)):
        monkeypatch.setattr(clock, "today", lambda today=today: today)
        assert "July to September 2026 on 22 October 2026" in await text_of(owner, "/owner/gaps?quarter=2026-q3", 422)
        assert "Hendon" not in await text_of(owner, "/owner/gaps")
        assert "55 of 70" not in await text_of(owner, "/owner?ward=Hendon")
        assert "A ward is shown when a quarter is counted no more" in await text_of(
            owner, "/owner?ward=Hendon&since=2026-07"
        )
    monkeypatch.setattr(clock, "today", lambda: date(2026, 10, 22))
    assert "55 of 70" in await text_of(owner, "/owner?ward=Hendon")


async def test_a_ward_is_a_filter_of_the_owners_page(owner: httpx2.AsyncClient, a_quarter: None) -> None:
    said = await text_of(owner, "/owner?ward=Hendon")
    assert "In July to September 2026, 79 in every 100 people who rated us (in Hendon) were satisfied" in said
    assert (
        "Of everybody else it was 69." in said and "That is no more than chance explains (a difference of +10" in said
    )
    assert "75 in every 100" in said and "Hendon by service, July to September 2026" in said
    assert "In July to September 2026, 50 in every 100" in await text_of(
        owner, "/owner?ward=Hendon&service=council_tax_bill"
    )
    # It stays in the address of what the page links to.
    page = (await owner.get("/owner?ward=Hendon")).text
    assert "/owner/satisfaction.csv?ward=Hendon&amp;table=service" in page
    found = lines(await owner.get("/owner/satisfaction.csv?ward=Hendon"))
    assert [(row["code"], row["numerator"], row["of"]) for row in found if row["of"]] == [("2026-q3", "55", "70")]
    found = lines(await owner.get("/owner/satisfaction.csv?ward=Hendon&table=service"))
    assert {row["code"]: row["of"] for row in found} == {"missed_bin": "50", "council_tax_bill": "20"}
    assert "Nobody has rated us (in Nowhere)" in await text_of(owner, "/owner?ward=Nowhere")
    assert 'name="ward"' in (await owner.get("/owner")).text


@pytest.mark.parametrize(
    "more",
    [
        "queue=Q-WASTE",
        "partner=council",
        "channel=phone",
        "since=2026-08",
        "until=2026-08",
        "since=2026-07&until=2026-07",
        "source=demo",
        "source=import",
    ],
)
async def test_what_could_be_subtracted_shows_nothing_and_says_why(
    owner: httpx2.AsyncClient, a_quarter: None, more: str
) -> None:
    said = await text_of(owner, f"/owner?ward=Hendon&{more}")
    assert not re.search(r"\d+ of \d+|answers\)|in Hendon\) were", said)
    assert "subtracting" in said or "whole quarters" in said or "do not know wards" in said
    for table in ("period", "month", "service", "channel"):
        answer = await owner.get(f"/owner/satisfaction.csv?ward=Hendon&{more}&table={table}")
        assert answer.status_code == 422 and "Hendon" not in answer.text


async def test_a_month_of_a_ward_is_nowhere(owner: httpx2.AsyncClient, a_quarter: None) -> None:
    """Neither as rows, nor in a note, a summary, nor on the pages of figures, which are by month."""
    assert "July 2026" not in await text_of(owner, "/owner?ward=Hendon&by=month")
    for table in ("month", "channel", "queue", "partner"):
        assert (await owner.get(f"/owner/satisfaction.csv?ward=Hendon&table={table}")).status_code == 422
    for path in ("/owner/figures.csv", "/owner/figures/satisfaction.csv", "/owner/figures/settlement_median"):
        assert (await owner.get(f"{path}?ward=Hendon")).status_code == 422
    for path, to in (
        ("/owner/figures?ward=Hendon", "/owner/gaps"),
        ("/owner/figures/got_it?ward=Hendon&service=missed_bin", "/owner/gaps?figure=got_it&service=missed_bin"),
        ("/owner/figures?ward=Hendon&channel=chat", "/owner?channel=chat&ward=Hendon"),
    ):
        answer = await owner.get(path, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, to)
    for path, sent in (
        ("/owner/notes?ward=Hendon", {"words": "A strike", "month": "2026-07"}),
        ("/owner/summary?ward=Hendon", {"email": "owner@example.gov.uk"}),
    ):
        answer = await owner.post(path, data=sent, headers={"sec-fetch-site": "same-origin"})
        assert answer.status_code == 422 and "Choose all wards" in answer.text


async def test_other_figures_have_groups_and_those_that_have_none_are_not_found(
    owner: httpx2.AsyncClient, a_quarter: None, fact: MakeFact
) -> None:
    for level, count in (("within", 60), ("late", 40)):
        await fact(JULY, "clock", f"settle:{level}", count)
        await fact(JULY, "clock", f"settle:{level}", count // 2, dimension="need", member="any")
        await fact(JULY, "clock", f"settle:{level}", count // 4, dimension="need", member="older")
    said = await text_of(owner, "/owner/gaps?figure=settled_in_time")
    assert "Settled in time, July to September 2026" in said and "Any of these 60 52 to 68" not in said
    # 30 of 50 told of a need, 15 of 25 that they are older: 60 in every 100 of each, as of everybody.
    assert "Any of these 60 46 to 72 30 of 50 60 (30 of 50) +0.0" in said and "Older 60" in said
    assert (await owner.get("/owner/gaps?figure=settlement_median")).status_code == 404
    for path in ("/owner/gaps?quarter=2026-q5", "/owner/gaps?quarter=2027-q1", "/owner/gaps.csv?quarter=2026-q4"):
        assert (await owner.get(path)).status_code == 422


async def test_the_pages_are_for_owners_and_no_cell_starts_a_formula(
    client: httpx2.AsyncClient, a_quarter: None, fact: MakeFact
) -> None:
    for path in ("/owner/gaps", "/owner/gaps.csv"):
        assert (await client.get(path)).headers["location"].startswith("/desk/sign-in")
    client.cookies.set(access.DESK_COOKIE, await session_of(await make_agent(role="owner", name="Owner")))
    await rated(fact, JULY, 30, 0, **NOWHERE, member='=cmd|"/c calc"!A0')
    assert {row["group"][:2] for row in lines(await client.get("/owner/gaps.csv"))} & {"'="}
