"""The files as somebody downloads them, and the attack with all of them: the report's and the owner's as well."""

import csv
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import date, timedelta
from typing import Any

import httpx2
import jsonschema
import pytest

from tests.makers import make_agent, session_of
from tests.metrics.importing.test_pages import FACES, JULY, brought_in
from tests.metrics.opendata.attack import Attacker
from triage import access, clock
from triage.app import build
from triage.catalogue import DATA, catalogue
from triage.errors import Invalid, NotFound
from triage.metrics import steps
from triage.metrics.opendata import command, licence
from triage.metrics.opendata.datasets import DATASETS
from triage.metrics.settling import last_settled
from triage.settings import get_settings

MakeFacts = Callable[..., Awaitable[None]]
DAY = date(2016, 7, 15)
LEVELS = ("very satisfied", "satisfied", "neither", "dissatisfied", "very dissatisfied")
# Queue and service with the counts of levels 1 to 5.
QUARTER = {
    ("missed_bin", "Q-WASTE"): (5, 6, 9, 10, 20),
    ("new_bin", "Q-WASTE"): (1, 0, 1, 1, 1),
    ("bulky_waste", "Q-WASTE"): (2, 3, 4, 5, 6),
    ("council_tax_bill", "Q-CTAX"): (4, 3, 2, 1, 5),
    ("council_tax_moving", "Q-CTAX"): (3, 3, 3, 2, 1),
    ("parking_permit", "Q-PARK"): (0, 1, 0, 1, 1),
    ("library_card", "Q-LIB"): (3, 4, 2, 1, 9),
    ("library_hours", "Q-LIB"): (1, 1, 1, 1, 1),
}


