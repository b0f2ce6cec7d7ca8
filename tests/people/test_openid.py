"""Signing in with a real OpenID Connect provider, which runs beside the test, and everything that must not let in."""

import json
import re
import time
from dataclasses import asdict, replace
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import select, update

from tests.browsers import NewBrowser
from tests.makers import make_agent
from tests.people import provider as house
from tests.people.conftest import fields, set_to
from triage import sealed
from triage.access import DESK_COOKIE
from triage.database import transaction
from triage.errors import SignInNotSure
from triage.people import openid, provider
from triage.people.provider import Started
from triage.settings import get_settings
from triage.tables import Agent, Audit, SignIn


async def at_the_provider(address: str, login: str, password: str = house.PASSWORD) -> str:
    """What somebody does on the provider's own pages; the address that it sends them back to."""
    async with httpx2.AsyncClient(follow_redirects=False) as person:
        answer = await person.get(address)
        for _ in range(8):
            if answer.has_redirect_location:
                to = httpx2.URL(answer.url).join(answer.headers["location"])
                if to.path == "/desk/sign-in/openid/back":
                    return str(to)
                answer = await person.get(to)
            elif 'name="login"' in answer.text:
                answer = await person.post(answer.url, data=fields(answer.text, login=login))
            elif 'name="password"' in answer.text:
                answer = await person.post(answer.url, data=fields(answer.text, password=password))
            else:
                break
    raise AssertionError(f"{answer.status_code} {answer.url}\n{answer.text[:2000]}")


async def begin(client: httpx2.AsyncClient, after: str = "") -> str:
    """Press the button to sign in with the council's sign-in; the provider's address."""
    answer = await client.get("/desk/sign-in/openid", params={"after": after})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def back(address: str) -> str:
    """The path and query of an address on which Frontdoor is come back to."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


async def come(browser: NewBrowser, login: str, after: str = "") -> tuple[httpx2.AsyncClient, httpx2.Response]:
    """Somebody signs in with the council's sign-in from beginning to end."""
    client = browser()
    returned = await at_the_provider(await begin(client, after), login)
    return client, await client.get(back(returned), headers={"sec-fetch-site": "cross-site"})


async def people() -> list[Agent]:
    async with transaction() as session:
        return list(await session.scalars(select(Agent).order_by(Agent.name)))


async def test_the_page_offers_it_only_where_it_is_set(browser: NewBrowser, council: pytest.MonkeyPatch) -> None:
    assert "Sign in with your council account" in (await browser().get("/desk/sign-in")).text
    set_to(council, openid_issuer="")
    assert "council account" not in (await browser().get("/desk/sign-in")).text
    assert (await browser().get("/desk/sign-in/openid")).status_code == 404
    assert (await browser().get("/desk/sign-in/openid/back?code=x&state=y")).status_code == 404


async def test_where_it_leads_carries_pkce_state_and_nonce(browser: NewBrowser, council: pytest.MonkeyPatch) -> None:
    client = browser()
    first, second = await begin(client), await begin(browser())
    asked = {name: values[0] for name, values in parse_qs(urlsplit(first).query).items()}
    assert asked["code_challenge_method"] == "S256" and len(asked["code_challenge"]) == 43
    assert asked["response_type"] == "code" and "openid" in asked["scope"].split()
    again = {name: values[0] for name, values in parse_qs(urlsplit(second).query).items()}
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[name]) >= 43 and asked[name] != again[name]
    kept = client.cookies[openid.COOKIE]
    for secret in (asked["state"], asked["nonce"]):
        assert secret not in kept


async def test_somebody_in_a_group_is_let_in_as_that_group_says(
    browser: NewBrowser, council: pytest.MonkeyPatch
) -> None:
    client, came = await come(browser, "revenues", after="/desk/account")
    assert (came.status_code, came.headers["location"]) == (303, "/desk/account")
    cookies = came.headers.get_list("set-cookie")
    assert any(one.startswith(f"{openid.COOKIE}=") and "Max-Age=0" in one for one in cookies)
    assert (await client.get("/desk")).status_code == 200
    agent = (await people())[0]
    assert (agent.role, agent.queues, agent.name, agent.openid_mapped) == (
        "agent",
        ["Q-CTAX", "Q-BENS"],
        "Revenues",
        True,
    )
    async with transaction() as session:
        held = await session.scalar(select(SignIn).where(SignIn.agent_id == agent.id))
        noted = (await session.scalars(select(Audit.what).order_by(Audit.at))).all()
    assert held is not None and (held.method, held.second_factor_at) == ("openid", None)
    assert noted == ["person_added", "person_changed", "signed_in"]
    # The second time it is the same person.
    await come(browser, "revenues")
    assert len(await people()) == 1


async def test_a_partners_agent_sees_their_partners_queues(browser: NewBrowser, council: pytest.MonkeyPatch) -> None:
    client, _ = await come(browser, "housing-partner")
    agent = (await people())[0]
    assert (agent.role, agent.partner) == ("partner", "barnet_homes")
    page = (await client.get("/desk")).text
    assert "Q-CTAX" not in page and (await client.get("/desk/people")).status_code == 403


