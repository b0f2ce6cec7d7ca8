"""Some days after it was closed as done: was it really settled? No opens it again, with its clocks; once, by POST."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import select, update

from connectors.console import ConsoleMessages
from tests.makers import contact_now, make_agent, session_of
from tests.surveys.test_cases import AGREED, closed
from triage import access, clock
from triage.database import transaction
from triage.following_up import say_more
from triage.queues import steps as queues
from triage.surveying.links import token_for
from triage.surveys import letters, outcome, steps
from triage.tables import Contact, ContactHistory, OutcomeCheck, SignIn, SurveyCase, SurveyLetter

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
# How long one side works between its two locks: long enough for the other to have its first.
PAUSE_S = 0.15


@pytest.fixture(autouse=True)
def noon(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, NOON)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


async def check() -> OutcomeCheck:
    async with transaction() as session:
        return (await session.scalars(select(OutcomeCheck))).one()


async def asked(monkeypatch: pytest.MonkeyPatch, **fields: Any) -> tuple[SurveyCase, str, ConsoleMessages]:
    """A contact that was closed as done a week ago, whose resident has been asked; its case and the link's address."""
    case = await closed(**AGREED | fields)
    async with transaction() as session:
        await session.execute(update(SurveyLetter).where(SurveyLetter.kind == "invite").values(state="not_sent"))
    at(monkeypatch, NOON + WEEK)
    messages = ConsoleMessages()
    assert await letters.deliver(messages) == 1
    return case, f"/survey/{token_for(case.id)}/settled", messages


async def test_asked_a_week_later_of_whoever_we_may_write_to(monkeypatch: pytest.MonkeyPatch) -> None:
    _, address, messages = await asked(monkeypatch)
    (sent,) = messages.outbox
    assert sent.template == "survey_outcome" and address in sent.fields["text"]
    planned = await check()
    assert (planned.due_at, planned.asked_at, planned.partner) == (NOON + WEEK, NOON + WEEK, "council")
    assert [await letters.deliver(messages) for _ in range(2)] == [0, 0]


@pytest.mark.parametrize("reason", ["answered", "passed_on", "duplicate", "no_reply", "not_done"])
async def test_only_of_what_was_closed_as_done(reason: str) -> None:
    await closed(**AGREED, close_reason=reason)
    async with transaction() as session:
        assert list(await session.scalars(select(OutcomeCheck))) == []


@pytest.mark.parametrize(
    ("fields", "why"),
    [({"safe_to_contact": False}, "unsafe"), ({"messages_ok": False}, "no_way_to_ask"), ({"demo": True}, "test")],
)
async def test_who_is_not_asked_and_why(monkeypatch: pytest.MonkeyPatch, fields: dict[str, Any], why: str) -> None:
    await closed(**AGREED | fields)
    at(monkeypatch, NOON + WEEK)
    messages = ConsoleMessages()
    assert await letters.deliver(messages) == 0 and not messages.outbox
    planned = await check()
    assert (planned.asked_at, planned.why_not) == (None, why)


async def test_looking_changes_nothing(monkeypatch: pytest.MonkeyPatch, client: httpx2.AsyncClient) -> None:
    _, address, _ = await asked(monkeypatch)
    before = await check()
    for _ in range(3):
        page = await client.get(address)
        await client.head(address)
    assert page.status_code == 200 and "Is it really settled?" in page.text and "checked" not in page.text
    after = await check()
    assert (after.answered_at, after.settled, after.asked_at) == (None, None, before.asked_at)


async def test_yes_is_kept_and_changes_nothing_else(
    monkeypatch: pytest.MonkeyPatch, client: httpx2.AsyncClient
) -> None:
    case, address, _ = await asked(monkeypatch)
    assert "glad that it is settled" in (await client.post(address, data={"settled": "yes"})).text
    assert (await check()).settled is True
    assert (await contact_now(case.contact_id)).state == "closed"  # type: ignore[arg-type]


