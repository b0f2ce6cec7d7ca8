"""PROMISES 11: every route says who may call it; every route, role and somebody else's id answers as it should.

Made from the app's own routes, so a new one is tried by itself. Each is called as nobody, as a resident with another
conversation's secret, and as each role of the staff, with ids of things that are there and belong to somebody else.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import select

from tests.house.test_routes import ROUTES, guards
from tests.makers import make_agent, make_contact, make_conversation, session_of
from triage import access, roles, taking
from triage.database import transaction
from triage.tables import Contact, Delivery, Notice

# Who calls: a role of the staff, or none.
STAFF = {
    "an agent of other queues": {"role": "agent", "queues": ["Q-LIB"]},
    "a partner's agent of another partner": {"role": "partner", "partner": "nsl"},
    "a partner's agent whose partner runs nothing": {"role": "partner", "partner": "hb_public_law"},
    "an owner": {"role": "owner"},
    "an editor": {"role": "editor"},
    "an administrator": {"role": "administrator"},
    "a supervisor of other queues": {"role": "supervisor", "queues": ["Q-LIB"]},
}
CALLERS = ["nobody", "a resident of another conversation", *STAFF]
REFUSED = {401, 403, 404}
# Streams stay open for ever for those who may have them.
STREAMS = ("/events",)
ROOMS = ("/desk", "/owner", "/content")
# What is nobody's: content, reports, what sorts contacts, and the switch of a queue.
EVERYBODYS = ("/content", "/reports", "/desk/sorting", "/desk/supervisor/queues")
# What an administrator may open by an id: people are theirs to look after.
THEIR_OWN = {access._administrator}


@dataclass
class House:
    """The app with something of somebody else's in it."""

    app: FastAPI
    ids: dict[str, str]
    tokens: dict[str, str] = field(default_factory=dict)
    secret: str = ""

    def client(self, caller: str) -> httpx2.AsyncClient:
        headers = {"sec-fetch-site": "same-origin", "idempotency-key": str(uuid4())}
        if caller == "a resident of another conversation":
            headers["authorization"] = f"Bearer {self.secret}"
        client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(self.app), base_url="https://testserver", headers=headers
        )
        if caller in self.tokens:
            client.cookies.set(access.DESK_COOKIE, self.tokens[caller], domain="testserver.local")
        return client


@pytest.fixture
async def house(database: str, trained: None) -> AsyncIterator[House]:
    """Frontdoor with a contact, a conversation and a session of somebody else's, and one person of each role."""
    from triage.app import build

    app = build()
    other = await make_agent("Q-WASTE")
    conversation = await make_conversation(("resident", "my bin was not emptied"))
    contact = await make_contact(queue="Q-WASTE", conversation_id=conversation)
    async with transaction() as session:
        await taking.take(session, other.id, contact)
        held = await session.get(Contact, contact)
        assert held is not None
        reference = held.reference
        delivery = Delivery(contact_id=contact, connector="console", kind="create", state="failed")
        session.add(delivery)
        # That it was taken is told; this one could not be.
        notice = (await session.scalars(select(Notice).where(Notice.contact_id == contact))).one()
        notice.state = "failed"
    token = await session_of(other)
    async with transaction() as session:
        found = await access.sessions.find(session, token, _request())
        assert found is not None
        session_id = found[1].id
    ids = {
        "contact_id": str(contact),
        "conversation_id": str(conversation),
        "reference": reference,
        "session_id": str(session_id),
        "person_id": str(other.id),
        "delivery_id": str(delivery.id),
        "notice_id": str(notice.id),
    }
    made = House(app, ids, secret="a secret of another conversation, 0123456789")
    for caller, columns in STAFF.items():
        made.tokens[caller] = await session_of(await make_agent(**columns))  # type: ignore[arg-type]
    async with app.router.lifespan_context(app):
        yield made


