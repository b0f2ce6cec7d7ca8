"""The conversation API, and the door that Rasa's actions come through."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse

from triage import reading
from triage.access import Anyone, Internal, Resident, agent_of, client_address
from triage.catalogue import catalogue
from triage.chat import handover, limits, presence, repository, sending, streams, turns
from triage.chat.answering import Room
from triage.chat.schemas import (
    ConversationOut,
    ConversationStarted,
    MessageIn,
    MessageOut,
    TurnOut,
    UnderstoodOut,
)
from triage.database import transaction
from triage.faults import PROBLEMS

router = APIRouter(tags=["conversation"], responses=PROBLEMS)


@router.post("/api/conversations", status_code=201, dependencies=[Anyone])
async def begin(request: Request) -> ConversationStarted:
    """Begin a conversation. The secret in the answer is needed for everything after."""
    await limits.count_conversation(client_address(request))
    staff = await agent_of(request) is not None
    async with transaction() as session:
        conversation, secret, messages = await turns.begin(session, staff=staff)
        return ConversationStarted(
            id=conversation.id,
            secret=secret,
            mode="assistant",
            messages=[MessageOut.of(message) for message in messages],
        )


@router.get("/api/conversations/{conversation_id}", response_model_exclude_none=True)
async def read(key: Resident) -> ConversationOut:
    """The conversation so far: its newest 500 messages."""
    async with transaction() as session:
        conversation = await key.open(session)
        messages = await repository.messages_after(session, conversation.id)
        return ConversationOut.model_validate(
            {
                "id": conversation.id,
                "mode": conversation.mode,
                "messages": [MessageOut.of(message) for message in messages],
            }
        )


@router.post("/api/conversations/{conversation_id}/messages", response_model_exclude_none=True)
async def say(
    request: Request,
    key: Resident,
    message: MessageIn,
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> TurnOut:
    """Say something, and have the replies. With the same Idempotency-Key it is said once, however often sent."""
    result = await request.app.state.turns.take(
        key, sending.Sent(text=message.text, choice=message.choice, key=idempotency_key or None)
    )
    understood = result.understood
    return TurnOut(
        messages=[MessageOut.of(reply) for reply in result.messages],
        understood=UnderstoodOut(
            service=understood.service if understood else None,
            confidence=round(understood.confidence, 3) if understood else 0.0,
        ),
        danger=result.danger,
        handover=result.handover,
    )


@router.get("/api/conversations/{conversation_id}/events")
async def events(
    request: Request, key: Resident, last_event_id: Annotated[int | None, Header(ge=0)] = None
) -> StreamingResponse:
    """Server-sent events from the message after Last-Event-ID on; without it, from the first."""
    async with transaction() as session:
        conversation = await key.open(session)
    return StreamingResponse(
        streams.conversation_events(request.app.state.live, conversation.id, last_event_id or 0),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@router.post("/api/conversations/{conversation_id}/typing", status_code=204)
async def typing(key: Resident) -> None:
    """The resident is typing: an agent who is with them is told that they are, and not what."""
    async with transaction() as session:
        await presence.is_typing(session, await key.open(session))


@router.post("/api/conversations/{conversation_id}/end")
async def end(key: Resident) -> dict[str, str]:
    """End the conversation; a survey follows in it. Ending twice changes nothing."""
    async with transaction() as session:
        conversation = await key.open(session, lock=True)
        await handover.end(session, conversation, Room(catalogue(), reading.dangers()))
        return {"mode": conversation.mode}


@router.post("/internal/actions", include_in_schema=False, dependencies=[Internal])
async def act(request: Request) -> dict[str, Any]:
    """Rasa calls an action: validate what a resident typed into a form. See bot/actions."""
    result: dict[str, Any] = await request.app.state.actions.run(await request.json())
    return result