async def test_no_opens_it_again_and_its_clocks_start_from_now(
    monkeypatch: pytest.MonkeyPatch, client: httpx2.AsyncClient
) -> None:
    case, address, _ = await asked(monkeypatch)
    assert case.contact_id is not None
    done = await client.post(address, data={"settled": "no", "text": "The bin is\r\nstill full."})
    assert done.status_code == 200 and "We have opened it again" in done.text
    contact = await contact_now(case.contact_id)
    assert (contact.state, contact.queue, contact.closed_at) == ("sorted", "Q-WASTE", None)
    async with transaction() as session:
        await queues.queue_contact(session, case.contact_id)
    contact = await contact_now(case.contact_id)
    assert contact.state == "queued" and contact.queued_at == NOON + WEEK
    assert contact.settle_due_at is not None and contact.settle_due_at > NOON + WEEK
    async with transaction() as session:
        said = (await session.scalars(select(ContactHistory).where(ContactHistory.what == "reopened"))).one()
    assert said.detail["said"] == "The bin is\nstill full."


async def test_once_and_not_again(monkeypatch: pytest.MonkeyPatch, client: httpx2.AsyncClient) -> None:
    case, address, _ = await asked(monkeypatch)
    assert case.contact_id is not None
    assert (await client.post(address, data={"settled": "no"})).status_code == 200
    for answer in ("no", "yes"):
        assert (await client.post(address, data={"settled": answer})).status_code == 409
    async with transaction() as session:
        assert len((await session.scalars(select(ContactHistory).where(ContactHistory.what == "reopened"))).all()) == 1
    assert (await check()).settled is False


async def test_closed_again_after_a_no_it_is_asked_again_and_three_times_at_most(
    monkeypatch: pytest.MonkeyPatch, client: httpx2.AsyncClient
) -> None:
    case, address, messages = await asked(monkeypatch)
    assert case.contact_id is not None
    for closing in (1, 2, 3):
        assert [one.template for one in messages.outbox].count("survey_outcome") == closing
        assert (await client.post(address, data={"settled": "no"})).status_code == 200
        assert (await client.post(address, data={"settled": "yes"})).status_code == 409
        assert (await contact_now(case.contact_id)).state == "sorted"
        async with transaction() as session:
            values = {"state": "closed", "closed_at": clock.now(), "close_reason": "done"}
            await session.execute(update(Contact).values(**values))
        for _ in range(2):  # A step may run twice.
            async with transaction() as session:
                await steps.invite_after_contact(session, case.contact_id)
        # Before its day the link is of what they have answered.
        assert (await client.get(address)).status_code == 409
        at(monkeypatch, NOON + (closing + 1) * WEEK)
        await letters.deliver(messages)
    assert [one.template for one in messages.outbox].count("survey_outcome") == 3
    async with transaction() as session:
        kept = (await session.scalars(select(OutcomeCheck).order_by(OutcomeCheck.closed_at))).all()
    assert [(one.settled, one.closed_at) for one in kept] == [(False, NOON + n * WEEK) for n in range(3)]


async def test_what_staff_say_is_not_counted_and_their_no_opens_it_again(
    monkeypatch: pytest.MonkeyPatch, client: httpx2.AsyncClient
) -> None:
    # An answer in a browser in which somebody is at the desk.
    case, address, _ = await asked(monkeypatch)
    client.cookies.set(access.DESK_COOKIE, await session_of(await make_agent()))
    async with transaction() as session:
        # They have just signed in, by this test's clock.
        await session.execute(update(SignIn).values(acted_at=clock.now(), seen_at=clock.now()))
    assert (await client.post(address, data={"settled": "no"})).status_code == 200
    assert ((await check()).settled, (await check()).why_not) == (False, "staff")
    assert (await contact_now(case.contact_id)).state == "sorted"  # type: ignore[arg-type]


async def test_of_staff_it_is_asked_and_not_counted(
    monkeypatch: pytest.MonkeyPatch, client: httpx2.AsyncClient
) -> None:
    await make_agent(openid_name="officer@example.com")
    case, address, messages = await asked(monkeypatch, reply_to="Officer@example.com")
    assert len(messages.outbox) == 1
    assert (await client.post(address, data={"settled": "no"})).status_code == 200
    assert ((await check()).settled, (await check()).why_not) == (False, "staff")
    assert (await contact_now(case.contact_id)).state == "sorted"  # type: ignore[arg-type]


