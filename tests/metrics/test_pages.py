"""The owner's page, its chart and files, and the public report, as a browser gets them."""

import csv
import io
import re
from collections.abc import Awaitable, Callable
from datetime import date
from xml.etree import ElementTree

import httpx2
import pytest

from tests.makers import make_agent, session_of
from tests.metrics.conftest import MakeAnswer
from triage import access, clock
from triage.database import transaction
from triage.metrics import steps
from triage.metrics.periods import period_of
from triage.settings import get_settings
from triage.tables import Fact

MakeFacts = Callable[..., Awaitable[None]]
JULY = date(2016, 7, 15)
LAST_YEAR = date(2015, 7, 15)


def lines(answer: httpx2.Response) -> list[dict[str, str]]:
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


async def test_the_page_is_for_owners(client: httpx2.AsyncClient) -> None:
    for path in ("/owner", "/owner/satisfaction.csv"):
        assert (await client.get(path)).headers["location"].startswith("/desk/sign-in")
        assert (await client.get(path, headers={"accept": "*/*"})).status_code == 401
    client.cookies.set(access.DESK_COOKIE, await session_of(await make_agent(role="agent")))
    for path in ("/owner", "/owner/satisfaction.csv"):
        assert (await client.get(path)).status_code == 403


async def test_nobody_has_answered_yet(owner: httpx2.AsyncClient) -> None:
    page = await owner.get("/owner")
    assert page.status_code == 200
    assert "Nobody has answered yet" in page.text
    assert "owner-pchart" not in page.text
    assert lines(await owner.get("/owner/satisfaction.csv")) == []


async def test_the_sentence_comes_first(owner: httpx2.AsyncClient, make_facts: MakeFacts) -> None:
    # 76 of 100 (Wilson 66.8 to 83.3) after 52 of 100 a year before: the change is 24, Newcombe 10.5 to 36.0.
    await make_facts(JULY, (8, 6, 10, 36, 40), source="demo")
    await make_facts(LAST_YEAR, (20, 18, 10, 32, 20), source="demo")
    page = (await owner.get("/owner?source=demo")).text
    assert (
        "In July to September 2016, 76 in every 100 people who rated us were satisfied "
        "(between 67 and 83; 100 answers)." in page
    )
    assert "That is up from 52 a year before, and more than chance would explain." in page
    assert page.index("In July to September 2016") < page.index("<table")
    assert "Demonstration history" in page
    assert "not real answers" in page


async def test_what_chance_could_explain_is_said(owner: httpx2.AsyncClient, make_facts: MakeFacts) -> None:
    await make_facts(JULY, (10, 10, 8, 12, 12), source="demo")
    await make_facts(LAST_YEAR, (10, 10, 10, 12, 10), source="demo")
    page = (await owner.get("/owner?source=demo")).text
    # 24 of 52 = 46, 22 of 52 = 42.
    assert "That is 4 higher than a year before, which chance alone could explain." in page


async def test_demonstration_and_real_answers_are_never_mixed(owner: httpx2.AsyncClient, make_facts: MakeFacts) -> None:
    await make_facts(JULY, (0, 0, 0, 0, 50), source="demo")
    await make_facts(JULY, (20, 0, 0, 0, 0), source="live")
    live = lines(await owner.get("/owner/satisfaction.csv"))
    demo = lines(await owner.get("/owner/satisfaction.csv?source=demo"))
    assert [(row["answers"], row["satisfied %"], row["source"]) for row in live if row["answers"] != "0"] == [
        ("20", "0.0", "live")
    ]
    assert [(row["answers"], row["satisfied %"], row["source"]) for row in demo] == [("50", "100.0", "demo")]
    page = (await owner.get("/owner")).text
    assert "not real answers" not in page
    assert "0 in every 100" in page


