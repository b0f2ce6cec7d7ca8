"""A message that did not arrive: it is sent again, or whoever looks after the contact is told; once each."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select, text

from connectors.govuk_notify.receipts import NotifyReceipts
from connectors.govuk_notify.settings import Settings
from tests.care.conftest import changed, round_of
from tests.delivery.test_handing_on import noted
from tests.makers import contact_now
from triage import clock
from triage.care import steps as care
from triage.database import transaction
from triage.delivery import steps
from triage.surveys import steps as surveys
from triage.tables import Contact, Notice

TOKEN = "a token of ours for receipts"
ADDRESS = "/api/suppliers/govuk_notify/updates"


@pytest.fixture
def notify(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = NotifyReceipts(Settings.model_validate({"api_key": "k" * 80, "callback_token": TOKEN}))
    monkeypatch.setattr(steps, "inbound", lambda name: {"govuk_notify": reader}[name])


async def told(messages: Any) -> Notice:
    """A notice that went out, of a contact that was put off."""
    contact_id = await changed("answered")
    assert await round_of(messages) == 1
    async with transaction() as session:
        contact = await session.get_one(Contact, contact_id)
        contact.follow_up_on = clock.today() + timedelta(days=9)
        return (await session.scalars(select(Notice).where(Notice.contact_id == contact_id))).one()


async def failed() -> list[tuple[UUID, bool]]:
    """What the rooms that send messages are to hear, from the jobs of one of them."""
    async with transaction() as session:
        rows = await session.execute(
            text("select args->'payload' from procrastinate_jobs where args->>'step' = 'care.note_failed' order by id")
        )
        return [(UUID(row[0]["message_id"]), row[0]["for_good"]) for row in rows]


async def now_of(notice: Notice) -> Notice:
    async with transaction() as session:
        return await session.get_one(Notice, notice.id)


async def test_what_never_arrives_is_told_on_the_contact_and_to_whoever_looks_after_it(
    app_client: httpx2.AsyncClient, notify: None
) -> None:
    from connectors.console import ConsoleMessages

    notice = await told(ConsoleMessages())
    posted = {"id": "1", "reference": str(notice.id), "status": "permanent-failure", "to": "resident@example.com"}
    assert (await app_client.post(ADDRESS, json=posted)).status_code == 404, "nobody without the token"
    headers = {"authorization": f"Bearer {TOKEN}"}
    for status, heard in (("delivered", 0), ("permanent-failure", 1)):
        answer = await app_client.post(ADDRESS, json=posted | {"status": status}, headers=headers)
        assert (answer.status_code, answer.json()) == (202, {"heard": heard})
    for reference in ("", "summary-1", "\x00"):
        answer = await app_client.post(ADDRESS, json=posted | {"reference": reference}, headers=headers)
        assert answer.json() == {"heard": 0}
    assert await failed() == [(notice.id, True)]
    for _ in range(2):
        async with transaction() as session:
            await care.note_failed(session, *(await failed())[0])
    now = await now_of(notice)
    assert (now.state, now.why) == ("failed", "not_delivered")
    assert (await contact_now(notice.contact_id)).follow_up_on is None
    said = await noted(notice.contact_id)
    assert said.count("could not be delivered to that address. Tell them another way") == 1
    assert "resident@example.com" not in said


async def test_what_did_not_arrive_for_now_is_sent_again_while_it_is_news(database: str) -> None:
    from connectors.console import ConsoleMessages

    notice = await told(ConsoleMessages())
    async with transaction() as session:
        await care.note_failed(session, notice.id, False)
    now = await now_of(notice)
    assert now.state == "due" and now.next_at > clock.now() + timedelta(minutes=50)
    async with transaction() as session:
        (await session.get_one(Notice, notice.id)).made_at = clock.now() - timedelta(days=2)
    async with transaction() as session:
        await care.note_failed(session, notice.id, False)
    assert (await now_of(notice)).why == "not_delivered"


async def test_whom_a_survey_never_reached_was_not_asked(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from connectors.console import ConsoleMessages
    from tests.surveys.test_letters import NOON, at, closed, only_surveys
    from tests.surveys.test_letters import round_of as post
    from tests.surveys.test_letters import the_case as case_of

    at(monkeypatch, NOON)
    case = await closed(reply_to="resident@example.com", messages_ok=True)
    await only_surveys()
    messages = ConsoleMessages()
    assert await post(messages) == 1 and (await case_of(id=case.id)).invited_at
    letter_id = UUID(messages.outbox[0].client_reference)
    for for_good in (False, True):
        async with transaction() as session:
            await surveys.note_failed(session, letter_id, for_good)
    now = await case_of(id=case.id)
    assert (now.invited_at, now.why_not) == (None, "undeliverable")
    assert await post(messages) == 0, "and they are not reminded of what they never had"