async def test_a_public_client_needs_no_secret(browser: NewBrowser, council: pytest.MonkeyPatch) -> None:
    set_to(council, openid_client_id=house.PUBLIC_CLIENT, openid_client_secret="")
    _, came = await come(browser, "administrator")
    assert (came.status_code, came.headers["location"]) == (303, "/desk/people")


async def test_somebody_we_do_not_know_is_refused_and_leaves_nobody(
    browser: NewBrowser, council: pytest.MonkeyPatch
) -> None:
    client, came = await come(browser, "stranger")
    assert came.status_code == 403 and "nobody has let it into Frontdoor" in came.text
    assert DESK_COOKIE not in client.cookies
    set_to(council, openid_create="false")
    _, came = await come(browser, "revenues")
    assert came.status_code == 403 and await people() == []


async def test_a_partner_or_queues_that_are_not_ours_let_nobody_in(
    browser: NewBrowser, council: pytest.MonkeyPatch
) -> None:
    for meaning in ({"role": "partner", "partner": "gone"}, {"role": "agent", "queues": ["Q-GONE"]}):
        set_to(council, openid_groups=json.dumps({"frontdoor-revenues": meaning}))
        _, came = await come(browser, "revenues")
        assert came.status_code == 403 and await people() == []


async def test_whom_an_administrator_named_is_bound_to_that_person_once(
    browser: NewBrowser, council: pytest.MonkeyPatch
) -> None:
    set_to(council, openid_create="false", openid_name_claim="email")
    named = await make_agent("Q-WASTE", openid_name="revenues@council.example", role="agent")
    client, came = await come(browser, "revenues")
    assert came.status_code == 303 and named.name in (await client.get("/desk/account")).text
    bound = (await people())[0]
    issuer = get_settings().openid_issuer
    assert bound.openid_subject == f"{issuer} revenues"
    # Their role is the administrator's to say, whatever their groups are.
    assert (bound.role, bound.queues, bound.openid_mapped) == ("agent", ["Q-WASTE"], False)
    # Somebody else who comes to have that name at the provider is not them.
    async with transaction() as session:
        await session.execute(update(Agent).values(openid_subject=f"{issuer} somebody-else"))
    _, came = await come(browser, "revenues")
    assert came.status_code == 403


async def test_whoever_is_switched_off_here_is_not_let_in_by_the_provider(
    browser: NewBrowser, council: pytest.MonkeyPatch
) -> None:
    await come(browser, "revenues")
    async with transaction() as session:
        await session.execute(update(Agent).values(active=False))
    _, came = await come(browser, "revenues")
    assert came.status_code == 403


async def test_a_change_of_groups_changes_the_role_and_ends_other_sessions(
    browser: NewBrowser, council: pytest.MonkeyPatch
) -> None:
    before, _ = await come(browser, "revenues")
    set_to(council, openid_groups=json.dumps({"frontdoor-revenues": {"role": "owner"}}))
    after, came = await come(browser, "revenues")
    assert came.headers["location"] == "/owner"
    assert (await before.get("/desk")).status_code == 401
    assert (await after.get("/desk")).status_code == 403
    set_to(council, openid_groups="{}")
    _, came = await come(browser, "revenues")
    assert came.status_code == 403, "out of every group, out of Frontdoor"


async def test_an_answer_counts_once_and_its_code_too(browser: NewBrowser, council: pytest.MonkeyPatch) -> None:
    client = browser()
    leads = await begin(client)
    kept = client.cookies[openid.COOKIE]
    returned = back(await at_the_provider(leads, "revenues"))
    assert (await client.get(returned)).status_code == 303
    assert (await client.get(returned)).status_code == 403, "the cookie was used up"
    # Whoever kept the cookie and the code has nothing either: the provider takes a code once.
    thief = browser()
    thief.cookies.set(openid.COOKIE, kept)
    assert (await thief.get(returned)).status_code == 403
    assert DESK_COOKIE not in thief.cookies


async def test_signing_out_leads_on_to_the_providers_own_sign_out(
    browser: NewBrowser, council: pytest.MonkeyPatch
) -> None:
    client, _ = await come(browser, "revenues")
    out = await client.post("/desk/sign-out")
    assert out.status_code == 200 and "You have signed out of Frontdoor" in out.text
    address = out.headers["refresh"].removeprefix("0; url=")
    assert address.startswith(f"{get_settings().openid_issuer}/oauth/end_session?")
    asked = parse_qs(urlsplit(address).query)
    assert asked["client_id"] == [house.CLIENT]
    assert asked["post_logout_redirect_uri"] == [f"{get_settings().address}/desk/sign-in"]
    assert (await client.get("/desk")).status_code == 401
    async with httpx2.AsyncClient() as person:
        assert (await person.get(address)).status_code < 400


# Below, some leave a code unused. With one in its memory, this provider takes the next code for it, and refuses it.


