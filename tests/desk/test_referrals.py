"""What an agent records of a referral, and how the desk is reminded to ask how it went."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.browsers import SignIn
from tests.makers import contact_now, make_agent, make_contact
from triage import clock, taking
from triage.catalogue import catalogue
from triage.content import ReferralOutcome
from triage.database import transaction
from triage.desk import referrals
from triage.referrals import OUTCOMES, Consent, refer
from triage.settings import get_settings
from triage.tables import ContactHistory, Referral
from triage.tables.referral import OUTCOMES as STORED


async def make_referral(agree: bool = True, **fields: Any) -> UUID:
    contact_id = await make_contact(queue="Q-BOOST", service="find_work", **fields)
    async with transaction() as session:
        await refer(session, contact_id, "jobs", Consent(agree, "May we share?", clock.now(), "Yes"))
    return contact_id


async def referral_now(contact_id: UUID) -> Referral:
    async with transaction() as session:
        return await session.get_one(Referral, contact_id)


async def closed(contact_id: UUID, agent_id: UUID, browser: Any) -> None:
    async with transaction() as session:
        await taking.take(session, agent_id, contact_id)
    version = str((await contact_now(contact_id)).version)
    data = {"version": version, "reason": "done", "outcome": "We met you and made a plan."}
    assert (await browser.post(f"/desk/contacts/{contact_id}/close", data=data)).status_code == 303
    async with transaction() as session:
        await referrals.plan_follow_up(session, contact_id)


def later(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setenv("FRONTDOOR_NOW", f"{day}T10:00")
    get_settings.cache_clear()
    clock._shift.cache_clear()


def test_the_outcomes_are_the_same_everywhere() -> None:
    assert tuple(OUTCOMES) == STORED == ReferralOutcome.__args__  # type: ignore[attr-defined]


async def test_the_page_says_what_may_be_shared(signed_in: SignIn) -> None:
    browser = await signed_in(await make_agent("Q-BOOST"))
    agreed = (await browser.get(f"/desk/contacts/{await make_referral()}")).text
    assert "They agreed that partners are told" in agreed and "Referral to BOOST" in agreed
    kept = (await browser.get(f"/desk/contacts/{await make_referral(agree=False)}")).text
    assert "Do not share outside the council." in kept


async def test_an_outcome_is_recorded_at_closing_or_later_and_the_newest_stands(signed_in: SignIn) -> None:
    agent = await make_agent("Q-BOOST")
    browser, contact_id = await signed_in(agent), await make_referral()
    address = f"/desk/contacts/{contact_id}/outcome"
    # Nobody has taken it, so there is nothing to record yet.
    assert (await browser.post(address, data={"outcome": "training"})).status_code == 404
    await closed(contact_id, agent.id, browser)
    today = clock.today().isoformat()
    for outcome in ("no_change", "started_work"):
        assert (await browser.post(address, data={"outcome": outcome, "happened_on": today})).status_code == 303
    referral = await referral_now(contact_id)
    assert (referral.outcome, referral.outcome_on) == ("started_work", clock.today())
    page = (await browser.get(f"/desk/contacts/{contact_id}")).text
    assert "What came of it: No change" in page and "What came of it: Started work" in page


@pytest.mark.parametrize(
    ("outcome", "days"), [("rich", 0), ("", 0), ("started_work", 1), ("started_work", -1), ("started_work", None)]
)
async def test_what_cannot_be_is_not_recorded(signed_in: SignIn, outcome: str, days: int | None) -> None:
    agent = await make_agent("Q-BOOST")
    browser, contact_id = await signed_in(agent), await make_referral()
    await closed(contact_id, agent.id, browser)
    day = "soon" if days is None else (clock.today() + timedelta(days=days)).isoformat()
    refused = await browser.post(f"/desk/contacts/{contact_id}/outcome", data={"outcome": outcome, "happened_on": day})
    assert refused.status_code == 422
    assert (await referral_now(contact_id)).outcome is None


async def test_another_teams_agent_records_nothing(signed_in: SignIn) -> None:
    agent = await make_agent("Q-BOOST")
    contact_id = await make_referral()
    await closed(contact_id, agent.id, await signed_in(agent))
    stranger = await signed_in(await make_agent("Q-WASTE"))
    answer = await stranger.post(f"/desk/contacts/{contact_id}/outcome", data={"outcome": "training"})
    assert answer.status_code == 404
    assert (await referral_now(contact_id)).outcome is None
    # A contact that is no referral has no outcome of this kind.
    other = await make_contact(queue="Q-BOOST", state="closed", closed_at=clock.now())
    answer = await (await signed_in(agent)).post(f"/desk/contacts/{other}/outcome", data={"outcome": "training"})
    assert answer.status_code == 404


async def test_who_changes_their_mind_is_shared_no_more_and_what_they_agreed_to_stays_on_record(
    signed_in: SignIn,
) -> None:
    agent = await make_agent("Q-BOOST")
    browser, contact_id = await signed_in(agent), await make_referral()
    await closed(contact_id, agent.id, browser)
    stranger = await signed_in(await make_agent("Q-WASTE"))
    assert (await stranger.post(f"/desk/contacts/{contact_id}/withdraw")).status_code == 404
    for _ in range(2):
        assert (await browser.post(f"/desk/contacts/{contact_id}/withdraw")).status_code == 303
    referral = await referral_now(contact_id)
    assert (referral.may_share, referral.asked) == (False, "May we share?")
    page = (await browser.get(f"/desk/contacts/{contact_id}")).text
    assert page.count("No longer agrees to share") == 1 and "Do not share outside the council." in page


async def test_some_weeks_after_closing_the_desk_asks_how_it_went(
    signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = await make_agent("Q-BOOST")
    browser, contact_id = await signed_in(agent), await make_referral()
    await closed(contact_id, agent.id, browser)
    known = catalogue().referrals
    assert known is not None
    due = clock.today() + timedelta(weeks=known.schemes["jobs"].follow_up_weeks)
    assert (await referral_now(contact_id)).follow_up_on == due
    async with transaction() as session:
        await referrals.plan_follow_up(session, contact_id)
        assert await referrals.remind(session) == 0
    assert "Ask how it went" not in (await browser.get("/desk")).text
    later(monkeypatch, due)
    browser = await signed_in(agent)
    async with transaction() as session:
        assert await referrals.remind(session) == 1
    async with transaction() as session:
        assert await referrals.remind(session) == 0
        notes = await session.scalars(select(ContactHistory.detail).where(ContactHistory.what == "noted"))
        assert [note["text"] for note in notes] == [referrals.ASK]
    page = (await browser.get("/desk")).text
    assert "Ask how it went" in page and str(contact_id) in page
    answer = await browser.post(f"/desk/contacts/{contact_id}/outcome", data={"outcome": "not_reached"})
    assert answer.status_code == 303
    assert (await referral_now(contact_id)).follow_up_on is None
    assert "Ask how it went" not in (await browser.get("/desk")).text
    async with transaction() as session:
        await referrals.plan_follow_up(session, contact_id)
    assert (await referral_now(contact_id)).follow_up_on is None
