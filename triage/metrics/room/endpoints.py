"""The owner's page, its files, and what an owner keeps there."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from triage import clock
from triage.access import SignedInOwner
from triage.database import transaction
from triage.errors import Invalid
from triage.metrics import exports
from triage.metrics.asked import Shown, possible_table
from triage.metrics.figures import ALL
from triage.metrics.groups.files import as_file
from triage.metrics.room import keeping, service, summaries, ward
from triage.metrics.room.files import months_as_csv
from triage.metrics.room.schemas import EXAMPLES, KINDS, Kind, View
from triage.pages import render

router = APIRouter()

Words = Annotated[str, Form()]


def _back(view: View, place: str) -> RedirectResponse:
    return RedirectResponse(f"/owner{view.address()}#{place}", status_code=303)


async def _page(request: Request, view: View, owner: SignedInOwner, fault: str = "", typed: str = "") -> Response:
    if view.ward:
        return await _ward_page(request, view, owner, fault)
    async with transaction() as session:
        found = await service.room(session, view, owner)
        trouble = await summaries.trouble(session, owner.id)
    return render(
        request,
        "metrics/room.html",
        status=422 if fault else 200,
        view=view,
        found=found,
        kinds=KINDS,
        examples=EXAMPLES,
        names=service.NAMES,
        about=service.about(view),
        fault=fault,
        typed=typed,
        trouble=trouble,
        this_month=f"{clock.today():%Y-%m}",
        owner=owner,
    )


async def _ward_page(request: Request, view: View, owner: SignedInOwner, fault: str) -> Response:
    async with transaction() as session:
        found = await ward.ward_room(session, view, owner)
    return render(
        request,
        "metrics/room_ward.html",
        status=422 if fault else 200,
        view=view,
        found=found,
        about=service.about(view),
        fault=fault,
        owner=owner,
    )


@router.get("/owner", include_in_schema=False)
async def owner_page(request: Request, view: Shown, owner: SignedInOwner) -> Response:
    """Where we are, whether it is changing, why, and what to do."""
    return await _page(request, view, owner)


@router.get("/owner/satisfaction.csv")
async def owner_csv(
    view: Shown,
    owner: SignedInOwner,
    table: Literal["period", "month", "service", "queue", "partner", "channel"] = "period",
) -> Response:
    """The tables of the same view as CSV: by period, by month with the chart's limits, or the newest period by part."""
    possible_table(view, table)
    if view.ward:
        return await _ward_csv(view, table)
    async with transaction() as session:
        if table == "month":
            months, notes = await service.months(session, view)
            noted = await service.numbered(session, notes)
            text = months_as_csv(months, noted, view.source)
        elif table == "period":
            text = exports.rows_as_csv(await service.by_period(session, view), table, view.source)
        else:
            parts = next((one.rows for one in await service.tables(session, view) if one.kind == table), ())
            text = exports.rows_as_csv(parts, table, view.source)
    return exports.download(text, f"satisfaction-{view.source}-by-{view.by if table == 'period' else table}.csv")


async def _ward_csv(view: View, table: str) -> Response:
    why = ward.why_not(view)
    if table not in ("period", "service"):
        why = why or "Of a ward there are its whole quarters and its services, and no other table."
    if why:
        raise Invalid(why)
    async with transaction() as session:
        lines = await ward.lines_of(session, view, table)
    named = ((f"ward {view.ward}, by {table}", quarter, view.service, line) for quarter, line in lines)
    return exports.download(as_file(ALL["satisfaction"], named), f"satisfaction-of-a-ward-by-{table}.csv")


@router.post("/owner/notes", include_in_schema=False)
async def write_note(
    request: Request,
    view: Shown,
    owner: SignedInOwner,
    words: Words = "",
    month: Words = "",
    kind: Annotated[Kind, Form()] = "event",
    change: Annotated[bool, Form()] = False,
) -> Response:
    """Write a note on the chart of this view."""
    try:
        day = date.fromisoformat(f"{month.strip()}-01")
    except ValueError:
        return await _page(request, view, owner, "Give the month as a year and a month, such as 2016-03.", words)
    try:
        async with transaction() as session:
            await keeping.write_note(session, owner, request, view, day, words, kind, change)
    except Invalid as fault:
        return await _page(request, view, owner, fault.detail, words)
    return _back(view, "notes")


@router.post("/owner/notes/{note_id}/remove", include_in_schema=False)
async def remove_note(request: Request, note_id: UUID, view: Shown, owner: SignedInOwner) -> Response:
    """Take a note off the chart."""
    async with transaction() as session:
        await keeping.remove_note(session, owner, request, note_id)
    return _back(view, "notes")


@router.post("/owner/views", include_in_schema=False)
async def save_view(request: Request, view: Shown, owner: SignedInOwner, name: Words = "") -> Response:
    """Keep this view under a name."""
    try:
        async with transaction() as session:
            await keeping.save_view(session, owner, view, name)
    except Invalid as fault:
        return await _page(request, view, owner, fault.detail)
    return _back(view, "views")


@router.post("/owner/views/{view_id}/remove", include_in_schema=False)
async def remove_view(view_id: UUID, view: Shown, owner: SignedInOwner) -> Response:
    """Remove a view that one has kept."""
    async with transaction() as session:
        await keeping.remove_view(session, owner, view_id)
    return _back(view, "views")


@router.post("/owner/summary", include_in_schema=False)
async def ask_for_summary(request: Request, view: Shown, owner: SignedInOwner, email: Words = "") -> Response:
    """Send the summary of this view each month."""
    try:
        async with transaction() as session:
            await keeping.ask_for_summary(session, owner, request, view, email)
    except Invalid as fault:
        return await _page(request, view, owner, fault.detail)
    return _back(view, "summary")


@router.post("/owner/summary/stop", include_in_schema=False)
async def stop_summary(request: Request, view: Shown, owner: SignedInOwner) -> Response:
    """Send no summary any more."""
    async with transaction() as session:
        await keeping.stop_summary(session, owner, request)
    return _back(view, "summary")