def _request() -> Any:
    from fastapi import Request

    return Request({"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""})


def path_of(route: APIRoute, ids: dict[str, str]) -> str:
    """The route's address with somebody else's ids in it; what is no id of ours is filled with a made-up one."""
    path = route.path
    for name in route.param_convertors:
        path = path.replace(f"{{{name}:path}}", "x").replace(f"{{{name}}}", ids.get(name, str(uuid4())))
    return path


def role_of(caller: str) -> str | None:
    return str(STAFF[caller]["role"]) if caller in STAFF else None


def needs(route: APIRoute) -> set[Any]:
    return {guard for guard in guards(route) if guard in access.NEEDS}


def allowed_by_role(route: APIRoute, caller: str) -> bool:
    """Whether the route is open to this role at all, whatever the id."""
    role = role_of(caller)
    return role is not None and all(roles.may(role, access.NEEDS[guard]) for guard in needs(route))


def expected(route: APIRoute, caller: str) -> set[int] | None:
    """The answers that would be right, or None where it is open and nothing in it is anybody's."""
    said = guards(route)
    # Nobody has given the mail server a key here, so there is no such door.
    if said & {access._internal, access._resident, access._mail_server}:
        return {404}
    if access._half_signed_in in said:
        return {401}
    if access._other_system in said:
        return {403}
    staff = needs(route) or {guard for guard in said if guard is access._signed_in}
    if not staff:
        return None
    if role_of(caller) is None:
        return {401}
    if not allowed_by_role(route, caller):
        return {403}
    if route.param_convertors and not needs(route) & THEIR_OWN and not route.path.startswith(EVERYBODYS):
        return {404}
    return None


async def test_every_route_refuses_what_is_not_theirs(house: House) -> None:
    tried, wrong = 0, []
    for caller in CALLERS:
        async with house.client(caller) as client:
            for route in ROUTES:
                right = expected(route, caller)
                if right is None or route.path == "/desk/sign-out":
                    continue
                for method in methods_of(route):
                    tried += 1
                    answer = await send(client, method, route, house.ids)
                    if answer.status_code not in right:
                        wrong.append(f"{caller}: {method} {route.path}: {answer.status_code}, not {sorted(right)}")
    assert tried > 300
    assert not wrong, "\n".join(wrong)


def methods_of(route: APIRoute) -> list[str]:
    return sorted(route.methods - {"HEAD", "OPTIONS"})


async def send(
    client: httpx2.AsyncClient, method: str, route: APIRoute, ids: dict[str, str], **headers: str
) -> httpx2.Response:
    """Call a route with a form that would be right, so that nothing but who asks can be what is refused."""
    form = {"version": "1", "text": "x", "queue": "Q-LIB", "reason": "x", "outcome": "x"}
    body: dict[str, Any] = {}
    if method != "GET":
        body = {"json": {"text": "x"}} if route.path.startswith(("/api", "/internal")) else {"data": form}
    return await client.request(method, path_of(route, ids), headers=headers, **body)


async def test_no_route_falls_over_for_anybody(house: House) -> None:
    """Odd ids and bare forms: a plain answer, and never our fault."""
    wrong = []
    for caller in CALLERS:
        async with house.client(caller) as client:
            for route in ROUTES:
                # A stream stays open for those who may have it; readiness says that Rasa is not there.
                if route.path.endswith(STREAMS) or route.path in ("/desk/sign-out", "/health/ready"):
                    continue
                for method in methods_of(route):
                    for ids in (house.ids, dict.fromkeys(house.ids, "0"), dict.fromkeys(house.ids, "%00'\"<x>")):
                        if ids is not house.ids and not route.param_convertors:
                            continue
                        answer = await send(client, method, route, ids)
                        if answer.status_code >= 500:
                            wrong.append(f"{caller}: {method} {path_of(route, ids)}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


async def test_whoever_has_signed_in_is_not_made_to_send_a_form_by_another_site(house: House) -> None:
    """PROMISES 13: every unsafe method, with the cookie that a browser would send along."""
    tried, wrong = 0, []
    for caller in STAFF:
        async with house.client(caller) as client:
            for route in ROUTES:
                if route.path.startswith(("/api", "/internal")):
                    continue
                right = 401 if access._half_signed_in in guards(route) else 403
                for method in set(methods_of(route)) - {"GET"}:
                    for site in ("cross-site", "same-site"):
                        tried += 1
                        answer = await send(client, method, route, house.ids, **{"sec-fetch-site": site})
                        if answer.status_code != right:
                            wrong.append(f"{caller}: {method} {route.path} {site}: {answer.status_code}")
    assert tried > 300
    assert not wrong, "\n".join(wrong)


async def test_every_page_says_what_may_run_on_it(house: House) -> None:
    """PROMISES 13: the policy is on every answer, and our pages keep to it: no script or style in the page itself."""
    wrong = []
    for caller in ("nobody", "an administrator", "an owner", "a supervisor of other queues"):
        async with house.client(caller) as client:
            for route in ROUTES:
                if "GET" not in route.methods or route.path.endswith(STREAMS):
                    continue
                answer = await client.get(path_of(route, house.ids), headers={"accept": "text/html"})
                policy = answer.headers.get("content-security-policy", "")
                if "default-src 'self'" not in policy or "unsafe" in policy:
                    wrong.append(f"{route.path}: policy {policy!r}")
                if answer.headers.get("x-content-type-options") != "nosniff":
                    wrong.append(f"{route.path}: may be sniffed")
                if route.path.startswith(ROOMS) and answer.headers.get("cache-control") != "no-store":
                    wrong.append(f"{route.path}: may be kept")
                html = answer.headers.get("content-type", "").startswith("text/html")
                if html and (found := re.search(r"<style|<script(?![^>]* src=)|\sstyle=|\son\w+=", answer.text)):
                    wrong.append(f"{route.path}: {found[0]}")
    assert not wrong, "\n".join(wrong)


async def test_nothing_of_somebody_elses_was_changed_by_all_this(house: House) -> None:
    async with transaction() as session:
        before = await session.get(Contact, house.ids["contact_id"])
        assert before is not None
        version = before.version
    for caller in CALLERS:
        async with house.client(caller) as client:
            for what in ("take", "reply", "note", "transfer", "release", "close", "outcome", "withdraw", "rang"):
                data = {"version": str(version), "text": "x", "queue": "Q-LIB", "reason": "settled", "outcome": "x"}
                answer = await client.post(f"/desk/contacts/{house.ids['contact_id']}/{what}", data=data)
                assert answer.status_code in REFUSED, f"{caller} {what}: {answer.status_code}"
    async with transaction() as session:
        after = await session.get(Contact, house.ids["contact_id"])
        assert after is not None and (after.version, after.state, after.queue) == (version, "taken", "Q-WASTE")


# What of the staff's pages anybody may call: the ways in.
WAYS_IN = {
    "GET /desk/sign-in",
    "POST /desk/sign-in",
    "GET /desk/sign-in/openid",
    "GET /desk/sign-in/openid/back",
    "GET /desk/sign-in/set-up/{token}",
    "POST /desk/sign-in/set-up/{token}",
}


STAFFS = {*access.NEEDS, access._signed_in, access._half_signed_in}


def test_of_the_staffs_pages_only_the_ways_in_are_open() -> None:
    found = {
        f"{method} {route.path}"
        for route in ROUTES
        for method in route.methods - {"HEAD"}
        if route.path.startswith(ROOMS) and not guards(route) & STAFFS
    }
    assert found == WAYS_IN
