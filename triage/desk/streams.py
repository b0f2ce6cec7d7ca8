"""Server-sent events of the desk. Each says only that something changed; the page then reads itself again.

So a page that lost its stream for any time shows, once it is back, exactly what a fresh load shows.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.sse import EventSourceResponse, format_sse_event

from triage import access, clock, record, taking
from triage.access import SignedInAgent
from triage.database import transaction
from triage.desk import repository, service
from triage.live import Listener

router = APIRouter()

STREAM: dict[int | str, dict[str, Any]] = {200: {"content": {"text/event-stream": {}}}}
# A line is sent at least this often, so that a proxy keeps the stream and a lost one is noticed; each time it is
# checked that the agent has not signed out meanwhile.
QUIET_S = 15.0
# How soon the browser tries again when the stream is lost.
RETRY_MS = 2000
# Changes that come together are told once.
GATHER_S = 0.2


async def _changes(request: Request, listener: Listener, *topics: str) -> AsyncIterator[bytes]:
    token = request.cookies.get(access.DESK_COOKIE, "")
    async with listener.hear(*topics) as heard:
        yield format_sse_event(event="hello", data_str="{}", retry=RETRY_MS)
        while True:
            try:
                await asyncio.wait_for(heard.get(), timeout=QUIET_S)
            except TimeoutError:
                async with transaction() as session:
                    if not await repository.still_signed_in(session, token, clock.now()):
                        return
                yield format_sse_event(comment="still here")
                continue
            await asyncio.sleep(GATHER_S)
            while not heard.empty():
                heard.get_nowait()
            yield format_sse_event(event="changed", data_str="{}")


def stream(request: Request, *topics: str) -> EventSourceResponse:
    """Tells the page each time that something changed in these topics."""
    listener: Listener = request.app.state.live
    return EventSourceResponse(
        _changes(request, listener, *topics),
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@router.get("/desk/events", responses=STREAM)
async def desk_events(request: Request, agent: SignedInAgent) -> EventSourceResponse:
    """Something changed in a queue or in somebody's work."""
    return stream(request, taking.DESK)


@router.get("/desk/contacts/{contact_id}/events", responses=STREAM)
async def contact_events(request: Request, contact_id: UUID, agent: SignedInAgent) -> EventSourceResponse:
    """Something changed in this contact, its conversation, a queue or somebody's work."""
    async with transaction() as session:
        contact = await service.open_contact(session, agent, contact_id)
    topics = [taking.DESK, taking.contact_topic(contact_id)]
    if contact.conversation_id is not None:
        topics.append(record.conversation_topic(contact.conversation_id))
    return stream(request, *topics)
