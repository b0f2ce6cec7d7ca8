"""GOV.UK Pay as its documentation says it is: a key, an Idempotency-Key, codes."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from connectors.govuk_pay import GovukPayPayments
from connectors.govuk_pay.settings import Settings
from tests.connectors.suppliers.running import QUICK, Running
from tests.connectors.suppliers.server import Supplier, serve

KEY = "a-key-for-tests"
EXAMPLE = json.loads((Path(__file__).parent / "fixtures" / "payment.json").read_text())


def build(payments: dict[str, dict[str, Any]]) -> Starlette:
    """The API, over its payments by Idempotency-Key."""

    def no_key(request: Request) -> JSONResponse | None:
        if request.headers.get("authorization") == f"Bearer {KEY}":
            return None
        return JSONResponse({"code": "P0900", "description": "Credentials are required"}, 401)

    async def create(request: Request) -> JSONResponse:
        if refused := no_key(request):
            return refused
        body, once = await request.json(), request.headers["idempotency-key"]
        if body["description"] == "forbidden":
            row = {"field": "description", "code": "P0102", "description": "Invalid attribute value: description"}
            return JSONResponse(row, 422)
        known = payments.get(once)
        if known and known["amount"] != body["amount"]:
            return JSONResponse({"code": "P0191", "description": "The `Idempotency-Key` has been used before"}, 409)
        if known:
            return JSONResponse(known, 200)
        payment = {**EXAMPLE, **body, "payment_id": f"pay{len(payments) + 1}"}
        payments[once] = payment
        return JSONResponse(payment, 201)

    async def status(request: Request) -> JSONResponse:
        if refused := no_key(request):
            return refused
        found = [one for one in payments.values() if one["payment_id"] == request.path_params["id"]]
        return JSONResponse(found[0]) if found else JSONResponse({"code": "P0200", "description": "Not found"}, 404)

    return Starlette(routes=[Route("/v1/payments", create, methods=["POST"]), Route("/v1/payments/{id}", status)])


def settings(supplier: Supplier, **changes: Any) -> Settings:
    """Settings for this API."""
    return Settings.model_validate({**QUICK, "url": supplier.url, "api_key": KEY, **changes})


@asynccontextmanager
async def running(kind: str) -> AsyncIterator[Running]:
    """The connector, and the supplier that it speaks with."""
    payments: dict[str, dict[str, Any]] = {}
    async with serve(build(payments)) as supplier:
        supplier.world = payments
        says = {"knows_twice": True}
        yield Running(GovukPayPayments(settings(supplier)), supplier, lambda: len(payments), says)
