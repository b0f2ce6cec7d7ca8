"""A back office that is posted to, and checks what it gets as Standard Webhooks says, by code of its own."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.webhook import WebhookCasework
from connectors.webhook.settings import Settings
from tests.connectors.suppliers.running import QUICK, Running
from tests.connectors.suppliers.server import Supplier, serve

KEY = base64.b64encode(b"a key for tests, of 32 bytes....").decode()


def build(seen: dict[str, Any], secret: str = KEY) -> Starlette:
    """The back office, over what it has taken in, by webhook-id."""

    async def take(request: Request) -> Response:
        body = await request.body()
        post_id, at = request.headers["webhook-id"], request.headers["webhook-timestamp"]
        digest = hmac.digest(base64.b64decode(secret), b".".join([post_id.encode(), at.encode(), body]), hashlib.sha256)
        if f"v1,{base64.b64encode(digest).decode()}" not in request.headers["webhook-signature"].split(" "):
            return Response(status_code=401)
        seen[post_id] = json.loads(body)
        return JSONResponse({"id": f"C-{list(seen).index(post_id) + 1}"})

    return Starlette(routes=[Route("/", take, methods=["POST"])])


def settings(supplier: Supplier, **changes: Any) -> Settings:
    """Settings for this back office."""
    return Settings.model_validate({**QUICK, "url": supplier.url, "key": f"whsec_{KEY}", **changes})


@asynccontextmanager
async def running(kind: str) -> AsyncIterator[Running]:
    """The connector and the back office."""
    seen: dict[str, Any] = {}
    async with serve(build(seen)) as supplier:
        supplier.world = seen
        says = {"any_answer": True, "knows_twice": True}
        yield Running(WebhookCasework(settings(supplier)), supplier, lambda: len(seen), says)
