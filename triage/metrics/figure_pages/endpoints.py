"""Every figure on a page, and as files."""

from typing import Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from triage.access import SignedInOwner
from triage.database import transaction
from triage.errors import Invalid
from triage.metrics import exports
from triage.metrics.asked import Shown, possible_table
from triage.metrics.figure_pages import files, service
from triage.metrics.groups.schemas import GroupView
from triage.metrics.room.rows import BY_QUARTER
from triage.metrics.room.schemas import View
from triage.metrics.room.service import about
from triage.metrics.room.ward import why_not
from triage.pages import render
from triage.tables import Agent

router = APIRouter()


def _page(request: Request, name: str, view: View, owner: Agent, found: object) -> Response:
    return render(
        request,
        name,
        view=view,
        found=found,
        choices=service.choices(view),
        about=about(view),
        by_quarter=BY_QUARTER,
        owner=owner,
    )


def _refuse_ward(view: View) -> None:
    """Raises Invalid: figures here are by month, and a ward is shown by whole quarters alone (room/ward.py)."""
    if view.ward:
        raise Invalid(f"{why_not(view) or 'Figures of a ward are shown by whole quarters.'} See /owner/gaps.")


def _of_ward(view: View, figure: str = "satisfaction") -> Response:
    """Where a figure of a ward is: with those of all wards, or nowhere, and the reason. Raises Invalid."""
    definition = service.definition_of(figure)
    if not definition.for_groups:
        raise Invalid(f"“{definition.name}” is not counted by ward. Choose all wards, or another figure.")
    if why_not(view):
        return RedirectResponse(f"/owner{view.address()}", status_code=303)
    return RedirectResponse(f"/owner/gaps{GroupView(figure=figure, service=view.service).address()}", status_code=303)


@router.get("/owner/figures", include_in_schema=False)
async def figures_page(request: Request, view: Shown, owner: SignedInOwner) -> Response:
    """Every figure of some months, with what it means."""
    if view.ward:
        return _of_ward(view)
    async with transaction() as session:
        found = await service.everything(session, view)
    return _page(request, "metrics/figures.html", view, owner, found)


@router.get("/owner/figures.csv")
async def figures_csv(view: Shown, owner: SignedInOwner) -> Response:
    """The same as CSV."""
    _refuse_ward(view)
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
    """One figure as CSV: by month, or by quarter where some was counted so; or of all by service, channel, partner."""
    definition = service.definition_of(figure)
    possible_table(view, table)
    _refuse_ward(view)
    async with transaction() as session:
        span = await service.span_of(session, view)
        kind: str = table
        if table == "month":
            kind = await service.rows_by(session, definition, view)
            lines = [line for _, line in await service.series(session, definition, view, span, kind)]
        elif table in service.columns(definition, view):
            lines = list(await service.side(session, definition, view, span, table))
        else:
            lines = []
    text = files.lines_as_csv(definition, kind, lines, view.source)
    return exports.download(text, f"{definition.id}-{view.source}-by-{kind}.csv")


@router.get("/owner/figures/{figure}", include_in_schema=False)
async def figure_page(request: Request, figure: str, view: Shown, owner: SignedInOwner) -> Response:
    """One figure: over time, side by side, what it is made of and what it leaves out."""
    if view.ward:
        return _of_ward(view, figure)
    async with transaction() as session:
        found = await service.one(session, figure, view)
    return _page(request, "metrics/figure.html", view, owner, found)
