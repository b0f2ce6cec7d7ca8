"""How an agent's forms are answered: one write in its own transaction, then the way back or why nothing was changed."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from triage.database import transaction
from triage.errors import AlreadyClosed, Conflict, FrontdoorError, Invalid, TooLarge
from triage.pages import render

Text = Annotated[str, Form()]
Version = Annotated[int, Form()]
Write = Callable[[AsyncSession], Awaitable[object]]


def back(address: str) -> Response:
    """Go to `address`, which is one of ours."""
    return RedirectResponse(address, status_code=303)


def refused(request: Request, contact_id: UUID, error: FrontdoorError, typed: str) -> Response:
    """A page that says why nothing was changed, with what was typed."""
    return render(
        request,
        "desk/refused.html",
        status=error.status,
        detail=error.detail,
        contact_id=contact_id,
        typed=typed,
        closed=isinstance(error, AlreadyClosed),
    )


async def write(request: Request, contact_id: UUID, write: Write, typed: str, after: str) -> Response:
    """Do one write in its own transaction and go to `after`, or say why not. NotFound goes on up."""
    try:
        async with transaction() as session:
            await write(session)
    except (Conflict, Invalid, TooLarge) as error:
        return refused(request, contact_id, error, typed)
    return back(after)


def page_of(contact_id: UUID) -> str:
    """The address of a contact's page."""
    return f"/desk/contacts/{contact_id}"
