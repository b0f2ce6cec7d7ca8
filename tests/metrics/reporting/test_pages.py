"""A report from its first draft to its corrections, as browsers see it."""

import csv
import io
import json
from typing import Any

import jsonschema
import pytest

from tests.makers import make_agent
from tests.metrics.reporting.conftest import QUARTER, People, row
from triage.metrics.reporting.content import digest
from triage.metrics.reporting.fields import ALL


async def test_writing_is_for_those_who_may(browse, people: People) -> None:  # type: ignore[no-untyped-def]
    assert (await people.public.get("/owner/reports")).headers["location"].startswith("/desk/sign-in")
    agent = await browse(await make_agent(role="agent"))
    assert (await agent.get("/owner/reports")).status_code == 403
    administrator = await browse(await make_agent(role="administrator"))
    assert (await administrator.get("/owner/reports")).status_code == 200


async def test_a_draft_says_what_it_lacks(people: People) -> None:
    made = await people.drafting.post("/owner/reports", data={"code": QUARTER, "preset": "barnet"})
    address = made.headers["location"]
    assert ">2016-q4</a> <strong>Draft</strong>" in (await people.drafting.get("/owner/reports")).text
    page = (await people.drafting.get(address)).text
    assert "The front page has no title." in page
    assert "There is no indicator in it." in page
    await people.drafting.post(f"{address}/indicators/new", data=row("CSG-01", result="80"))
    page = (await people.drafting.get(address)).text
    assert "CSG-01, Indicator CSG-01: Red, without the comment of whoever answers for it." in page
    assert "A service owner or an administrator approves it." in page
    assert (await people.approving.post(f"{address}/approve")).status_code == 422


async def test_links_are_those_that_admit_whoever_looks(people: People, browse: Any) -> None:
    """An administrator may approve reports and may not read the figures."""
    admin = await browse(await make_agent(role="administrator"))
    for client, sees in ((admin, False), (people.drafting, True), (people.approving, True)):
        page = (await client.get("/owner/reports")).text
        for href in ("/owner", "/owner/figures", "/owner/comments", "/owner/imports"):
            assert (f'href="{href}"' in page) == sees
        assert 'href="/desk/sorting"' in page and 'href="/owner/reports"' in page
        assert (await client.get("/owner/figures")).status_code == (200 if sees else 403)


async def test_one_report_a_quarter(people: People, draft: str) -> None:
    again = await people.drafting.post("/owner/reports", data={"code": QUARTER, "preset": "barnet"})
    assert again.status_code == 409
    assert "There is a report for that quarter already." in again.text


@pytest.mark.parametrize("code", ["", "2016", "2016-q5", "2016-q", "9999-q1", "2099-q1", "２０１６-q1"])
async def test_an_odd_quarter_is_refused(people: People, code: str) -> None:
    answer = await people.drafting.post("/owner/reports", data={"code": code, "preset": "barnet"})
    assert answer.status_code == 422


async def test_whoever_wrote_the_numbers_does_not_approve_them(people: People, draft: str) -> None:
    answer = await people.drafting.post(f"{draft}/approve")
    assert answer.status_code == 403  # a supervisor may not at all
    await people.approving.post(f"{draft}/indicators/new", data=row("CSG-03"))
    answer = await people.approving.post(f"{draft}/approve")
    assert answer.status_code == 403
    assert "You entered CSG-03, so somebody else approves it." in answer.text


async def test_whoever_began_it_does_not_approve_it(people: People) -> None:
    made = await people.approving.post("/owner/reports", data={"code": QUARTER, "preset": "barnet"})
    answer = await people.approving.post(f"{made.headers['location']}/approve")
    assert answer.status_code == 403
    assert "You began this report" in answer.text


async def test_a_comment_alone_does_not_stop_its_writer_from_approving(people: People, draft: str) -> None:
    page = (await people.approving.get(draft)).text
    address = page.split('">CSG-02: ')[0].rsplit('href="', 1)[1]
    values = row(
        "CSG-02", result="92", same_period_last_year="90", comment="Sickness, now over.", comment_by="Head of service"
    )
    assert (await people.approving.post(address, data=values)).status_code == 303
    assert (await people.approving.post(f"{draft}/approve")).status_code == 303


