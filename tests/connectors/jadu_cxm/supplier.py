"""Jadu CXM as open311-adapter knows it: a sign-in, cases by type, files, and a filter's summaries by the page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from connectors.jadu_cxm import JaduCasework
from connectors.jadu_cxm.settings import Settings
from tests.connectors.suppliers.running import QUICK, Running
from tests.connectors.suppliers.server import Supplier, serve

KEY, PASSWORD = "a-key-for-tests", "a-password-for-tests"
PAGE = 2


@dataclass
class World:
    """What Jadu holds."""

    token: str = "token-1"
    signed_in: int = 0
    cases: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, dict[str, bytes]] = field(default_factory=dict)


def build(world: World) -> Starlette:
    """The API."""

    def refused(request: Request) -> JSONResponse | None:
        right = (request.headers.get("x-api-key"), request.headers.get("x-api-token")) == (KEY, world.token)
        return None if right else JSONResponse({"error": "Unauthorised"}, 401)

    async def sign_in(request: Request) -> JSONResponse:
        body = await request.json()
        if request.headers.get("x-api-key") != KEY or body != {"username": "frontdoor", "password": PASSWORD}:
            return JSONResponse({"error": "Unauthorised"}, 401)
        world.signed_in += 1
        return JSONResponse({"token": world.token})

    async def create(request: Request) -> JSONResponse:
        if no := refused(request):
            return no
        if request.path_params["case_type"] != "missed-bin":
            return JSONResponse({"error": "No such case type"}, 404)
        reference = f"MB-{100_000 + len(world.cases)}"
        now = datetime.now(UTC).isoformat()
        world.cases[reference] = {
            "reference": reference, "status": {"title": "New"}, "created_at": now, "updated_at": now,
            "told": await request.json(),
        }  # fmt: skip
        return JSONResponse({"reference": reference}, 201)

    async def attach(request: Request) -> JSONResponse:
        if no := refused(request):
            return no
        if request.path_params["reference"] not in world.cases:
            return JSONResponse({"error": "No such case"}, 404)
        form = await request.form()
        kept = world.files.setdefault(request.path_params["reference"], {})
        kept[form["file"].filename] = await form["file"].read()  # type: ignore[union-attr, index]
        return JSONResponse({"attached": True})

    async def summaries(request: Request) -> JSONResponse:
        if no := refused(request):
            return no
        rows = sorted(world.cases.values(), key=lambda row: row["updated_at"], reverse=True)
        begin = (int(request.query_params["page"]) - 1) * PAGE
        items = [{name: row[name] for name in row if name != "told"} for row in rows[begin : begin + PAGE]]
        return JSONResponse({"num_items": len(items), "items": items})

    return Starlette(
        routes=[
            Route("/sign-in", sign_in, methods=["POST"]),
            Route("/{case_type}/case/create", create, methods=["POST"]),
            Route("/case/{reference}/attach", attach, methods=["POST"]),
            Route("/filters/recent/summaries", summaries),
        ]
    )


def settings(supplier: Supplier, **changes: Any) -> Settings:
    """Settings for this API."""
    given = {
        **QUICK,
        "url": supplier.url,
        "api_key": KEY,
        "username": "frontdoor",
        "password": PASSWORD,
        "case_types": {"missed_bin": "missed-bin", "fly_tipping": "not-there"},
        "filter": "recent",
        "states": {"New": "received", "Crew assigned": "in_progress", "Closed": "done"},
        **changes,
    }
    return Settings.model_validate(given)


@asynccontextmanager
async def running(kind: str) -> AsyncIterator[Running]:
    """The connector, and the supplier that it speaks with."""
    world = World()
    async with serve(build(world)) as supplier:
        supplier.world = world
        yield Running(JaduCasework(settings(supplier)), supplier, lambda: len(world.cases), {"before": 1})
