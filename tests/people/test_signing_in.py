"""Who is let in, and who is not."""

from datetime import timedelta

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from tests.browsers import NewBrowser, SignIn
from tests.makers import PASSWORD, make_agent
from triage import clock
from triage.access import DESK_COOKIE
from triage.database import transaction
from triage.people.browsers import COOKIE
from triage.settings import get_settings
from triage.tables import Agent, Audit
from triage.tables import SignIn as Session


async def test_sign_in_and_out(browser: NewBrowser) -> None:
    agent = await make_agent(login="agent.test")
    client = browser()
    assert (await client.get("/desk")).status_code == 401
    page = await client.get("/desk/sign-in?after=/desk/contacts/1")
    assert 'value="/desk/contacts/1"' in page.text
    answer = await client.post("/desk/sign-in", data={"login": " Agent.Test ", "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith(f"{DESK_COOKIE.lower()}=")
    for part in ("secure", "httponly", "samesite=lax", "path=/"):
        assert part in cookie
    assert "domain" not in cookie
    assert agent.name in (await client.get("/desk")).text
    token = client.cookies[DESK_COOKIE]
    assert (await client.post("/desk/sign-out")).status_code == 303
    client.cookies.set(DESK_COOKIE, token)
    assert (await client.get("/desk")).status_code == 401


async def test_a_wrong_name_and_a_wrong_password_look_the_same(browser: NewBrowser) -> None:
    await make_agent(login="agent.test")
    await make_agent(login="agent.gone", active=False)
    pages = []
    for login, password in (("agent.test", "wrong"), ("nobody", PASSWORD), ("agent.gone", PASSWORD)):
        answer = await browser().post("/desk/sign-in", data={"login": login, "password": password})
        assert answer.status_code == 401
        assert password not in answer.text
        pages.append(answer.text.replace(login, ""))
    assert pages[0] == pages[1] == pages[2]


async def test_too_many_tries_are_stopped_even_with_the_right_password(
    browser: NewBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRONTDOOR_SIGN_INS_PER_QUARTER_HOUR", "3")
    get_settings.cache_clear()
    await make_agent(login="agent.test")
    await make_agent(login="agent.other")
    client = browser()
    for _ in range(3):
        answer = await client.post("/desk/sign-in", data={"login": "agent.test", "password": "wrong"})
        assert answer.status_code == 401
    for password in ("wrong", PASSWORD):
        answer = await client.post("/desk/sign-in", data={"login": "agent.test", "password": password})
        assert answer.status_code == 429
        assert DESK_COOKIE not in client.cookies
    # A colleague beside them is not kept out.
    answer = await client.post("/desk/sign-in", data={"login": "agent.other", "password": PASSWORD})
    assert answer.status_code == 303


async def test_nobody_elsewhere_keeps_somebody_out_by_trying_their_name(
    people_app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRONTDOOR_SIGN_INS_PER_QUARTER_HOUR", "2")
    get_settings.cache_clear()
    await make_agent(login="agent.test")
    await make_agent(login="agent.other")
    known: dict[str, str] = {}

    async def tried(address: str, password: str, *, login: str = "agent.test", cookie: str | None = None) -> int:
        transport = httpx2.ASGITransport(people_app, client=(address, 1))
        headers = {"sec-fetch-site": "same-origin"} | ({"cookie": f"{COOKIE}={cookie}"} if cookie else {})
        async with httpx2.AsyncClient(transport=transport, base_url="https://testserver", headers=headers) as client:
            answer = await client.post("/desk/sign-in", data={"login": login, "password": password})
        if COOKIE in answer.cookies:
            known[login] = answer.cookies[COOKIE]
        return answer.status_code

    home = "192.0.2.1"
    assert await tried(home, PASSWORD) == 303
    assert await tried(home, PASSWORD, login="agent.other") == 303
    assert [await tried("198.51.100.1", "wrong") for _ in range(3)] == [401, 401, 429]
    # Somewhere else, in a browser that is new to them, they are let in.
    assert await tried("192.0.2.2", PASSWORD) == 303
    # From many addresses together there is a ceiling, which is nothing to a browser that they know.
    assert 429 in [await tried(f"203.0.113.{last}", "wrong") for last in range(30)]
    assert await tried("192.0.2.3", PASSWORD) == 429
    for address in (home, "203.0.113.1"):
        assert await tried(address, PASSWORD, cookie=known["agent.test"]) == 303
    # It gives a few tries and lets nobody in; a colleague's, or one that was made up, is worth none.
    assert await tried(home, PASSWORD, cookie=known["agent.other"]) == 429
    assert await tried("192.0.2.3", PASSWORD, cookie="made up") == 429
    assert await tried("192.0.2.3", "wrong", cookie=known["agent.test"]) == 429


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": "https://testserver"},
    ],
)
async def test_a_form_from_another_site_is_refused(
    browser: NewBrowser, signed_in: SignIn, headers: dict[str, str]
) -> None:
    agent = await make_agent(login="agent.test")
    data = {"login": "agent.test", "password": PASSWORD}
    answer = await browser().post("/desk/sign-in", data=data, headers=headers)
    assert answer.status_code == 403
    client = await signed_in(agent)
    for address in ("/desk/take-next", "/desk/sign-out", "/desk/heartbeat"):
        assert (await client.post(address, headers=headers)).status_code == 403


async def test_a_form_from_nowhere_is_refused(signed_in: SignIn) -> None:
    client = await signed_in(await make_agent())
    del client.headers["sec-fetch-site"]
    assert (await client.post("/desk/take-next")).status_code == 403
    client.headers["origin"] = "https://elsewhere.example"
    assert (await client.post("/desk/take-next")).status_code == 403
    client.headers["origin"] = "https://testserver"
    assert (await client.post("/desk/take-next")).status_code == 303


@pytest.mark.parametrize(
    ("after", "goes"),
    [
        ("/desk/contacts/5", "/desk/contacts/5"),
        ("/owner", "/owner"),
        ("/content/review", "/content/review"),
        ("/contents", "/desk"),
        ("//elsewhere.example", "/desk"),
        ("https://elsewhere.example/desk", "/desk"),
        ("/desk/\\elsewhere.example", "/desk"),
        ("/desk/\r\nset-cookie: x=y", "/desk"),
        ("/deskelsewhere", "/desk"),
        ("", "/desk"),
    ],
)
async def test_signing_in_leads_only_to_our_own_pages(browser: NewBrowser, after: str, goes: str) -> None:
    await make_agent(login="agent.test")
    data = {"login": "agent.test", "password": PASSWORD, "after": after}
    answer = await browser().post("/desk/sign-in", data=data)
    assert answer.headers["location"] == goes


async def test_an_owner_is_shown_the_owners_room_and_not_the_desk(browser: NewBrowser, signed_in: SignIn) -> None:
    owner = await make_agent(login="owner.test", role="owner")
    answer = await browser().post("/desk/sign-in", data={"login": "owner.test", "password": PASSWORD})
    assert answer.headers["location"] == "/owner"
    client = await signed_in(owner)
    assert (await client.get("/desk")).status_code == 403
    assert (await client.post("/desk/take-next")).status_code == 403


async def test_an_administrator_is_shown_the_list_of_people(browser: NewBrowser) -> None:
    await make_agent(login="admin.test", role="administrator")
    client = browser()
    answer = await client.post("/desk/sign-in", data={"login": "admin.test", "password": PASSWORD})
    assert answer.headers["location"] == "/desk/people"
    assert (await client.get("/desk/people")).status_code == 200
    assert (await client.get("/desk")).status_code == 403


async def test_a_session_from_before_ends_when_somebody_signs_in_again(browser: NewBrowser) -> None:
    await make_agent(login="agent.test")
    client = browser()
    await client.post("/desk/sign-in", data={"login": "agent.test", "password": PASSWORD})
    before = client.cookies[DESK_COOKIE]
    await client.post("/desk/sign-in", data={"login": "agent.test", "password": PASSWORD})
    assert client.cookies[DESK_COOKIE] != before
    old = browser()
    old.cookies.set(DESK_COOKIE, before)
    assert (await old.get("/desk")).status_code == 401


async def rests(agent: Agent, minutes: float) -> None:
    """The agent did nothing for so long, and an open page of theirs was seen a moment ago."""
    async with transaction() as session:
        acted = clock.now() - timedelta(minutes=minutes)
        await session.execute(update(Session).where(Session.agent_id == agent.id).values(acted_at=acted))


async def test_a_session_at_rest_for_too_long_ends_though_its_page_is_open(signed_in: SignIn) -> None:
    agent = await make_agent()
    client = await signed_in(agent)
    await rests(agent, 59)
    # Neither the heartbeat nor a page that reads itself again is a person.
    assert (await client.post("/desk/heartbeat")).status_code == 200
    assert (await client.get("/desk", headers={"sec-fetch-mode": "cors"})).status_code == 200
    await rests(agent, 61)
    assert (await client.post("/desk/heartbeat")).status_code == 401
    assert (await client.get("/desk")).status_code == 401


async def test_who_does_something_stays_signed_in(signed_in: SignIn) -> None:
    agent = await make_agent()
    client = await signed_in(agent)
    await rests(agent, 59)
    assert (await client.get("/desk", headers={"sec-fetch-mode": "navigate"})).status_code == 200
    async with transaction() as session:
        acted = await session.scalar(select(Session.acted_at).where(Session.agent_id == agent.id))
    assert acted is not None and clock.now() - acted < timedelta(minutes=1)


async def test_what_was_signed_in_is_on_the_trail_and_no_password_is(browser: NewBrowser) -> None:
    agent = await make_agent(login="agent.test")
    client = browser()
    await client.post("/desk/sign-in", data={"login": "agent.test", "password": "a wrong password"})
    await client.post("/desk/sign-in", data={"login": "my secret typed in the wrong box", "password": "x"})
    await client.post("/desk/sign-in", data={"login": "agent.test", "password": PASSWORD})
    await client.post("/desk/sign-out")
    async with transaction() as session:
        lines = (await session.scalars(select(Audit).order_by(Audit.at))).all()
    assert [line.what for line in lines] == ["sign_in_failed", "sign_in_failed", "signed_in", "signed_out"]
    assert [line.about for line in lines[:2]] == [str(agent.id), None]
    assert all(line.address_hash for line in lines)
    said = str([(line.detail, line.about) for line in lines])
    assert "secret" not in said and "wrong" not in said
