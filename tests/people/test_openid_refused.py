"""What must not let anybody in with the council's own sign-in, and what happens when it is down."""

import json
import re
import time
from dataclasses import asdict, replace

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tests.browsers import NewBrowser
from tests.makers import make_agent
from tests.people import provider as house
from tests.people.coming import at_the_provider, back, begin, people, set_to
from triage import sealed
from triage.access import DESK_COOKIE
from triage.errors import SignInNotSure
from triage.people import openid, provider
from triage.people.provider import Started
from triage.settings import get_settings


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
