"""Every figure on a page, and as files."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from triage.access import SignedInOwner
from triage.database import transaction
from triage.metrics import exports
from triage.metrics.figure_pages import files, service
from triage.metrics.room.schemas import View
from triage.metrics.room.service import about
from triage.pages import render
from triage.tables import Agent

router = APIRouter()

Shown = Annotated[View, Query()]


def _page(request: Request, name: str, view: View, owner: Agent, found: object) -> Response:
    return render(
        request,
        name,
        view=view,
        found=found,
        choices=service.choices(view),
        about=about(view),
        owner=owner,
    )


@router.get("/owner/figures", include_in_schema=False)
async def figures_page(request: Request, view: Shown, owner: SignedInOwner) -> Response:
    """Every figure of some months, with what it means."""
    async with transaction() as session:
        found = await service.everything(session, view)
    return _page(request, "metrics/figures.html", view, owner, found)


@router.get("/owner/figures.csv")
async def figures_csv(view: Shown, owner: SignedInOwner) -> Response:
    """The same as CSV."""
    async with transaction() as session:
        found = await service.everything(session, view)
    return exports.download(files.everything_as_csv(found, view.source), f"figures-{view.source}.csv")


@router.get("/owner/figures/{figure}.csv")
async def figure_csv(
    figure: str,
    view: Shown,
    owner: SignedInOwner,
    table: Literal["month", "service", "channel", "partner"] = "month",
) -> Response:
    """One figure as CSV: by month, or of all the months by service, channel or partner."""
    definition = service.definition_of(figure)
    async with transaction() as session:
        span = await service.span_of(session, view)
        if table == "month":
            lines = [line for _, line in await service.series(session, definition, view, span)]
        elif table in service.columns(definition, view):
            lines = list(await service.side(session, definition, view, span, table))
        else:
            lines = []
    text = files.lines_as_csv(definition, table, lines, view.source)
    return exports.download(text, f"{definition.id}-{view.source}-by-{table}.csv")


@router.get("/owner/figures/{figure}", include_in_schema=False)
async def figure_page(request: Request, figure: str, view: Shown, owner: SignedInOwner) -> Response:
    """One figure: over time, side by side, what it is made of and what it leaves out."""
    async with transaction() as session:
        found = await service.one(session, figure, view)
    return _page(request, "metrics/figure.html", view, owner, found)
