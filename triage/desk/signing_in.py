"""Signing in and out of the desk, the owner's pages and the content editor's."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from triage import access, limits
from triage.database import transaction
from triage.desk import repository
from triage.errors import TooMany
from triage.pages import render
from triage.settings import get_settings

router = APIRouter()

WINDOW = timedelta(minutes=15)
# One address may be a whole office that signs in at nine, so it may try this many times as often as one account.
ADDRESS_SHARE = 10
WRONG = "The name or password is not right. Check both and try again."
OURS = ("/desk", "/owner", "/content")
ROOM_OF = {"owner": "/owner", "editor": "/content"}


def _after(address: str | None, role: str = "agent") -> str:
    """Where to go once signed in: a page of ours that was asked for, else the room of this role."""
    home = ROOM_OF.get(role, "/desk")
    if not address or "\\" in address or any(ord(letter) < 33 for letter in address):
        return home
    return address if any(address == room or address.startswith(f"{room}/") for room in OURS) else home


@router.get("/desk/sign-in", dependencies=[access.Anyone])
async def sign_in_page(request: Request, after: str = "") -> Response:
    """The page to sign in on; somebody who has signed in goes on."""
    agent = await access.agent_of(request)
    if agent is not None:
        return RedirectResponse(_after(after, agent.role), status_code=303)
    return render(request, "desk/sign_in.html", error=None, login="", after=after)


async def _count(login: str, address: str) -> None:
    """Count this attempt, in transactions of their own so that a failed one is counted too. Raises TooMany."""
    most = get_settings().sign_ins_per_quarter_hour
    async with transaction() as session:
        await limits.count(session, "sign-in-login", login, most, WINDOW)
    async with transaction() as session:
        await limits.count(session, "sign-in-address", address, most * ADDRESS_SHARE, WINDOW)


@router.post("/desk/sign-in", dependencies=[access.AnyoneFromHere])
async def sign_in(
    request: Request,
    login: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    after: Annotated[str, Form()] = "",
) -> Response:
    """Sign in, or show the page again with what was wrong; the name stays, the password does not."""

    def again(error: str, status: int) -> Response:
        return render(request, "desk/sign_in.html", status=status, error=error, login=login, after=after)

    login = login.strip().lower()[:200]
    try:
        await _count(login, access.client_address(request))
    except TooMany:
        return again("That was too many tries. Wait 15 minutes, then try again.", 429)
    async with transaction() as session:
        token = await access.sign_in(session, login, password[:1000])
        role = await repository.role_of(session, login)
    if token is None:
        return again(WRONG, 401)
    response = RedirectResponse(_after(after, role or "agent"), status_code=303)
    access.set_cookie(response, access.DESK_COOKIE, token, get_settings().session_hours)
    return response


@router.post("/desk/sign-out")
async def sign_out(request: Request, agent: access.SignedIn) -> Response:
    """End this session, here and in the browser."""
    async with transaction() as session:
        await access.sign_out(session, request.cookies.get(access.DESK_COOKIE, ""))
    response = RedirectResponse("/desk/sign-in", status_code=303)
    response.delete_cookie(access.DESK_COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return response
