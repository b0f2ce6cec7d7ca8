"""Who may call a route. Every route names exactly one of these, and a house test holds them to it.

Anyone · Resident (holder of a conversation's secret) · HalfWay (password right, second factor to come) · SignedIn ·
SignedInAgent · SignedInSupervisor · SignedInOwner · SignedInReporter · SignedInApprover · SignedInEditor ·
SignedInOverseer · SignedInRuler · SignedInAdministrator · SignedInAuditor · Internal (Rasa) · OtherSystem (one that
reports to us, with its key) · MailServer (posts emails to us, with its key). What each role may do is the table in
roles.py.
"""

import asyncio
import hmac
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from fastapi import Depends, Request, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from triage import codes, roles, sessions
from triage.database import transaction
from triage.errors import NotAllowed, NotFound, SignInNeeded
from triage.roles import May
from triage.settings import get_settings
from triage.surveying.addresses import network_of
from triage.tables import Agent, Conversation, SignIn

DESK_COOKIE = "__Host-desk"
CHAT_COOKIE = "__Host-chat"
_hasher = PasswordHasher()
# Checking a password for a login that does not exist takes as long as for one that does.
_NOBODY = _hasher.hash("nobody has this password")


def client_address(request: Request) -> str:
    """Where a request came from, for limits; the front proxy's word is taken by uvicorn, not here.

    Of IPv6 its /64: whoever has one address there has all of them, and would have as many tries.
    """
    return network_of(request.client.host) if request.client else "unknown"


def same_origin(request: Request) -> None:
    """Refuse a form that another site sent. Raises NotAllowed.

    Browsers say where a request comes from (Sec-Fetch-Site), and older ones its Origin; we need one to be ours.
    """
    site = request.headers.get("sec-fetch-site")
    if site in ("same-origin", "none"):
        return
    origin = request.headers.get("origin")
    if site is None and origin is not None and urlsplit(origin).netloc == request.headers.get("host"):
        return
    raise NotAllowed("This form was sent from another website. Open our page and try again.")


async def _anyone() -> None:
    """Open to everybody."""


async def _anyone_from_here(request: Request) -> None:
    same_origin(request)


def _bearer(request: Request) -> str:
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret:
        raise NotFound
    return secret


class ResidentKey:
    """A conversation's id with the secret that came for it: nothing can be read until `open` has compared them."""

    def __init__(self, conversation_id: UUID, secret: str) -> None:
        self._conversation_id = conversation_id
        self._secret = secret

    async def open(self, session: AsyncSession, *, lock: bool = False) -> Conversation:
        """The conversation, its row locked until commit if asked. Raises NotFound; we do not say which was wrong."""
        conversation = await session.get(Conversation, self._conversation_id, with_for_update=lock or None)
        if conversation is None or not codes.matches(self._secret, conversation.secret_hash):
            raise NotFound
        return conversation


async def _resident(request: Request, conversation_id: UUID) -> ResidentKey:
    return ResidentKey(conversation_id, _bearer(request))


async def _resident_by_cookie(request: Request) -> ResidentKey | None:
    if request.method not in ("GET", "HEAD"):
        same_origin(request)
    return chat_key(request)


def chat_key(request: Request) -> ResidentKey | None:
    """The conversation that this browser's cookie belongs to (pages without JavaScript), if it has one."""
    conversation_id, _, secret = request.cookies.get(CHAT_COOKIE, "").partition(".")
    try:
        return ResidentKey(UUID(conversation_id), secret)
    except ValueError:
        return None


async def _internal(request: Request) -> None:
    token = get_settings().internal_token.get_secret_value()
    if not token or not hmac.compare_digest(_bearer(request).encode(), token.encode()):
        raise NotFound


async def _mail_server(request: Request) -> None:
    """The council's mail server, with its key in the header X-Api-Key. Raises NotFound (no key is set), NotAllowed."""
    key = get_settings().email_key.get_secret_value()
    if not key:
        raise NotFound
    if not hmac.compare_digest(request.headers.get("x-api-key", "").encode(), key.encode()):
        raise NotAllowed


async def _other_system(request: Request) -> str:
    """The name of the system whose key came: in the header X-Api-Key, or in a form's api_key (GeoReport v2).

    Raises NotAllowed. Never in an address, which logs would keep.
    """
    given = request.headers.get("x-api-key", "")
    if not given and request.method == "POST":
        given = str((await request.form(max_files=0, max_fields=60)).get("api_key") or "")
    keys = get_settings().open311_keys
    found = [
        name
        for name, key in keys.items()
        # Every one is compared, so that time says nothing about which was near.
        if hmac.compare_digest(given.encode(), key.get_secret_value().encode()) and key.get_secret_value()
    ]
    if not found:
        raise NotAllowed("The key is missing or not one of ours. Ask the council for one.")
    return found[0]


async def session_of(request: Request) -> tuple[Agent, SignIn] | None:
    """The person and the desk session that this request carries, or None. Marks the session as seen."""
    token = request.cookies.get(DESK_COOKIE)
    if not token:
        return None
    async with transaction() as session:
        return await sessions.find(session, token, request)


async def agent_of(request: Request) -> Agent | None:
    """The person whose desk session this request carries, or None. Marks the session as seen."""
    found = await session_of(request)
    return found[0] if found else None


async def _signed_in(request: Request) -> Agent:
    agent = await agent_of(request)
    if agent is None:
        raise SignInNeeded
    if request.method not in ("GET", "HEAD"):
        same_origin(request)
    return agent


