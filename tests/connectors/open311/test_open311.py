"""The whole of GeoReport v2's table of calls and errors, in both formats, against an endpoint written separately."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from georeport import GeoReport
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import KeyRefused, NotKnown, NotOffered, RequestRefused, WrongSettings
from connectors.open311 import Open311Casework, translate
from connectors.shapes import CaseNote, CaseRequest, CaseUpdate, Place, Reporter
from tests.connectors.open311.supplier import settings
from tests.connectors.suppliers.georeport import World, build
from tests.connectors.suppliers.server import Supplier, serve

NOW = datetime.now(UTC)
BEFORE = NOW - timedelta(hours=1)
HERE = Place(uprn="100000000123", line="12 Long Lane", latitude=51.6, longitude=-0.2)
MISSED = CaseRequest("missed_bin", "The blue bin was left <full> & open", NOW, HERE, details={"COLOUR": "blue"})


@pytest.fixture
async def endpoint() -> AsyncIterator[Supplier]:
    world = World()
    async with serve(build(world)) as supplier:
        supplier.world = world
        yield supplier


@pytest.fixture(params=["xml", "json"])
def said_in(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def client(endpoint: Supplier, said_in: str = "json", **changes: Any) -> Open311Casework:
    return Open311Casework(settings(endpoint, format=said_in, **changes))


async def test_a_request_is_made_with_all_that_we_know(endpoint: Supplier, said_in: str) -> None:
    reporter = Reporter("Ada Example Person", "ada@example.com", "07700 900123")
    request = CaseRequest("missed_bin", MISSED.text, NOW, HERE, reporter, {"COLOUR": "blue"})
    case = await client(endpoint, said_in, reference_attribute="OURS").create(request, "BN-1/1")
    assert (case.id, case.state, case.note) == ("638000", "received", "Seen within a day")
    (form,) = endpoint.world.forms
    assert form == {
        "jurisdiction_id": "council.example",
        "api_key": "a-key-for-tests",
        "service_code": "BIN",
        "description": "The blue bin was left <full> & open\n\nOur reference: BN-1/1",
        "lat": "51.600000",
        "long": "-0.200000",
        "address_string": "12 Long Lane",
        "address_id": "100000000123",
        "first_name": "Ada",
        "last_name": "Example Person",
        "email": "ada@example.com",
        "phone": "07700 900123",
        "attribute[COLOUR]": "blue",
        "attribute[OURS]": "BN-1/1",
    }


async def test_a_request_is_found_by_our_reference_and_no_other(endpoint: Supplier, said_in: str) -> None:
    casework = client(endpoint, said_in)
    for reference in ("BN-1/1", "BN-1/11", "BN-1/2"):
        await casework.create(MISSED, reference)
    found = await casework.find("BN-1/1", BEFORE)
    assert found and found.id == "638000"
    assert await casework.find("BN-1", BEFORE) is None
    assert await casework.find("BN-1/1", datetime.now(UTC) + timedelta(minutes=1)) is None


async def test_what_is_older_than_ninety_days_is_found_in_spans(endpoint: Supplier) -> None:
    casework = client(endpoint)
    case = await casework.create(MISSED, "BN-1/1")
    endpoint.world.made_at(case.id, NOW - timedelta(days=300))
    assert await casework.find("BN-1/1", NOW - timedelta(days=400))
    asked = [path for method, path in endpoint.calls[-10:] if method == "GET"]
    assert len(asked) >= 3


async def test_more_than_the_endpoint_gives_at_once_is_asked_for_in_parts(endpoint: Supplier) -> None:
    casework = client(endpoint, most_bytes=2_000_000)
    await casework.create(MISSED, "wanted")
    row = endpoint.world.requests.pop("638000")
    for number in range(2500):
        at = NOW - timedelta(days=80) + timedelta(minutes=number * 40)
        other = {**row, "service_request_id": str(number), "description": "x", "requested_datetime": at.isoformat()}
        endpoint.world.requests[str(number)] = other
    endpoint.world.requests["638000"] = row
    assert await casework.find("wanted", NOW - timedelta(days=85))


async def test_a_token_is_asked_for_until_it_has_a_number(endpoint: Supplier, said_in: str) -> None:
    endpoint.world.batch = 3
    case = await client(endpoint, said_in).create(MISSED, "BN-1/1")
    assert case.id == case.handle == "638000"
    assert [path for _, path in endpoint.calls].count(f"/tokens/t-638000.{said_in}") == 4


async def test_a_token_that_stays_one_is_the_cases_handle_until_later(endpoint: Supplier, said_in: str) -> None:
    endpoint.world.batch = 6
    casework = client(endpoint, said_in)
    case = await casework.create(MISSED, "BN-1/1")
    assert (case.handle, case.id, case.state) == ("token/t-638000", None, "received")
    assert (await casework.status(case.handle)).id is None
    assert (await casework.status(case.handle)).id == "638000"
    assert (await casework.update("token/t-638000", CaseNote("n-1", "x", NOW))).id == "theirs-n-1"


async def test_what_gets_no_number_is_known_by_our_reference_until_the_list_has_it(
    endpoint: Supplier, said_in: str
) -> None:
    endpoint.world.blackbox, endpoint.world.listed = True, False
    casework = client(endpoint, said_in)
    case = await casework.create(MISSED, "BN-1/1")
    assert (case.handle, case.id, case.note) == ("ours/BN-1/1", None, "Thank you")
    assert (await casework.status(case.handle)).state == "received"
    endpoint.world.requests |= {number: kept["row"] for number, kept in endpoint.world.tokens.items()}
    assert (await casework.status(case.handle)).id == "638000"


async def test_what_nobody_could_find_again_is_not_made_again(endpoint: Supplier, said_in: str) -> None:
    endpoint.world.blackbox, endpoint.world.listed = True, False
    casework = client(endpoint, said_in, listed=False)
    endpoint.fail("lost")
    with pytest.raises(RequestRefused):
        await casework.create(MISSED, "BN-1/1")
    with pytest.raises(NotOffered):
        await casework.find("BN-1/1", BEFORE)
    assert len(endpoint.world.forms) == 1


async def test_a_post_is_a_form_in_utf_8(endpoint: Supplier) -> None:
    await client(endpoint, look_first=False).create(CaseRequest("missed_bin", "Zażółć €", NOW, HERE), "1")
    assert endpoint.headers[-1]["content-type"] == "application/x-www-form-urlencoded; charset=utf-8"
    assert endpoint.world.forms[0]["description"].startswith("Zażółć €")


@pytest.mark.parametrize(
    ("word", "state"),
    [("open", "received"), ("CLOSED", "done"), ("in_progress", "in_progress"), ("Investigating", "looking"),
     ("action_scheduled", "planned"), ("not_councils_responsibility", "not_ours"), ("duplicate", "duplicate"),
     ("no_further_action", "no_action"), ("quantum", "looking"), ("", "looking")],
)  # fmt: skip
async def test_a_state_is_told_in_our_words(endpoint: Supplier, word: str, state: str) -> None:
    casework = client(endpoint)
    case = await casework.create(MISSED, "BN-1/1")
    endpoint.world.requests[case.id] |= {"status": word, "status_notes": "Crew sent"}
    now = await casework.status(case.handle)
    assert (now.state, now.note) == (state, "Crew sent")


async def test_what_we_add_is_an_update_and_what_they_add_comes_back(endpoint: Supplier, said_in: str) -> None:
    casework = client(endpoint, said_in)
    case = await casework.create(MISSED, "BN-1/1")
    note = CaseNote("BN-1/note-1", "It is still there", NOW, "received")
    assert (await casework.update(case.handle, note)).id == "theirs-BN-1/note-1"
    at = (NOW + timedelta(seconds=5)).isoformat()
    theirs = {"service_request_id": case.id, "update_id": "9", "status": "fixed", "updated_datetime": at}
    endpoint.world.updates += [{**theirs, "description": "Returned & collected"}, {**theirs, "update_id": ""}]
    updates = await casework.updates(BEFORE, NOW + timedelta(hours=1))
    assert [(one.id, one.state, one.text) for one in updates] == [
        ("BN-1/note-1", "received", "It is still there"),
        ("9", "done", "Returned & collected"),
    ]


async def test_an_endpoint_without_the_extension_offers_no_updates(endpoint: Supplier) -> None:
    casework = client(endpoint, extended=False)
    case = await casework.create(MISSED, "BN-1/1")
    with pytest.raises(NotOffered):
        await casework.update(case.handle, CaseNote("1", "x", NOW))
    with pytest.raises(NotOffered):
        await casework.updates(BEFORE, NOW)


async def test_what_may_be_reported_is_listed_with_its_questions(endpoint: Supplier, said_in: str) -> None:
    casework = client(endpoint, said_in)
    assert [row["service_code"] for row in await casework.services()] == ["BIN", "POT"]
    first, second = await casework.attributes("BIN")
    assert first == translate.Attribute(
        code="COLOUR",
        description="Which bin?",
        datatype="singlevaluelist",
        required=True,
        asked=True,
        order=1,
        help="The lid's colour",
        options=(("1", "Blue & white"), ("B", "Black")),
    )
    assert (second.code, second.asked, second.required, second.options) == ("READ", False, False, ())
    assert [row["type"] for row in await casework.discovery()] == ["production"]


class TestErrors:
    """GeoReport's errors: 400 for what was not provided or failed, 403 for a key, 404 for what is not found."""

    async def test_a_wrong_key(self, endpoint: Supplier, said_in: str) -> None:
        with pytest.raises(KeyRefused):
            await client(endpoint, said_in, api_key="wrong").create(MISSED, "1")

    async def test_no_key(self, endpoint: Supplier, said_in: str) -> None:
        with pytest.raises(KeyRefused):
            await client(endpoint, said_in, api_key=None).create(MISSED, "1")

    async def test_a_service_code_that_is_not_there(self, endpoint: Supplier, said_in: str) -> None:
        with pytest.raises(RequestRefused, match="NONE"):
            await client(endpoint, said_in).create(CaseRequest("not_there", "x", NOW, HERE), "1")
        with pytest.raises(NotKnown):
            await client(endpoint, said_in).attributes("NONE")

    async def test_a_service_that_the_settings_lack(self, endpoint: Supplier) -> None:
        with pytest.raises(WrongSettings, match="parks"):
            await client(endpoint).create(CaseRequest("parks", "x", NOW, HERE), "1")
        assert not endpoint.calls

    async def test_no_place_and_of_several_errors_the_codes_are_kept_and_no_sentence(
        self, endpoint: Supplier, said_in: str
    ) -> None:
        with pytest.raises(RequestRefused) as raised:
            await client(endpoint, said_in).create(CaseRequest("missed_bin", "x", NOW), "1")
        assert raised.value.codes == ("no_place", "said") and "Ada" not in str(raised.value)

    async def test_another_jurisdiction(self, endpoint: Supplier, said_in: str) -> None:
        elsewhere = client(endpoint, said_in, jurisdiction_id="elsewhere.example", look_first=False)
        with pytest.raises(RequestRefused):
            await elsewhere.create(MISSED, "1")
        for asking in (elsewhere.services(), elsewhere.status("1"), elsewhere.status("token/1"),
                       elsewhere.find("1", BEFORE), elsewhere.updates(BEFORE, NOW)):  # fmt: skip
            with pytest.raises(NotKnown):
                await asking

    async def test_no_jurisdiction(self, endpoint: Supplier, said_in: str) -> None:
        nowhere = client(endpoint, said_in, jurisdiction_id="", look_first=False)
        for asking in (nowhere.create(MISSED, "1"), nowhere.services(), nowhere.attributes("BIN"), nowhere.status("1"),
                       nowhere.status("token/1"), nowhere.find("1", BEFORE)):  # fmt: skip
            with pytest.raises(RequestRefused):
                await asking

    @pytest.mark.parametrize("handle", ["999", "token/999", "../services", "a/b", "%2e%2e"])
    async def test_a_request_or_token_that_is_not_there(self, endpoint: Supplier, said_in: str, handle: str) -> None:
        with pytest.raises(NotKnown):
            await client(endpoint, said_in).status(handle)


