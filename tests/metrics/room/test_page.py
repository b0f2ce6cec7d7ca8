"""The owner's page on one day: what is judged, what is only told, and what is said where nothing can be."""

import csv
import html
import io
import re
from collections.abc import Awaitable, Callable
from datetime import date

import httpx2
import pytest

from triage import clock

MakeFacts = Callable[..., Awaitable[None]]
USUAL, WORSE = (9, 13, 14, 54, 60), (12, 16, 17, 53, 52)


async def text_of(owner: httpx2.AsyncClient, path: str) -> str:
    """The words of a page, one space between them."""
    page = await owner.get(path)
    assert page.status_code == 200, page.text
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


async def lines(owner: httpx2.AsyncClient, path: str) -> list[dict[str, str]]:
    """The lines of a file."""
    answer = await owner.get(path)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


async def slide(make_facts: MakeFacts, **about: str) -> None:
    """Two years at 76 in every 100, and a third at 70."""
    for place in range(36):
        levels = USUAL if place < 24 else WORSE
        await make_facts(date(2014 + place // 12, place % 12 + 1, 9), levels, source="demo", **about)


async def test_a_month_is_said_to_be_the_same_with_a_first_month_and_without(
    owner: httpx2.AsyncClient, make_facts: MakeFacts
) -> None:
    await slide(make_facts)
    address = "/owner/satisfaction.csv?source=demo&table=month&by=month"
    whole = {line["code"]: line for line in await lines(owner, address)}
    cut = await lines(owner, f"{address}&since=2016-03&until=2016-09")
    assert [line["code"] for line in cut] == [f"2016-0{month}" for month in range(3, 10)]
    assert cut == [whole[line["code"]] for line in cut]
    assert {line["usual %"] for line in cut} == {"76.0"}
    page = await text_of(owner, "/owner?source=demo&since=2016-01")
    assert "It is going down: in the 4 months to December 2016 together, 70 in every 100" in page
    assert "In October to December 2016, 70 in every 100 people who rated us" in page
    # 315 of 450 after 342 of 450 (Newcombe 0.2 to 11.8 points), of a year that is not in view.
    assert "That is down from 76 a year before, and more than chance would explain." in page


async def test_the_months_table_has_all_that_the_picture_shows(
    owner: httpx2.AsyncClient, make_facts: MakeFacts
) -> None:
    await slide(make_facts)
    page = await text_of(owner, "/owner?source=demo")
    assert "Usual How far chance moves it Is it unusual?" in page
    # 3.6 × √(0.76 × 0.24 × (1/150 + 1/3600)) = 12.8 points on both sides.
    assert re.search(r"December 2016 70 \d+ to \d+ 150( \d+){5} 76 63 to 89 Lower than chance explains", page)
    assert re.search(r"January 2014 76 \d+ to \d+ 150( \d+){5} 76 \d+ to \d+ Part of the baseline", page)


async def test_the_quarter_that_runs_is_told_in_one_sentence_and_not_judged(
    owner: httpx2.AsyncClient, make_facts: MakeFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 27))
    for service, queue in (("missed_bin", "Q-WASTE"), ("council_tax_bill", "Q-CTAX")):
        about = {"service": service, "queue": queue}
        for day in (date(2025, 8, 5), date(2025, 11, 5), date(2026, 8, 5)):
            await make_facts(day, (12, 12, 0, 38, 38), **about)
    # In the first weeks of the quarter bins fall from 76 to 20.
    await make_facts(date(2026, 11, 5), (40, 40, 0, 10, 10), service="missed_bin", queue="Q-WASTE")
    await make_facts(date(2026, 11, 5), (12, 12, 0, 38, 38), service="council_tax_bill", queue="Q-CTAX")
    page = await text_of(owner, "/owner")
    assert "In July to September 2026, 76 in every 100 people who rated us were satisfied" in page
    assert "So far in October to December 2026, 48 in every 100 people who rated us were satisfied" in page
    assert page.index("In July to September 2026") < page.index("So far in October to December 2026")
    assert "That is the same as a year before." in page
    assert "No part of it moved in a year" in page and "went down" not in page
    assert "Begin with" not in page and "Read what people say" not in page
    assert "By service, July to September 2026" in page
    found = await lines(owner, "/owner/satisfaction.csv?table=service")
    assert {line["answers"] for line in found} == {"100"}
    # When it has ended, it is what the page is about.
    monkeypatch.setattr(clock, "today", lambda: date(2027, 1, 1))
    page = await text_of(owner, "/owner")
    assert "In October to December 2026, 48 in every 100" in page and "So far in" not in page
    assert "Missed bin went down from 76 to 20 in every 100" in page


async def test_of_a_first_quarter_that_runs_nothing_is_judged(
    owner: httpx2.AsyncClient, make_facts: MakeFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 27))
    await make_facts(date(2026, 11, 5), (60, 20, 0, 10, 10))
    await make_facts(date(2026, 11, 5), (0, 0, 0, 100, 100), service="council_tax_bill", queue="Q-CTAX")
    page = await text_of(owner, "/owner")
    assert "So far in October to December 2026, 73 in every 100" in page
    assert "Nothing can be compared with a year before yet." in page
    assert "There is nothing to go by yet" in page and "Read what people say" not in page


async def test_of_what_was_not_compared_it_is_not_said_that_nothing_moved(
    owner: httpx2.AsyncClient, make_facts: MakeFacts
) -> None:
    # Enough to show, too few to compare, and no year before.
    for service, queue in (("missed_bin", "Q-WASTE"), ("council_tax_bill", "Q-CTAX")):
        await make_facts(date(2016, 7, 15), (2, 2, 2, 7, 7), source="demo", service=service, queue=queue)
    page = await text_of(owner, "/owner?source=demo")
    assert "Nothing can be compared with a year before yet." in page
    assert "No part of it moved" not in page
    assert "Nothing in these figures asks for anything today" not in page
    assert "There is nothing to go by yet" in page
    # With a year before and enough answers there is a finding, and it is one.
    for day in (date(2015, 7, 15), date(2016, 7, 16)):
        for service, queue in (("missed_bin", "Q-WASTE"), ("council_tax_bill", "Q-CTAX")):
            await make_facts(day, (10, 10, 10, 35, 35), source="demo", service=service, queue=queue)
    page = await text_of(owner, "/owner?source=demo")
    assert "No part of it moved in a year by more than chance would explain." in page
    assert "Nothing in these figures asks for anything today." in page
