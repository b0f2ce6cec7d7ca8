"""Signing in with the council's OpenID Connect provider: authorization code with PKCE, state and nonce.

What began is remembered, sealed, in a cookie of the browser in which it began (`__Host-`, ten minutes, once): an answer
that comes back into another browser, or a second time, finds none and is refused.
"""

import hmac
import json
import secrets
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from triage import access, audit, clock, sealed, sessions
from triage.catalogue import catalogue
from triage.database import transaction
from triage.errors import FrontdoorError, NotFound, NotOnTheList, ProviderDown, SignInNotSure, TooMany
from triage.people import mapping, provider, repository, service
from triage.people.provider import Started
from triage.people.signing_in import TOO_MANY, count, page_after, sign_in_form
from triage.settings import GroupRole, get_settings
from triage.tables import Agent

router = APIRouter(include_in_schema=False)

COOKIE = "__Host-openid"
PURPOSE = "openid sign-in"
WITHIN = timedelta(minutes=10)


def _remember(response: Response, started: Started) -> None:
    kept = sealed.seal(PURPOSE, json.dumps(asdict(started))).decode()
    access.set_cookie(response, COOKIE, kept, 1)


def _remembered(request: Request) -> Started | None:
    kept = sealed.unseal(PURPOSE, request.cookies.get(COOKIE, "").encode(), WITHIN)
    return Started(**json.loads(kept)) if kept else None


@router.get("/desk/sign-in/openid", dependencies=[access.Anyone])
async def begin(request: Request, after: str = "") -> Response:
    """Go to the provider's page. Raises NotFound where none is set."""
    if not get_settings().openid:
        raise NotFound
    started = Started(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        # 43 characters at least (RFC 7636 section 4.1).
        verifier=secrets.token_urlsafe(64),
        after=after[:200],
    )
    try:
        await count("openid", None, access.client_address(request))
        address = await provider.where_to(started)
    except TooMany:
        return sign_in_form(request, error=TOO_MANY, after=after, status=429)
    except ProviderDown as error:
        return sign_in_form(request, error=_down(error), after=after, status=error.status)
    response = RedirectResponse(address, status_code=303)
    _remember(response, started)
    return response


def _down(error: ProviderDown) -> str:
    return f"{error.detail} Or sign in with your name and password." if get_settings().local_sign_in else error.detail


@router.get("/desk/sign-in/openid/back", dependencies=[access.Anyone])
async def back(request: Request, code: str = "", state: str = "", iss: str | None = None, error: str = "") -> Response:
    """Whoever comes back from the provider; each answer counts once, in the browser that asked."""
    if not get_settings().openid:
        raise NotFound
    started = _remembered(request)
    try:
        response = await _came_back(request, started, code, state, iss, error)
    except (SignInNotSure, NotOnTheList, ProviderDown) as problem:
        # Whoever began nothing here fills no trail.
        if started is not None:
            await _note_failure(request, problem)
        detail = _down(problem) if isinstance(problem, ProviderDown) else problem.detail
        response = sign_in_form(request, error=detail, after=started.after if started else "", status=problem.status)
    access.clear_cookie(response, COOKIE)
    return response


async def _note_failure(request: Request, problem: FrontdoorError) -> None:
    async with transaction() as session:
        detail = {"by": "openid", "why": type(problem).__name__}
        await audit.note(session, "sign_in_failed", None, request=request, detail=detail)


async def _came_back(
    request: Request, started: Started | None, code: str, state: str, iss: str | None, error: str
) -> Response:
    if started is None or not hmac.compare_digest(started.state.encode(), state.encode()):
        raise SignInNotSure
    if error or not code:
        # They said no there, or the provider did; either way, they may begin again.
        raise SignInNotSure("The council's sign-in did not let you through. Start again from here.")
    claims = await provider.who_came(started, code[:2000], iss)
    async with transaction() as session:
        agent = await _person(session, claims)
        now = clock.now() if mapping.second_factor(claims) else None
        token = await sessions.begin(
            session,
            agent,
            request,
            method="openid",
            second_factor_at=now,
            instead_of=request.cookies.get(access.DESK_COOKIE),
        )
        await audit.note(session, "signed_in", agent, request=request, detail={"by": "openid"})
    response = RedirectResponse(page_after(started.after, agent.role), status_code=303)
    access.set_cookie(response, access.DESK_COOKIE, token, get_settings().session_hours)
    return response


async def _person(session: AsyncSession, claims: dict[str, Any]) -> Agent:
    """Who this is here: known by subject, else bound by the name an administrator gave, else made by their groups.

    Raises NotOnTheList.
    """
    settings = get_settings()
    # The issuer's identifier and the subject together are never given to anybody else (Core 1.0, section 2).
    subject = f"{claims['iss']} {claims['sub']}"
    meaning = mapping.role_of(mapping.groups_of(claims, settings.openid_groups_claim), settings.openid_groups)
    agent = await repository.by_subject(session, subject)
    if agent is None and (name := mapping.name_of(claims, settings.openid_name_claim)):
        agent = await repository.by_openid_name(session, name)
    if agent is None:
        if not settings.openid_create or meaning is None:
            raise NotOnTheList
        agent = await _made(session, claims, subject)
    if not agent.active:
        raise NotOnTheList
    agent.openid_subject = subject
    if agent.openid_mapped:
        if meaning is None:
            raise NotOnTheList
        await _take_role(session, agent, meaning)
    await session.flush()
    return agent


async def _made(session: AsyncSession, claims: dict[str, Any], subject: str) -> Agent:
    # Nobody types this name: it only has to be nobody else's.
    login = f"openid.{secrets.token_hex(8)}"
    agent = Agent(
        login=login,
        name=mapping.display_name(claims),
        role="agent",
        queues=[],
        password_hash=access.unknown_password(),
        openid_subject=subject,
        openid_mapped=True,
    )
    session.add(agent)
    await session.flush()
    await audit.note(session, "person_added", None, kind="person", about=agent.id, detail={"by": "openid"})
    return agent


async def _take_role(session: AsyncSession, agent: Agent, meaning: GroupRole) -> None:
    """Give them the role that their groups have now; a partner or queue that is not in the catalogue gives none.

    As when an administrator changes them: their sessions end, what they had goes back to its queue, and the last
    administrator stays one, because nobody could make another. Raises NotOnTheList.
    """
    known = catalogue()
    if meaning.partner and meaning.partner not in known.partners:
        raise NotOnTheList
    queues = [code for code in meaning.queues if code in known.queues]
    if meaning.queues and not queues:
        # None left of those that were named must not become every queue.
        raise NotOnTheList
    new = {"role": meaning.role, "partner": meaning.partner, "queues": queues}
    changed = {name: value for name, value in new.items() if getattr(agent, name) != value}
    if not changed:
        return
    if "role" in changed and await service.last_administrator(session, agent):
        detail = {"by": "openid", "to": meaning.role}
        await audit.note(session, "administrator_kept", None, kind="person", about=agent.id, detail=detail)
        return
    told = {name: {"from": getattr(agent, name), "to": value} for name, value in changed.items()}
    for name, value in changed.items():
        setattr(agent, name, value)
    await session.flush()
    await sessions.end_all(session, agent.id)
    await service.give_back(session, None, agent, service.CHANGED)
    await audit.note(session, "person_changed", None, kind="person", about=agent.id, detail={"by": "openid", **told})