async def test_neither_yes_nor_no_is_said_beside_the_question(
    monkeypatch: pytest.MonkeyPatch, client: httpx2.AsyncClient
) -> None:
    _, address, _ = await asked(monkeypatch)
    for given in ({}, {"settled": "perhaps"}, {"text": "It is <b>not</b>"}):
        page = await client.post(address, data=given)
        assert page.status_code == 422 and "Choose yes or no." in page.text
    assert "It is &lt;b&gt;not&lt;/b&gt;" in page.text, "what was typed is kept"
    page = await client.post(address, data={"settled": "no", "text": "x" * 4001})
    assert page.status_code == 422 and "too long" in page.text
    assert (await check()).answered_at is None


async def test_a_link_to_the_questions_alone_opens_nothing_before_its_day(client: httpx2.AsyncClient) -> None:
    case = await closed(**AGREED)
    address = f"/survey/{token_for(case.id)}/settled"
    assert (await client.get(address)).status_code == 404
    assert (await client.post(address, data={"settled": "no"})).status_code == 404
    assert (await contact_now(case.contact_id)).state == "closed"  # type: ignore[arg-type]


async def test_a_forged_link_opens_nothing(monkeypatch: pytest.MonkeyPatch, client: httpx2.AsyncClient) -> None:
    case, address, _ = await asked(monkeypatch)
    forged = address.replace("/settled", "")[:-1] + ("0" if address[-9] != "0" else "1") + "/settled"
    assert (await client.post(forged, data={"settled": "no"})).status_code == 404
    other = await client.post(address, data={"settled": "no"}, headers={"sec-fetch-site": "cross-site"})
    assert other.status_code == 403
    assert (await contact_now(case.contact_id)).state == "closed"  # type: ignore[arg-type]


async def test_opened_again_meanwhile_nobody_need_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    case = await closed(**AGREED)
    assert case.contact_id is not None
    async with transaction() as session:
        await say_more(session, case.contact_id, "It is still there.", "a key")
        await steps.go_on(session, case.contact_id)
    at(monkeypatch, NOON + WEEK)
    messages = ConsoleMessages()
    assert await letters.deliver(messages) == 0 and not messages.outbox
    assert (await check()).why_not == "open_again"
    async with transaction() as session:
        now = clock.now()
        await session.execute(update(Contact).values(state="closed", closed_at=now, close_reason="done"))
        await steps.invite_after_contact(session, case.contact_id)
    async with transaction() as session:
        await session.execute(update(SurveyLetter).where(SurveyLetter.kind == "invite").values(state="not_sent"))
    at(monkeypatch, NOON + 2 * WEEK)
    assert await letters.deliver(messages) == 1, "closed a second time, it is asked about then"


async def test_a_danger_in_what_they_write_is_answered_first(
    monkeypatch: pytest.MonkeyPatch, client: httpx2.AsyncClient, trained: None
) -> None:
    case, address, _ = await asked(monkeypatch)
    assert case.contact_id is not None
    page = await client.post(address, data={"settled": "no", "text": "i want to kill myself tonight"})
    assert "116 123" in page.text or "999" in page.text
    assert (await contact_now(case.contact_id)).priority in ("P0", "P1")


async def test_the_link_runs_out_a_month_later(monkeypatch: pytest.MonkeyPatch, client: httpx2.AsyncClient) -> None:
    _, address, _ = await asked(monkeypatch)
    at(monkeypatch, NOON + WEEK + timedelta(days=31))
    assert (await client.post(address, data={"settled": "no"})).status_code == 410
    async with transaction() as session:
        await steps.nightly(session)
    assert (await check()).why_not == "expired"


async def test_not_settled_and_closed_again_at_one_moment_wait_for_each_other_in_one_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case, address, _ = await asked(monkeypatch)
    holds = asyncio.Event()

    async def plans() -> None:
        async with transaction() as session:
            contact = await session.get_one(Contact, case.contact_id, with_for_update=True)
            holds.set()
            await asyncio.sleep(PAUSE_S)
            await outcome.plan(session, contact)

    async def answers() -> None:
        await holds.wait()
        async with transaction() as session:
            await outcome.answer(session, address.split("/")[2], False, "It is still full.")

    await asyncio.wait_for(asyncio.gather(plans(), answers()), 20)
    assert (await check()).settled is False
