"""Somebody rings about a contact that they have: what they say is kept with it, and does what their own page does."""

from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import select, text

from tests.browsers import Browser, SignIn
from tests.makers import contact_now, make_agent, make_contact, make_conversation
from triage import clock, codes, contacts, following_up, hearing, journey, record, ringing, taking, telling
from triage.clocks import pausing
from triage.database import transaction
from triage.desk import service
from triage.errors import Conflict, Invalid
from triage.queues import steps as queues
from triage.ringing import ADDS, AFTERWARDS, ANSWERS, CHASES, COMES_BACK, NOT_SETTLED, Rang, kind_of, opens_again
from triage.settings import get_settings
from triage.tables import ContactClock, ContactHistory, Notice

assert journey.JOURNEY
pytestmark = pytest.mark.usefixtures("trained")

SAID = "They came on Monday, and the brown bin is full still."


@pytest.mark.parametrize(
    ("does", "saw_open", "closed", "danger", "opens"),
    [
        (ADDS, True, False, False, False),
        # It was opened again meanwhile: whoever deals with it hears it.
        (NOT_SETTLED, False, False, False, False),
        ("", False, False, True, False),
        (ADDS, False, True, False, False),
        (NOT_SETTLED, False, True, False, True),
        # Whoever is in danger is heard by somebody, whatever was chosen.
        (ADDS, False, True, True, True),
        (ADDS, True, True, True, True),
        ("", False, True, True, True),
        (ADDS, True, True, False, Conflict),
        ("", False, True, False, Invalid),
        ("other", False, True, False, Invalid),
    ],
)
def test_what_opens_a_contact_again(does: str, saw_open: bool, closed: bool, danger: bool, opens: Any) -> None:
    rang = Rang(uuid4(), does, saw_open)
    if isinstance(opens, bool):
        assert opens_again(rang, closed=closed, in_danger=danger) is opens
    else:
        with pytest.raises(opens):
            opens_again(rang, closed=closed, in_danger=danger)


def test_what_a_call_was() -> None:
    assert kind_of(closed=False, opens=False, asked=False) == CHASES
    assert kind_of(closed=False, opens=False, asked=True) == ANSWERS
    assert kind_of(closed=True, opens=True, asked=False) == COMES_BACK
    assert kind_of(closed=True, opens=False, asked=False) == AFTERWARDS


async def closed_one(**fields: Any) -> UUID:
    closing = {"state": "closed", "closed_at": clock.now(), "close_reason": "done", "outcome": "We have emptied it."}
    return await make_contact(**closing | fields)


async def lines(contact_id: UUID, *what: str) -> list[ContactHistory]:
    async with transaction() as session:
        found = select(ContactHistory).where(ContactHistory.contact_id == contact_id, ContactHistory.what.in_(what))
        return list(await session.scalars(found.order_by(ContactHistory.at)))


async def jobs_for(step: str) -> int:
    async with transaction() as session:
        found = text("select count(*) from procrastinate_jobs where args ->> 'step' = :step")
        return int(await session.scalar(found, {"step": step}) or 0)


async def rings(browser: Browser, contact_id: UUID, **form: str) -> httpx2.Response:
    data = {"text": SAID, "does": ADDS, "saw": "open", "key": "one"} | form
    return await browser.post(f"/desk/contacts/{contact_id}/rang", data=data)


