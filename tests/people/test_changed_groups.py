"""The council's provider changes what somebody is: their contacts go back, and one administrator is always left.

Before test_openid.py by its name: some tests there leave a code in the provider's memory, which spoils the next.
"""

import json

import pytest
from sqlalchemy import select, update

from tests.browsers import NewBrowser
from tests.makers import contact_now, make_agent, make_contact
from tests.people.conftest import set_to
from tests.people.test_openid import come, people
from triage import taking
from triage.database import transaction
from triage.tables import Contact, ContactHistory


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
