"""The page of help into work, as an owner gets it, over real referrals."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import httpx2
import pytest

import triage.metrics.referrals
from tests.makers import make_agent, make_contact, session_of
from triage import access
from triage.catalogue import catalogue
from triage.content import Referrals, Scheme, Spend, UnitValue
from triage.database import transaction
from triage.tables import Referral

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


async def referred(scheme: str = "jobs", outcome: str | None = None, **fields: Any) -> None:
    contact_id = await make_contact(queue="Q-BOOST", service="find_work", state="closed", closed_at=NOON)
    values: dict[str, Any] = {"may_share": True, "asked": "May we?", "answered_at": NOON, "referred_at": NOON} | fields
    async with transaction() as session:
        session.add(
            Referral(
                contact_id=contact_id,
                scheme=scheme,
                outcome=outcome,
                outcome_on=NOON.date() if outcome else None,
                **values,
            )
        )


@pytest.fixture
def costed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A council that has confirmed its values and recorded what it spent."""
    known = catalogue()
    value = UnitValue(
        source="council_home", reviewed_on=date(2026, 11, 1), review_by=date(2099, 1, 1), pounds=Decimal(6000)
    )
    spend = {"scheme": "jobs", "from": "2026-04-01", "to": "2027-03-31", "pounds": 20000, "source": "Budget 2026"}
    referrals = Referrals(
        schemes={"jobs": Scheme(name="BOOST", queue="Q-BOOST", follow_up_weeks=8)},
        values={"started_work": value},
        spend=(Spend.model_validate(spend),),
    )
    monkeypatch.setattr(triage.metrics.referrals, "catalogue", lambda: replace(known, referrals=referrals))
    yield


async def test_it_is_for_owners(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/owner/referrals")).headers["location"].startswith("/desk/sign-in")
    client.cookies.set(access.DESK_COOKIE, await session_of(await make_agent(role="agent")))
    assert (await client.get("/owner/referrals")).status_code == 403


async def test_before_anything_is_known(owner: httpx2.AsyncClient) -> None:
    page = await owner.get("/owner/referrals")
    assert page.status_code == 200
    assert "Nobody was referred to BOOST." in page.text and "no cost is recorded yet" in page.text
    assert "No: not confirmed" in page.text


async def test_few_outcomes_are_not_shown_and_their_number_is(owner: httpx2.AsyncClient, costed: None) -> None:
    for _ in range(9):
        await referred(outcome="started_work")
    await referred(may_share=False)
    page = (await owner.get("/owner/referrals")).text
    assert "10 people were referred to BOOST." in page and "for 9 people: too few to show (we need 10)" in page
    assert "there are too few outcomes to show (9 recorded" in page and "for each £1</strong>" not in page
    assert "Let us share with partners: 9" in page


async def test_the_return_stands_beside_its_counts_and_its_method(owner: httpx2.AsyncClient, costed: None) -> None:
    for _ in range(8):
        await referred(outcome="started_work")
    for _ in range(4):
        await referred(outcome="no_change")
    # Neither a demonstration, nor somebody referred before the budget began, is in it.
    await referred(outcome="started_work", demo=True)
    await referred(outcome="started_work", referred_at=datetime(2026, 3, 31, 12, tzinfo=UTC))
    page = (await owner.get("/owner/referrals")).text
    # 8 × £6,000 = £48,000; ÷ £20,000 = £2.40.
    assert "£2.40 for each £1" in page and "12 outcomes worth £48,000, divided by £20,000 spent (Budget 2026)" in page
    assert "Of the 13 for whom we know what came of it, 9 started work: 69 in every 100" in page
    assert "What would have happened without the help is not taken off" in page
