"""Everybody has a row from the beginning, and every ending says who could be asked, who was, and why not."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from tests.makers import make_agent, make_contact, make_conversation
from triage import clock, record
from triage.chat import turns
from triage.contacts import NewContact, file_contact
from triage.database import transaction
from triage.following_up import say_more
from triage.surveying import sampling
from triage.surveying.addresses import hash_of
from triage.surveying.questions import asking
from triage.surveys import repository, steps
from triage.surveys.letters import note_failed
from triage.tables import Contact, Conversation, Invite, Message, SurveyCase, SurveyLetter, SurveyRefusal

pytestmark = pytest.mark.usefixtures("database")

AGREED = {"reply_to": "Resident@example.com", "messages_ok": True}
SAID = ("resident", "my bin was not emptied")


async def the_case(**about: UUID) -> SurveyCase:
    async with transaction() as session:
        return (await session.scalars(select(SurveyCase).filter_by(**about))).one()


async def ended(*said: tuple[str, str], **fields: Any) -> SurveyCase:
    """The case of a conversation that its resident has ended."""
    conversation_id = await make_conversation(*(said or (SAID,)), **{"mode": "ended"} | fields)
    async with transaction() as session:
        await steps.invite_after_conversation(session, conversation_id)
    return await the_case(conversation_id=conversation_id)


async def closed(**fields: Any) -> SurveyCase:
    """The case of a contact that an agent has closed."""
    values: dict[str, Any] = {"state": "closed", "close_reason": "done", "closed_at": clock.now()}
    contact_id = await make_contact(**values | fields)
    async with transaction() as session:
        await steps.invite_after_contact(session, contact_id)
    return await the_case(contact_id=contact_id)


async def letters() -> list[SurveyLetter]:
    async with transaction() as session:
        return list(await session.scalars(select(SurveyLetter).order_by(SurveyLetter.made_at)))


async def asked_in(conversation_id: UUID) -> int:
    async with transaction() as session:
        rows = await session.scalars(select(Message.extras).where(Message.conversation_id == conversation_id))
        return sum("survey" in extras for extras in rows)


async def test_a_conversation_and_a_contact_have_their_row_when_they_begin() -> None:
    async with transaction() as session:
        conversation, _, _ = await turns.begin(session)
        filed = await file_contact(session, NewContact("chat", "My bin", conversation_id=conversation.id), "BN")
        other = await file_contact(session, NewContact("web", "My bin"), "BN")
    talk = await the_case(conversation_id=conversation.id)
    mine = await the_case(contact_id=filed.contact_id)
    web = await the_case(contact_id=other.contact_id)
    assert [(one.kind, one.channel, one.ending, one.share) for one in (talk, mine, web)] == [
        ("conversation", "chat", None, 1.0),
        ("contact", "chat", None, 1.0),
        ("contact", "web", None, 1.0),
    ]
    assert talk.sampled is mine.sampled is sampling.is_sampled(conversation.id)


async def test_of_a_share_a_chat_and_its_contact_are_drawn_together(monkeypatch: pytest.MonkeyPatch) -> None:
    half = asking().model_copy(update={"share": 0.5})
    monkeypatch.setattr(sampling, "asking", lambda: half)
    async with transaction() as session:
        drawn = []
        for _ in range(40):
            conversation, _, _ = await turns.begin(session)
            filed = await file_contact(session, NewContact("chat", "My bin", conversation_id=conversation.id), "BN")
            drawn.append((conversation.id, filed.contact_id, conversation.survey_sampled))
    for conversation_id, contact_id, sampled in drawn:
        talk, contact = await the_case(conversation_id=conversation_id), await the_case(contact_id=contact_id)
        assert talk.sampled is contact.sampled is sampled and talk.share == 0.5
    assert {sampled for _, _, sampled in drawn} == {True, False}


@pytest.mark.parametrize(
    ("fields", "ending"),
    [
        ({"context": {"service": "missed_bin"}}, "settled"),
        ({"context": {"service": "missed_bin", "form": "missed_bin"}}, "abandoned"),
        ({"context": {"failures": 1}}, "abandoned"),
        (
            {"context": {"service": "penalty_charge", "came_to": {"form": "pcn_dates", "note": "out_of_time"}}},
            "not_eligible",
        ),
    ],
)
async def test_how_a_conversation_ended_is_on_record_and_its_resident_is_asked(
    fields: dict[str, Any], ending: str
) -> None:
    case = await ended(**fields)
    assert (case.ending, case.eligible, case.why_not, case.invited_by) == (ending, True, None, "chat")
    assert case.invited_at is not None and case.ended_at is not None and len(case.reasons) == 2
    assert case.conversation_id and await asked_in(case.conversation_id) == 1


async def test_the_service_its_queue_and_who_runs_it_are_those_at_the_end() -> None:
    case = await ended(context={"service": "missed_bin"})
    assert (case.service, case.queue, case.partner) == ("missed_bin", "Q-WASTE", "council")


async def test_an_answer_that_we_could_not_give_is_an_error() -> None:
    conversation_id = await make_conversation(SAID)
    async with transaction() as session:
        await record.append_message(session, conversation_id, "assistant", "We cannot.", extras={record.AWAY: True})
        await session.execute(update(Conversation).values(mode="ended"))
        await steps.invite_after_conversation(session, conversation_id)
    case = await the_case(conversation_id=conversation_id)
    assert (case.ending, case.eligible, case.why_not) == ("error", True, None)


@pytest.mark.parametrize(
    ("said", "fields", "eligible", "why_not"),
    [
        ([("assistant", "Hello")], {}, False, "nothing_said"),
        ([SAID], {"demo": True}, False, "test"),
        ([SAID], {"survey_sampled": False}, True, "not_sampled"),
        ([SAID], {"context": {"safe": False}}, True, "unsafe"),
        ([SAID], {"context": {"alarmed": True}}, True, "unsafe"),
    ],
)
async def test_who_is_not_asked_after_a_conversation(
    said: list[tuple[str, str]], fields: dict[str, Any], eligible: bool, why_not: str
) -> None:
    case = await ended(*said, **fields)
    assert (case.eligible, case.why_not, case.invited_at) == (eligible, why_not, None)
    assert case.conversation_id and await asked_in(case.conversation_id) == 0


@pytest.mark.parametrize(
    ("fields", "eligible", "why_not"),
    [
        # They said in the chat that nobody is in danger; who may be watched says so too.
        ({"danger": "domestic_abuse", "priority": "P1"}, True, "unsafe"),
        ({"safe_to_contact": False}, True, "unsafe"),
        ({"reply_to": "watched@example.com"}, True, "unsafe"),
        ({"reply_to": "+44 7700 900123"}, True, "never_again"),
        ({"reply_to": "officer@example.com"}, False, "staff"),
        ({"reply_to": "asked@example.com"}, True, "asked_lately"),
    ],
)
async def test_the_end_of_a_chat_asks_nobody_whom_what_they_left_in_it_speaks_against(
    fields: dict[str, Any], eligible: bool, why_not: str
) -> None:
    await make_agent(openid_name="officer@example.com")
    other = await make_conversation(SAID)
    await make_contact(reply_to="watched@example.com", safe_to_contact=False, conversation_id=other)
    earlier = await closed(reply_to="asked@example.com", messages_ok=True)
    async with transaction() as session:
        session.add(SurveyRefusal(address_hash=hash_of("07700900123")))
        await session.execute(update(SurveyCase).where(SurveyCase.id == earlier.id).values(invited_at=clock.now()))
    conversation_id = await make_conversation(SAID, mode="ended")
    await make_contact(conversation_id=conversation_id, channel="chat", **fields)
    # The newest says nothing of it.
    await make_contact(conversation_id=conversation_id, channel="chat", arrived_at=clock.now() + timedelta(seconds=9))
    async with transaction() as session:
        await steps.invite_after_conversation(session, conversation_id)
    case = await the_case(conversation_id=conversation_id)
    assert (case.ending, case.eligible, case.why_not) == ("message_left", eligible, why_not)
    assert await asked_in(conversation_id) == 0


async def test_staff_who_try_the_chat_are_on_record_and_not_asked() -> None:
    async with transaction() as session:
        conversation, _, _ = await turns.begin(session, staff=True)
        await record.append_message(session, conversation.id, "resident", "trying it out")
        conversation.mode = "ended"
        await session.flush()
        await steps.invite_after_conversation(session, conversation.id)
    case = await the_case(conversation_id=conversation.id)
    assert (case.staff, case.eligible, case.why_not) == (True, False, "staff")


async def test_who_leaves_a_message_that_we_can_write_about_is_asked_once_it_is_closed() -> None:
    conversation_id = await make_conversation(SAID, mode="ended")
    contact_id = await make_contact(conversation_id=conversation_id, channel="chat", **AGREED)
    async with transaction() as session:
        await steps.invite_after_conversation(session, conversation_id)
    case = await the_case(conversation_id=conversation_id)
    assert (case.ending, case.eligible, case.why_not) == ("message_left", True, "asked_later")
    async with transaction() as session:
        await session.execute(update(Contact).values(state="closed", closed_at=clock.now(), close_reason="answered"))
        await steps.invite_after_contact(session, contact_id)
    assert (await the_case(contact_id=contact_id)).why_not is None
    assert [one.kind for one in await letters()] == ["invite"]


async def test_who_leaves_a_message_and_no_address_is_asked_in_the_chat() -> None:
    conversation_id = await make_conversation(SAID, mode="ended")
    await make_contact(conversation_id=conversation_id, channel="chat")
    async with transaction() as session:
        await steps.invite_after_conversation(session, conversation_id)
    case = await the_case(conversation_id=conversation_id)
    assert (case.ending, case.why_not, case.invited_by) == ("message_left", None, "chat")


async def test_a_conversation_that_was_left_has_its_ending_an_hour_later() -> None:
    left = await make_conversation(SAID, context={"form": "missed_bin"})
    open_still = await make_conversation(SAID)
    waits = await make_conversation(SAID, mode="waiting")
    then = clock.now() - timedelta(minutes=61)
    async with transaction() as session:
        for conversation_id in (left, open_still, waits):
            conversation = await session.get_one(Conversation, conversation_id)
            await repository.case_of_conversation(session, conversation)
        await session.execute(update(Conversation).where(Conversation.id != open_still).values(last_at=then))
    async with transaction() as session:
        assert await steps.end_idle(session) == 1
    async with transaction() as session:
        assert await steps.end_idle(session) == 0
    case = await the_case(conversation_id=left)
    assert (case.ending, case.eligible, case.why_not, case.ended_at) == ("abandoned", True, "abandoned", then)
    assert (await the_case(conversation_id=open_still)).ending is None
    assert (await the_case(conversation_id=waits)).ending is None, "an agent is still to come"


async def test_who_still_has_the_page_open_is_asked_there() -> None:
    conversation_id = await make_conversation(SAID, here_until=clock.now() + timedelta(seconds=30))
    async with transaction() as session:
        conversation = await session.get_one(Conversation, conversation_id)
        await repository.case_of_conversation(session, conversation)
        await session.execute(update(Conversation).values(last_at=clock.now() - timedelta(hours=2)))
    async with transaction() as session:
        await steps.end_idle(session)
    case = await the_case(conversation_id=conversation_id)
    assert (case.ending, case.why_not, case.invited_by) == ("settled", None, "chat")


async def test_a_chat_that_goes_on_after_a_pause_ends_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    conversation_id = await make_conversation(SAID)
    async with transaction() as session:
        await repository.case_of_conversation(session, await session.get_one(Conversation, conversation_id))
    began = clock.now()
    monkeypatch.setattr(clock, "now", lambda: began + timedelta(hours=2))
    async with transaction() as session:
        assert await steps.end_idle(session) == 1
    assert (await the_case(conversation_id=conversation_id)).ending == "settled"
    # Three hours later they began a form, and left it.
    then = began + timedelta(hours=5)
    async with transaction() as session:
        await session.execute(update(Conversation).values(last_at=then, context={"form": "missed_bin"}))
        assert await steps.end_idle(session) == 0, "it goes on"
    monkeypatch.setattr(clock, "now", lambda: then + timedelta(minutes=61))
    async with transaction() as session:
        assert await steps.end_idle(session) == 1
    async with transaction() as session:
        assert await steps.end_idle(session) == 0
    case = await the_case(conversation_id=conversation_id)
    assert (case.ending, case.ended_at, case.why_not) == ("abandoned", then, "abandoned")


@pytest.mark.parametrize("there", [True, False])
async def test_only_whoever_is_still_in_the_chat_is_asked_in_it(there: bool) -> None:
    now = clock.now()
    conversation_id = await make_conversation(
        SAID, mode="person", here_until=now + timedelta(seconds=9 if there else -9)
    )
    # No address, so there is no other way to ask.
    case = await closed(conversation_id=conversation_id, live=True, channel="chat", closed_at=now)
    assert await asked_in(conversation_id) == there
    assert (case.invited_by, case.why_not) == (("chat", None) if there else (None, "no_way_to_ask"))


async def test_a_letter_that_failed_is_written_again_once_it_is_closed_again() -> None:
    case = await closed(**AGREED)
    assert case.contact_id
    (first,) = [one for one in await letters() if one.case_id]
    async with transaction() as session:
        await note_failed(session, first.id)
    assert (await the_case(id=case.id)).why_not == "undeliverable"
    async with transaction() as session:
        await say_more(session, case.contact_id, "It is still there.", "a key")
        await steps.go_on(session, case.contact_id)
        await session.execute(update(Contact).values(state="closed", closed_at=clock.now(), close_reason="done"))
    async with transaction() as session:
        await steps.invite_after_contact(session, case.contact_id)
    assert [(one.kind, one.state) for one in await letters() if one.case_id] == [("invite", "due")]


async def test_who_comes_back_to_a_chat_and_ends_it_is_asked_after_all() -> None:
    conversation_id = await make_conversation(SAID)
    async with transaction() as session:
        conversation = await session.get_one(Conversation, conversation_id)
        await repository.case_of_conversation(session, conversation)
        await session.execute(update(Conversation).values(last_at=clock.now() - timedelta(hours=2)))
    async with transaction() as session:
        await steps.end_idle(session)
    assert (await the_case(conversation_id=conversation_id)).why_not == "no_way_to_ask"
    async with transaction() as session:
        await session.execute(update(Conversation).values(mode="ended", ended_at=clock.now()))
    async with transaction() as session:
        await steps.invite_after_conversation(session, conversation_id)
    assert (await the_case(conversation_id=conversation_id)).invited_by == "chat"


@pytest.mark.parametrize(
    ("fields", "eligible", "why_not"),
    [
        (AGREED, True, None),
        ({}, True, "no_way_to_ask"),
        (AGREED | {"messages_ok": False}, True, "no_way_to_ask"),
        (AGREED | {"safe_to_contact": False}, True, "unsafe"),
        (AGREED | {"danger": "domestic_abuse"}, True, "unsafe"),
        (AGREED | {"demo": True}, False, "test"),
    ],
)
async def test_after_a_contact_from_any_channel(fields: dict[str, Any], eligible: bool, why_not: str | None) -> None:
    for channel in ("web", "email", "phone", "api"):
        case = await closed(channel=channel, **fields | ({"reply_to": f"{channel}@example.com"} if fields else {}))
        assert (case.ending, case.channel, case.eligible, case.why_not) == ("closed", channel, eligible, why_not)
    kinds = [one.kind for one in await letters() if one.case_id]
    assert kinds == ["invite"] * 4 if why_not is None else kinds == []


async def test_a_step_that_runs_twice_asks_once() -> None:
    case = await closed(**AGREED)
    (first, _) = await letters()
    async with transaction() as session:
        await steps.invite_after_contact(session, case.contact_id)  # type: ignore[arg-type]
    assert [(one.id, one.next_at) for one in await letters() if one.case_id] == [(first.id, first.next_at)]
    assert len(await letters()) == 2


async def test_a_contact_that_became_part_of_another_is_asked_about_there() -> None:
    whole = await make_contact()
    case = await closed(merged_into=whole, **AGREED)
    assert (case.ending, case.eligible, case.why_not) == ("merged", False, "merged")


async def test_an_agents_own_address_is_staff() -> None:
    await make_agent(openid_name="R.Resident@example.com")
    case = await closed(reply_to="r.resident@EXAMPLE.com", messages_ok=True)
    assert (case.eligible, case.why_not) == (False, "staff")


async def test_opened_again_before_anybody_asked_it_has_not_ended() -> None:
    case = await closed(**AGREED)
    assert case.contact_id and len([one for one in await letters() if one.case_id]) == 1
    async with transaction() as session:
        await say_more(session, case.contact_id, "It is still there.", "a key")
    async with transaction() as session:
        await steps.go_on(session, case.contact_id)
    case = await the_case(id=case.id)
    assert (case.ending, case.ended_at, case.eligible, case.why_not) == (None, None, None, None)
    assert [one for one in await letters() if one.case_id] == []
    async with transaction() as session:
        await session.execute(update(Contact).values(state="closed", closed_at=clock.now(), close_reason="done"))
        await steps.invite_after_contact(session, case.contact_id)  # type: ignore[arg-type]
    assert (await the_case(id=case.id)).ending == "closed" and len([x for x in await letters() if x.case_id]) == 1


async def test_the_same_chat_is_not_asked_twice() -> None:
    conversation_id = await make_conversation(SAID, mode="person", here_until=clock.now() + timedelta(seconds=30))
    contact_id = await make_contact(
        conversation_id=conversation_id, live=True, channel="chat", state="closed", closed_at=clock.now()
    )
    async with transaction() as session:
        await steps.invite_after_contact(session, contact_id)
        await session.execute(update(Conversation).values(mode="ended"))
    async with transaction() as session:
        await steps.invite_after_conversation(session, conversation_id)
    case = await the_case(conversation_id=conversation_id)
    assert (case.ending, case.why_not) == ("closed", "asked_lately")
    assert await asked_in(conversation_id) == 1


async def test_at_night_what_a_lost_step_left_is_mended_and_links_run_out() -> None:
    conversation_id = await make_conversation(SAID)
    contact_id = await make_contact(state="closed", closed_at=clock.now() - timedelta(hours=2))
    asked = await ended()
    async with transaction() as session:
        await session.execute(update(Invite).values(expires_at=clock.now() - timedelta(seconds=1)))
    async with transaction() as session:
        await steps.nightly(session)
    assert (await the_case(conversation_id=conversation_id)).ending is None
    assert (await the_case(contact_id=contact_id)).ending == "closed"
    assert (await the_case(id=asked.id)).why_not == "expired"