async def test_an_administrator_approves_too(browse, people: People, draft: str) -> None:  # type: ignore[no-untyped-def]
    administrator = await browse(await make_agent(role="administrator", name="Administrator"))
    for step in ("approve", "publish"):
        assert (await administrator.post(f"{draft}/{step}")).status_code == 303
    assert "Administrator" in (await people.public.get(f"/reports/{QUARTER}")).text


async def test_two_people_who_change_one_indicator_do_not_undo_each_other(people: People, draft: str) -> None:
    page = (await people.drafting.get(draft)).text
    address = page.split('">CSG-02: ')[0].rsplit('href="', 1)[1]
    form = (await people.drafting.get(address)).text
    was = form.split('name="was" value="')[1].split('"')[0]
    mine = row("CSG-02", result="92", comment="Mine.", comment_by="Head of service", was=was)
    assert (await people.approving.post(address, data=mine | {"comment": "Theirs."})).status_code == 303
    late = await people.drafting.post(address, data=mine)
    assert late.status_code == 422
    assert "Somebody changed this indicator meanwhile." in late.text
    assert "Mine." in late.text
    assert "Theirs." in (await people.drafting.get(address)).text
    assert 'name="was"' not in late.text
    assert (await people.drafting.post(address, data=mine | {"was": ""})).status_code == 303


async def test_a_draft_can_be_thrown_away_and_begun_again(people: People, draft: str) -> None:
    assert (await people.drafting.post(f"{draft}/discard")).headers["location"] == "/owner/reports"
    assert (await people.drafting.get(draft)).status_code == 404
    again = await people.drafting.post("/owner/reports", data={"code": QUARTER, "preset": "havering"})
    address = again.headers["location"]
    await people.drafting.post(f"{address}/front", data={"title": "T", "summary": "S"})
    await people.drafting.post(f"{address}/indicators/new", data=row("CSG-01", result="90"))
    await people.approving.post(f"{address}/approve")
    late = await people.drafting.post(f"{address}/discard")
    assert late.status_code == 409
    assert "This report has been approved or published" in late.text


async def test_nothing_is_public_before_it_is_published(people: People, draft: str) -> None:
    for path in (f"/reports/{QUARTER}.pdf", f"/reports/{QUARTER}.json", f"/reports/{QUARTER}/indicators.csv"):
        assert (await people.public.get(path)).status_code == 404
    assert "How satisfied people were" in (await people.public.get(f"/reports/{QUARTER}")).text
    await people.approving.post(f"{draft}/approve")
    assert (await people.public.get(f"/reports/{QUARTER}.json")).status_code == 404
    assert "No report has been published yet." in (await people.public.get("/reports")).text
    assert (await people.public.get("/reports/newest")).headers["location"] == "/reports"
    preview = await people.drafting.get(f"{draft}/preview")
    assert "This report has not been published and may change." in preview.text


@pytest.mark.parametrize("code", ["%00", "2016-q9", "2016-q4%00", "x" * 300, "..%2f..%2fetc", "2016-q4'--"])
async def test_an_odd_address_leads_nowhere(people: People, code: str) -> None:
    for path in (
        f"/reports/{code}.pdf",
        f"/reports/{code}.json",
        f"/reports/{code}/indicators.csv",
        f"/reports/{code}",
    ):
        assert (await people.public.get(path)).status_code == 404, path


async def test_publishing_needs_approval(people: People, draft: str) -> None:
    answer = await people.approving.post(f"{draft}/publish")
    assert answer.status_code == 409
    assert "It must be approved before it is published." in answer.text


async def test_an_approved_report_is_changed_only_after_it_was_sent_back(people: People, draft: str) -> None:
    await people.approving.post(f"{draft}/approve")
    answer = await people.drafting.post(f"{draft}/indicators/new", data=row("CSG-09"))
    assert answer.status_code == 422
    assert "This report has been approved or published" in answer.text
    assert (await people.approving.post(f"{draft}/send-back")).status_code == 303
    assert (await people.drafting.post(f"{draft}/indicators/new", data=row("CSG-09"))).status_code == 303


