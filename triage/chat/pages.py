"""The conversation without JavaScript: /chat. Every press is a form, every answer a fresh page."""

import asyncio
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from triage import clock, reading
from triage.access import CHAT_COOKIE, Anyone, ResidentKey, ResidentOrNobody, agent_of, client_address, set_cookie
from triage.catalogue import catalogue
from triage.chat import handover, limits, presence, repository, sending, turns, waits
from triage.chat.answering import Room
from triage.chat.rendering import render
from triage.chat.schemas import MessageOut
from triage.chat.sending import BUTTONS
from triage.content import Service
from triage.database import transaction
from triage.errors import FrontdoorError, NotFound
from triage.pages import render as page

router = APIRouter(include_in_schema=False)

# The browser keeps the conversation this long; closing it sooner is one press.
KEEP_HOURS = 24


async def _show(
    request: Request,
    key: ResidentKey | None,
    *,
    error: FrontdoorError | None = None,
    draft: str = "",
    once: str | None = None,
    watch: bool = False,
    about: Service | None = None,
) -> Response:
    """The page. `about`: somebody followed a service's link; its answer is shown, and one press asks it for real."""
    today = clock.today()
    shown, standing = None, None
    if key is not None:
        try:
            async with transaction() as session:
                conversation = await key.open(session)
                messages = await repository.messages_after(session, conversation.id)
                standing = await waits.standing(session, conversation)
                await presence.seen(session, conversation)
                shown = (conversation.mode, [MessageOut.of(message) for message in messages])
        except NotFound:
            # An old cookie: the resident sees a new conversation and not an error.
            key = None
    if shown is None:
        welcome = render(catalogue().everyday.lines["welcome"], catalogue(), today)
        message = MessageOut(
            id=uuid4(), seq=0, author="assistant", text=welcome.text, said_at=clock.now(), **welcome.extras
        )
        shown = ("assistant", [message])
    if about is not None and shown[0] == "assistant":
        said = render(about.answer, catalogue(), today, service=about.id)
        extras = {key: value for key, value in said.extras.items() if key != "choices"}
        shown[1].append(
            MessageOut(
                id=uuid4(),
                seq=shown[1][-1].seq + 1,
                author="assistant",
                text=said.text,
                said_at=clock.now(),
                **extras,
            )
        )
    response = page(
        request,
        "chat/page.html",
        status=error.status if error else 200,
        mode=shown[0],
        messages=shown[1],
        error=error.detail if error else None,
        draft=draft,
        watch=watch,
        standing=standing,
        about=about if shown[0] == "assistant" else None,
        key=once or str(uuid4()),
    )
    return response


@router.get("/chat", dependencies=[Anyone])
async def chat_page(
    request: Request, key: ResidentOrNobody, service: str | None = None, watch: bool = False
) -> Response:
    """The conversation so far, and a form for what comes next."""
    return await _show(request, key, about=catalogue().services.get(service or ""), watch=watch)


@router.post("/chat")
async def chat_say(
    request: Request,
    key: ResidentOrNobody,
    text: Annotated[str, Form()] = "",
    choice: Annotated[str, Form(max_length=40)] = "",
    do: Annotated[str, Form(max_length=60)] = "",
    once: Annotated[str, Form(alias="key", max_length=100)] = "",
) -> Response:
    """Say, choose or press something, then show the conversation afresh."""
    cookie = None
    try:
        if key is not None:
            key = await _known(key)
        if key is None:
            await limits.count_conversation(client_address(request))
            staff = await agent_of(request) is not None
            async with transaction() as session:
                conversation, secret, _ = await turns.begin(session, staff=staff)
                cookie = f"{conversation.id}.{secret}"
                key = ResidentKey(conversation.id, secret)
        if do == "end":
            await _end(key)
        elif do in BUTTONS or do in catalogue().services:
            await request.app.state.turns.take(key, sending.Sent(None, None, once or None, intent=do))
        else:
            await request.app.state.turns.take(
                key, sending.Sent(text if not choice else None, choice or None, once or None)
            )
        await _let_steps_finish(key)
    except FrontdoorError as error:
        response = await _show(request, key, error=error, draft=text, once=once or None)
    else:
        response = RedirectResponse("/chat#newest", status_code=303)
    if cookie:
        set_cookie(response, CHAT_COOKIE, cookie, KEEP_HOURS)
    return response


async def _known(key: ResidentKey) -> ResidentKey | None:
    try:
        async with transaction() as session:
            await key.open(session)
    except NotFound:
        return None
    return key


async def _end(key: ResidentKey) -> None:
    async with transaction() as session:
        conversation = await key.open(session, lock=True)
        await handover.end(session, conversation, Room(catalogue(), reading.dangers()))


async def _let_steps_finish(key: ResidentKey) -> None:
    """Wait a moment for what follows in the worker (a place in the queue, the survey): nothing here updates itself."""
    for _ in range(12):
        async with transaction() as session:
            conversation = await key.open(session)
            newest = await repository.newest_reply(session, conversation.id)
        waiting = conversation.mode == "waiting" and "told_waiting" not in conversation.context
        ending = conversation.mode == "ended" and not (newest and newest.extras.get("survey"))
        if not (waiting or ending):
            return
        await asyncio.sleep(0.1)
