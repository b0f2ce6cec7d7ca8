"""Who is let in, and who is not."""

from collections.abc import Callable

import pytest

from tests.desk.conftest import Browser, SignIn
from tests.makers import PASSWORD, make_agent
from triage.access import DESK_COOKIE
from triage.settings import get_settings

NewBrowser = Callable[[], Browser]


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
