"""Files of a contact: an agent adds one, and opens those that there are. Each opening is on record."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, File, Request, UploadFile
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from triage import attachments, contacts
from triage.access import SignedInAgent
from triage.database import transaction
from triage.desk import repository, service
from triage.desk.holding import changed, held
from triage.desk.writing import Version, page_of, write
from triage.errors import NotFound
from triage.tables import Agent, Attachment

router = APIRouter()

FILE: dict[int | str, dict[str, object]] = {200: {"content": {"application/octet-stream": {}}}}


async def _add(session: AsyncSession, agent: Agent, contact_id: UUID, version: int, name: str, content: bytes) -> None:
    contact = await held(session, agent, contact_id, version)
    file = await attachments.keep(session, contact_id, name, content, agent.id)
    detail = {"name": file.name, "kind": file.kind, "size": file.size, "file": str(file.id)}
    await contacts.note_history(session, contact_id, "file", agent_id=agent.id, detail=detail)
    await changed(session, contact)


@router.post("/desk/contacts/{contact_id}/files")
async def add(
    request: Request,
    contact_id: UUID,
    agent: SignedInAgent,
    version: Version,
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Add a file to this contact."""
    # One byte more than is taken tells that it is too large, without reading the rest.
    content = await file.read(attachments.LARGEST + 1) if file else b""
    return await write(
        request,
        contact_id,
        lambda s: _add(s, agent, contact_id, version, (file and file.filename) or "file", content),
        "",
        f"{page_of(contact_id)}#know",
    )


@router.get("/desk/contacts/{contact_id}/files/{file_id}", responses=FILE, response_class=Response)
async def open_file(contact_id: UUID, file_id: UUID, agent: SignedInAgent) -> Response:
    """One file, to be saved: it is never shown inside our own pages."""
    async with transaction() as session:
        contact = await service.open_contact(session, agent, contact_id)
        file = await session.get(Attachment, file_id)
        if file is None or not await _belongs(session, contact.id, file):
            raise NotFound
        content = await repository.content_of(session, file_id)
        detail = {"name": file.name, "file": str(file.id)}
        await contacts.note_history(session, contact_id, "opened file", agent_id=agent.id, detail=detail)
        name = quote(file.name, safe="")
        return Response(
            content,
            media_type=file.kind,
            headers={
                "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "sandbox; default-src 'none'",
                "Cache-Control": "no-store",
            },
        )


async def _belongs(session: AsyncSession, contact_id: UUID, file: Attachment) -> bool:
    """Whether a file is this contact's, or that of one which was made part of it."""
    if file.contact_id == contact_id:
        return True
    other = await repository.contact(session, file.contact_id)
    return other is not None and other.merged_into == contact_id
