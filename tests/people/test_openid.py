"""Signing in with a real OpenID Connect provider, which runs beside the test, and everything that must not let in."""

import json
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from sqlalchemy import select, update

from tests.browsers import NewBrowser
from tests.makers import contact_now, make_agent, make_contact
from tests.people import provider as house
from tests.people.coming import at_the_provider, back, begin, come, people, set_to
from triage import taking
from triage.access import DESK_COOKIE
from triage.database import transaction
from triage.people import openid
from triage.settings import get_settings
from triage.tables import Agent, Audit, Contact, ContactHistory, SignIn


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


async def test_what_somebody_had_goes_back_when_their_groups_change(
    browser: NewBrowser, council: pytest.MonkeyPatch
) -> None:
    await come(browser, "revenues")
    agent = (await people())[0]
    held, closed = await make_contact(queue="Q-CTAX"), await make_contact(queue="Q-CTAX")
    async with transaction() as session:
        await taking.take(session, agent.id, held)
        await taking.take(session, agent.id, closed)
        await session.execute(update(Contact).where(Contact.id == closed).values(state="closed"))
    # The same groups again change nothing.
    await come(browser, "revenues")
    assert (await contact_now(held)).agent_id == agent.id
    set_to(council, openid_groups=json.dumps({"frontdoor-revenues": {"role": "owner"}}))
    await come(browser, "revenues")
    contact = await contact_now(held)
    assert (contact.state, contact.agent_id, contact.lease_until) == ("queued", None, None)
    assert (await contact_now(closed)).state == "closed"
    async with transaction() as session:
        lines = await session.scalars(select(ContactHistory).where(ContactHistory.what == "released"))
        told = [(line.contact_id, line.agent_id, line.detail) for line in lines]
    assert told == [(held, None, {"why": "the agent's work was changed", "was_with": str(agent.id)})]


async def test_the_last_administrator_stays_one_whatever_the_provider_says(
    browser: NewBrowser, council: pytest.MonkeyPatch
) -> None:
    await come(browser, "administrator")
    set_to(council, openid_groups=json.dumps({"frontdoor-administrators": {"role": "owner"}}))
    client, came = await come(browser, "administrator")
    assert (came.status_code, came.headers["location"]) == (303, "/desk/people")
    assert (await people())[0].role == "administrator"
    trail = (await client.get("/desk/audit")).text
    assert "Stayed the last administrator" in trail
    # With another, their groups have their way.
    await make_agent(role="administrator")
    _, came = await come(browser, "administrator")
    assert came.headers["location"] == "/owner"


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
