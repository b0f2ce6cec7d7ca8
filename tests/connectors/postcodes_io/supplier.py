"""postcodes.io as its documentation says it is."""

import copy
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from connectors.postcodes_io import PostcodesIoAreas
from connectors.postcodes_io.settings import Settings
from tests.connectors.suppliers.running import QUICK, Running
from tests.connectors.suppliers.server import serve

ANSWER = json.loads((Path(__file__).parent / "fixtures" / "n3_1ab.json").read_text())
COUNCILS = {"N3 1AB": "E09000003", "EN5 1AA": "E09000003", "SW1A 2AA": "E09000033"}


async def lookup(request: Request) -> JSONResponse:
    """One postcode."""
    postcode = request.path_params["postcode"]
    if postcode not in COUNCILS:
        return JSONResponse({"status": 404, "error": "Postcode not found"}, 404)
    answer = copy.deepcopy(ANSWER)
    answer["result"]["postcode"] = postcode
    answer["result"]["codes"]["admin_district"] = COUNCILS[postcode]
    return JSONResponse(answer)


@asynccontextmanager
async def running(kind: str) -> AsyncIterator[Running]:
    """The connector, and the supplier that it speaks with."""
    async with serve(Starlette(routes=[Route("/postcodes/{postcode}", lookup)])) as supplier:
        given = {**QUICK, "url": supplier.url, "council": "E09000003", "border": ["EN5"]}
        yield Running(PostcodesIoAreas(Settings.model_validate(given)), supplier, lambda: 0)
