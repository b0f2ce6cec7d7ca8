"""OS Places as its documentation says it is: DPA records, a key, 400 for a postcode that cannot be."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from connectors.os_places import OsPlacesAddresses, OsPlacesAreas
from connectors.os_places.settings import Settings
from tests.connectors.suppliers.running import QUICK, Running
from tests.connectors.suppliers.server import serve

KEY = "a-key-for-tests"
ANSWER = json.loads((Path(__file__).parent / "fixtures" / "postcode.json").read_text())


def record(number: int, postcode: str, custodian: int) -> dict[str, Any]:
    """One property."""
    return {
        "UPRN": str(int.from_bytes(f"{postcode}".encode()[:4]) % 10**6 * 1000 + number),
        "ADDRESS": f"{number}, EXAMPLE ROAD, LONDON, {postcode}",
        "BUILDING_NUMBER": str(number),
        "POSTCODE": postcode,
        "LOCAL_CUSTODIAN_CODE": custodian,
        "LAT": 51.6,
        "LNG": -0.2,
    }


PROPERTIES = [record(number, "N3 1AB", 5090) for number in range(2, 60, 2)]
PROPERTIES += [record(10, "SW1A 2AA", 5990), record(1, "EN5 1AA", 5090), record(2, "EN5 1AA", 1915)]


async def search(request: Request) -> JSONResponse:
    """By postcode or by UPRN."""
    asked = request.query_params
    if request.headers.get("key") != KEY:
        return JSONResponse({"fault": {"faultstring": "Invalid ApiKey"}}, 401)
    if asked["dataset"] != "DPA" or int(asked.get("maxresults", "100")) > 100:
        return JSONResponse({"error": {"statuscode": 400, "message": "Parameter is not valid"}}, 400)
    by = "UPRN" if request.url.path.endswith("uprn") else "POSTCODE"
    if by == "POSTCODE" and asked["postcode"].startswith("ZZ"):
        return JSONResponse({"error": {"statuscode": 400, "message": "Requested postcode is not valid"}}, 400)
    found = [{"DPA": row} for row in PROPERTIES if row[by] == asked[by.lower()]]
    header = {**ANSWER["header"], "totalresults": len(found)}
    return JSONResponse({"header": header, "results": found} if found else {"header": header})


@asynccontextmanager
async def running(kind: str) -> AsyncIterator[Running]:
    """The connector, and the supplier that it speaks with."""
    app = Starlette(routes=[Route("/postcode", search), Route("/uprn", search)])
    async with serve(app) as supplier:
        settings = Settings.model_validate({**QUICK, "url": supplier.url, "api_key": KEY, "custodian_code": 5090})
        made = OsPlacesAddresses(settings) if kind == "addresses" else OsPlacesAreas(settings)
        yield Running(made, supplier, lambda: 0)
