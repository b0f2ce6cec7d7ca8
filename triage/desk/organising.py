"""What an agent sends to put a contact in order: tags, links, a later day, a promise, what sorting got wrong.

And whether its resident may be contacted.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from triage.access import SignedInAgent
from triage.database import transaction
from triage.desk import agreeing, correcting, done, linking, promising, safety, tags
from triage.desk.writing import Text, Version, back, page_of, refused, write
from triage.errors import Conflict, Invalid

router = APIRouter()


@router.post("/desk/contacts/{contact_id}/tags")
async def tag(
    request: Request, contact_id: UUID, agent: SignedInAgent, version: Version, add: Text = "", remove: Text = ""
) -> Response:
    """Put a tag on, or take one off."""

    async def change(session: AsyncSession) -> None:
        if remove:
            await tags.remove(session, agent, contact_id, version, remove)
        else:
            await tags.add(session, agent, contact_id, version, add)

    return await write(request, contact_id, change, add, f"{page_of(contact_id)}#know")


@router.post("/desk/contacts/{contact_id}/link")
async def link(
    request: Request, contact_id: UUID, agent: SignedInAgent, version: Version, reference: Text = "", typed: Text = ""
) -> Response:
    """Link this with another contact: one that was offered (`reference`), or whose reference was typed."""
    return await write(
        request,
        contact_id,
        lambda s: linking.link(s, agent, contact_id, version, typed or reference),
        typed,
        f"{page_of(contact_id)}#know",
    )


@router.post("/desk/contacts/{contact_id}/unlink")
async def unlink(
    request: Request,
    contact_id: UUID,
    agent: SignedInAgent,
    version: Version,
    other: Annotated[UUID | None, Form()] = None,
) -> Response:
    """Take a link away."""
    return await write(
        request,
        contact_id,
        lambda s: linking.unlink(s, agent, contact_id, version, other),
        "",
        f"{page_of(contact_id)}#know",
    )


@router.post("/desk/contacts/{contact_id}/merge")
async def merge(
    request: Request,
    contact_id: UUID,
    agent: SignedInAgent,
    version: Version,
    reference: Text = "",
    typed: Text = "",
    made_sure: Text = "",
) -> Response:
    """Close this as part of another of the same resident's contacts."""
    try:
        async with transaction() as session:
            await linking.merge(session, agent, contact_id, version, typed or reference, bool(made_sure))
    except (Conflict, Invalid) as error:
        return refused(request, contact_id, error, typed)
    return back(done.address(contact_id))


@router.post("/desk/contacts/{contact_id}/safety")
async def note_safe(
    request: Request, contact_id: UUID, agent: SignedInAgent, version: Version, safe: Text = ""
) -> Response:
    """The resident said whether it is safe to contact them."""
    return await write(
        request,
        contact_id,
        lambda s: safety.note_safe(s, agent, contact_id, version, safe),
        "",
        f"{page_of(contact_id)}#know",
    )


@router.post("/desk/contacts/{contact_id}/messages")
async def agree(
    request: Request, contact_id: UUID, agent: SignedInAgent, version: Version, to: Text = "", agrees: Text = ""
) -> Response:
    """Keep what the resident told me: whether we may write to them about this."""
    return await write(
        request,
        contact_id,
        lambda s: agreeing.agree(s, agent, contact_id, version, to, agrees == "yes"),
        to,
        page_of(contact_id),
    )


@router.post("/desk/contacts/{contact_id}/look-again")
async def look_again(
    request: Request, contact_id: UUID, agent: SignedInAgent, version: Version, on: Text = ""
) -> Response:
    """Bring this back on a day, or not any more."""
    return await write(
        request,
        contact_id,
        lambda s: promising.look_again(s, agent, contact_id, version, on),
        "",
        page_of(contact_id),
    )


@router.post("/desk/contacts/{contact_id}/get-back")
async def get_back(
    request: Request,
    contact_id: UUID,
    agent: SignedInAgent,
    version: Version,
    on: Text = "",
    other_day: Text = "",
    keep: Text = "mine",
    words: Text = "",
) -> Response:
    """Tell the resident by which day they hear from us."""
    keeps = keep != "queue"
    return await write(
        request,
        contact_id,
        lambda s: promising.get_back(s, agent, contact_id, version, other_day or on, keeps, words),
        words,
        page_of(contact_id) if keeps else done.address(contact_id),
    )


@router.post("/desk/contacts/{contact_id}/correct")
async def correct(
    request: Request,
    contact_id: UUID,
    agent: SignedInAgent,
    version: Version,
    service: Text = "",
    priority: Text = "",
    complaint: Text = "",
    law: Text = "",
    shown_service: Text = "",
    shown_priority: Text = "",
    shown_complaint: Text = "",
    shown_law: Text = "",
) -> Response:
    """Put right what was chosen otherwise than shown: service, priority, whether it is a complaint, its legal limit."""
    given = {"service": service, "priority": priority, "complaint": complaint, "law": law}
    shown = {
        "service": shown_service,
        "priority": shown_priority,
        "complaint": shown_complaint,
        "law": shown_law,
    }
    return await write(
        request,
        contact_id,
        lambda s: correcting.correct(s, agent, contact_id, version, given, shown),
        "",
        page_of(contact_id),
    )
