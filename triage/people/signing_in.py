"""Signing in and out of the desk, the owner's pages and the content editor's, by a name and password of our own.

Password first, then, for whoever has an app or must have one, the code. Until then the session is half a one, which
opens nothing. A session that becomes whole has a new token.
"""

from datetime import timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from triage import access, audit, clock, limits, roles, sessions
from triage.database import transaction
from triage.errors import Invalid, TooMany
from triage.pages import render
from triage.people import browsers, factors, links, provider, repository, service
from triage.settings import get_settings
from triage.tables import Agent

router = APIRouter(include_in_schema=False)

WINDOW = timedelta(minutes=15)
# One address may be a whole office that signs in at nine, so it may try this many times as often as one account.
ADDRESS_SHARE = 10
# One account's password may be tried so many times as often from all addresses together. 100 in a quarter of an hour
# do not find a long password that is none of the common ones, and it takes ten addresses to keep a new browser out.
LOGIN_SHARE = 10
WRONG = "The name or password is not right. Check both and try again."
TOO_MANY = "That was too many tries. Wait 15 minutes, then try again."
OURS = ("/desk", "/owner", "/content")

Text = Annotated[str, Form()]


def page_after(address: str | None, role: str = "agent") -> str:
    """Where to go once signed in: a page of ours that was asked for, else the room of this role."""
    home = roles.home(role)
    if not address or "\\" in address or any(ord(letter) < 33 for letter in address):
        return home
    return address if any(address == room or address.startswith(f"{room}/") for room in OURS) else home


def sign_in_form(
    request: Request, *, error: str | None, login: str = "", after: str = "", status: int = 200
) -> Response:
    """The page to sign in on, with every way that there is."""
    settings = get_settings()
    return render(
        request,
        "desk/sign_in.html",
        status=status,
        error=error,
        login=login,
        after=after,
        local=settings.local_sign_in,
        openid=settings.openid_name if settings.openid else None,
    )


@router.get("/desk/sign-in", dependencies=[access.Anyone])
async def sign_in_page(request: Request, after: str = "") -> Response:
    """The page to sign in on; somebody who has signed in goes on."""
    agent = await access.agent_of(request)
    if agent is not None:
        return RedirectResponse(page_after(after, agent.role), status_code=303)
    return sign_in_form(request, error=None, after=after)


async def count(what: str, login: str | None, address: str) -> None:
    """Count this attempt, in transactions of their own so that a failed one is counted too. Raises TooMany."""
    most = get_settings().sign_ins_per_quarter_hour
    if login is not None:
        async with transaction() as session:
            await limits.count(session, f"{what}-login", login, most, WINDOW)
    async with transaction() as session:
        await limits.count(session, f"{what}-address", address, most * ADDRESS_SHARE, WINDOW)


async def count_password(request: Request, login: str) -> None:
    """Count a try of a password for `login`, before it is looked at. Raises TooMany.

    So many from one address for one login; so that somebody elsewhere who only knows a name keeps its owner out of
    nothing. All addresses together have a wider ceiling, which a browser in which they have signed in before passes.
    """
    most, address = get_settings().sign_ins_per_quarter_hour, access.client_address(request)
    name = browsers.known(request, login)
    if name is not None:
        async with transaction() as session:
            await limits.count(session, "sign-in-browser", f"{name} {login}", most, WINDOW)
        return
    async with transaction() as session:
        await limits.count(session, "sign-in-login-address", f"{address} {login}", most, WINDOW)
    # Only what those let through counts here, so one address alone never reaches the ceiling.
    async with transaction() as session:
        await limits.count(session, "sign-in-address", address, most * ADDRESS_SHARE, WINDOW)
    async with transaction() as session:
        await limits.count(session, "sign-in-login", login, most * LOGIN_SHARE, WINDOW)


async def stage_of(session: AsyncSession, agent: Agent) -> str:
    """What somebody whose password was right has still to do."""
    if await factors.has(session, agent):
        return "code"
    return "enrol" if agent.role in get_settings().second_factor_for else "open"