async def test_filters_stay_in_the_address_and_filter(owner: httpx2.AsyncClient, make_facts: MakeFacts) -> None:
    await make_facts(JULY, (0, 0, 0, 0, 20), source="demo")
    await make_facts(JULY, (20, 0, 0, 0, 0), source="demo", service="council_tax_bill", queue="Q-CTAX")
    query = "source=demo&queue=Q-CTAX&by=month"
    page = (await owner.get(f"/owner?{query}")).text
    assert "In July 2016, 0 in every 100 people who rated Council tax were satisfied" in page
    assert f"/owner/satisfaction.csv?{query.replace('&', '&amp;')}" in page
    assert [row["answers"] for row in lines(await owner.get(f"/owner/satisfaction.csv?{query}"))] == ["20"]
    assert (await owner.get("/owner?source=elsewhere")).status_code == 422
    assert "Nobody has answered about this yet" in (await owner.get("/owner?service=no_such_thing")).text


async def test_nine_answers_are_too_few_everywhere(owner: httpx2.AsyncClient, make_facts: MakeFacts) -> None:
    await make_facts(JULY, (1, 1, 1, 1, 5), source="demo")
    page = (await owner.get("/owner?source=demo")).text
    assert "9 people rated us: too few to show" in page
    assert "in every 100 people" not in page
    for path in ("/owner/satisfaction.csv?source=demo", "/reports/2016-q3.csv?source=demo"):
        for row in lines(await owner.get(path)):
            assert row["very satisfied"] == row["satisfied %"] == "too few to show"
            assert (row["answers"], row["low %"]) == ("9", "")
    assert "owner-pchart" not in page


async def test_a_small_row_cannot_be_worked_out_from_the_total(
    client: httpx2.AsyncClient, make_facts: MakeFacts
) -> None:
    await make_facts(JULY, (0, 0, 0, 0, 4))
    await make_facts(JULY, (0, 0, 0, 5, 10), service="council_tax_bill", queue="Q-CTAX")
    await make_facts(JULY, (0, 0, 0, 5, 40), service="parking_permit", queue="Q-PARK")
    found = {row["code"]: row["very satisfied"] for row in lines(await client.get("/reports/2016-q3.csv"))}
    assert found == {"Q-WASTE": "too few to show", "Q-CTAX": "held back", "Q-PARK": "40", "": "54"}


async def test_no_cell_starts_a_formula(owner: httpx2.AsyncClient, make_facts: MakeFacts) -> None:
    hostile = ['=cmd|"/c calc"!A0', "+1", "-1", "@SUM(A1)", "\tx", "\rx"]
    for name in hostile:
        await make_facts(JULY, (0, 0, 0, 0, 10), service=name, source="demo")
    found = lines(await owner.get("/owner/satisfaction.csv?source=demo&table=service"))
    assert sorted(row["code"] for row in found) == sorted(f"'{name}" for name in hostile)
    # Numbers stay numbers.
    assert {(row["answers"], row["satisfied %"]) for row in found} == {("10", "100.0")}


async def test_the_chart_is_in_the_page_with_its_words(owner: httpx2.AsyncClient, make_facts: MakeFacts) -> None:
    await make_facts(JULY, (8, 6, 10, 36, 40), source="demo")
    await make_facts(LAST_YEAR, (20, 18, 10, 32, 20), source="demo")
    page = (await owner.get("/owner?source=demo")).text
    charts = re.findall(r"<svg class=\"owner-pchart .*?</svg>", page, re.DOTALL)
    assert len(charts) == 2
    for chart in charts:
        root = ElementTree.fromstring(chart)
        everything = list(root.iter())
        named = {part.get("id"): part.text for part in everything if part.get("id")}
        said = " ".join(named[name] or "" for name in root.attrib["aria-labelledby"].split())
        assert said.startswith("Is satisfaction changing?") and "76 in July 2016" in said
        # The content security policy forbids inline style and script.
        assert not [part for part in everything if part.get("style") or part.tag.endswith(("script", "style"))]
        assert "76" in {part.text for part in everything}
    # The narrow one has the newest months alone.
    assert "From 52 in July 2015" in charts[0]


