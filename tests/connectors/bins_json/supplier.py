"""A JSON feed of one property's days."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from connectors.bins_json import JsonCollections
from connectors.bins_json.settings import Settings
from tests.connectors.suppliers import feed
from tests.connectors.suppliers.running import QUICK, Running
from tests.connectors.suppliers.server import serve

BODY = json.dumps(
    {
        "bins": [
            {"type": name, "collectionDate": f"{day:%d/%m/%Y}"}
            for name, weeks in feed.NAMES.items()
            for day in feed.days(weeks)
        ]
    }
)


@asynccontextmanager
async def running(kind: str) -> AsyncIterator[Running]:
    """The connector, and the supplier that it speaks with."""
    async with serve(feed.build(BODY, "application/json", "json")) as supplier:
        settings = Settings.model_validate({**QUICK, "url": supplier.url, "streams": feed.STREAMS})
        yield Running(JsonCollections(settings), supplier, lambda: 0)
