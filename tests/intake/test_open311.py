"""Our Open311 endpoint: against our own client, against the specification's table of errors, and closed to others."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import httpx2
import pytest
from georeport import GeoReport
from requests import HTTPError
from sqlalchemy import select

from connectors.errors import AnswerUnreadable, KeyRefused, NotKnown, RequestRefused
from connectors.open311 import Open311Casework
from connectors.open311.settings import Settings
from connectors.shapes import CaseRequest, Place, Reporter
from tests.connectors.suppliers.running import QUICK
from tests.connectors.suppliers.server import Supplier, serve
from triage import clock
from triage.database import transaction
from triage.settings import get_settings
from triage.tables import Contact

KEYS = {"fixmystreet": "first-key-for-tests", "another": "second-key-for-tests"}
HOME = "/open311/v2"
NOW = datetime.now(UTC)
BEFORE = NOW - timedelta(hours=1)
PLACE = Place(uprn="100000000123", line="12 Long Lane, N3 1AB", latitude=51.6, longitude=-0.2)
WORDS = "There is an old sofa & a <fridge> by the gate \N{EURO SIGN}"
SOFA = CaseRequest("fly_tipping", WORDS, NOW, PLACE, Reporter("Ada Example", "ada@example.com"), {"size": "a van"})
FORM = {
    "api_key": KEYS["fixmystreet"],
    "service_code": "fly_tipping",
    "address_string": "12 Long Lane",
    "description": "x",
}


@pytest.fixture
async def client(app_client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx2.AsyncClient]:
    monkeypatch.setenv("FRONTDOOR_OPEN311_KEYS", json.dumps(KEYS))
    get_settings.cache_clear()
    yield app_client
    get_settings.cache_clear()


@pytest.fixture
async def endpoint(client: httpx2.AsyncClient) -> AsyncIterator[Supplier]:
    """The whole app at a port of loopback, with what goes wrong between two machines in front of it."""
    async with serve(client._transport.app) as supplier:  # type: ignore[attr-defined]
        supplier.url += HOME
        yield supplier


def casework(endpoint: Supplier, said_in: str = "json", **changes: Any) -> Open311Casework:
    services = {"fly_tipping": "fly_tipping", "council_tax_bill": "council_tax_bill"}
    given = {**QUICK, "read_s": 5, "total_s": 8, "url": endpoint.url, "format": said_in, "services": services}
    return Open311Casework(Settings.model_validate({**given, "api_key": KEYS["fixmystreet"], **changes}))


async def contacts() -> list[Contact]:
    async with transaction() as session:
        return list((await session.scalars(select(Contact).order_by(Contact.arrived_at))).all())


@pytest.mark.parametrize("said_in", ["xml", "json"])
async def test_what_our_client_reports_is_a_contact_and_comes_back_closed(endpoint: Supplier, said_in: str) -> None:
    other_side = casework(endpoint, said_in)
    case = await other_side.create(SOFA, "THEIRS-1")
    (contact,) = await contacts()
    assert contact.reference == case.id == case.handle and contact.channel == "api"
    assert contact.service == "fly_tipping" and contact.text == f"{WORDS}\n\nOur reference: THEIRS-1"
    assert contact.place == "12 Long Lane, N3 1AB" and contact.reply_to == "ada@example.com"
    assert contact.name == "Ada Example" and not contact.messages_ok
    assert contact.details == {
        "Reported through": "fixmystreet",
        "On the map": "51.600000, -0.200000",
        "Property number (UPRN)": "100000000123",
        "size": "a van",
    }
    found = await other_side.find("THEIRS-1", BEFORE)
    assert found and found.handle == case.handle
    assert (await other_side.status(case.handle)).state == "received"
    assert (await other_side.status(f"token/{case.handle}")).id == case.handle
    async with transaction() as session:
        held = await session.get_one(Contact, contact.id)
        held.state, held.closed_at, held.outcome = "closed", clock.now(), "Taken away on Tuesday"
    now = await other_side.status(case.handle)
    assert (now.state, now.note) == ("done", "Taken away on Tuesday")


async def test_what_is_sent_twice_is_stored_once_by_either_way(endpoint: Supplier) -> None:
    for look_first in (True, False):
        other_side = casework(endpoint, look_first=look_first)
        first, second = [await other_side.create(SOFA, f"THEIRS-{look_first}") for _ in range(2)]
        assert first.handle == second.handle
    assert len(await contacts()) == 2


async def test_a_report_whose_answer_was_lost_or_that_came_twice_is_stored_once(endpoint: Supplier) -> None:
    other_side = casework(endpoint, look_first=False)
    endpoint.fail("lost", "half", "twice")
    for _ in range(2):
        with pytest.raises(AnswerUnreadable) as raised:
            await other_side.create(SOFA, "THEIRS-1")
        assert raised.value.maybe_done
    await other_side.create(SOFA, "THEIRS-1")
    assert len(await contacts()) == 1


async def test_another_system_sees_nothing_of_it(endpoint: Supplier) -> None:
    case = await casework(endpoint).create(SOFA, "THEIRS-1")
    another = casework(endpoint, api_key=KEYS["another"])
    assert await another.find("THEIRS-1", BEFORE) is None
    for handle in (case.handle, f"token/{case.handle}"):
        with pytest.raises(NotKnown):
            await another.status(handle)
        with pytest.raises(KeyRefused):
            await casework(endpoint, api_key=None).status(handle)


@pytest.mark.parametrize("said_in", ["xml", "json"])
async def test_what_may_be_reported_is_listed_for_anybody(endpoint: Supplier, said_in: str) -> None:
    anybody = casework(endpoint, said_in, api_key=None)
    services = {row["service_code"]: row for row in await anybody.services()}
    assert services["fly_tipping"]["type"] == "realtime" and services["fly_tipping"]["group"]
    assert "council_tax_bill" not in services and "safeguarding_child" not in services
    assert await anybody.attributes("fly_tipping") == []
    (home,) = await anybody.discovery()
    assert home["url"].endswith(HOME)


async def test_what_our_client_gets_wrong_is_named_to_it(endpoint: Supplier) -> None:
    with pytest.raises(RequestRefused, match="council_tax_bill"):
        await casework(endpoint).create(CaseRequest("council_tax_bill", "x", NOW, PLACE), "1")
    with pytest.raises(RequestRefused):
        await casework(endpoint).create(CaseRequest("fly_tipping", "x", NOW), "1")
    with pytest.raises(KeyRefused):
        await casework(endpoint, api_key="wrong", look_first=False).create(SOFA, "1")
    assert await contacts() == []


async def test_a_number_that_is_not_there_or_another_systems_key(client: httpx2.AsyncClient) -> None:
    for path in ("/requests/BN-2222-3333", "/requests/x", "/tokens/BN-2222-3333"):
        for key, status in ((KEYS["fixmystreet"], 404), ("wrong", 403)):
            answer = await client.get(f"{HOME}{path}.json", headers={"X-Api-Key": key})
            (error,) = answer.json()
            assert answer.status_code == error["code"] == status and error["description"]


async def test_requests_are_found_by_number_service_time_and_status(client: httpx2.AsyncClient) -> None:
    numbers = []
    for code in ("fly_tipping", "pothole"):
        answer = await client.post(f"{HOME}/requests.json", data=FORM | {"service_code": code})
        assert answer.status_code == 200, answer.text
        numbers.append(answer.json()[0]["service_request_id"])

    async def found(**asked: str) -> set[str]:
        headers = {"X-Api-Key": KEYS["fixmystreet"]}
        answer = await client.get(f"{HOME}/requests.json", params=asked, headers=headers)
        return {row["service_request_id"] for row in answer.json()}

    assert await found() == set(numbers)
    assert await found(service_code="pothole") == {numbers[1]}
    assert await found(service_request_id=",".join([numbers[0], "BN-2222-3333"]), service_code="pothole") == {
        numbers[0]
    }
    assert await found(status="closed") == set() and await found(status="open") == set(numbers)
    assert await found(end_date="2026-01-01T00:00:00Z") == set()
    assert await found(start_date=(NOW - timedelta(days=89)).isoformat()) == set(numbers)


async def test_a_danger_is_kept_and_told_whatever_the_form_is_for(client: httpx2.AsyncClient) -> None:
    form = FORM | {"description": "he is hurting me, help, I am at the bins"}
    answer = await client.post(f"{HOME}/requests.json", data=form)
    assert "999" in answer.json()[0]["service_notice"]
    (contact,) = await contacts()
    assert contact.danger


async def test_nothing_that_anybody_posts_is_our_fault(client: httpx2.AsyncClient) -> None:
    odd = [
        "",
        "\x00",
        "\x0b\x1f",
        "ß" * 300,
        "]]>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]>",
        "1e999",
        "-",
        "٣",
        "\ud7ff\U0001f600",
    ]
    names = [
        *FORM,
        "lat",
        "long",
        "email",
        "phone",
        "media_url",
        "attribute[]",
        "attribute[Reported through]",
        "attribute[x][]",
    ]
    picks = random.Random(7)
    for _ in range(150):
        form = FORM | {name: picks.choice(odd) for name in picks.sample(names, 4)}
        form["api_key"] = KEYS["fixmystreet"]
        answer = await client.post(f"{HOME}/requests", data=form)
        assert answer.status_code in (200, 400, 404), answer.text
        ElementTree.fromstring(answer.content)
    listed = await client.get(f"{HOME}/requests.xml", headers={"X-Api-Key": KEYS["fixmystreet"]})
    rows = ElementTree.fromstring(listed.content).findall("request")
    assert len(rows) == len(await contacts()) > 5
    assert {one.details["Reported through"] for one in await contacts()} == {"fixmystreet"}


class WithKey:
    """Between a client that sends no key for reading and our endpoint: a proxy that holds it, as a partner may run."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        key = (b"x-api-key", KEYS["fixmystreet"].encode())
        await self.app({**scope, "headers": [*scope["headers"], key]}, receive, send)