async def test_a_view_of_a_partner_a_channel_and_some_months(owner: httpx2.AsyncClient, make_facts: MakeFacts) -> None:
    # Council tax has been run by the Customer and Support Group since 1 September 2013.
    await make_facts(date(2013, 8, 31), (10, 0, 0, 0, 0), queue="Q-CTAX", source="import")
    await make_facts(date(2013, 9, 1), (0, 0, 0, 10, 10), queue="Q-CTAX", source="import")
    await make_facts(date(2013, 9, 2), (0, 0, 0, 10, 20), queue="Q-CTAX", source="import", channel="phone")
    await make_facts(date(2013, 9, 3), (0, 40, 0, 0, 0), source="import")

    async def answers(query: str) -> list[str]:
        found = lines(await owner.get(f"/owner/satisfaction.csv?source=import&by=month&{query}"))
        return [row["answers"] for row in found]

    assert await answers("partner=csg") == ["50"]
    assert await answers("partner=csg&channel=phone") == ["30"]
    assert await answers("queue=Q-CTAX") == ["10", "50"]
    assert await answers("queue=Q-CTAX&until=2013-08") == ["10"]
    assert await answers("queue=Q-CTAX&since=2013-09") == ["50"]
    assert await answers("partner=nobody") == []
    # Tables are of what the headline is of: September, or the whole quarter in which it is.
    found = lines(await owner.get("/owner/satisfaction.csv?source=import&since=2013-09&table=channel&by=month"))
    assert [(row["code"], row["answers"]) for row in found] == [("chat", "60"), ("phone", "30")]
    found = lines(await owner.get("/owner/satisfaction.csv?source=import&since=2013-09&table=channel"))
    assert [(row["code"], row["answers"]) for row in found] == [("chat", "70"), ("phone", "30")]
    assert (await owner.get("/owner?since=2013-13")).status_code == 422
    page = (await owner.get("/owner?source=import&partner=csg&channel=phone")).text
    assert "people who rated Customer and Support Group (Capita) (by phone) were satisfied" in page


async def test_a_small_month_cannot_be_worked_out_from_its_quarter(
    owner: httpx2.AsyncClient, make_facts: MakeFacts
) -> None:
    for month, levels in ((7, (0, 0, 0, 0, 40)), (8, (0, 0, 0, 0, 4)), (9, (0, 0, 0, 10, 20))):
        await make_facts(date(2016, month, 15), levels, source="demo")
    found = lines(await owner.get("/owner/satisfaction.csv?source=demo&table=month"))
    assert [row["very satisfied"] for row in found] == ["40", "too few to show", "held back"]
    assert [row["verdict"] for row in found][1:] == ["too few to show", "held back"]


async def test_a_quarter_is_the_whole_quarter_whichever_months_are_asked_for(
    owner: httpx2.AsyncClient, make_facts: MakeFacts
) -> None:
    # Both years alike: 80, 80 and 40 of 100. January and February alone, beside all of 2015, went up from 67 to 80.
    for year in (2015, 2016):
        for month, satisfied in ((1, 80), (2, 80), (3, 40)):
            await make_facts(date(year, month, 15), (100 - satisfied, 0, 0, 0, satisfied), source="demo")
    page = (await owner.get("/owner?source=demo&until=2016-02")).text
    assert "In January to March 2016, 67 in every 100 people who rated us were satisfied" in page
    assert "That is the same as a year before." in page
    found = lines(await owner.get("/owner/satisfaction.csv?source=demo&since=2015-02&until=2016-02"))
    assert (found[0]["code"], found[0]["answers"], found[-1]["code"], found[-1]["answers"]) == (
        "2015-q1",
        "300",
        "2016-q1",
        "300",
    )
    # By month it is the months that are asked for; what of them may be shown depends on their whole quarter.
    await make_facts(date(2017, 1, 15), (0, 0, 0, 0, 30), source="demo")
    await make_facts(date(2017, 2, 15), (0, 0, 0, 0, 12), source="demo")
    await make_facts(date(2017, 3, 15), (0, 0, 0, 0, 4), source="demo")
    found = lines(await owner.get("/owner/satisfaction.csv?source=demo&by=month&since=2016-12&until=2017-02"))
    assert [(row["code"], row["very satisfied"]) for row in found] == [("2017-01", "30"), ("2017-02", "held back")]