async def test_an_answer_in_another_browser_or_with_another_state_is_refused(
    browser: NewBrowser, council: pytest.MonkeyPatch
) -> None:
    mine, victim = browser(), browser()
    leads = await begin(mine)
    returned = back(await at_the_provider(leads, "revenues"))
    # Signing a victim in as somebody else (login CSRF): their browser began nothing, or something else.
    assert (await victim.get(returned)).status_code == 403
    await begin(victim)
    assert (await victim.get(returned)).status_code == 403
    assert DESK_COOKIE not in victim.cookies
    tampered = re.sub(r"state=([^&])", lambda m: f"state={'A' if m[1] != 'A' else 'B'}", returned)
    assert tampered != returned and (await mine.get(tampered)).status_code == 403


async def test_an_answer_of_another_provider_is_refused(browser: NewBrowser, council: pytest.MonkeyPatch) -> None:
    for change in (lambda query: re.sub(r"&iss=[^&]+", "", query), lambda query: re.sub(r"iss=", "iss=x", query)):
        client = browser()
        returned = back(await at_the_provider(await begin(client), "revenues"))
        assert "iss=" in returned
        assert (await client.get(change(returned))).status_code == 403


async def remembered(client: httpx2.AsyncClient) -> Started:
    kept = sealed.unseal(openid.PURPOSE, client.cookies[openid.COOKIE].encode())
    assert kept is not None
    return Started(**json.loads(kept))


@pytest.mark.parametrize("part", ["nonce", "verifier"])
async def test_a_token_of_another_sign_in_and_a_code_without_its_verifier_are_refused(
    browser: NewBrowser, council: pytest.MonkeyPatch, part: str
) -> None:
    client = browser()
    returned = back(await at_the_provider(await begin(client), "revenues"))
    started = replace(await remembered(client), **{part: "x" * 60})
    other = browser()
    other.cookies.set(openid.COOKIE, sealed.seal(openid.PURPOSE, json.dumps(asdict(started))).decode())
    assert (await other.get(returned)).status_code == 403
    assert DESK_COOKIE not in other.cookies and await people() == []


async def test_a_refusal_at_the_provider_is_told_and_what_was_begun_is_kept_for_ten_minutes(
    browser: NewBrowser, council: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser()
    await begin(client)
    state = (await remembered(client)).state
    said_no = await client.get(f"/desk/sign-in/openid/back?error=access_denied&state={state}")
    assert said_no.status_code == 403 and "did not let you through" in said_no.text
    late = browser()
    returned = back(await at_the_provider(await begin(late), "revenues"))
    moment = time.time() + 11 * 60
    monkeypatch.setattr("cryptography.fernet.time.time", lambda: moment)
    assert (await late.get(returned)).status_code == 403


@pytest.mark.parametrize("local", ["true", "false"])
async def test_a_provider_that_is_down_is_told_and_passwords_go_on(
    browser: NewBrowser, council: pytest.MonkeyPatch, local: str
) -> None:
    set_to(council, openid_issuer="http://127.0.0.1:9", local_sign_in=local)
    answer = await browser().get("/desk/sign-in/openid")
    assert answer.status_code == 503 and "does not answer" in answer.text
    assert ('name="password"' in answer.text) is (local == "true")


async def test_a_provider_that_calls_itself_otherwise_is_not_believed(
    browser: NewBrowser, council: pytest.MonkeyPatch
) -> None:
    issuer = get_settings().openid_issuer
    set_to(council, openid_issuer=f"{issuer}/")
    assert (await browser().get("/desk/sign-in/openid")).status_code == 503


async def test_in_production_the_provider_must_be_reached_by_https(
    browser: NewBrowser, council: pytest.MonkeyPatch
) -> None:
    set_to(council, environment="production")
    assert (await browser().get("/desk/sign-in/openid")).status_code == 503


async def test_a_local_person_signs_out_here_alone(browser: NewBrowser, council: pytest.MonkeyPatch) -> None:
    await make_agent(login="agent.test")
    client = browser()
    await client.post("/desk/sign-in", data={"login": "agent.test", "password": house.PASSWORD})
    out = await client.post("/desk/sign-out")
    assert (out.status_code, out.headers["location"]) == (303, "/desk/sign-in")


async def test_a_token_that_the_provider_did_not_sign_is_refused(council: pytest.MonkeyPatch) -> None:
    held = await provider._provider()
    settings = get_settings()
    now = int(time.time())
    claims = {
        "iss": held.issuer,
        "aud": settings.openid_client_id,
        "sub": "x",
        "exp": now + 60,
        "iat": now,
        "nonce": "n",
    }
    key_id = held.keys.keys[0].kid
    forger = RSAKey.generate_key(2048, {"kid": key_id})
    public = held.keys.keys[0].as_pem(private=False)
    tokens = [
        jwt.encode({"alg": "RS256", "kid": key_id}, claims, forger),
        jwt.encode({"alg": "HS256", "kid": key_id}, claims, OctKey.import_key(b"a shared secret of thirty-two by")),
        jwt.encode({"alg": "none"}, claims, OctKey.import_key(b"x" * 32), algorithms=["none"]),
        "not.a.token",
        "",
    ]
    assert public.startswith(b"-----BEGIN PUBLIC KEY-----")
    for token in tokens:
        with pytest.raises(SignInNotSure):
            await provider._claims(held, token, "n")