@pytest.mark.parametrize("said_in", ["xml", "json"])
async def test_a_client_that_others_wrote_reads_what_ours_reported(client: httpx2.AsyncClient, said_in: str) -> None:
    async with serve(WithKey(client._transport.app)) as endpoint:  # type: ignore[attr-defined]
        endpoint.url += HOME
        case = await casework(endpoint).create(SOFA, "THEIRS-1")
        await casework(endpoint).create(SOFA, "THEIRS-2")
        theirs = GeoReport(endpoint.url, jurisdiction="barnet", output_format=said_in)
        services = {row["service_code"]: row for row in await asyncio.to_thread(theirs.get_service_list)}
        assert services["fly_tipping"]["metadata"] == ("false" if said_in == "xml" else False)
        definition = await asyncio.to_thread(theirs.get_service_definition, "fly_tipping")
        assert definition["service_code"] == "fly_tipping" and not definition["attributes"]
        row = await asyncio.to_thread(theirs.get_service_request, case.handle)
        assert row["service_request_id"] == case.handle and row["status"] == "open"
        assert row["description"].replace("\r", "") == f"{WORDS}\n\nOur reference: THEIRS-1"
        assert (float(row["lat"]), row["address_id"], row["zipcode"]) == (51.6, "100000000123", "N3 1AB")
        assert datetime.fromisoformat(row["requested_datetime"]).tzinfo
        asked = {"start_date": (NOW - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ"), "status": "open"}
        listed = await asyncio.to_thread(lambda: theirs.get_service_requests(**asked))
        assert len(listed) == 2 and case.handle in {one["service_request_id"] for one in listed}
        with pytest.raises(HTTPError, match="404"):
            await asyncio.to_thread(theirs.get_service_request, "BN-2222-3333")
