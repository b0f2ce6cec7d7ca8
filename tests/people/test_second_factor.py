"""An authenticator app: set up, asked for, never counted twice; and the codes for when it is lost."""

import asyncio
import re

import httpx2
import pytest
from sqlalchemy import select

from tests.browsers import NewBrowser, SignIn
from tests.makers import PASSWORD, make_agent
from triage.access import DESK_COOKIE
from triage.database import transaction
from triage.people import factors, totp
from triage.settings import get_settings
from triage.tables import Agent, Audit, SecondFactor
from triage.tables import SignIn as Session


def secret_in(page: httpx2.Response) -> str:
    """The key that the set-up page shows as text."""
    found = re.search(r'id="key">([A-Z2-7 ]+)<', page.text)
    assert found, page.text
    return found[1].replace(" ", "")


def recovery_in(page: httpx2.Response) -> list[str]:
    """The recovery codes that a page shows."""
    return re.findall(r"<li>((?:[0-9A-Z]{4}-){3}[0-9A-Z]{4})</li>", page.text)


def code(secret: str, ahead: int = 0) -> str:
    """What the app shows now, or so many half minutes from now."""
    return totp.code_at(secret, totp.step_now() + ahead)


async def password(browser: NewBrowser, login: str) -> tuple[httpx2.AsyncClient, httpx2.Response]:
    """A browser in which somebody typed their password, and where that led."""
    client = browser()
    return client, await client.post("/desk/sign-in", data={"login": login, "password": PASSWORD})


async def with_app(agent: Agent) -> tuple[str, list[str]]:
    """Sets an app up for somebody; its secret and the recovery codes. Its code of the last half minute was used."""
    async with transaction() as session:
        made = await factors.begin(session, agent)
        secret = made.key.replace(" ", "")
        recovery = await factors.confirm(session, agent, code(secret, -1))
    return secret, recovery


@pytest.fixture
def required(monkeypatch: pytest.MonkeyPatch, database: str) -> None:
    """Supervisors need an app."""
    monkeypatch.setenv("FRONTDOOR_SECOND_FACTOR_ROLES", "supervisor")
    get_settings.cache_clear()


async def test_in_production_those_with_most_access_need_one_unless_it_is_said_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def needed(environment: str, named: str) -> set[str]:
        monkeypatch.setenv("FRONTDOOR_ENVIRONMENT", environment)
        monkeypatch.setenv("FRONTDOOR_SECOND_FACTOR_ROLES", named)
        get_settings.cache_clear()
        return set(get_settings().second_factor_for)

    assert needed("production", "") == {"administrator", "supervisor"}
    assert needed("production", "none") == set()
    assert needed("production", "agent, owner") == {"agent", "owner"}
    assert needed("development", "") == set()
    get_settings.cache_clear()


async def test_whoever_needs_an_app_sets_it_up_before_anything_else(browser: NewBrowser, required: None) -> None:
    agent = await make_agent(login="boss.test", role="supervisor")
    client, led = await password(browser, "boss.test")
    assert led.headers["location"] == "/desk/sign-in/app"
    half = client.cookies[DESK_COOKIE]
    for closed in ("/desk", "/owner", "/desk/account", "/desk/account/app"):
        assert (await client.get(closed)).status_code == 401, closed
    page = await client.get("/desk/sign-in/app")
    secret = secret_in(page)
    assert "<svg" in page.text and 'style="' not in page.text
    assert secret_in(await client.get("/desk/sign-in/app")) == secret, "looking again makes no new key"
    wrong = await client.post("/desk/sign-in/app", data={"code": "000000"})
    assert wrong.status_code == 422 and secret_in(wrong) == secret
    done = await client.post("/desk/sign-in/app", data={"code": code(secret)})
    assert done.status_code == 200 and len(set(recovery_in(done))) == 10
    assert done.headers["cache-control"] == "no-store"
    assert client.cookies[DESK_COOKIE] != half
    assert (await client.get("/desk")).status_code == 200
    async with transaction() as session:
        kept = await session.get(SecondFactor, agent.id)
        assert kept is not None and secret.encode() not in kept.sealed
        assert not set(recovery_in(done)) & set(map(str, kept.recovery))
        session_now = await session.scalar(select(Session).where(Session.agent_id == agent.id))
        assert session_now is not None and session_now.second_factor_at is not None


async def test_a_code_is_asked_for_and_the_half_session_opens_nothing(browser: NewBrowser) -> None:
    agent = await make_agent(login="agent.test")
    secret, _ = await with_app(agent)
    client, led = await password(browser, "agent.test")
    assert led.headers["location"] == "/desk/sign-in/code"
    half = client.cookies[DESK_COOKIE]
    assert (await client.get("/desk")).status_code == 401
    assert (await client.post("/desk/take-next")).status_code == 401
    assert (await client.get("/desk/sign-in/app")).headers["location"] == "/desk/sign-in/code"
    assert (await client.post("/desk/sign-in/code", data={"code": "123"})).status_code == 401
    right = await client.post("/desk/sign-in/code", data={"code": code(secret), "after": "/desk/account"})
    assert (right.status_code, right.headers["location"]) == (303, "/desk/account")
    assert (await client.get("/desk")).status_code == 200
    old = browser()
    old.cookies.set(DESK_COOKIE, half)
    assert (await old.get("/desk/sign-in/code")).status_code == 401
    assert (await old.get("/desk")).status_code == 401