async def test_no_sentence_says_what_the_table_holds_back(owner: httpx2.AsyncClient, make_facts: MakeFacts) -> None:
    # 46 in the quarter less 30 and 12: said of February, the four people of March were left.
    for month, levels in ((1, (6, 0, 0, 12, 12)), (2, (3, 0, 0, 0, 9)), (3, (4, 0, 0, 0, 0))):
        await make_facts(date(2016, month, 15), levels, source="demo")
    page = " ".join((await owner.get("/owner?source=demo&by=month")).text.split())
    assert "In January 2016, 80 in every 100 people who rated us were satisfied" in page
    assert "In February 2016, 12 people rated us. What they said is held back" in page
    assert "In March 2016, 4 people rated us: too few to show a figure" in page
    assert "75" not in page.split("<table")[0]
    # Alone in its quarter with the few, it is what the page is about, and its parts are held back with it.
    await make_facts(date(2017, 4, 15), (4, 0, 0, 0, 0), source="demo")
    await make_facts(date(2017, 5, 15), (3, 0, 0, 0, 9), source="demo", channel="phone")
    await make_facts(date(2017, 5, 16), (5, 0, 0, 0, 7), source="demo")
    alone = "/owner?source=demo&by=month&since=2017-04"
    page = " ".join((await owner.get(alone)).text.split())
    assert "In May 2017, 24 people rated us. What they said is held back" in page
    assert "rated us were satisfied" not in page and 'id="table-channel"' not in page
    for table in ("channel", "service"):
        assert lines(await owner.get(f"/owner/satisfaction.csv{alone.removeprefix('/owner')}&table={table}")) == []


async def test_who_answers_and_what_weighting_makes_of_it(owner: httpx2.AsyncClient, make_facts: MakeFacts) -> None:
    # Chat: 60 of 80 satisfied; phone: 10 of 20. Half of all contacts came by each: 0.5 × 0.75 + 0.5 × 0.5 = 0.625.
    await make_facts(JULY, (20, 0, 0, 30, 30), channel="chat")
    await make_facts(JULY, (10, 0, 0, 5, 5), channel="phone")
    for channel, asked, answered in (("chat", 600, 80), ("phone", 400, 20)):
        about = {"service": "missed_bin", "queue": "Q-WASTE", "channel": channel, "source": "live", "day": JULY}
        async with transaction() as session:
            session.add_all(
                Fact(measure=measure, count=count, **about)
                for measure, count in (("arrived", 500), ("invited", asked), ("answered", answered))
            )
    page = " ".join((await owner.get("/owner")).text.split())
    assert "it would be <strong>63</strong> (between 50 and 73) instead of 70." in page
    assert "makes 100 answers worth 64 (design effect 1.56)" in page
    assert "Of 1,000 people asked in July to September 2016, 100 have answered (10 in every 100" in page
    assert "Yes: they answer less" in page and "Hear more people about Phone" in page


async def test_real_answers_reach_the_page(owner: httpx2.AsyncClient, make_answer: MakeAnswer) -> None:
    now = clock.now()
    answers = [await make_answer(level, now, got_it="yes", invited_at=now) for level in (5, 5, 5, 5, 4, 4, 4, 4, 1, 2)]
    for _ in range(10):
        await make_answer(None, now, invited_at=now)
    async with transaction() as session:
        await steps.count_answer(session, answers[0])
    await steps.count_marked()
    page = (await owner.get("/owner")).text
    # 8 of 10 is 80 (Wilson 49 to 94); 10 of 20 who were asked is 50%.
    said = "80 in every 100 people who rated us were satisfied (between 49 and 94; 10 answers)."
    assert f"{said} Of 20 people asked, 10 answered (50%)." in page
    assert "100 in every 100 said that they got what they came for" in page
    assert "Answers counted up to today" in page


