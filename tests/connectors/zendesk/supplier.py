"""Zendesk as its documentation says it is, on loopback, for the conformance suite."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from connectors.zendesk import ZendeskCasework
from connectors.zendesk.settings import Settings
from tests.connectors.suppliers.running import QUICK, Running
from tests.connectors.suppliers.server import serve

ACCOUNT = "agent@example.com/token:a-token-for-tests"
PAGE = 2


def build(kept: list[dict[str, Any]], keys: dict[str, dict[str, Any]]) -> Starlette:
    """The supplier, over its tickets and the keys that it remembers."""

    def refused(request: Request) -> JSONResponse | None:
        right = f"Basic {base64.b64encode(ACCOUNT.encode()).decode()}"
        if request.headers.get("authorization") == right:
            return None
        return JSONResponse({"error": "Couldn't authenticate you"}, 401)

    async def tickets(request: Request) -> JSONResponse:
        if no := refused(request):
            return no
        if request.method == "GET":
            return JSONResponse(
                {"tickets": [one for one in kept if one["external_id"] == request.query_params["external_id"]]}
            )
        key, body = request.headers["idempotency-key"], (await request.json())["ticket"]
        if not body["comment"]["body"].strip():
            return JSONResponse(
                {"error": "RecordInvalid", "description": "Record validation errors", "details": {}}, 422
            )
        if key not in keys:
            now = datetime.now(UTC).isoformat(timespec="seconds")
            row = {**body, "id": 35436 + len(kept), "status": "new", "created_at": now, "updated_at": now}
            kept.append(row)
            keys[key] = row
        return JSONResponse({"ticket": keys[key]}, 201)

    async def one(request: Request) -> JSONResponse:
        if no := refused(request):
            return no
        found = [row for row in kept if str(row["id"]) == request.path_params["id"]]
        return JSONResponse({"ticket": found[0]}) if found else JSONResponse({"error": "RecordNotFound"}, 404)

    async def changed(request: Request) -> JSONResponse:
        if no := refused(request):
            return no
        asked = request.query_params
        start, begin = asked["cursor"].split("-") if "cursor" in asked else (asked["start_time"], "0")
        rows = [row for row in kept if datetime.fromisoformat(row["updated_at"]).timestamp() >= int(start)]
        page, after = rows[int(begin) : int(begin) + PAGE], int(begin) + PAGE
        return JSONResponse({"tickets": page, "after_cursor": f"{start}-{after}", "end_of_stream": after >= len(rows)})

    return Starlette(
        routes=[
            Route("/api/v2/tickets.json", tickets, methods=["GET", "POST"]),
            Route("/api/v2/tickets/{id}.json", one),
            Route("/api/v2/incremental/tickets/cursor.json", changed),
        ]
    )


@asynccontextmanager
async def running(kind: str) -> AsyncIterator[Running]:
    """The connector, and the supplier that it speaks with."""
    kept: list[dict[str, Any]] = []
    async with serve(build(kept, {})) as supplier:
        supplier.world = kept
        email, token = ACCOUNT.split("/token:")
        settings = Settings.model_validate({**QUICK, "url": supplier.url, "email": email, "api_token": token})
        yield Running(ZendeskCasework(settings), supplier, lambda: len(kept), {"before": 1, "knows_twice": True})