@pytest.fixture
async def client(database: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser that is not signed in."""
    headers = {"accept": "text/html", "sec-fetch-site": "same-origin"}
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(build()), base_url="https://testserver", headers=headers
    ) as browser:
        yield browser


async def sign_in(client: httpx2.AsyncClient) -> httpx2.AsyncClient:
    client.cookies.set(access.DESK_COOKIE, await session_of(await make_agent(role="owner", name="Service owner")))
    return client


async def lines(client: httpx2.AsyncClient, path: str) -> list[dict[str, str]]:
    answer = await client.get(path)
    assert answer.status_code == 200, (path, answer.text)
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


async def fill(make_facts: MakeFacts, day: date = DAY, **about: Any) -> None:
    for (service_id, queue), levels in QUARTER.items():
        await make_facts(day, levels, service=service_id, queue=queue, **about)


async def test_a_quarter_by_hand(client: httpx2.AsyncClient, make_facts: MakeFacts) -> None:
    await make_facts(DAY, (8, 6, 10, 36, 40))
    await make_facts(DAY, (1, 0, 1, 1, 1), service="new_bin")
    rows = await lines(client, "/open-data/satisfaction.csv")
    # 41 + 37 of 104 are 75.0%. Wilson by hand: z²/n = 0.036937; middle (0.75 + 0.018469) / 1.036937 = 0.7411; half
    # 1.96 √(0.1875/104 + 3.8415/(4 · 104²)) / 1.036937 = 0.0822; so 65.9 to 82.3.
    first, satisfied = ["2016-q3", "2016-07-01", "2016-09-30", "survey"], ["75.0", "65.9", "82.3"]
    today = clock.today().isoformat()
    assert [list(row.values()) for row in rows] == [
        [*first, "104", "41", "37", "11", "6", "9", *satisfied, "shown", "1", today]
    ]
    by_service = await lines(client, "/open-data/satisfaction-by-service.csv")
    assert [(row["code"], row["answers"], row["very_satisfied"], row["status"]) for row in by_service] == [
        ("missed_bin", "", "", "withheld"),
        ("new_bin", "", "", "withheld"),
    ]
    by_queue = await lines(client, "/open-data/satisfaction-by-queue.csv")
    assert [(row["code"], row["answers"]) for row in by_queue] == [("Q-WASTE", "104")]
    by_partner = await lines(client, "/open-data/satisfaction-by-partner.csv")
    assert [(row["code"], row["name"]) for row in by_partner] == [
        (catalogue().partner_id("Q-WASTE", DAY), catalogue().partner_of("Q-WASTE", DAY).name)  # type: ignore[union-attr]
    ]


async def test_only_whole_quarters_that_ended_some_time_ago(
    client: httpx2.AsyncClient, make_facts: MakeFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in (date(2026, 9, 30), date(2026, 10, 1), date(2026, 6, 30)):
        await make_facts(day, (4, 4, 4, 4, 4))
    expected = {
        date(2026, 9, 30): ["2026-q2"],
        date(2026, 10, 1): ["2026-q2"],
        date(2026, 10, 21): ["2026-q2"],
        date(2026, 10, 22): ["2026-q2", "2026-q3"],
        date(2026, 12, 31): ["2026-q2", "2026-q3"],
    }
    for today, quarters in expected.items():
        monkeypatch.setattr(clock, "today", lambda today=today: today)
        assert [row["quarter"] for row in await lines(client, "/open-data/satisfaction.csv")] == quarters, today


async def test_json_says_the_same_and_keeps_to_its_schema(client: httpx2.AsyncClient, make_facts: MakeFacts) -> None:
    await fill(make_facts)
    for name, dataset in DATASETS.items():
        whole = (await client.get(f"/open-data/{name}.json")).json()
        schema = (await client.get(f"/open-data/{name}.schema.json")).json()
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.validate(whole, schema)
        as_csv = await lines(client, f"/open-data/{name}.csv")
        assert [
            {key: "" if value is None else str(value) for key, value in row.items()} for row in whole["rows"]
        ] == as_csv
        assert whole["licence"]["name"] == "Open Government Licence v3.0"
        metadata = (await client.get(f"/open-data/{name}.csv-metadata.json")).json()
        assert metadata["@context"][0] == "http://www.w3.org/ns/csvw"
        assert metadata["url"] == f"/open-data/{name}.csv"
        assert [column["name"] for column in metadata["tableSchema"]["columns"]] == [
            one.name for one in dataset.columns
        ]
        if as_csv:
            assert list(as_csv[0]) == [one.name for one in dataset.columns]
        key = metadata["tableSchema"]["primaryKey"]
        assert len({tuple(row[one] for one in key) for row in as_csv}) == len(as_csv)
        for row in as_csv:
            for column in metadata["tableSchema"]["columns"]:
                assert row[column["name"]] or not column["required"], (row, column)


async def test_it_is_kept_for_an_hour_and_asked_for_again_cheaply(
    client: httpx2.AsyncClient, make_facts: MakeFacts
) -> None:
    await fill(make_facts)
    for ending in ("csv", "json", "csv-metadata.json", "schema.json"):
        path = f"/open-data/satisfaction.{ending}"
        answer = await client.get(path)
        assert answer.headers["cache-control"] == "public, max-age=3600"
        assert answer.headers["access-control-allow-origin"] == "*"
        tag = answer.headers["etag"]
        for asked in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            again = await client.get(path, headers={"if-none-match": asked})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert (await client.get(path, headers={"if-none-match": '"other"'})).status_code == 200
    link = (await client.get("/open-data/satisfaction.csv")).headers["link"]
    assert "csv-metadata.json" in link and 'rel="license"' in link


async def test_a_quarter_stays_as_it_was_published(client: httpx2.AsyncClient, make_facts: MakeFacts) -> None:
    await fill(make_facts)
    before = (await client.get("/open-data/satisfaction-by-service.csv")).text
    # Another answer is counted on an old day: subtracting one file from the other would show what it was.
    await make_facts(DAY, (0, 0, 0, 0, 1), channel="phone")
    assert (await client.get("/open-data/satisfaction-by-service.csv")).text == before


async def test_a_withdrawn_quarter_is_published_again_when_that_tells_nothing(
    client: httpx2.AsyncClient, make_facts: MakeFacts
) -> None:
    await fill(make_facts)
    await lines(client, "/open-data/satisfaction.csv")
    with pytest.raises(NotFound):
        await command.withdraw("2015-q1", "Nothing there")
    for code, why, source in (("Q3", "x", "live"), ("2016-q3", " ", "live"), ("2016-q3", "x", "demo")):
        with pytest.raises(Invalid):
            await command.withdraw(code, why, source)
    with pytest.raises(NotFound, match="past figures"):
        await command.withdraw("2016-q3", "There is none", "import")
    said = await command.withdraw("2016-q3", "A try", dry_run=True)
    assert "is published as edition 2" in said[0] and "dry run" in said[1]
    assert [row["edition"] for row in await lines(client, "/open-data/satisfaction.csv")] == ["1"]
    assert "July to September 2016 is withdrawn" in (await command.withdraw("2016-q3", "Counted twice"))[0]
    assert [row["edition"] for row in await lines(client, "/open-data/satisfaction.csv")] == ["2"]
    await make_facts(DAY, (0, 0, 0, 0, 1), channel="phone")
    by_service = await lines(client, "/open-data/satisfaction-by-service.csv")
    said = await command.withdraw("2016-q3", "One more")
    assert "cannot be shown" in said[1] and "The quarter says withheld, as edition 3." in said[1]
    # One person more would show by subtraction, so nothing of the quarter is shown again; but its rows stay.
    [row] = await lines(client, "/open-data/satisfaction.csv")
    assert (row["quarter"], row["answers"], row["status"], row["edition"]) == ("2016-q3", "", "withheld", "3")
    withheld = await lines(client, "/open-data/satisfaction-by-service.csv")
    assert [row["code"] for row in withheld] == [row["code"] for row in by_service]
    assert {(row["answers"], row["status"], row["edition"]) for row in withheld} == {("", "withheld", "3")}
    schema = (await client.get("/open-data/satisfaction-by-service.schema.json")).json()
    jsonschema.validate((await client.get("/open-data/satisfaction-by-service.json")).json(), schema)
    # That is kept, and not worked out for each visitor, until somebody withdraws the quarter again.
    await make_facts(DAY, (0, 0, 0, 0, 11), channel="web")
    assert [row["status"] for row in await lines(client, "/open-data/satisfaction.csv")] == ["withheld"]
    await command.withdraw("2016-q3", "Ten more")
    assert [row["edition"] for row in await lines(client, "/open-data/satisfaction.csv")] == ["4"]


async def test_nothing_for_an_empty_council_and_no_such_file(client: httpx2.AsyncClient) -> None:
    for name in DATASETS:
        assert await lines(client, f"/open-data/{name}.csv") == []
    page = await client.get("/open-data")
    assert page.status_code == 200 and "There are no files yet" in page.text
    for path in ("nothing.csv", "nothing.json", "satisfaction.xml", "demonstration/satisfaction-by-partner.csv"):
        assert (await client.get(f"/open-data/{path}")).status_code == 404


async def test_the_page_lists_the_files_and_the_report_leads_to_it(
    client: httpx2.AsyncClient, make_facts: MakeFacts
) -> None:
    await fill(make_facts)
    page = (await client.get("/open-data")).text
    for name, dataset in DATASETS.items():
        assert (f'href="/open-data/{name}.csv"' in page) == (dataset.measure == "satisfaction")
    assert "Open Government Licence v3.0" in page and "licensed under the Open Government Licence" in page
    assert 'href="/open-data"' in (await client.get("/reports/2016-q3")).text


async def test_no_cell_starts_a_formula(
    client: httpx2.AsyncClient, make_facts: MakeFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_facts(DAY, (4, 4, 4, 4, 4), service='=cmd|"/c calc"!A0', queue="@SUM(A1)")
    for table in ("service", "queue"):
        rows = await lines(client, f"/open-data/satisfaction-by-{table}.csv")
        assert rows and all(not cell.startswith(("=", "@")) for row in rows for cell in row.values())


async def test_demonstration_rows_are_in_files_of_their_own(
    client: httpx2.AsyncClient, make_facts: MakeFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(make_facts, source="demo")
    assert await lines(client, "/open-data/satisfaction.csv") == []
    demo = await lines(client, "/open-data/demonstration/satisfaction.csv")
    assert [(row["source"], row["answers"]) for row in demo] == [("demonstration", "128")]
    schema = (await client.get("/open-data/demonstration/satisfaction.schema.json")).json()
    jsonschema.validate((await client.get("/open-data/demonstration/satisfaction.json")).json(), schema)
    assert "Demonstration, not real answers" in (await client.get("/open-data")).text
    monkeypatch.setenv("FRONTDOOR_ENVIRONMENT", "production")
    get_settings.cache_clear()
    assert (await client.get("/open-data/demonstration/satisfaction.csv")).status_code == 404
    assert "Demonstration" not in (await client.get("/open-data")).text


async def test_past_figures_are_published_apart_and_withdrawn_when_taken_back(
    client: httpx2.AsyncClient, make_facts: MakeFacts
) -> None:
    await fill(make_facts)
    owner = await sign_in(client)
    location = (await brought_in(owner, JULY, "counted_answers")).headers["location"]
    await brought_in(owner, FACES, "faces")
    rows = await lines(client, "/open-data/satisfaction.csv")
    assert [(row["source"], row["answers"]) for row in rows] == [("import", "100"), ("survey", "128")]
    faces = await lines(client, "/open-data/faces.csv")
    assert [(row["answers"], row["good"], row["good_percent"]) for row in faces] == [("12", "12", "100.0")]
    await owner.post(f"{location}/take-back", data={"why": "The wrong file."})
    rows = await lines(client, "/open-data/satisfaction.csv")
    assert [row["source"] for row in rows] == ["survey"]
    # The same file again is the same figures, in a second edition; one with a single answer more is not published.
    again = (await brought_in(owner, JULY, "counted_answers")).headers["location"]
    rows = await lines(client, "/open-data/satisfaction.csv")
    assert (rows[0]["source"], rows[0]["answers"], rows[0]["edition"]) == ("import", "100", "2")
    await owner.post(f"{again}/take-back", data={"why": "One was missing."})
    await brought_in(owner, JULY.replace("40,36", "41,36"), "counted_answers")
    rows = await lines(client, "/open-data/satisfaction.csv")
    assert [(row["source"], row["status"], row["edition"]) for row in rows] == [
        ("import", "withheld", "3"),
        ("survey", "shown", "1"),
    ]
    # What came from files is withdrawn by itself.
    said = await command.withdraw("2016-q3", "Not ours", "import")
    assert "as edition 4" in said[1]
    rows = await lines(client, "/open-data/satisfaction.csv")
    assert [(row["source"], row["edition"]) for row in rows] == [("import", "4"), ("survey", "1")]


def test_every_council_says_under_what_licence() -> None:
    for path in sorted((DATA / "councils").glob("*/council.toml")):
        found = licence.read(path.parent / "open_data.toml")
        assert "Open Government Licence" in found.name


def test_settled_quarters() -> None:
    assert last_settled(date(2027, 1, 21)).code == "2026-q3"
    assert last_settled(date(2027, 1, 22)).code == "2026-q4"
    assert last_settled(date(2026, 12, 31)).code == "2026-q3"
    # The last night that counts the quarter's last day again comes before.
    assert date(2026, 12, 31) in steps.last_days(date(2027, 1, 21))
    assert date(2026, 12, 31) not in steps.last_days(date(2027, 1, 22))


Unknown = tuple[str, str, int]


def listen(attacker: Attacker, row: dict[str, str], about: Iterable[tuple[str, str]], names: Iterable[str]) -> None:
    """A published line: its levels where they are numbers, and how many answered where that is one."""
    about = list(about)
    for level, name in zip((5, 4, 3, 2, 1), names, strict=True):
        if row[name].isdigit():
            attacker.hears([(*one, level) for one in about], int(row[name]))
    if row["answers"].isdigit():
        attacker.hears([(*one, level) for one in about for level in range(1, 6)], int(row["answers"]))


async def hear_report(attacker: Attacker, client: httpx2.AsyncClient) -> None:
    for row in await lines(client, "/reports/2016-q3.csv"):
        about = (one for one in QUARTER if not row["code"] or one[1] == row["code"])
        listen(attacker, row, about, LEVELS)


async def hear_owner(attacker: Attacker, client: httpx2.AsyncClient) -> None:
    """Everything that the owner's page lets be downloaded, with every filter."""
    services, queues = {one[0] for one in QUARTER}, {one[1] for one in QUARTER}
    for service_id in ("", *sorted(services)):
        for queue in ("", *sorted(queues)):
            about = [one for one in QUARTER if service_id in ("", one[0]) and queue in ("", one[1])]
            for table in ("period", "service", "queue"):
                view = f"service={service_id}&queue={queue}&table={table}"
                for row in await lines(client, f"/owner/satisfaction.csv?{view}"):
                    place = {"service": 0, "queue": 1}.get(table)
                    if table == "period" and row["code"] != "2016-q3":
                        continue
                    listen(attacker, row, (o for o in about if place is None or o[place] == row["code"]), LEVELS)


HIDDEN = [one for one, levels in QUARTER.items() if sum(levels) < 10]


def worked_out(attacker: Attacker) -> set[Unknown]:
    return {(*one, level) for one in HIDDEN for level in range(1, 6) if attacker.works_out([(*one, level)])}


async def test_nothing_hidden_is_worked_out_by_subtraction(client: httpx2.AsyncClient, make_facts: MakeFacts) -> None:
    await fill(make_facts)
    # Other quarters, with other sizes, so that the series is there to be subtracted as well.
    await fill(make_facts, DAY - timedelta(days=92))
    unknown = [(*one, level) for one in QUARTER for level in range(1, 6)]
    columns = [name.replace(" ", "_") for name in LEVELS]
    public = Attacker(unknown)
    await hear_report(public, client)
    assert worked_out(public) == set()
    said = len(public.said)
    await _hear_quarter(public, client, columns)
    assert len(public.said) > said + 20
    assert worked_out(public) == set()


async def _hear_quarter(attacker: Attacker, client: httpx2.AsyncClient, columns: list[str]) -> None:
    """Open data of 2016-q3 alone: each quarter has other people in it."""
    keys: dict[str, Callable[[tuple[str, str]], str]] = {
        "": lambda one: "",
        "-by-service": lambda one: one[0],
        "-by-queue": lambda one: one[1],
        "-by-partner": lambda one: catalogue().partner_id(one[1], DAY) or "",
    }
    for name, key in keys.items():
        for row in await lines(client, f"/open-data/satisfaction{name}.csv"):
            if row["quarter"] == "2016-q3":
                listen(attacker, row, (one for one in QUARTER if key(one) == row.get("code", "")), columns)


async def test_open_data_tells_an_owner_nothing_more(client: httpx2.AsyncClient, make_facts: MakeFacts) -> None:
    """Whatever the owner's own files and the report give away by themselves, the open files add nothing to it."""
    await fill(make_facts)
    await sign_in(client)
    unknown = [(*one, level) for one in QUARTER for level in range(1, 6)]
    attacker = Attacker(unknown)
    await hear_report(attacker, client)
    await hear_owner(attacker, client)
    before = worked_out(attacker)
    await _hear_quarter(attacker, client, [name.replace(" ", "_") for name in LEVELS])
    assert worked_out(attacker) == before


async def test_json_is_json(client: httpx2.AsyncClient, make_facts: MakeFacts) -> None:
    await fill(make_facts)
    answer = await client.get("/open-data/satisfaction-by-service.json")
    assert answer.headers["content-type"] == "application/json"
    withheld = [row for row in json.loads(answer.text)["rows"] if row["status"] == "withheld"]
    assert withheld and all(row["answers"] is None for row in withheld)