async def test_a_report_is_for_everybody(client: httpx2.AsyncClient, make_facts: MakeFacts) -> None:
    await make_facts(JULY, (8, 6, 10, 36, 40), queue="Q-CTAX", service="council_tax_bill")
    page = await client.get("/reports/2016-q3")
    assert page.status_code == 200
    assert "In July to September 2016, 76 in every 100" in page.text
    assert "Customer and Support Group (Capita)" in page.text
    assert "not real answers" not in page.text
    assert "not real answers" in (await client.get("/reports/2016-q3?source=demo")).text
    assert "Nobody has answered about this quarter" in (await client.get("/reports/2016-q4")).text
    total = lines(await client.get("/reports/2016-q3.csv"))[-1]
    assert (total["queue"], total["answers"], total["satisfied %"]) == ("All queues", "100", "76.0")


async def test_a_queue_that_changed_hands_is_told_apart(client: httpx2.AsyncClient, make_facts: MakeFacts) -> None:
    # Council tax has been run by the Customer and Support Group since 1 September 2013.
    await make_facts(date(2013, 8, 31), (0, 0, 0, 10, 10), queue="Q-CTAX")
    await make_facts(date(2013, 9, 1), (0, 0, 0, 10, 20), queue="Q-CTAX")
    found = lines(await client.get("/reports/2013-q3.csv"))
    assert [(row["partner"], row["answers"]) for row in found] == [
        ("Customer and Support Group (Capita)", "30"),
        ("Not recorded", "20"),
        ("", "50"),
    ]


@pytest.mark.parametrize("code", ["2016-q5", "2016-q0", "16-q1", "2016q1", "2016-q", "2016-q1x", "２０１６-q1", "x"])
async def test_no_such_report(client: httpx2.AsyncClient, code: str) -> None:
    assert (await client.get(f"/reports/{code}")).status_code == 404
    assert (await client.get(f"/reports/{code}.csv")).status_code == 404


async def test_a_quarter_to_come_has_no_report(client: httpx2.AsyncClient) -> None:
    this = period_of(clock.today(), "quarter")
    assert (await client.get(f"/reports/{this.next().code}")).status_code == 404


async def test_two_reads_of_a_quarter_that_goes_on_tell_nothing_between_them(
    client: httpx2.AsyncClient, make_facts: MakeFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    day, code = date(2026, 10, 20), "2026-q4"
    await make_facts(day, (1, 2, 3, 20, 30))
    # It ends on 31 December, and the night counts its last day again until 21 January.
    for today in (day, date(2026, 12, 31), date(2027, 1, 21)):
        monkeypatch.setattr(clock, "today", lambda today=today: today)
        read = [(await client.get(path)).text for path in (f"/reports/{code}", f"/reports/{code}.csv")]
        await make_facts(day, (1, 0, 0, 0, 0), channel=f"at {today}")
        again = [(await client.get(path)).text for path in (f"/reports/{code}", f"/reports/{code}.csv")]
        assert read == again
        assert "published on 22 January 2027" in read[0] and "22 January 2027" in read[1]
        assert not re.search(r"in every 100|answers", read[0])
    monkeypatch.setattr(clock, "today", lambda: date(2027, 1, 22))
    assert lines(await client.get(f"/reports/{code}.csv"))[-1]["answers"] == "59"


async def test_what_was_made_up_is_not_public_in_production(
    client: httpx2.AsyncClient, make_facts: MakeFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_facts(JULY, (8, 6, 10, 36, 40), source="demo")
    assert (await client.get("/reports/2016-q3?source=demo")).status_code == 200
    monkeypatch.setenv("FRONTDOOR_ENVIRONMENT", "production")
    get_settings.cache_clear()
    for path in ("/reports/2016-q3", "/reports/2016-q3.csv"):
        assert (await client.get(f"{path}?source=demo")).status_code == 404
