"""The owner's pages of imports: what was brought in, checking a file, counting it, and taking it back."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from triage.access import SignedInOwner
from triage.database import transaction
from triage.errors import Conflict, FrontdoorError, Invalid, TooLarge
from triage.metrics.importing import service
from triage.metrics.importing.layouts import LAYOUTS
from triage.metrics.importing.schemas import FileIsWrong
from triage.metrics.importing.service import Offered
from triage.pages import render
from triage.tables import Agent

router = APIRouter(tags=["figures"])

# What a browser may send (triage/shields.py); larger files go by the command line.
LARGEST = 5 * 1024 * 1024

Upload = Annotated[UploadFile | None, File()]
Text = Annotated[str, Form(max_length=2000)]


def _shown(request: Request, name: str, owner: Agent, status: int = 200, **more: object) -> Response:
    given: dict[str, object] = {"owner": owner, "layouts": LAYOUTS, "error": ""}
    return render(request, f"metrics/{name}.html", status=status, **(given | more))


@router.get("/owner/imports", include_in_schema=False)
async def imports_page(request: Request, owner: SignedInOwner) -> Response:
    """Every import, what they count together, and the form for a file."""
    return await _overview(request, owner)


async def _overview(request: Request, owner: Agent, error: FrontdoorError | None = None) -> Response:
    async with transaction() as session:
        listed, figures = await service.overview(session)
    status, said = (error.status, error.detail) if error else (200, "")
    return _shown(request, "imports", owner, status, listed=listed, figures=figures, error=said)


async def _offered(file: UploadFile | None, layout: str, note: str, beside: str) -> Offered:
    if file is None or not file.filename:
        raise Invalid("Choose a file.")
    # One byte more than is taken tells that it is too large, without reading the rest.
    content = await file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise TooLarge("This file is larger than 5 MB. Divide it by year, or ask for it to be brought in by command.")
    return Offered(content, file.filename, layout, note, beside=bool(beside))


@router.post("/owner/imports/check", include_in_schema=False)
async def check(
    request: Request, owner: SignedInOwner, file: Upload = None, layout: Text = "", note: Text = ""
) -> Response:
    """What a file would count, or every fault with its line. Nothing is stored."""
    try:
        offered = await _offered(file, layout, note, "")
        return await _checked(request, owner, offered)
    except FrontdoorError as problem:
        return await _overview(request, owner, problem)


async def _checked(request: Request, owner: Agent, offered: Offered, error: FrontdoorError | None = None) -> Response:
    draft = await service.checked(offered)
    async with transaction() as session:
        objections = await service.objections(session, draft)
    status = error.status if error else 200 if draft.right else 422
    return _shown(
        request,
        "import_check",
        owner,
        status,
        draft=draft,
        offered=offered,
        objections=objections,
        figures=service.figures_of(draft),
        error=error.detail if error else "",
    )


@router.post("/owner/imports", include_in_schema=False)
async def bring_in(
    request: Request,
    owner: SignedInOwner,
    file: Upload = None,
    layout: Text = "",
    note: Text = "",
    beside: Text = "",
    sha256: Text = "",
) -> Response:
    """Count a file that was checked before; another than the one that was checked is only checked."""
    try:
        offered = await _offered(file, layout, note, beside)
        draft = await service.checked(offered)
    except FrontdoorError as problem:
        return await _overview(request, owner, problem)
    if draft.sha256 != sha256:
        other = Conflict("This is not the file that you checked. Nothing was counted: look at what this one holds.")
        return await _checked(request, owner, offered, other)
    try:
        async with transaction() as session:
            made = await service.bring_in(session, offered, draft, owner, request)
    except (Conflict, Invalid) as problem:
        return await _checked(request, owner, offered, None if isinstance(problem, FileIsWrong) else problem)
    return RedirectResponse(f"/owner/imports/{made.id}", status_code=303)


@router.get("/owner/imports/{import_id}", include_in_schema=False)
async def import_page(request: Request, import_id: UUID, owner: SignedInOwner) -> Response:
    """One import: where it came from, what it counts, and the form to take it back."""
    return await _one(request, import_id, owner)


async def _one(request: Request, import_id: UUID, owner: Agent, error: FrontdoorError | None = None) -> Response:
    async with transaction() as session:
        found = await service.one(session, import_id)
    status, said = (error.status, error.detail) if error else (200, "")
    return _shown(request, "import_one", owner, status, found=found, error=said)


@router.post("/owner/imports/{import_id}/take-back", include_in_schema=False)
async def take_back(request: Request, import_id: UUID, owner: SignedInOwner, why: Text = "") -> Response:
    """Count an import no longer."""
    try:
        async with transaction() as session:
            await service.take_back(session, import_id, why, owner, request)
    except (Conflict, Invalid) as problem:
        return await _one(request, import_id, owner, problem)
    return RedirectResponse(f"/owner/imports/{import_id}", status_code=303)