async def let_in(request: Request, session: AsyncSession, agent: Agent, method: str) -> tuple[str, str]:
    """(token, stage) of a session for somebody whose password was right. The browser's earlier one ends."""
    stage = await stage_of(session, agent)
    before = request.cookies.get(access.DESK_COOKIE)
    token = await sessions.begin(session, agent, request, method=method, stage=stage, instead_of=before)
    if stage == "open":
        await audit.note(session, "signed_in", agent, request=request, detail={"by": method})
    return token, stage


def go_on(request: Request, token: str, stage: str, agent: Agent, asked: str) -> Response:
    """To where the session leads: the room, or what is still to be shown."""
    addresses = {"code": "/desk/sign-in/code", "enrol": "/desk/sign-in/app"}
    goes = page_after(asked, agent.role)
    if stage in addresses:
        goes = addresses[stage] + (f"?after={quote(goes)}" if asked else "")
    response = RedirectResponse(goes, status_code=303)
    access.set_cookie(response, access.DESK_COOKIE, token, get_settings().session_hours)
    if stage == "open":
        browsers.remember(request, response, agent.login.lower())
    return response


@router.post("/desk/sign-in", dependencies=[access.AnyoneFromHere])
async def sign_in(request: Request, login: Text = "", password: Text = "", after: Text = "") -> Response:
    """Sign in, or show the page again with what was wrong; the name stays, the password does not."""
    login = login.strip().lower()[:200]
    if not get_settings().local_sign_in:
        return sign_in_form(request, error="Sign in with the council's sign-in.", after=after, status=403)
    try:
        await count_password(request, login)
    except TooMany:
        return sign_in_form(request, error=TOO_MANY, login=login, after=after, status=429)
    async with transaction() as session:
        agent = await access.check_password(session, login, password[:1000])
        if agent is not None:
            token, stage = await let_in(request, session, agent, "password")
            return go_on(request, token, stage, agent, after)
        # The name is kept only when it is somebody's: people type their password there.
        known = await repository.by_login(session, login)
        about = known.id if known else None
        await audit.note(session, "sign_in_failed", None, request=request, kind="person", about=about)
    return sign_in_form(request, error=WRONG, login=login, after=after, status=401)


def _code_page(request: Request, error: str | None, after: str, status: int = 200) -> Response:
    return render(request, "people/code.html", status=status, error=error, after=after)


@router.get("/desk/sign-in/code")
async def code_page(request: Request, half: access.HalfWay, after: str = "") -> Response:
    """The code from the app."""
    if half.sign_in.stage != "code":
        return RedirectResponse("/desk/sign-in/app", status_code=303)
    return _code_page(request, None, after)


@router.post("/desk/sign-in/code")
async def code(request: Request, half: access.HalfWay, code: Text = "", after: Text = "") -> Response:
    """Check the code from the app, or a recovery code; the session becomes whole with a new token."""
    if half.sign_in.stage != "code":
        return RedirectResponse("/desk/sign-in/app", status_code=303)
    try:
        await count("code", half.agent.login, access.client_address(request))
    except TooMany:
        return _code_page(request, TOO_MANY, after, 429)
    async with transaction() as session:
        shown = await factors.check(session, half.agent, code[:100])
        if shown is not None:
            return await _whole(request, session, half, shown, after)
        await audit.note(session, "code_failed", half.agent, request=request)
    return _code_page(request, factors.WRONG, after, 401)


async def _whole(
    request: Request, session: AsyncSession, half: access.HalfSignedIn, shown: str, after: str
) -> Response:
    token = await sessions.begin(
        session,
        half.agent,
        request,
        method=half.sign_in.method,
        second_factor_at=clock.now(),
        instead_of=half.token,
    )
    if shown == "recovery":
        await audit.note(session, "recovery_code_used", half.agent, request=request)
    await audit.note(
        session, "signed_in", half.agent, request=request, detail={"by": half.sign_in.method, "and": shown}
    )
    return go_on(request, token, "open", half.agent, after)