async def test_what_a_caller_adds_is_said_by_them_and_written_down_once(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE", name="Agent, Waste")
    browser = await signed_in(agent)
    talk = await make_conversation(("resident", SAID))
    contact_id = await make_contact(name="Test Resident", follow_up_on=clock.today(), conversation_id=talk)
    due = (await contact_now(contact_id)).settle_due_at
    page = (await browser.get(f"/desk/contacts/{contact_id}")).text
    assert "Somebody rang about this" in page and "What the caller said" in page and "not_settled" not in page
    for _ in range(2):
        answer = await rings(browser, contact_id)
        assert answer.status_code == 200 and "We have added what they said" in answer.text
        assert f'href="/desk/contacts/{contact_id}"' in answer.text
    (line,) = await lines(contact_id, "added", "reopened")
    assert (line.agent_id, line.detail["said"]) == (agent.id, SAID)
    assert (line.detail[ringing.CHANNEL], line.detail[ringing.KIND]) == ("phone", CHASES)
    now = await contact_now(contact_id)
    assert (now.state, now.settle_due_at, now.follow_up_on) == ("queued", due, None), "neither its place nor its clocks"
    # The same words stand in its chat: by phone they were said all the same.
    page = (await browser.get(f"/desk/contacts/{contact_id}")).text
    assert "Test Resident, by phone (written down by Agent, Waste)" in page and page.count(SAID) == 2
    assert "Somebody rang and added to it; written down" in page
    # Other words under the same key are other words.
    await rings(browser, contact_id, text="And the lid is broken.")
    assert len(await lines(contact_id, "added")) == 2
    assert await jobs_for("metrics.count_call") == 2


async def test_that_it_is_not_settled_opens_it_again_as_their_own_page_does(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    by_phone, by_page = await closed_one(), await closed_one()
    page = (await browser.get(f"/desk/contacts/{by_phone}")).text
    assert "It is closed. What does the caller say?" in page and 'value="not_settled"' in page
    for _ in range(2):
        answer = await rings(browser, by_phone, does=NOT_SETTLED, saw="closed")
        assert (
            answer.status_code == 200 and "It is open again" in answer.text and "We aim to settle it by" in answer.text
        )
        # It is on its way back to its queue: until then nobody may look at it.
        assert f'href="/desk/contacts/{by_phone}"' not in answer.text
    async with transaction() as session:
        await hearing.hear_counted(session, by_page, SAID, "a key")
    (mine,), (theirs,) = await lines(by_phone, "added", "reopened"), await lines(by_page, "added", "reopened")
    assert (mine.what, mine.agent_id, mine.detail["said"]) == ("reopened", agent.id, SAID)
    assert mine.detail[ringing.KIND] == COMES_BACK
    besides = {ringing.CHANNEL, ringing.KIND}
    assert set(mine.detail) - besides == set(theirs.detail)
    assert (mine.detail["queue"], mine.detail["partner"]) == (theirs.detail["queue"], theirs.detail["partner"])
    async with transaction() as session:
        for contact_id in (by_phone, by_page):
            await queues.queue_contact(session, contact_id)
    one, other = await contact_now(by_phone), await contact_now(by_page)
    for field in ("state", "queue", "partner", "closed_at", "close_reason", "outcome", "agent_id", "first_answer_at"):
        assert getattr(one, field) == getattr(other, field), field
    assert one.state == "queued" and one.partner
    async with transaction() as session:
        kinds = [
            [(row.kind, row.queue, row.partner) for row in await session.scalars(started(contact_id))]
            for contact_id in (by_phone, by_page)
        ]
        told = set(await session.scalars(select(Notice.kind).where(Notice.contact_id == by_phone)))
    assert kinds[0] == kinds[1] and {kind for kind, _, _ in kinds[0]} == {"first", "settle"}
    # Told as elsewhere, and what surveys and figures do of a contact that was opened again follows the same event.
    assert "reopened" in told
    for step in ("surveys.go_on", "metrics.count_reopened", "queues.queue_contact"):
        assert await jobs_for(step) == 2, step
    page = (await browser.get(f"/desk/contacts/{by_phone}")).text
    assert "Resident, by phone, says it is not settled (written down by Agent, Test)" in page


def started(contact_id: UUID) -> Any:
    return (
        select(ContactClock)
        .where(ContactClock.contact_id == contact_id, ContactClock.ended_at.is_(None))
        .order_by(ContactClock.kind)
    )


async def test_who_adds_to_what_is_closed_leaves_it_closed(signed_in: SignIn) -> None:
    browser = await signed_in(await make_agent("Q-WASTE"))
    contact_id = await closed_one()
    refused = await rings(browser, contact_id, does="", saw="closed")
    assert refused.status_code == 422 and "Choose what the caller says" in refused.text and SAID in refused.text
    answer = await rings(browser, contact_id, text="Thank you, it is empty.", saw="closed")
    assert answer.status_code == 200 and "It stays closed" in answer.text
    (line,) = await lines(contact_id, "added", "reopened")
    assert (line.what, line.detail[ringing.KIND]) == ("added", AFTERWARDS)
    now = await contact_now(contact_id)
    assert (now.state, now.outcome) == ("closed", "We have emptied it.")


async def test_what_was_closed_while_it_was_written_is_not_kept_where_nobody_reads_it(signed_in: SignIn) -> None:
    browser = await signed_in(await make_agent("Q-WASTE"))
    contact_id = await closed_one()
    answer = await rings(browser, contact_id)
    assert answer.status_code == 409 and "closed after you had opened it" in answer.text and SAID in answer.text
    assert await lines(contact_id, "added", "reopened") == []
    # A danger waits for no choice.
    answer = await rings(browser, contact_id, text="My husband is hitting me")
    assert answer.status_code == 200 and (await contact_now(contact_id)).state == "sorted"


async def test_an_answer_that_we_waited_for_ends_the_pause(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    paused, asked, answered = await make_contact(), await make_contact(), await make_contact()
    for contact_id, asks, pauses in ((paused, False, True), (asked, True, False), (answered, False, False)):
        async with transaction() as session:
            await taking.take(session, agent.id, contact_id)
        version = (await contact_now(contact_id)).version
        async with transaction() as session:
            await service.reply(session, agent, contact_id, version, "Which flat is it?", asks, pauses)
    assert (await contact_now(paused)).pause_reason == pausing.RESIDENT
    for contact_id, waits, kind in ((paused, True, ANSWERS), (asked, True, ANSWERS), (answered, False, CHASES)):
        page = (await browser.get(f"/desk/contacts/{contact_id}")).text
        assert ("We wait for their answer" in page) is waits
        assert (await rings(browser, contact_id, text="Flat 3.")).status_code == 200
        assert (await lines(contact_id, "added"))[0].detail[ringing.KIND] == kind
        page = (await browser.get(f"/desk/contacts/{contact_id}")).text
        assert "We wait for their answer" not in page
    now = await contact_now(paused)
    assert now.paused_at is None and now.pause_reason is None
    assert [line.detail["why"] for line in await lines(paused, "resumed")] == ["the resident has rung"]
    assert "Clocks started again: the resident has rung" in (await browser.get(f"/desk/contacts/{paused}")).text


@pytest.mark.usefixtures("database")
async def test_what_was_for_the_assistant_and_a_file_of_ours_are_no_answer_so_their_call_is() -> None:
    agent, talk = await make_agent("Q-WASTE"), await make_conversation(("resident", "My bin was not emptied."))
    contact_id = await make_contact(conversation_id=talk, channel="chat")
    async with transaction() as session:
        asked = {"text": "Which one?", telling.ASKS: True}
        await contacts.note_history(session, contact_id, "answered", agent_id=agent.id, detail=asked)
    async with transaction() as session:
        said = await record.append_message(session, talk, "resident", "What day is it today?")
        await record.append_message(session, talk, "assistant", "It is Friday.", answers_id=said.id)
        await contacts.note_history(session, contact_id, following_up.FILE, agent_id=agent.id, detail={})
    async with transaction() as session:
        heard = await following_up.say_more(session, contact_id, "The blue one.", "once", rang=Rang(agent.id))
    assert heard.kind == ANSWERS


async def test_nobody_writes_down_what_is_not_theirs_or_nothing_or_too_much(signed_in: SignIn) -> None:
    partners = await signed_in(await make_agent(role="partner", partner="nsl"))
    others = await signed_in(await make_agent("Q-PARK"))
    mine = await signed_in(await make_agent("Q-WASTE"))
    contact_id = await make_contact()
    erased = await closed_one(erased_at=clock.now())
    most = get_settings().message_limit
    for browser, where, form, status, error in (
        (partners, contact_id, {}, 404, "no such contact in your queues"),
        (others, contact_id, {}, 404, "no such contact in your queues"),
        (mine, uuid4(), {}, 404, "no such contact in your queues"),
        (mine, erased, {"does": NOT_SETTLED, "saw": "closed"}, 404, "has been erased"),
        (mine, contact_id, {"text": " \x00 "}, 422, "Nothing was written down"),
        (mine, contact_id, {"text": "x" * (most + 1)}, 422, "1 characters too long"),
    ):
        answer = await rings(browser, where, **form)
        assert answer.status_code == status and error in answer.text
    assert (await rings(mine, erased)).json()["error"] == "Erased"
    assert (await rings(partners, contact_id)).json()["error"] == "NotFound"
    for one in (contact_id, erased):
        assert await lines(one, "added", "reopened") == []
    assert (await rings(mine, contact_id, text="x" * most)).status_code == 200


async def test_as_many_are_taken_as_on_their_page_and_a_cry_for_help_always(
    signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "MOST_ADDED", 2)
    browser = await signed_in(await make_agent("Q-WASTE"))
    contact_id = await make_contact()
    async with transaction() as session:
        await hearing.hear_counted(session, contact_id, "On the page.", "a key")
    assert (await rings(browser, contact_id)).status_code == 200
    answer = await rings(browser, contact_id, key="two")
    assert answer.status_code == 429 and "within an hour" in answer.text and SAID in answer.text
    assert (await rings(browser, contact_id, key="two", text="My husband is hitting me")).status_code == 200


async def test_a_danger_is_said_while_they_are_on_the_line_and_makes_it_urgent(signed_in: SignIn) -> None:
    browser = await signed_in(await make_agent("Q-WASTE"))
    contact_id = await make_contact()
    answer = await rings(browser, contact_id, text="My husband is hitting me")
    assert "while they are on the line" in answer.text and "999" in answer.text
    assert "Ask whether it is safe" in answer.text
    now = await contact_now(contact_id)
    assert now.danger is not None and now.priority <= "P1" and now.safe_to_contact is None
    (seen,) = await lines(contact_id, "danger seen")
    assert seen.detail["signal"] == now.danger


async def test_what_a_colleague_has_is_added_to_from_where_it_was_looked_up(signed_in: SignIn) -> None:
    agent, colleague = await make_agent("Q-WASTE"), await make_agent("Q-WASTE")
    contact_id = await make_contact(text="A secret of the resident's.")
    async with transaction() as session:
        await taking.take(session, colleague.id, contact_id)
    before = await contact_now(contact_id)
    browser = await signed_in(agent)
    found = (await browser.post("/desk/look-up", data={"q": before.reference})).text
    assert f"/desk/contacts/{contact_id}/rang" in found and "secret" not in found
    answer = await rings(browser, contact_id)
    assert answer.status_code == 200 and "secret" not in answer.text
    assert f'href="/desk/contacts/{contact_id}"' not in answer.text
    now = await contact_now(contact_id)
    assert (now.agent_id, now.state) == (colleague.id, "taken")
    assert SAID in (await (await signed_in(colleague)).get(f"/desk/contacts/{contact_id}")).text


async def test_what_became_part_of_another_is_heard_there(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    browser = await signed_in(agent)
    whole = await closed_one()
    part = await closed_one(merged_into=whole, close_reason="duplicate")
    answer = await rings(browser, part, does=NOT_SETTLED, saw="closed")
    assert "It is open again" in answer.text and (await contact_now(whole)).reference in answer.text
    (there,), (here,) = await lines(whole, "added", "reopened"), await lines(part, "added", "reopened")
    assert (there.what, there.agent_id, there.detail["channel"]) == ("reopened", agent.id, "phone")
    # It is counted by the line of the contact that they rang about, and by no other.
    assert (here.what, here.agent_id, here.detail[ringing.KIND]) == ("added", agent.id, COMES_BACK)
    assert ringing.KIND not in there.detail and following_up.FROM in there.detail
    assert (await contact_now(part)).state == "closed" and (await contact_now(whole)).state == "sorted"


async def test_they_read_it_on_their_own_page_and_nobody_who_wrote_it(
    signed_in: SignIn, app_client: httpx2.AsyncClient
) -> None:
    code = "7K3M9-QXF2T-8HJ4P-W6R5Z-1BCDE-G"
    agent = await make_agent("Q-WASTE", name="Agent, Waste")
    browser = await signed_in(agent)
    contact_id = await closed_one(secret_hash=codes.hash_code(code))
    await rings(browser, contact_id, does=NOT_SETTLED, saw="closed")
    await rings(browser, contact_id, text="And the lid is broken.")
    reference = (await contact_now(contact_id)).reference
    page = await app_client.post(
        f"/contacts/{reference}", data={"code": code}, headers={"sec-fetch-site": "same-origin"}
    )
    assert "You told us by phone that it is not settled" in page.text and SAID in page.text
    assert "You told us more by phone" in page.text and "And the lid is broken." in page.text
    assert "Agent, Waste" not in page.text
