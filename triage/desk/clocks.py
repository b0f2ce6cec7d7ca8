"""What an agent sends about a contact's clocks: pause, start again, say that they proved who they are or that it is
done, take longer.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from triage.access import SignedInAgent
from triage.database import transaction
from triage.desk import waiting
from triage.errors import AlreadyClosed, Conflict, Invalid
from triage.pages import render

router = APIRouter(prefix="/desk/contacts/{contact_id}/clocks")

Text = Annotated[str, Form()]
Version = Annotated[int, Form()]


async def _write(
    request: Request, contact_id: UUID, write: Callable[[AsyncSession], Awaitable[None]], typed: str = ""
) -> Response:
    """Do one write in its own transaction and go back to the page, or say why not, with what was typed."""
    try:
        async with transaction() as session:
            await write(session)
    except (Conflict, Invalid) as error:
        closed = isinstance(error, AlreadyClosed)
        return render(
            request,
            "desk/refused.html",
            status=error.status,
            detail=error.detail,
            contact_id=contact_id,
            typed=typed,
            closed=closed,
        )
    return RedirectResponse(f"/desk/contacts/{contact_id}#know", status_code=303)


@router.post("/pause")
async def pause(
    request: Request, contact_id: UUID, agent: SignedInAgent, version: Version, reason: Text = "", until: Text = ""
) -> Response:
    """Stop the clocks for a listed reason, until a day."""
    return await _write(request, contact_id, lambda s: waiting.pause(s, agent, contact_id, version, reason, until))


@router.post("/resume")
async def resume(request: Request, contact_id: UUID, agent: SignedInAgent, version: Version) -> Response:
    """The clocks go on."""
    return await _write(request, contact_id, lambda s: waiting.resume(s, agent, contact_id, version))


@router.post("/proved")
async def proved(request: Request, contact_id: UUID, agent: SignedInAgent, version: Version) -> Response:
    """The resident has proved who they are."""
    return await _write(request, contact_id, lambda s: waiting.prove(s, agent, contact_id, version))


@router.post("/{kind}/longer")
async def longer(
    request: Request, contact_id: UUID, kind: str, agent: SignedInAgent, version: Version, reason: Text = ""
) -> Response:
    """Take the longer time that the law allows."""
    return await _write(
        request, contact_id, lambda s: waiting.take_longer(s, agent, contact_id, version, kind, reason), reason
    )


@router.post("/{kind}/reached")
async def reached(request: Request, contact_id: UUID, kind: str, agent: SignedInAgent, version: Version) -> Response:
    """What a legal limit is about has been done."""
    return await _write(request, contact_id, lambda s: waiting.reach(s, agent, contact_id, version, kind))