async def test_a_code_that_was_used_is_refused(browser: NewBrowser) -> None:
    agent = await make_agent(login="agent.test")
    secret, _ = await with_app(agent)
    shown = code(secret)
    first, _led = await password(browser, "agent.test")
    assert (await first.post("/desk/sign-in/code", data={"code": shown})).status_code == 303
    second, _led = await password(browser, "agent.test")
    assert (await second.post("/desk/sign-in/code", data={"code": shown})).status_code == 401


async def test_one_code_sent_by_five_browsers_at_once_lets_one_in(
    browser: NewBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRONTDOOR_SIGN_INS_PER_QUARTER_HOUR", "100")
    get_settings.cache_clear()
    agent = await make_agent(login="agent.test")
    secret, recovery = await with_app(agent)
    for shown in (code(secret), recovery[0]):
        clients = [(await password(browser, "agent.test"))[0] for _ in range(5)]
        sent = [client.post("/desk/sign-in/code", data={"code": shown}) for client in clients]
        answers = await asyncio.gather(*sent)
        assert sorted(answer.status_code for answer in answers) in (
            [303, 401, 401, 401, 401],
            [303, 401, 401, 401, 429],
        )
        async with transaction() as session:
            await session.execute(Session.__table__.delete())
        get_settings.cache_clear()


async def test_a_recovery_code_lets_in_once(browser: NewBrowser) -> None:
    agent = await make_agent(login="agent.test")
    _, recovery = await with_app(agent)
    client, _led = await password(browser, "agent.test")
    typed = recovery[3].lower().replace("-", " ")
    assert (await client.post("/desk/sign-in/code", data={"code": typed})).status_code == 303
    assert "9 recovery codes left" in (await client.get("/desk/account")).text
    again, _led = await password(browser, "agent.test")
    assert (await again.post("/desk/sign-in/code", data={"code": recovery[3]})).status_code == 401
    async with transaction() as session:
        noted = (await session.scalars(select(Audit.what).order_by(Audit.at))).all()
    assert noted == ["recovery_code_used", "signed_in", "code_failed"]


async def test_too_many_codes_are_stopped_even_the_right_one(
    browser: NewBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRONTDOOR_SIGN_INS_PER_QUARTER_HOUR", "3")
    get_settings.cache_clear()
    agent = await make_agent(login="agent.test")
    secret, _ = await with_app(agent)
    client, _led = await password(browser, "agent.test")
    for _ in range(3):
        assert (await client.post("/desk/sign-in/code", data={"code": "000000"})).status_code == 401
    # Another half session of the same person is no new chance.
    other, _led = await password(browser, "agent.test")
    for one in (client, other):
        stopped = await one.post("/desk/sign-in/code", data={"code": code(secret)})
        assert stopped.status_code == 429 and (await one.get("/desk")).status_code == 401


async def test_a_key_that_is_not_the_deployments_opens_no_secret(
    browser: NewBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = await make_agent(login="agent.test")
    secret, recovery = await with_app(agent)
    monkeypatch.setenv("FRONTDOOR_SIGNING_KEY", "another key, such as a restored backup might meet")
    get_settings.cache_clear()
    client, _led = await password(browser, "agent.test")
    assert (await client.post("/desk/sign-in/code", data={"code": code(secret)})).status_code == 401
    assert (await client.post("/desk/sign-in/code", data={"code": recovery[0]})).status_code == 303


async def test_the_pages_of_half_a_session_refuse_other_sites(browser: NewBrowser) -> None:
    agent = await make_agent(login="agent.test")
    secret, _ = await with_app(agent)
    client, _led = await password(browser, "agent.test")
    answer = await client.post(
        "/desk/sign-in/code", data={"code": code(secret)}, headers={"sec-fetch-site": "cross-site"}
    )
    assert answer.status_code == 403


async def test_an_app_is_set_up_and_taken_away_by_oneself(signed_in: SignIn) -> None:
    agent = await make_agent()
    client = await signed_in(agent)
    secret = secret_in(await client.get("/desk/account/app"))
    done = await client.post("/desk/account/app", data={"code": code(secret)})
    first = recovery_in(done)
    assert len(first) == 10
    assert (await client.get("/desk/account/app")).status_code == 303
    assert (await client.post("/desk/account/recovery", data={"password": "wrong"})).status_code == 422
    renewed = recovery_in(await client.post("/desk/account/recovery", data={"password": PASSWORD}))
    assert len(renewed) == 10 and not set(renewed) & set(first)
    assert (await client.post("/desk/account/app/remove", data={"password": "wrong"})).status_code == 422
    assert (await client.post("/desk/account/app/remove", data={"password": PASSWORD})).status_code == 303
    async with transaction() as session:
        assert await session.get(SecondFactor, agent.id) is None
