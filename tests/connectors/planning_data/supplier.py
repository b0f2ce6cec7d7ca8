"""planning.data.gov.uk as its documentation says it is."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from connectors.planning_data import PlanningDataPlanning
from connectors.planning_data.settings import Settings
from tests.connectors.suppliers.running import QUICK, Running
from tests.connectors.suppliers.server import serve

FOUND = json.loads((Path(__file__).parent / "fixtures" / "entities.json").read_text())["entities"]
APPLICATIONS = [
    {"entity": number, "dataset": "planning-application", "reference": f"26/000{number}/HSE", "start-date": day,
     "description": "Rear extension", "address-text": "1 Example Road", "planning-decision": ""}
    for number, day in ((1, "2026-03-01"), (2, "2026-09-01"), (3, ""))
]  # fmt: skip


async def entities(request: Request) -> JSONResponse:
    """Entities at a point, of the datasets that are named."""
    asked = request.query_params
    here = float(asked["latitude"]) == 51.6 and float(asked["longitude"]) == -0.2 and int(asked["limit"]) <= 500
    wanted = asked.getlist("dataset")
    rows = [row for row in [*FOUND, *APPLICATIONS] if here and row["dataset"] in wanted]
    return JSONResponse({"entities": rows, "links": {}, "count": len(rows)})


@asynccontextmanager
async def running(kind: str) -> AsyncIterator[Running]:
    """The connector, and the supplier that it speaks with."""
    async with serve(Starlette(routes=[Route("/entity.json", entities)])) as supplier:
        settings = Settings.model_validate({**QUICK, "url": supplier.url})
        yield Running(PlanningDataPlanning(settings), supplier, lambda: 0)
