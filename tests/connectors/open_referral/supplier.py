"""A directory that speaks Open Referral UK 3.0."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from connectors.open_referral import OpenReferralCommunityDirectory
from connectors.open_referral.settings import Settings
from tests.connectors.suppliers.running import QUICK, Running
from tests.connectors.suppliers.server import serve

PAGE = json.loads((Path(__file__).parent / "fixtures" / "services.json").read_text())
SERVICES = PAGE["contents"]


async def listed(request: Request) -> JSONResponse:
    """A page of what fits."""
    asked = request.query_params
    fitting = (
        [one for one in SERVICES if asked["search"].lower() in one["name"].lower()] if asked["page"] == "1" else []
    )
    return JSONResponse({**PAGE, "contents": fitting, "size": len(fitting), "empty": not fitting})


async def one(request: Request) -> JSONResponse:
    """One service."""
    found = [one for one in SERVICES if one["id"] == request.path_params["id"]]
    return JSONResponse(found[0]) if found else JSONResponse({"detail": "Not found"}, 404)


@asynccontextmanager
async def running(kind: str) -> AsyncIterator[Running]:
    """The connector, and the supplier that it speaks with."""
    async with serve(Starlette(routes=[Route("/services", listed), Route("/services/{id}", one)])) as supplier:
        settings = Settings.model_validate({**QUICK, "url": supplier.url, "name": "Example directory"})
        yield Running(OpenReferralCommunityDirectory(settings), supplier, lambda: 0)
