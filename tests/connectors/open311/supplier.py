"""An Open311 endpoint for the conformance suite."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from connectors.open311 import Open311Casework
from connectors.open311.settings import Settings
from tests.connectors.suppliers.georeport import JURISDICTION, KEY, World, build
from tests.connectors.suppliers.running import QUICK, Running
from tests.connectors.suppliers.server import Supplier, serve


def settings(supplier: Supplier, **changes: Any) -> Settings:
    """Settings for the endpoint of these tests, in JSON unless changed."""
    given = {
        **QUICK,
        "url": supplier.url,
        "api_key": KEY,
        "jurisdiction_id": JURISDICTION,
        "format": "json",
        "services": {"missed_bin": "BIN", "pothole": "POT", "not_there": "NONE"},
        "extended": True,
        "token_wait_s": 0.01,
        **changes,
    }
    return Settings.model_validate(given)


@asynccontextmanager
async def running(kind: str) -> AsyncIterator[Running]:
    """The connector, and the supplier that it speaks with."""
    world = World()
    async with serve(build(world)) as supplier:
        supplier.world = world
        yield Running(Open311Casework(settings(supplier)), supplier, lambda: len(world.requests), {"before": 1})