@given(st.dictionaries(st.sampled_from(["service_request_id", "update_id", "status", "updated_datetime"]), st.text()))
def test_an_update_is_read_whole_or_not_at_all(row: dict[str, str]) -> None:
    update = translate.update_of(row)
    assert update is None or isinstance(update, CaseUpdate)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<a>",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        b"\xff\xfe<\x00a\x00/\x00>\x00",
        b"<a>" * 80 + b"</a>" * 80,
    ],
)
async def test_xml_that_we_do_not_read_is_not_read(endpoint: Supplier, body: bytes) -> None:
    from connectors.xml import NotPlainXml, parse

    with pytest.raises(NotPlainXml):
        parse(body)


@pytest.mark.parametrize("written_in", ["xml", "json"])
async def test_a_client_that_others_wrote_reads_this_endpoint_as_ours_does(endpoint: Supplier, written_in: str) -> None:
    ours = client(endpoint, written_in)
    cases = [await ours.create(MISSED, reference) for reference in ("BN-1/1", "BN-1/2")]
    theirs = GeoReport(endpoint.url, jurisdiction="council.example", output_format=written_in)
    services = await asyncio.to_thread(theirs.get_service_list)
    assert [row["service_code"] for row in services] == [row["service_code"] for row in await ours.services()]
    definition = await asyncio.to_thread(theirs.get_service_definition, "BIN")
    asked = definition["attributes"]["attribute"] if written_in == "xml" else definition["attributes"]
    assert {row["code"] for row in asked} == {one.code for one in await ours.attributes("BIN")}
    listed = await asyncio.to_thread(theirs.get_service_requests, status="open")
    assert {str(row["service_request_id"]) for row in listed} == {case.id for case in cases}
    row = await asyncio.to_thread(theirs.get_service_request, cases[0].handle)
    assert row["description"].endswith("Our reference: BN-1/1")