async def app_page(
    request: Request, agent: Agent, address: str, after: str, error: str | None = None, status: int = 200
) -> Response:
    async with transaction() as session:
        set_up = await factors.begin(session, agent)
    return render(
        request,
        "people/app.html",
        status=status,
        set_up=set_up,
        login=agent.login,
        address=address,
        after=after,
        error=error,
    )


@router.get("/desk/sign-in/app")
async def enrol_page(request: Request, half: access.HalfWay, after: str = "") -> Response:
    """Somebody whose role needs an app sets it up before anything else."""
    if half.sign_in.stage != "enrol":
        return RedirectResponse("/desk/sign-in/code", status_code=303)
    return await app_page(request, half.agent, "/desk/sign-in/app", after)


@router.post("/desk/sign-in/app")
async def enrol(request: Request, half: access.HalfWay, code: Text = "", after: Text = "") -> Response:
    """The first code of the app: the session becomes whole, and the recovery codes are shown this once."""
    if half.sign_in.stage != "enrol":
        return RedirectResponse("/desk/sign-in/code", status_code=303)
    try:
        await count("code", half.agent.login, access.client_address(request))
        async with transaction() as session:
            recovery = await factors.confirm(session, half.agent, code[:100])
            await audit.note(session, "second_factor_set", half.agent, request=request)
            whole = await _whole(request, session, half, "app", after)
    except TooMany:
        return await app_page(request, half.agent, "/desk/sign-in/app", after, TOO_MANY, 429)
    except Invalid as error:
        return await app_page(request, half.agent, "/desk/sign-in/app", after, error.detail, 422)
    goes = whole.headers["location"]
    response = render(request, "people/codes.html", recovery=recovery, goes=goes)
    for cookie in whole.headers.getlist("set-cookie"):
        response.headers.append("set-cookie", cookie)
    return response


@router.get("/desk/sign-in/set-up/{token}", dependencies=[access.Anyone])
async def set_up_page(request: Request, token: str) -> Response:
    """The page of a set-up link. Looking uses nothing up: mail scanners follow links."""
    async with transaction() as session:
        agent = await links.holder(session, token)
    return render(request, "people/set_up.html", agent=agent, error=None)


@router.post("/desk/sign-in/set-up/{token}", dependencies=[access.AnyoneFromHere])
async def set_up(request: Request, token: str, password: Text = "") -> Response:
    """Choose a password; the link is used up, and the person is signed in as far as a password goes."""
    await count("set-up", token[:64], access.client_address(request))
    try:
        async with transaction() as session:
            agent = await service.choose_password(session, token, password[:1000], request)
            signed_in, stage = await let_in(request, session, agent, "link")
    except Invalid as error:
        async with transaction() as session:
            agent = await links.holder(session, token)
        return render(request, "people/set_up.html", status=422, agent=agent, error=error.detail)
    return go_on(request, signed_in, stage, agent, "")


@router.post("/desk/sign-out")
async def sign_out(request: Request, agent: access.SignedIn) -> Response:
    """End this session, here and in the browser, and at the provider for whoever came from there."""
    async with transaction() as session:
        found = await sessions.find(session, request.cookies.get(access.DESK_COOKIE, ""), request)
        await sessions.end(session, request.cookies.get(access.DESK_COOKIE, ""))
        await audit.note(session, "signed_out", agent, request=request)
    leave = None
    if found is not None and found[1].method == "openid":
        leave = await provider.where_to_leave()
    if leave is None:
        response: Response = RedirectResponse("/desk/sign-in", status_code=303)
    else:
        # A redirect would be one that a form of ours led to, which our policy keeps on this site; so the page goes on
        # by itself, and says where.
        response = render(request, "people/signed_out.html", leave=leave, name=get_settings().openid_name)
        response.headers["Refresh"] = f"0; url={leave}"
    access.clear_cookie(response, access.DESK_COOKIE)
    return response
