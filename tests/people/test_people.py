"""An administrator adds, changes and switches off people; each chooses their own password with a link."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import select, update

from tests.browsers import NewBrowser, SignIn
from tests.makers import PASSWORD, contact_now, make_agent, make_contact
from triage import clock, taking
from triage.access import DESK_COOKIE
from triage.database import transaction
from triage.settings import get_settings
from triage.tables import Agent, Audit, ContactHistory, SecondFactor

NEW = {
    "login": "agent.new",
    "name": "Agent, Waste",
    "role": "agent",
    "queues": ["Q-WASTE", "Q-STREET"],
    "capacity": "4",
    "skills": "missed_bin",
    "languages": "pl",
}
CHOSEN = "heron gravel lamplight"


def link_in(page: httpx2.Response) -> str:
    """The path of the set-up link that a page shows."""
    found = re.search(r'id="link">http://localhost:\d+(/desk/sign-in/set-up/[0-9a-f]{64})<', page.text)
    assert found, page.text
    return found[1]


async def person(login: str) -> Agent:
    async with transaction() as session:
        found = await session.scalar(select(Agent).where(Agent.login == login))
    assert found is not None
    return found


async def trail() -> list[tuple[str, str | None]]:
    async with transaction() as session:
        rows = await session.execute(select(Audit.what, Audit.role).order_by(Audit.at))
    return [(what, role) for what, role in rows.tuples()]


@pytest.fixture
async def admin(signed_in: SignIn) -> httpx2.AsyncClient:
    """An administrator's browser."""
    return await signed_in(await make_agent(login="admin.test", role="administrator"))


def fields(agent: Agent, **other: Any) -> dict[str, Any]:
    """A person's form as it stands, with what is changed."""
    return {
        "login": agent.login,
        "name": agent.name,
        "role": agent.role,
        "queues": agent.queues,
        "every_queue": "" if agent.queues else "true",
        "capacity": "5",
    } | other


async def test_somebody_new_chooses_their_password_and_signs_in(admin: httpx2.AsyncClient, browser: NewBrowser) -> None:
    made = await admin.post("/desk/people/new", data=NEW)
    assert made.status_code == 200 and made.headers["cache-control"] == "no-store"
    link = link_in(made)
    agent = await person("agent.new")
    assert (agent.queues, agent.skills, agent.languages, agent.capacity) == (
        ["Q-WASTE", "Q-STREET"], ["missed_bin"], ["pl"], 4,
    )  # fmt: skip
    client = browser()
    # Looking, as a mail scanner does, uses nothing up.
    for _ in range(2):
        assert "agent.new" in (await client.get(link)).text
    weak = await client.post(link, data={"password": "password1234"})
    assert weak.status_code == 422 and "password1234" not in weak.text
    chosen = await client.post(link, data={"password": CHOSEN})
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/desk")
    assert (await client.get("/desk")).status_code == 200
    assert (await browser().post(link, data={"password": "another heron gravel"})).status_code == 410
    assert (await browser().get(link)).status_code == 410
    signed_in = await browser().post("/desk/sign-in", data={"login": "agent.new", "password": CHOSEN})
    assert signed_in.status_code == 303
    assert [what for what, _ in await trail()] == ["person_added", "link_used", "signed_in", "signed_in"]


async def test_nobody_can_sign_in_before_they_chose_a_password(admin: httpx2.AsyncClient, browser: NewBrowser) -> None:
    await admin.post("/desk/people/new", data=NEW)
    for password in ("", "!", "nobody has this password"):
        answer = await browser().post("/desk/sign-in", data={"login": "agent.new", "password": password})
        assert answer.status_code == 401


async def test_a_link_that_is_old_or_changed_is_nothing(admin: httpx2.AsyncClient, browser: NewBrowser) -> None:
    first = link_in(await admin.post("/desk/people/new", data=NEW))
    agent = await person("agent.new")
    second = link_in(await admin.post(f"/desk/people/{agent.id}/link"))
    flipped = second[:-1] + ("0" if second[-1] != "0" else "1")
    made_up = second[: second.rindex("/") + 1] + "0" * 64
    for link in (first, flipped, made_up, second[:-1], second + "0"):
        assert (await browser().get(link)).status_code == 410, link
    assert (await browser().get(second)).status_code == 200
    async with transaction() as session:
        await session.execute(update(Agent).values(set_up_until=clock.now() - timedelta(seconds=1)))
    assert (await browser().post(second, data={"password": CHOSEN})).status_code == 410


async def test_a_link_lasts_a_day_and_only_its_hash_is_kept(admin: httpx2.AsyncClient) -> None:
    link = link_in(await admin.post("/desk/people/new", data=NEW))
    agent = await person("agent.new")
    assert agent.set_up_until is not None
    assert timedelta(hours=23, minutes=59) < agent.set_up_until - clock.now() <= timedelta(hours=24)
    assert link.rsplit("/", 1)[1].encode() not in (agent.set_up_hash or b"")