async def test_the_published_page(people: People, published: str) -> None:
    page = (await people.public.get(f"/reports/{QUARTER}")).text
    assert "Contracts performance report" in page
    assert "Of 2 indicators with a rating, 1 (50%) was on or above target and 1 (50%) was not." in page
    assert "Of 1 indicator that can be compared with the same quarter of last year, 1 (100%) improved" in page
    assert "Sickness." in page
    assert "Comment, Head of service" in page
    assert "Result 92%, target 95%. Same quarter last year: 90%." in page
    assert "Frontdoor’s own" in page or "Frontdoor&#39;s own" in page
    assert "Service owner" in page
    assert "Nobody has answered about this quarter." in page
    assert (
        "2016-q4: Contracts performance report</a> <strong>Published</strong>"
        in (await people.drafting.get("/owner/reports")).text
    )
    listed = (await people.public.get("/reports")).text
    assert f'href="/reports/{QUARTER}"' in listed
    # The owner's link leads to it, whatever quarter it is today.
    assert 'href="/reports/newest"' in (await people.drafting.get("/owner/figures")).text
    assert (await people.public.get("/reports/newest")).headers["location"] == f"/reports/{QUARTER}"


async def test_the_satisfaction_figures_stay_where_they_were(people: People, published: str) -> None:
    """The CSV of the figures and the demonstration's page are what they were before there were reports."""
    lines = list(csv.DictReader(io.StringIO((await people.public.get(f"/reports/{QUARTER}.csv")).text)))
    assert lines[-1]["queue"] == "All queues"
    assert "Demonstration" in (await people.public.get(f"/reports/{QUARTER}?source=demo")).text


