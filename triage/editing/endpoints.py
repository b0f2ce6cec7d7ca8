"""The content editor's pages: the services, one of them, what fell through, what is due, and a message tried out."""

from collections.abc import Sequence
from typing import Annotated

import structlog
from fastapi import APIRouter, Form, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from triage import audit, clock
from triage.access import SignedInEditor
from triage.catalogue import catalogue
from triage.database import transaction
from triage.editing import facts, fallen, service
from triage.editing.schemas import Fallen, Filters
from triage.errors import FrontdoorError
from triage.pages import render
from triage.rehearsal import Rehearses, Tried
from triage.tables import Agent

log = structlog.get_logger(__name__)

router = APIRouter(include_in_schema=False)

View = Annotated[Filters, Query()]


async def _note(session: AsyncSession, request: Request, editor: Agent, shown: Sequence[Fallen]) -> None:
    """Residents' words were seen: by whom and how many, and none of them."""
    if shown:
        log.info("content.words_seen", who=str(editor.id), messages=len(shown))
        detail = {"messages": len(shown)}
        await audit.note(session, "words_seen", editor, request=request, kind="content", detail=detail)


@router.get("/content")
async def services_page(request: Request, view: View, editor: SignedInEditor) -> Response:
    """Every service and how it stands, what needs attention first."""
    async with transaction() as session:
        found = await service.overview(session, view)
    return render(request, "editing/services.html", view=view, found=found, place_of=service.place_of, editor=editor)


@router.get("/content/services/{service_id}")
async def service_page(request: Request, service_id: str, editor: SignedInEditor) -> Response:
    """One service: what is said today, its facts, its examples and what they are mistaken for, what fell through."""
    rehearsal: Rehearses = request.app.state.rehearsal
    async with transaction() as session:
        found = await service.one(session, rehearsal, service_id)
        await _note(session, request, editor, found.fallen)
    return render(request, "editing/service.html", found=found, place_of=service.place_of, editor=editor)


@router.get("/content/fell-through")
async def fallen_page(request: Request, editor: SignedInEditor) -> Response:
    """The newest messages that fell through, redacted."""
    async with transaction() as session:
        shown = await fallen.newest(session, clock.now() - service.LATELY)
        await _note(session, request, editor, shown)
    return render(request, "editing/fallen.html", fallen=shown, most=fallen.MOST_SHOWN, editor=editor)


@router.get("/content/review")
async def review_page(request: Request, editor: SignedInEditor) -> Response:
    """What is past review and what is due within thirty days."""
    found = facts.review(catalogue(), clock.today())
    return render(request, "editing/review.html", found=found, today=clock.today(), editor=editor)


@router.get("/content/try")
async def try_page(request: Request, editor: SignedInEditor) -> Response:
    """The box to try a message in."""
    return _tried(request, editor)


@router.post("/content/try")
async def try_out(request: Request, editor: SignedInEditor, text: Annotated[str, Form()] = "") -> Response:
    """What would be understood and said. Nothing of it is kept."""
    rehearsal: Rehearses = request.app.state.rehearsal
    try:
        tried = await rehearsal.try_out(text)
    except FrontdoorError as error:
        return _tried(request, editor, text, error=error)
    return _tried(request, editor, text, tried)


def _tried(
    request: Request, editor: Agent, text: str = "", tried: Tried | None = None, error: FrontdoorError | None = None
) -> Response:
    known = catalogue()
    nearest = [
        (name if name in known.services else "", service.name_of(name, known), round(100 * share))
        for name, share in (tried.nearest if tried else ())
    ]
    return render(
        request,
        "editing/try.html",
        status=error.status if error else 200,
        text=text,
        tried=tried,
        nearest=nearest,
        error=error.detail if error else None,
        editor=editor,
    )
