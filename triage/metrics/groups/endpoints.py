"""Groups of people beside everybody else: the page and its file."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from triage.access import SignedInOwner
from triage.database import transaction
from triage.metrics import exports
from triage.metrics.groups import files, judging, service
from triage.metrics.groups.cells import FEWEST_OF_SERVICE
from triage.metrics.groups.schemas import GroupView
from triage.metrics.rules import FEWEST
from triage.metrics.service import service_name
from triage.pages import render

router = APIRouter()

Shown = Annotated[GroupView, Query()]


@router.get("/owner/gaps", include_in_schema=False)
async def gaps_page(request: Request, view: Shown, owner: SignedInOwner) -> Response:
    """Each group of people beside everybody who is not in it."""
    async with transaction() as session:
        found = await service.gaps(session, view)
    return render(
        request,
        "metrics/gaps.html",
        view=view,
        found=found,
        about=service_name(view.service) if view.service else "",
        fewest=FEWEST,
        fewest_to_judge=judging.FEWEST_TO_JUDGE,
        fewest_of_service=FEWEST_OF_SERVICE,
        owner=owner,
    )


@router.get("/owner/gaps.csv")
async def gaps_csv(view: Shown, owner: SignedInOwner) -> Response:
    """The same as CSV."""
    async with transaction() as session:
        found = await service.gaps(session, view)
    lines = (
        (table.dimension, found.quarter.code, view.service, line) for table in found.tables for line in table.lines
    )
    mark = "" if view.source == "live" else f"-{view.source}"
    name = f"gaps-{found.definition.id}-{found.quarter.code}{mark}.csv"
    return exports.download(files.as_file(found.definition, lines, view.source), name)