def _allowed(agent: Agent, what: May) -> Agent:
    if not roles.may(agent.role, what):
        raise NotAllowed
    return agent


async def _agent(agent: Annotated[Agent, Depends(_signed_in)]) -> Agent:
    return _allowed(agent, May.WORK)


async def _supervisor(agent: Annotated[Agent, Depends(_signed_in)]) -> Agent:
    return _allowed(agent, May.SUPERVISE)


async def _owner(agent: Annotated[Agent, Depends(_signed_in)]) -> Agent:
    return _allowed(agent, May.FIGURES)


async def _reporter(agent: Annotated[Agent, Depends(_signed_in)]) -> Agent:
    return _allowed(agent, May.REPORT)


async def _approver(agent: Annotated[Agent, Depends(_signed_in)]) -> Agent:
    return _allowed(agent, May.APPROVE)


async def _editor(agent: Annotated[Agent, Depends(_signed_in)]) -> Agent:
    return _allowed(agent, May.CONTENT)


async def _administrator(agent: Annotated[Agent, Depends(_signed_in)]) -> Agent:
    return _allowed(agent, May.PEOPLE)


async def _auditor(agent: Annotated[Agent, Depends(_signed_in)]) -> Agent:
    return _allowed(agent, May.AUDIT)


@dataclass(frozen=True)
class HalfSignedIn:
    """Somebody whose password was right; what they still have to show is the session's stage."""

    agent: Agent
    sign_in: SignIn
    token: str


async def _half_signed_in(request: Request) -> HalfSignedIn:
    token = request.cookies.get(DESK_COOKIE, "")
    async with transaction() as session:
        found = await sessions.half_way(session, token) if token else None
    if found is None:
        raise SignInNeeded
    if request.method not in ("GET", "HEAD"):
        same_origin(request)
    return HalfSignedIn(*found, token)


async def _ruler(agent: Annotated[Agent, Depends(_signed_in)]) -> Agent:
    return _allowed(agent, May.RULE)


async def _overseer(agent: Annotated[Agent, Depends(_signed_in)]) -> Agent:
    return _allowed(agent, May.OVERSEE)


Anyone = Depends(_anyone)
AnyoneFromHere = Depends(_anyone_from_here)
Resident = Annotated[ResidentKey, Depends(_resident)]
ResidentOrNobody = Annotated[ResidentKey | None, Depends(_resident_by_cookie)]
SignedIn = Annotated[Agent, Depends(_signed_in)]
SignedInAgent = Annotated[Agent, Depends(_agent)]
SignedInOwner = Annotated[Agent, Depends(_owner)]
SignedInReporter = Annotated[Agent, Depends(_reporter)]
SignedInApprover = Annotated[Agent, Depends(_approver)]
SignedInEditor = Annotated[Agent, Depends(_editor)]
SignedInSupervisor = Annotated[Agent, Depends(_supervisor)]
SignedInOverseer = Annotated[Agent, Depends(_overseer)]
SignedInRuler = Annotated[Agent, Depends(_ruler)]
SignedInAdministrator = Annotated[Agent, Depends(_administrator)]
SignedInAuditor = Annotated[Agent, Depends(_auditor)]
HalfWay = Annotated[HalfSignedIn, Depends(_half_signed_in)]
Internal = Depends(_internal)
OtherSystem = Annotated[str, Depends(_other_system)]
MailServer = Depends(_mail_server)
# What a guard of the staff asks of a role.
NEEDS = {
    _agent: May.WORK,
    _supervisor: May.SUPERVISE,
    _owner: May.FIGURES,
    _reporter: May.REPORT,
    _approver: May.APPROVE,
    _editor: May.CONTENT,
    _overseer: May.OVERSEE,
    _ruler: May.RULE,
    _administrator: May.PEOPLE,
    _auditor: May.AUDIT,
}
GUARDS = (
    _anyone,
    _anyone_from_here,
    _resident,
    _resident_by_cookie,
    _signed_in,
    _half_signed_in,
    *NEEDS,
    _internal,
    _other_system,
    _mail_server,
)


def hash_password(password: str) -> str:
    """argon2id, with the library's current parameters."""
    return _hasher.hash(password)


async def check_password(session: AsyncSession, login: str, password: str) -> Agent | None:
    """The person whose login and password these are, else None."""
    agent = await session.scalar(select(Agent).where(Agent.login == login.strip().lower(), Agent.active))
    return agent if await password_matches(agent, password) else None


async def password_matches(agent: Agent | None, password: str) -> bool:
    """Whether this is the person's password; it takes as long when there is no such person."""
    try:
        # argon2 is slow on purpose; in a thread, so that nobody else waits for it.
        await asyncio.to_thread(_hasher.verify, agent.password_hash if agent else _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return agent is not None


def unknown_password() -> str:
    """The hash of a password that nobody knows, for somebody who has not chosen theirs."""
    return _hasher.hash(codes.new_secret())


def set_cookie(response: Response, name: str, value: str, hours: int) -> None:
    """Set one of our cookies: this host only, https (or localhost) only, out of reach of scripts."""
    response.set_cookie(name, value, max_age=hours * 3600, path="/", secure=True, httponly=True, samesite="lax")


def clear_cookie(response: Response, name: str) -> None:
    """Take one of our cookies away."""
    response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="lax")
