"""Notify as its documentation says it is: checks the token, keeps what was sent, holds nobody to a reference."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from joserfc import errors, jwt
from joserfc.jwk import OctKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from connectors.govuk_notify import NotifyMessages
from connectors.govuk_notify.settings import Settings
from tests.connectors.suppliers.running import QUICK, Running
from tests.connectors.suppliers.server import Supplier, serve

SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"for-tests-{SERVICE}-{SECRET}"
TEMPLATES = {"email": "e-template", "sms": "s-template", "letter": "l-template"}


def problem(status: int, error: str, message: str) -> JSONResponse:
    """An error as Notify writes it."""
    return JSONResponse({"status_code": status, "errors": [{"error": error, "message": message}]}, status)


def build(sent: list[dict[str, Any]]) -> Starlette:
    """The API, over what was sent."""

    def refuse(request: Request) -> JSONResponse | None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, OctKey.import_key(SECRET), algorithms=["HS256"]).claims
        except (errors.JoseError, ValueError):
            return problem(403, "AuthError", "Invalid token: API key not found")
        if claims["iss"] != SERVICE or abs(claims["iat"] - time.time()) > 30:
            return problem(403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds")
        return None

    async def send(request: Request) -> JSONResponse:
        if refused := refuse(request):
            return refused
        way, body = request.path_params["way"], await request.json()
        if body["template_id"] != TEMPLATES[way]:
            return problem(400, "BadRequestError", "Template not found")
        to = body.get("email_address") or body.get("phone_number") or body["personalisation"].get("address_line_1")
        if to == "stopped@example.com":
            return problem(400, "ValidationError", "email_address Not a valid email address")
        if body["personalisation"].get("text") == "too many":
            return problem(429, "TooManyRequestsError", "Exceeded send limits (250000) for today")
        row = {"id": str(uuid4()), "reference": body.get("reference"), "status": "created", "type": way, "body": body,
               "created_at": "2026-11-26T09:00:00.000000Z", "completed_at": None}  # fmt: skip
        sent.append(row)
        kept = {name: row[name] for name in ("id", "reference")}
        return JSONResponse({**kept, "uri": f"https://example.com/v2/notifications/{row['id']}"}, 201)

    async def listed(request: Request) -> JSONResponse:
        if refused := refuse(request):
            return refused
        asked = request.query_params
        rows = [row for row in sent if row["reference"] == asked["reference"] and row["type"] == asked["template_type"]]
        return JSONResponse({"notifications": rows[:250], "links": {"current": "/v2/notifications"}})

    async def one(request: Request) -> JSONResponse:
        if refused := refuse(request):
            return refused
        found = [row for row in sent if row["id"] == request.path_params["id"]]
        return JSONResponse(found[0]) if found else problem(404, "NoResultFound", "No result found")

    return Starlette(
        routes=[
            Route("/v2/notifications/{way}", send, methods=["POST"]),
            Route("/v2/notifications", listed),
            Route("/v2/notifications/{id}", one),
        ]
    )


def settings(supplier: Supplier, **changes: Any) -> Settings:
    """Settings for this API."""
    templates = {f"{way}_template": template for way, template in TEMPLATES.items()}
    return Settings.model_validate({**QUICK, "url": supplier.url, "api_key": KEY, **templates, **changes})


@asynccontextmanager
async def running(kind: str) -> AsyncIterator[Running]:
    """The connector and the API."""
    sent: list[dict[str, Any]] = []
    async with serve(build(sent)) as supplier:
        supplier.world = sent
        yield Running(NotifyMessages(settings(supplier)), supplier, lambda: len(sent), {"before": 1})