async def test_a_link_ends_the_sessions_of_a_password_that_was_forgotten(
    admin: httpx2.AsyncClient, browser: NewBrowser, signed_in: SignIn
) -> None:
    agent = await make_agent()
    old = await signed_in(agent)
    link = link_in(await admin.post(f"/desk/people/{agent.id}/link"))
    assert (await old.get("/desk")).status_code == 200
    await browser().post(link, data={"password": CHOSEN})
    assert (await old.get("/desk")).status_code == 401


async def test_links_are_nothing_where_passwords_of_our_own_are_not_taken(
    admin: httpx2.AsyncClient, browser: NewBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = link_in(await admin.post("/desk/people/new", data=NEW))
    monkeypatch.setenv("FRONTDOOR_LOCAL_SIGN_IN", "false")
    get_settings.cache_clear()
    assert (await browser().get(link)).status_code == 410
    assert (await browser().post(link, data={"password": CHOSEN})).status_code == 410
    answer = await browser().post("/desk/sign-in", data={"login": "admin.test", "password": PASSWORD})
    assert answer.status_code == 403


async def test_what_is_wrong_is_said_and_what_was_typed_stays(admin: httpx2.AsyncClient) -> None:
    for wrong, status in (({"login": "ADMIN.test"}, 409), ({"queues": ["Q-NONE"]}, 422), ({"role": "king"}, 422)):
        page = await admin.post("/desk/people/new", data=NEW | wrong)
        assert page.status_code == status and "Nothing was changed" in page.text and "Agent, Waste" in page.text
    assert [what for what, _ in await trail()] == []


async def test_switching_off_ends_sessions_and_gives_back_what_they_had(
    admin: httpx2.AsyncClient, signed_in: SignIn, browser: NewBrowser
) -> None:
    agent = await make_agent(login="agent.gone")
    client = await signed_in(agent)
    contacts = [await make_contact() for _ in range(2)]
    async with transaction() as session:
        for contact_id in contacts:
            await taking.take(session, agent.id, contact_id)
    answer = await admin.post(f"/desk/people/{agent.id}/off")
    assert answer.status_code == 303
    assert (await client.get("/desk")).status_code == 401
    signed = await browser().post("/desk/sign-in", data={"login": "agent.gone", "password": PASSWORD})
    assert signed.status_code == 401
    for contact_id in contacts:
        contact = await contact_now(contact_id)
        assert (contact.state, contact.agent_id, contact.lease_until) == ("queued", None, None)
    async with transaction() as session:
        released = (await session.scalars(select(ContactHistory).where(ContactHistory.what == "released"))).all()
    assert {line.contact_id for line in released} == set(contacts)
    assert {line.detail["why"] for line in released} == {"the agent was switched off"}
    assert (await trail())[-1] == ("sign_in_failed", None)
    assert ("person_switched_off", "administrator") in await trail()
    await admin.post(f"/desk/people/{agent.id}/on")
    signed = await browser().post("/desk/sign-in", data={"login": "agent.gone", "password": PASSWORD})
    assert signed.status_code == 303


async def test_an_administrator_does_not_lock_themselves_or_everybody_out(
    admin: httpx2.AsyncClient, signed_in: SignIn
) -> None:
    me = await person("admin.test")
    assert (await admin.post(f"/desk/people/{me.id}/off")).status_code == 422
    assert (await admin.post(f"/desk/people/{me.id}", data=fields(me, role="agent"))).status_code == 422
    other = await make_agent(login="admin.other", role="administrator")
    second = await signed_in(other)
    # The other one may be switched off; then I am the last, and nobody can do it to me.
    assert (await second.post(f"/desk/people/{me.id}/off")).status_code == 303
    assert (await admin.get("/desk/people")).status_code == 401
    assert (await second.post(f"/desk/people/{other.id}/off")).status_code == 422
    assert (await person("admin.other")).active


async def test_a_change_of_what_they_may_see_signs_them_out_and_a_change_of_name_does_not(
    admin: httpx2.AsyncClient, signed_in: SignIn
) -> None:
    agent = await make_agent("Q-WASTE", login="agent.moved")
    client = await signed_in(agent)
    contact = await make_contact()
    async with transaction() as session:
        await taking.take(session, agent.id, contact)
    assert (await admin.post(f"/desk/people/{agent.id}", data=fields(agent, name="Agent, Bins"))).status_code == 303
    assert (await client.get("/desk")).status_code == 200
    changed = fields(await person("agent.moved"), role="partner", partner="barnet_homes", queues=[])
    assert (await admin.post(f"/desk/people/{agent.id}", data=changed)).status_code == 303
    assert (await client.get("/desk")).status_code == 401
    assert (await contact_now(contact)).state == "queued"
    async with transaction() as session:
        line = (await session.scalars(select(Audit).order_by(Audit.at.desc()).limit(1))).one()
    assert line.detail["role"] == {"from": "agent", "to": "partner"}


async def test_a_box_left_unticked_never_gives_every_queue(admin: httpx2.AsyncClient) -> None:
    """The queue that they worked was given up, so no box of the form is theirs: a name mended must not widen it."""
    agent = await make_agent("Q-GONE", login="agent.gone")
    page = (await admin.get(f"/desk/people/{agent.id}")).text
    assert 'name="every_queue"' in page and not re.search(r'name="every_queue"[^>]*checked', page)
    for queues, every in (([], ""), (["Q-WASTE"], "true")):
        form = fields(agent, name="Agent, Mended", queues=queues, every_queue=every)
        assert (await admin.post(f"/desk/people/{agent.id}", data=form)).status_code == 422
    assert (await person("agent.gone")).queues == ["Q-GONE"]
    form = fields(agent, name="Agent, Mended", queues=[], every_queue="true")
    assert (await admin.post(f"/desk/people/{agent.id}", data=form)).status_code == 303
    assert (await person("agent.gone")).queues == []


async def test_a_second_factor_that_was_lost_is_reset(admin: httpx2.AsyncClient, signed_in: SignIn) -> None:
    agent = await make_agent()
    client = await signed_in(agent)
    async with transaction() as session:
        session.add(SecondFactor(agent_id=agent.id, sealed=b"x", confirmed_at=clock.now()))
    assert (await admin.post(f"/desk/people/{agent.id}/second-factor")).status_code == 303
    assert (await client.get("/desk")).status_code == 401
    async with transaction() as session:
        assert await session.get(SecondFactor, agent.id) is None
    assert ("second_factor_reset", "administrator") in await trail()


@pytest.mark.parametrize("role", ["agent", "partner", "supervisor", "owner", "editor"])
async def test_nobody_else_sees_or_changes_people(signed_in: SignIn, role: str) -> None:
    client = await signed_in(await make_agent(role=role))
    someone = await make_agent()
    for address in ("/desk/people", "/desk/people/new", f"/desk/people/{someone.id}", "/desk/audit", "/desk/audit.csv"):
        assert (await client.get(address)).status_code == 403, address
    for address in ("new", str(someone.id), f"{someone.id}/off", f"{someone.id}/link", f"{someone.id}/second-factor"):
        assert (await client.post(f"/desk/people/{address}", data=NEW)).status_code == 403, address
    assert (await person(someone.login)).active


async def test_a_person_who_is_not_there_is_not_found(admin: httpx2.AsyncClient) -> None:
    for address in (str(uuid4()), "0", "nobody"):
        assert (await admin.get(f"/desk/people/{address}")).status_code == 404
        assert (await admin.post(f"/desk/people/{address}/off")).status_code == 404


async def test_ones_own_password_ends_every_other_session(browser: NewBrowser, signed_in: SignIn) -> None:
    agent = await make_agent(login="agent.test")
    here, elsewhere = await signed_in(agent), await signed_in(agent)
    before = here.cookies[DESK_COOKIE]
    wrong = await here.post("/desk/account/password", data={"old": "not it", "new": CHOSEN})
    assert wrong.status_code == 422
    weak = await here.post("/desk/account/password", data={"old": PASSWORD, "new": "agent.test123"})
    assert weak.status_code == 422 and (await elsewhere.get("/desk")).status_code == 200
    assert (await here.post("/desk/account/password", data={"old": PASSWORD, "new": CHOSEN})).status_code == 303
    assert here.cookies[DESK_COOKIE] != before
    assert "Your password was changed" in (await here.get("/desk/account?done=password")).text
    assert (await elsewhere.get("/desk")).status_code == 401
    stale = browser()
    stale.cookies.set(DESK_COOKIE, before)
    assert (await stale.get("/desk")).status_code == 401
    for password, status in ((PASSWORD, 401), (CHOSEN, 303)):
        answer = await browser().post("/desk/sign-in", data={"login": "agent.test", "password": password})
        assert answer.status_code == status


async def test_i_end_my_own_sessions_and_nobody_elses(signed_in: SignIn) -> None:
    me, other = await make_agent(), await make_agent()
    here, elsewhere, theirs = await signed_in(me), await signed_in(me), await signed_in(other)
    ids = re.findall(r"/desk/account/sessions/([0-9a-f-]{36})/end", (await here.get("/desk/account")).text)
    assert len(ids) == 1, "this session and another one, which may be ended"
    assert (await theirs.post(f"/desk/account/sessions/{ids[0]}/end")).status_code == 404
    assert (await elsewhere.get("/desk")).status_code == 200
    assert (await here.post(f"/desk/account/sessions/{ids[0]}/end")).status_code == 303
    assert (await elsewhere.get("/desk")).status_code == 401
    assert (await here.get("/desk")).status_code == 200
