"""Server-sent events of the desk. Each says only that something changed; the page then reads itself again.

So a page that lost its stream for any time shows, once it is back, exactly what a fresh load shows.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.sse import EventSourceResponse, format_sse_event

from triage import access, clock, live, record, taking
from triage.access import SignedInAgent
from triage.database import transaction
from triage.desk import repository, service
from triage.errors import NotFound
from triage.live import Listener, Notice
from triage.tables import Agent

router = APIRouter()

STREAM: dict[int | str, dict[str, Any]] = {200: {"content": {"text/event-stream": {}}}}
# A line is sent at least this often, so that a proxy keeps the stream and a lost one is noticed. As often, and no more,
# it is checked that the agent has not signed out meanwhile, however much there is to tell.
BEAT_S = 15.0
# How soon the browser tries again when the stream is lost.
RETRY_MS = 2000
# Changes that come together are told once.
GATHER_S = 0.2


async def _changes(
    request: Request, listener: Listener, *topics: str, agent_id: UUID | None = None
) -> AsyncIterator[bytes]:
    """Events `changed`, and `typing` while a resident types to this agent, until the agent signs out.

    `agent_id`: every conversation that this agent is in is heard as well, whichever contact the page shows.
    """
    token = request.cookies.get(access.DESK_COOKIE, "")
    async with listener.hear(*topics) as heard:
        yield format_sse_event(event="hello", data_str="{}", retry=RETRY_MS)
        stale = True
        checked = time.monotonic()
        while True:
            if time.monotonic() - checked >= BEAT_S:
                async with transaction() as session:
                    if not await repository.still_signed_in(session, token, clock.now()):
                        return
                checked = time.monotonic()
            if agent_id is not None and stale:
                listener.follow(heard, taking.agent_topic(agent_id), *await _conversations_of(agent_id))
                stale = False
            try:
                left = max(0.0, checked + BEAT_S - time.monotonic())
                notices = [await asyncio.wait_for(heard.get(), timeout=left)]
            except TimeoutError:
                stale = True
                yield format_sse_event(comment="still here")
                continue
            # What is typed is told at once; what changed is gathered.
            if not _is_typing(notices[0]):
                await asyncio.sleep(GATHER_S)
            while not heard.empty():
                notices.append(heard.get_nowait())
            for conversation in {notice["conversation"] for notice in notices if _is_typing(notice)}:
                yield format_sse_event(event="typing", data_str=json.dumps({"conversation": conversation}))
            changes = [notice for notice in notices if "typing" not in notice]
            if not changes:
                continue
            stale = any("mine" in notice or "missed" in notice for notice in changes)
            # A list that changed somewhere can wait a moment; what I look at cannot.
            near = any("contact" not in notice for notice in changes)
            yield format_sse_event(event="changed", data_str=json.dumps({"near": near}))


def _is_typing(notice: Notice) -> bool:
    return notice.get("typing") == "resident"


async def _conversations_of(agent_id: UUID) -> list[str]:
    """The topics of the conversations that this agent is in."""
    async with transaction() as session:
        return [record.conversation_topic(one) for one in await repository.live_conversations(session, agent_id)]


def stream(request: Request, agent: Agent, *topics: str) -> EventSourceResponse:
    """Tells the page each time that something changed in these topics, or in what the agent has."""
    listener: Listener = request.app.state.live
    return EventSourceResponse(
        _changes(request, listener, *topics, agent_id=agent.id),
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@router.get("/desk/events", responses=STREAM)
async def desk_events(request: Request, agent: SignedInAgent) -> EventSourceResponse:
    """Something changed in a queue or in somebody's work."""
    return stream(request, agent, taking.DESK)


@router.get("/desk/contacts/{contact_id}/events", responses=STREAM)
async def contact_events(request: Request, contact_id: UUID, agent: SignedInAgent) -> EventSourceResponse:
    """Something changed in this contact, its conversation, a queue or somebody's work."""
    async with transaction() as session:
        contact = await service.open_contact(session, agent, contact_id)
    topics = [taking.DESK, taking.contact_topic(contact_id)]
    if contact.conversation_id is not None:
        topics.append(record.conversation_topic(contact.conversation_id))
    return stream(request, agent, *topics)


@router.post("/desk/contacts/{contact_id}/typing", status_code=204)
async def typing(contact_id: UUID, agent: SignedInAgent) -> None:
    """This agent is typing to the resident, who is told so. Nothing of it is kept, and none of the text is sent."""
    async with transaction() as session:
        contact = await repository.contact(session, contact_id)
        if contact is None or contact.state != "taken" or contact.agent_id != agent.id:
            raise NotFound
        if contact.live and contact.conversation_id is not None:
            await live.announce(session, record.conversation_topic(contact.conversation_id), typing="agent")
