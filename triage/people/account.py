"""Everybody's own account: their password, their authenticator app, and where they are signed in."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import delete

from triage import access, audit, sessions
from triage.database import transaction
from triage.errors import Invalid, NotFound, SignInNeeded, TooMany
from triage.pages import render
from triage.people import factors, service
from triage.people.signing_in import TOO_MANY, app_page, count
from triage.roles import ROLES
from triage.settings import get_settings
from triage.tables import Agent, SecondFactor, SignIn

router = APIRouter(include_in_schema=False)

Text = Annotated[str, Form()]
PAGE = "/desk/account"
WRONG = "Your present password is not right. Type it again."


async def _session(request: Request, agent: access.SignedIn) -> SignIn:
    found = await access.session_of(request)
    if found is None or found[0].id != agent.id:
        raise SignInNeeded
    return found[1]


Session = Annotated[SignIn, Depends(_session)]


async def _page(
    request: Request, agent: Agent, sign_in: SignIn, *, error: str | None = None, at: str = "", done: str = "",
    status: int = 200,
) -> Response:  # fmt: skip
    async with transaction() as session:
        second, left = await service.second_factor_of(session, agent)
        mine = await sessions.of(session, agent.id)
    return render(
        request,
        "people/account.html",
        status=status,
        agent=agent,
        role=ROLES[agent.role].name,
        works=service.works(agent),
        this=sign_in,
        mine=mine,
        second=second,
        left=left,
        needed=agent.role in get_settings().second_factor_for,
        local=get_settings().local_sign_in and sign_in.method != "openid",
        error=error,
        at=at,
        done=done,
    )


DONE = {
    "password": "Your password was changed. You were signed out everywhere else.",
    "ended": "That session was ended.",
    "app": "Your authenticator app was taken away.",
}


@router.get(PAGE)
async def page(request: Request, agent: access.SignedIn, sign_in: Session, done: str = "") -> Response:
    """My account."""
    return await _page(request, agent, sign_in, done=DONE.get(done, ""))


@router.post(f"{PAGE}/password")
async def password(
    request: Request, agent: access.SignedIn, sign_in: Session, old: Text = "", new: Text = ""
) -> Response:
    """Change my password: every other session ends, and this one has a new token."""
    try:
        await count("own-password", agent.login, access.client_address(request))
        async with transaction() as session:
            await service.change_password(session, agent, sign_in.id, old, new[:1000], request)
            token = await sessions.begin(
                session,
                agent,
                request,
                method=sign_in.method,
                second_factor_at=sign_in.second_factor_at,
                instead_of=request.cookies.get(access.DESK_COOKIE),
            )
    except TooMany:
        return await _page(request, agent, sign_in, error=TOO_MANY, at="old", status=429)
    except Invalid as error:
        at = "old" if error.detail == WRONG else "new"
        return await _page(request, agent, sign_in, error=error.detail, at=at, status=422)
    response = RedirectResponse(f"{PAGE}?done=password", status_code=303)
    access.set_cookie(response, access.DESK_COOKIE, token, get_settings().session_hours)
    return response


@router.post(f"{PAGE}/sessions/{{session_id}}/end")
async def end(request: Request, agent: access.SignedIn, session_id: UUID) -> Response:
    """End one of my sessions. Raises NotFound for one that is not mine."""
    async with transaction() as session:
        if not await sessions.end_one(session, agent.id, session_id):
            raise NotFound("That session has ended already.")
        await audit.note(session, "session_ended", agent, request=request, kind="session", about=session_id)
    return RedirectResponse(f"{PAGE}?done=ended", status_code=303)


@router.get(f"{PAGE}/app")
async def set_up_page(request: Request, agent: access.SignedIn) -> Response:
    """Set my authenticator app up."""
    async with transaction() as session:
        there = await factors.has(session, agent)
    return RedirectResponse(PAGE, status_code=303) if there else await app_page(request, agent, f"{PAGE}/app", "")


@router.post(f"{PAGE}/app")
async def set_up(request: Request, agent: access.SignedIn, code: Text = "") -> Response:
    """The first code of my app; the recovery codes are shown this once."""
    try:
        await count("code", agent.login, access.client_address(request))
        async with transaction() as session:
            recovery = await factors.confirm(session, agent, code[:100])
            await audit.note(session, "second_factor_set", agent, request=request)
    except TooMany:
        return await app_page(request, agent, f"{PAGE}/app", "", TOO_MANY, 429)
    except Invalid as error:
        return await app_page(request, agent, f"{PAGE}/app", "", error.detail, 422)
    return render(request, "people/codes.html", recovery=recovery, goes=PAGE)


async def _proved(request: Request, agent: Agent, password: str) -> None:
    """Raise Invalid or TooMany unless this is the person's password: a desk left open must not lose its lock."""
    await count("own-password", agent.login, access.client_address(request))
    if not await access.password_matches(agent, password[:1000]):
        raise Invalid(WRONG)


@router.post(f"{PAGE}/recovery")
async def recovery(request: Request, agent: access.SignedIn, sign_in: Session, password: Text = "") -> Response:
    """New recovery codes instead of the old ones, for whoever types their password."""
    try:
        await _proved(request, agent, password)
    except (Invalid, TooMany) as error:
        return await _page(request, agent, sign_in, error=error.detail, at="factor", status=error.status)
    async with transaction() as session:
        if not await factors.has(session, agent):
            raise NotFound("Set up your authenticator app first.")
        made = await factors.renew_recovery(session, agent)
        await audit.note(session, "recovery_codes_made", agent, request=request)
    return render(request, "people/codes.html", recovery=made, goes=PAGE)


@router.post(f"{PAGE}/app/remove")
async def remove(request: Request, agent: access.SignedIn, sign_in: Session, password: Text = "") -> Response:
    """Take my app away, to set another one up; not where the role needs one and the session showed none."""
    try:
        await _proved(request, agent, password)
    except (Invalid, TooMany) as error:
        return await _page(request, agent, sign_in, error=error.detail, at="factor", status=error.status)
    async with transaction() as session:
        await session.execute(delete(SecondFactor).where(SecondFactor.agent_id == agent.id))
        await audit.note(session, "second_factor_reset", agent, request=request, kind="person", about=agent.id)
        if agent.role in get_settings().second_factor_for:
            # Their next step is the set-up page, before anything else.
            await sessions.end_all(session, agent.id)
    return RedirectResponse(f"{PAGE}?done=app", status_code=303)
