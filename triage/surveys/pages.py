"""What a letter leads to besides the questions: "never ask me again", and "was it really settled?". Changed by POST."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from triage.access import Anyone, AnyoneFromHere, agent_of
from triage.database import transaction
from triage.errors import FrontdoorError, MessageTooLong
from triage.helping import look_for_danger
from triage.pages import render
from triage.surveys import outcome, service

router = APIRouter(include_in_schema=False)

Field = Annotated[str, Form(max_length=20)]


@router.get("/survey/{token}/never", dependencies=[Anyone])
async def never_page(request: Request, token: str) -> Response:
    """Ask whether they mean it. Looking changes nothing."""
    async with transaction() as session:
        refusing = await service.may_refuse(session, token)
    return render(request, "surveys/never.html", token=token, refusing=refusing, asks=await _asks(token), done=False)


@router.post("/survey/{token}/never", dependencies=[AnyoneFromHere])
async def never(request: Request, token: str) -> Response:
    """Nobody at that address is asked again; where we know none, nobody about the chat in which it was asked."""
    async with transaction() as session:
        refusing = await service.never_again(session, token)
    return render(request, "surveys/never.html", token=token, refusing=refusing, asks=False, done=refusing.possible)


async def _asks(token: str) -> bool:
    """Whether there is something to answer behind a link as well."""
    try:
        async with transaction() as session:
            return await service.look(session, token) is not None
    except FrontdoorError:
        return False


@router.get("/survey/{token}/settled", dependencies=[Anyone])
async def settled_page(request: Request, token: str) -> Response:
    """Was it really settled? Looking changes nothing."""
    async with transaction() as session:
        await outcome.check_of(session, token)
    return render(request, "surveys/settled.html", token=token, error=None, typed="")


@router.post("/survey/{token}/settled", dependencies=[AnyoneFromHere])
async def settled(
    request: Request,
    token: str,
    settled: Field = "",
    text: Annotated[str, Form()] = "",
) -> Response:
    """Take the answer, once. "No" opens the contact again, and the same team looks at it."""
    text = text.replace("\r\n", "\n")
    if settled not in ("yes", "no"):
        return await _again(request, token, {"settled": "Choose yes or no."}, text)
    danger = look_for_danger(text)
    staff = await agent_of(request) is not None
    try:
        async with transaction() as session:
            sighting = danger[0] if danger else None
            _, heard = await outcome.answer(session, token, settled == "yes", text, sighting, staff=staff)
    except MessageTooLong as error:
        return await _again(request, token, {"text": error.detail}, text)
    return render(
        request, "surveys/told.html", heard=heard, settled=settled == "yes", danger=danger[1] if danger else None
    )


async def _again(request: Request, token: str, error: dict[str, str], typed: str) -> Response:
    async with transaction() as session:
        await outcome.check_of(session, token)
    return render(request, "surveys/settled.html", status=422, token=token, error=error, typed=typed)