async def test_the_files(people: People, published: str) -> None:
    made = json.loads((await people.public.get(f"/reports/{QUARTER}.json")).text)
    assert made["summary"]["rated"] == 2
    one, two = made["sections"][0]["indicators"]
    assert (one["id"], one["result"], one["target"], one["rag"]) == ("CSG-01", 97, 95, "green")
    assert (two["rag"], two["direction_of_travel"]) == ("green_amber", "improved")
    schema = (await people.public.get(made.pop("$schema"))).json()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(made, schema)
    licence = made.pop("licence")
    assert (licence["name"], list(licence)) == ("Open Government Licence v3.0", ["name", "url", "attribution"])
    said_of = schema["properties"]["sections"]["items"]["properties"]["indicators"]["items"]["properties"]
    assert list(said_of) == [one.name for one in ALL]
    assert said_of["target"]["type"] == ["number", "null"] and said_of["polarity"]["enum"] == ["higher", "lower"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(made | {"sections": [{"partner": "CSG", "service_area": "x", "indicators": [{}]}]}, schema)
    stated = made.pop("digest")
    assert made.pop("corrections") == []
    assert stated == digest(made)
    lines = list(csv.DictReader(io.StringIO((await people.public.get(f"/reports/{QUARTER}/indicators.csv")).text)))
    assert [line["id"] for line in lines] == ["CSG-01", "CSG-02"]
    assert lines[1]["comment"] == "Sickness."
    dictionary = json.loads((await people.public.get("/reports/dictionary.json")).text)
    assert [one["name"] for one in dictionary["indicator"]] == list(lines[0])
    assert set(made) | {"digest", "corrections", "licence", "$schema"} == {one["name"] for one in dictionary["report"]}
    for name in lines[0]:
        assert name in one, name
    pdf = await people.public.get(f"/reports/{QUARTER}.pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-")


async def test_a_correction_stands_beside_what_was_published(people: People, published: str) -> None:
    before = (await people.public.get(f"/reports/{QUARTER}.json")).json()
    said = {"about": "CSG-01", "was": "97%", "now": "96%", "why": "One week was counted twice."}
    assert (await people.drafting.post(f"{published}/corrections", data=said)).status_code == 403
    half = await people.approving.post(f"{published}/corrections", data=said | {"why": ""})
    assert half.status_code == 422
    assert 'value="96%"' in half.text
    assert (await people.approving.post(f"{published}/corrections", data=said)).status_code == 303
    page = (await people.public.get(f"/reports/{QUARTER}")).text
    assert "One thing has been put right since this was published" in page
    assert "One week was counted twice." in page
    after = (await people.public.get(f"/reports/{QUARTER}.json")).json()
    [one] = after.pop("corrections")
    assert (one["about"], one["was"], one["now"], one["role"]) == ("CSG-01", "97%", "96%", "Service owner")
    before.pop("corrections")
    assert after == before


async def test_the_next_report_takes_targets_and_results_over(people: People, published: str) -> None:
    made = await people.drafting.post("/owner/reports", data={"code": "2017-q1", "preset": "barnet"})
    page = (await people.drafting.get(made.headers["location"])).text
    address = page.split('">CSG-02: ')[0].rsplit('href="', 1)[1]
    form = (await people.drafting.get(address)).text
    assert 'name="prior_period" value="92"' in form
    assert 'name="target" value="95"' in form
    assert 'name="result" value=""' in form
    assert "Sickness." not in form
    a_year_on = await people.drafting.post("/owner/reports", data={"code": "2017-q4", "preset": "barnet"})
    page = (await people.drafting.get(a_year_on.headers["location"])).text
    form = (await people.drafting.get(page.split('">CSG-02: ')[0].rsplit('href="', 1)[1])).text
    assert 'name="same_period_last_year" value="92"' in form
    assert 'name="prior_period" value=""' in form


async def test_what_was_typed_is_never_lost(people: People, draft: str) -> None:
    bad = await people.drafting.post(f"{draft}/indicators/new", data=row("CSG-07", result="many", comment="Keep me"))
    assert bad.status_code == 422
    assert "Result must be a number" in bad.text
    assert 'href="#result"' in bad.text
    assert "Keep me" in bad.text
    twice = await people.drafting.post(f"{draft}/indicators/new", data=row("CSG-01"))
    assert "CSG-01 is in this report already." in twice.text
    note = await people.drafting.post(f"{draft}/notes", data={"kind": "success", "text": "Fewer calls"})
    assert note.status_code == 422
    assert "Fewer calls" in note.text


async def test_words_are_words_and_never_markup(people: People, draft: str) -> None:
    evil = '<script>alert(1)</script>{{ 7*7 }} =cmd() #read("/etc/passwd")'
    values = row("CSG-03", name=evil, comment=evil, comment_by=evil)
    assert (await people.drafting.post(f"{draft}/indicators/new", data=values)).status_code == 303
    added = {"kind": "success", "partner": "CSG", "area": "Customer services", "text": evil}
    assert (await people.drafting.post(f"{draft}/notes", data=added)).status_code == 303
    for path in (draft, f"{draft}/preview"):
        page = (await people.drafting.get(path)).text
        assert "<script>alert" not in page
        assert "{{ 7*7 }}" in page


async def test_no_cell_of_the_file_starts_a_formula(people: People, draft: str) -> None:
    values = row("CSG-03", name='=HYPERLINK("http://x")', comment="@SUM(A1)", comment_by="+44")
    await people.drafting.post(f"{draft}/indicators/new", data=values)
    for step in ("approve", "publish"):
        await people.approving.post(f"{draft}/{step}")
    answer = await people.public.get(f"/reports/{QUARTER}/indicators.csv")
    found = [line for line in csv.DictReader(io.StringIO(answer.text)) if line["id"] == "CSG-03"]
    assert found[0]["name"] == '\'=HYPERLINK("http://x")'
    assert found[0]["comment"] == "'@SUM(A1)"
    assert found[0]["comment_by"] == "'+44"


async def test_a_file_is_taken_whole_or_not_at_all(people: People, draft: str) -> None:
    head = "id,name,owner,partner,service_area,polarity,unit,target,result\n"
    good = "CSG-01,Calls answered,Head of service,CSG,Customer services,higher,%,90,88\n"
    bad = "CSG-05,,Head of service,CSG,Customer services,up,%,90,x\n"
    files = {"file": ("i.csv", (head + good + bad).encode(), "text/csv")}
    answer = await people.drafting.post(f"{draft}/csv", files=files)
    assert answer.status_code == 422
    assert "Line 3, name: Enter: name." in answer.text
    assert "Line 3, polarity: Which is better must be one of: higher, lower." in answer.text
    assert "Calls answered" not in (await people.drafting.get(draft)).text
    files = {"file": ("i.csv", (head + good).encode("utf-8-sig"), "text/csv")}
    assert (await people.drafting.post(f"{draft}/csv", files=files)).status_code == 303
    page = (await people.drafting.get(draft)).text
    assert "CSG-01: Calls answered" in page
    assert "2 indicators" in page


async def test_published_reports_are_among_the_open_data(people: People, draft: str) -> None:
    links = [f"/reports/{QUARTER}/indicators.csv", f"/reports/{QUARTER}.json", "/reports/schema.json"]
    before = (await people.public.get("/open-data")).text
    assert not any(f'href="{link}"' in before for link in links)
    for step in ("approve", "publish"):
        await people.approving.post(f"{draft}/{step}")
    page = (await people.public.get("/open-data")).text
    for link in links:
        assert f'href="{link}"' in page
        assert (await people.public.get(link)).status_code == 200
