"""The owner's page of comments and its file, "you said, we did" as owners write it, and as everybody reads it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from triage import audit
from triage.access import Anyone, SignedInOwner
from triage.catalogue import catalogue
from triage.database import transaction
from triage.errors import FrontdoorError
from triage.metrics import exports
from triage.metrics.asked import there_is
from triage.metrics.comments import chart, made_up, repository, service
from triage.metrics.comments.made_up import MadeUp
from triage.metrics.comments.rules import Line
from triage.metrics.comments.schemas import Said, View
from triage.metrics.comments.themes import themes
from triage.metrics.schemas import Source
from triage.pages import render
from triage.surveying.questions import asking
from triage.tables import Agent, YouSaid
from triage.tables.comment import MOST_DID, MOST_SAID

router = APIRouter(include_in_schema=False)

Asked = Annotated[View, Query()]
Written = Annotated[Said, Form()]
HEAD = ("code", "comments", "about this", "in every 100", "low", "high", "unhappy in every 100 of them", "source")


@router.get("/owner/comments")
async def comments_page(request: Request, view: Asked, owner: SignedInOwner) -> Response:
    """What comments are about: sentences, each theme, and of one its trend and examples."""
    there_is(view.source)
    async with transaction() as session:
        found = await service.found(session, view)
        if found.examples:
            # Residents' words were seen: by whom, how many and of which theme; none of the words.
            detail = {"messages": len(found.examples), "theme": view.theme, "source": view.source}
            await audit.note(session, "words_seen", owner, request=request, kind="comments", detail=detail)
        entries: Sequence[YouSaid | MadeUp] = ()
        if view.theme and view.source == "demo":
            entries = made_up.entries()
        elif view.theme:
            entries = await repository.entries(session, "published", "draft")
    return render(
        request,
        "comments/comments.html",
        view=view,
        found=found,
        picture=chart.picture(found.trend),
        box=(chart.WIDTH, chart.HEIGHT, chart.LEFT, chart.RIGHT),
        entries=[one for one in entries if one.theme == view.theme],
        kept_days=asking().past_comment_days,
        service_name=service.service_name,
        owner=owner,
    )


@router.get("/owner/comments.csv")
async def comments_csv(view: Asked, owner: SignedInOwner) -> Response:
    """The same view as CSV: the themes, or the months of one. Never a comment."""
    there_is(view.source)
    async with transaction() as session:
        found = await service.found(session, view)
    lines = found.trend if found.theme else found.lines
    head = ["month" if found.theme else "theme", *HEAD]
    name = f"comments-{view.source}-{view.theme or 'themes'}.csv"
    return exports.download(exports.as_csv(head, ([*_cells(line), view.source] for line in lines)), name)


def _cells(line: Line) -> list[exports.Cell]:
    share, unhappy = line.share, line.unhappy_share
    if share is None or unhappy is None:
        return [line.label, line.code, line.n or "", line.why, "", "", "", ""]
    low, high = share.interval
    figures = [exports.percent(one) for one in (share.value, low, high, unhappy.value)]
    return [line.label, line.code, line.n, line.about, *figures]


@router.get("/owner/said")
async def said_page(request: Request, owner: SignedInOwner, theme: str = "", service: str = "") -> Response:
    """All entries of "you said, we did", and the form for a new one."""
    return await _said(request, owner, Said(theme=theme[:80], service=service[:80]))


async def _said(
    request: Request,
    owner: Agent,
    typed: Said,
    error: FrontdoorError | None = None,
    editing: UUID | None = None,
) -> Response:
    async with transaction() as session:
        entries = await repository.entries(session, "draft", "published", "withdrawn")
    return render(
        request,
        "comments/said.html",
        status=error.status if error else 200,
        entries=entries,
        typed=typed,
        editing=editing,
        error=error.detail if error else "",
        themes=themes(),
        services=sorted(((one.id, one.name) for one in catalogue().services.values()), key=lambda pair: pair[1]),
        service_name=service.service_name,
        limits=(MOST_SAID, MOST_DID),
        owner=owner,
    )


@router.get("/owner/said/{entry_id}")
async def entry_page(request: Request, entry_id: UUID, owner: SignedInOwner) -> Response:
    """One draft in the form, to be changed."""
    async with transaction() as session:
        entry = await service.draft(session, entry_id)
        typed = Said(theme=entry.theme, service=entry.service or "", said=entry.said, did=entry.did)
    return await _said(request, owner, typed, editing=entry_id)


_Write = Callable[[AsyncSession], Awaitable[object]]


async def _done(request: Request, owner: Agent, typed: Said, editing: UUID | None, write: _Write) -> Response:
    try:
        async with transaction() as session:
            await write(session)
    except FrontdoorError as error:
        return await _said(request, owner, typed, error, editing)
    return RedirectResponse("/owner/said", status_code=303)


@router.post("/owner/said")
async def add_entry(request: Request, owner: SignedInOwner, typed: Written) -> Response:
    """Keep a new draft."""
    return await _done(request, owner, typed, None, lambda session: service.write(session, typed, owner, request))


@router.post("/owner/said/{entry_id}")
async def change_entry(request: Request, entry_id: UUID, owner: SignedInOwner, typed: Written) -> Response:
    """Change a draft."""
    return await _done(
        request, owner, typed, entry_id, lambda session: service.write(session, typed, owner, request, entry_id)
    )


@router.post("/owner/said/{entry_id}/publish")
async def publish_entry(request: Request, entry_id: UUID, owner: SignedInOwner) -> Response:
    """Show a draft to everybody."""
    return await _done(request, owner, Said(), None, lambda session: service.publish(session, entry_id, owner, request))


@router.post("/owner/said/{entry_id}/withdraw")
async def withdraw_entry(request: Request, entry_id: UUID, owner: SignedInOwner) -> Response:
    """Take an entry from the public page."""
    return await _done(
        request, owner, Said(), None, lambda session: service.withdraw(session, entry_id, owner, request)
    )


@router.get("/you-said-we-did", dependencies=[Anyone])
async def public_page(request: Request, source: Source = "live") -> Response:
    """What people told us and what we did about it: everything that is published, the newest first.

    The demonstration's are apart, say that they are made up, and are in a development house alone.
    """
    there_is(source)
    entries: Sequence[YouSaid | MadeUp] = made_up.entries()
    if source == "live":
        async with transaction() as session:
            entries = await repository.entries(session, "published")
    return render(
        request,
        "comments/public.html",
        entries=entries,
        source=source,
        names={id: one.name for id, one in themes().by_id.items()},
        service_name=service.service_name,
    )
