"""GeoReport's table of errors, in every format, and what needs no database: the router alone in an app of its own."""

import json
from collections.abc import AsyncIterator
from xml.etree import ElementTree

import httpx2
import pytest
from fastapi import FastAPI

from triage import faults
from triage.intake import open311_endpoints
from triage.settings import get_settings

HOME = "/open311/v2"
KEY = "first-key-for-tests"
FORM = {"api_key": KEY, "service_code": "fly_tipping", "address_string": "12 Long Lane", "description": "x"}
# Of what is asked wrongly: the call, what differs from what is right, and the status.
ERRORS = [
    ("POST", "/requests", {"api_key": ""}, 403),
    ("POST", "/requests", {"api_key": "wrong"}, 403),
    ("POST", "/requests", {"service_code": ""}, 400),
    ("POST", "/requests", {"service_code": "nothing"}, 404),
    ("POST", "/requests", {"service_code": "council_tax_bill"}, 404),
    ("POST", "/requests", {"jurisdiction_id": "elsewhere.example"}, 404),
    ("POST", "/requests", {"address_string": ""}, 400),
    ("POST", "/requests", {"lat": "north", "long": "1"}, 400),
    ("POST", "/requests", {"lat": "51"}, 400),
    ("POST", "/requests", {"lat": "91", "long": "0"}, 400),
    ("POST", "/requests", {"lat": "nan", "long": "0"}, 400),
    ("POST", "/requests", {"description": "x" * 5000}, 400),
    ("POST", "/requests", {"attribute[a]": "x" * 501}, 400),
    ("GET", "/services", {"jurisdiction_id": "elsewhere.example"}, 404),
    ("GET", "/services/nothing", {}, 404),
    ("GET", "/services/fly_tipping", {"jurisdiction_id": "elsewhere.example"}, 404),
    ("GET", "/requests", {"api_key": ""}, 403),
    ("GET", "/requests", {"jurisdiction_id": "elsewhere.example"}, 404),
    ("GET", "/requests", {"start_date": "yesterday"}, 400),
    ("GET", "/requests", {"start_date": "2026-11-01T00:00:00"}, 400),
    ("GET", "/requests", {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-11-01T00:00:00Z"}, 400),
    ("GET", "/requests", {"status": "somewhere"}, 400),
    ("GET", "/requests/BN-2222-3333", {"api_key": "wrong"}, 403),
    ("GET", "/tokens/BN-2222-3333", {"api_key": ""}, 403),
    ("GET", "/tokens/BN-2222-3333", {"jurisdiction_id": "elsewhere.example"}, 404),
]


@pytest.fixture
async def client(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx2.AsyncClient]:
    monkeypatch.setenv("FRONTDOOR_OPEN311_KEYS", json.dumps({"fixmystreet": KEY, "nobody": ""}))
    get_settings.cache_clear()
    app = FastAPI()
    faults.install(app)
    app.include_router(open311_endpoints.router)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="https://testserver") as one:
        yield one
    get_settings.cache_clear()


@pytest.mark.parametrize(("method", "path", "changes", "status"), ERRORS)
async def test_what_is_not_right_has_its_code_in_every_format(
    client: httpx2.AsyncClient, method: str, path: str, changes: dict[str, str], status: int
) -> None:
    for ending in ("", ".xml", ".json"):
        if method == "POST":
            answer = await client.post(HOME + path + ending, data=FORM | changes)
        else:
            headers = {"X-Api-Key": changes.get("api_key", KEY)}
            asked = {name: value for name, value in changes.items() if name != "api_key"}
            answer = await client.get(HOME + path + ending, params=asked, headers=headers)
        assert answer.status_code == status, answer.text
        assert answer.headers["cache-control"] == "no-store"
        if ending == ".json":
            (error,) = answer.json()
            assert error["code"] == status and error["description"]
        else:
            assert answer.headers["content-type"] == "text/xml; charset=utf-8"
            root = ElementTree.fromstring(answer.content)
            assert root.tag == "errors" and root.findtext("error/code") == str(status)


@pytest.mark.parametrize(
    ("method", "path", "status", "allowed"),
    [
        ("GET", "/nothing", 404, None),
        ("GET", "/requests/BN-2222-3333/more", 404, None),
        ("DELETE", "/requests", 405, "GET, POST"),
        ("PUT", "/requests/BN-2222-3333", 405, "GET"),
        ("POST", "/services", 405, "GET"),
    ],
)
async def test_a_call_that_there_is_not_has_its_code_in_every_format(
    client: httpx2.AsyncClient, method: str, path: str, status: int, allowed: str | None
) -> None:
    headers = {"X-Api-Key": KEY} if method != "GET" else {}
    answer = await client.request(method, HOME + path + ".json", headers=headers)
    assert (answer.status_code, answer.json()[0]["code"], answer.headers.get("allow")) == (status, status, allowed)
    answer = await client.request(method, HOME + path + ".xml", headers=headers)
    assert ElementTree.fromstring(answer.content).findtext("error/code") == str(status)


async def test_json_has_true_false_null_and_numbers_as_the_specification_does(client: httpx2.AsyncClient) -> None:
    service = (await client.get(f"{HOME}/services.json")).json()[0]
    assert (service["metadata"], service["keywords"]) == (False, None)
    whole = ElementTree.fromstring((await client.get(f"{HOME}/services.xml")).content)
    assert (whole.findtext("service/metadata"), whole.findtext("service/keywords")) == ("false", "")


async def test_a_key_in_the_address_is_no_key(client: httpx2.AsyncClient) -> None:
    assert (await client.get(f"{HOME}/requests", params={"api_key": KEY})).status_code == 403


async def test_a_form_that_is_none_is_not_right(client: httpx2.AsyncClient) -> None:
    headers = {"X-Api-Key": KEY, "Content-Type": "multipart/form-data; boundary=x"}
    answer = await client.post(f"{HOME}/requests.json", content=b"--x\r\nnot a form", headers=headers)
    assert answer.status_code == 400 and answer.json()[0]["code"] == 400


async def test_anybody_may_know_what_can_be_reported(client: httpx2.AsyncClient) -> None:
    listed = (await client.get(f"{HOME}/services.json")).json()
    assert {"fly_tipping", "pothole", "missed_bin"} <= {row["service_code"] for row in listed}
    assert not {"safeguarding_child", "council_tax_bill", "homelessness"} & {row["service_code"] for row in listed}
    whole = ElementTree.fromstring((await client.get(f"{HOME}/services.xml")).content)
    assert len(whole.findall("service")) == len(listed)
    assert (await client.get(f"{HOME}/services/pothole.json")).json() == {"service_code": "pothole", "attributes": []}
    home = (await client.get(f"{HOME}/discovery.json")).json()
    assert home["endpoints"][0]["url"].endswith(HOME)
    there = ElementTree.fromstring((await client.get(f"{HOME}/discovery")).content)
    assert there.findtext("endpoints/endpoint/formats/format") == "text/xml; charset=utf-8"
