"""What a person is told first: shown to the resident, approved, changed, kept back, or passed on unchecked."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from sqlalchemy import select, text

from connectors.console import ConsoleMessages
from tests.chat.conftest import Chat
from triage import clock, codes, record
from triage.care import service as care
from triage.catalogue import catalogue
from triage.chat import passing_on, steps
from triage.chat.engine import Turn, Understood
from triage.chat.turns import Result
from triage.contacts import Checked, Summary, summary_of
from triage.database import transaction
from triage.settings import get_settings
from triage.tables import Contact, ContactHistory, Conversation

OPEN, CLOSED = "2026-11-24T10:00", "2026-11-22T23:00"
ASKS = Turn(says=({"do": "person"},), understood=Understood("person", 1.0, False))


def at(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    monkeypatch.setenv("FRONTDOOR_NOW", moment)
    get_settings.cache_clear()
    clock._shift.cache_clear()


@pytest.fixture(autouse=True)
def while_open(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, OPEN)


async def bins_then_a_person(chat: Chat) -> Result:
    """Something was said, then a person is asked for."""
    await chat.say("my bin was missed last tuesday in Ballards Lane")
    return await ask(chat)


async def ask(chat: Chat, words: str = "a person please") -> Result:
    chat.engine.then = lambda _: ASKS
    return await chat.say(words)


async def press(chat: Chat, result: Result, label: str) -> Result:
    choice = next(
        one
        for message in reversed(result.messages)
        for one in message.extras.get("choices", ())
        if one["label"] == label
    )
    return await chat.press(choice["id"])


async def filed() -> list[tuple[Contact, Summary | None]]:
    async with transaction() as session:
        contacts = (await session.scalars(select(Contact).order_by(Contact.arrived_at))).all()
        lines = (await session.scalars(select(ContactHistory).order_by(ContactHistory.at))).all()
        return [(one, summary_of(line for line in lines if line.contact_id == one.id)) for one in contacts]


class TestShown:
    async def test_with_what_was_said_and_what_it_is_about(self, chat: Chat) -> None:
        result = await bins_then_a_person(chat)
        (shown,) = result.messages
        assert not result.handover and await filed() == []
        for words in (
            f"About: {catalogue().services['bin_collection_day'].name}.",
            "“my bin was missed last tuesday in Ballards Lane”",
            "Tuesday 17 November 2026",
            "Ballards Lane",
            "Is it right?",
        ):
            assert words in shown.text
        assert "The assistant said:" in shown.text
        assert [one["label"] for one in shown.extras["choices"]] == [
            "Yes, pass it on",
            "Change it",
            "Don't pass on anything",
        ]

    async def test_what_a_form_was_told_stands_in_it_and_what_was_typed_there_does_not_twice(self, chat: Chat) -> None:
        chat.engine.then = lambda _: Turn(
            says=({"ask": "missed_bin.address"},),
            understood=Understood("missed_bin", 0.99, False),
            memory=[{"event": "slot", "name": "missed_bin_stream", "value": "blue"}],
            form="missed_bin",
            asking="missed_bin_address",
        )
        await chat.say("the blue bin was left full again")
        await chat.say("hmm not sure")
        chat.engine.then = lambda _: Turn(
            ASKS.says, ASKS.understood, slots={"missed_bin_stream": "blue", "missed_bin_problem": None}
        )
        (shown,) = (await chat.say("person")).messages
        assert "Answers so far: \nBin: Blue bin (recycling)" in shown.text
        assert "“the blue bin was left full again”" in shown.text and "hmm" not in shown.text

    async def test_what_was_sent_before_is_named(self, chat: Chat) -> None:
        chat.engine.then = lambda _: Turn(
            says=({"do": "report_missed_bin"},),
            understood=Understood("missed_bin", 0.99, False),
            slots={"missed_bin_stream": "blue", "missed_bin_address": "12 Station Road, N3 1AB"},
        )
        reference = (await chat.say("yes")).messages[0].extras["reference"]["reference"]
        (shown,) = (await ask(chat)).messages
        assert f"Sent already: {reference} (Missed bin)." in shown.text

    async def test_only_what_was_said_since_the_resident_started_again(self, chat: Chat) -> None:
        await chat.say("my bin was missed")
        chat.engine.then = lambda _: Turn(
            says=({"do": "start_again"},), understood=Understood("start_again", 1.0, False)
        )
        await chat.say("start again")
        result = await ask(chat)
        assert result.handover, "nothing was said since"

    async def test_a_need_that_was_not_understood_is_the_one_to_pass_on(self, chat: Chat) -> None:
        chat.engine.then = lambda _: Turn(says=({"do": "clarify"},), understood=Understood("outside", 0.6, False))
        await chat.say("the parrot next door screams all night")
        chat.engine.then = lambda _: Turn(
            says=({"answer": "bin_collection_day"},), understood=Understood("bin_collection_day", 0.97, False)
        )
        await chat.say("when is my bin day")
        result = await press(chat, await ask(chat), "Yes, pass it on")
        assert result.handover
        ((contact, summary),) = await filed()
        assert "parrot" in contact.text and summary and "parrot" in summary.text

    @pytest.mark.parametrize("first", [None, "hello"])
    async def test_with_nothing_said_before_nothing_is_asked(self, chat: Chat, first: str | None) -> None:
        chat.engine.then = lambda _: Turn(says=({"answer": "greeting"},), understood=Understood("greeting", 1.0, False))
        if first:
            await chat.say(first)
        result = await ask(chat)
        assert result.handover and "I have asked for a person" in result.messages[0].text
        ((_, summary),) = await filed()
        assert summary is None


class TestAnswered:
    @pytest.mark.parametrize("typed", ["yes", "Yes, that's right", "ok", None])
    async def test_approved(self, chat: Chat, typed: str | None) -> None:
        shown = await bins_then_a_person(chat)
        result = await chat.say(typed) if typed else await press(chat, shown, "Yes, pass it on")
        assert result.handover and (await chat.state()).mode == "waiting"
        ((contact, summary),) = await filed()
        assert contact.text == "my bin was missed last tuesday in Ballards Lane"
        assert contact.live and summary and summary.checked is Checked.APPROVED
        assert summary.text in shown.messages[0].text

    @pytest.mark.parametrize("typed", ["no", "change it", None])
    async def test_changed_is_kept_as_it_is_typed(self, chat: Chat, typed: str | None) -> None:
        shown = await bins_then_a_person(chat)
        asked = await chat.say(typed) if typed else await press(chat, shown, "Change it")
        assert "just as you write it" in asked.messages[0].text and not asked.handover
        result = await chat.say("It was the BLACK bin, & twice now")
        assert result.handover
        ((contact, summary),) = await filed()
        assert summary and (summary.checked, summary.text) == (Checked.CHANGED, "It was the BLACK bin, & twice now")
        assert contact.text == summary.text, "sorted by what the resident says it is"

    async def test_what_we_had_after_all(self, chat: Chat) -> None:
        asked = await press(chat, await bins_then_a_person(chat), "Change it")
        assert (await press(chat, asked, "Use what you had")).handover
        ((_, summary),) = await filed()
        assert summary and summary.checked is Checked.APPROVED and "missed last tuesday" in summary.text

    @pytest.mark.parametrize("typed", ["don't pass on anything", "nothing", None])
    async def test_kept_back(self, chat: Chat, typed: str | None) -> None:
        shown = await bins_then_a_person(chat)
        result = await chat.say(typed) if typed else await press(chat, shown, "Don't pass on anything")
        assert result.handover and "passed on nothing" in result.messages[0].text
        ((contact, summary),) = await filed()
        assert "bin" not in contact.text and "passed on nothing" in contact.text and contact.service is None
        assert summary and (summary.checked, summary.text) == (Checked.DECLINED, "")

    @pytest.mark.parametrize("typed", ["never mind", "cancel", "undo"])
    async def test_a_person_is_not_wanted_after_all(self, chat: Chat, typed: str) -> None:
        await bins_then_a_person(chat)
        result = await chat.say(typed)
        assert not result.handover and await filed() == []
        assert passing_on.waiting_for(await chat.state()) == {}


class TestNoBarrier:
    @pytest.mark.parametrize("words", ["A PERSON NOW", "what is this", "the lid is broken too"])
    async def test_asking_again_or_anything_else_hands_over(self, chat: Chat, words: str) -> None:
        await bins_then_a_person(chat)
        result = await chat.say(words)
        assert result.handover
        ((_, summary),) = await filed()
        assert summary and summary.checked is Checked.UNCHECKED

    async def test_the_button_pressed_again_hands_over(self, chat: Chat) -> None:
        await bins_then_a_person(chat)
        assert (await chat.press("person")).handover

    async def test_silence_hands_over_and_a_late_answer_still_counts(
        self, chat: Chat, follow: Callable[[], Any]
    ) -> None:
        shown = await bins_then_a_person(chat)
        seq = passing_on.waiting_for(await chat.state())["seq"]
        await follow()
        assert (await chat.state()).mode == "assistant", "not before the minute is over"
        async with transaction() as session:
            due = await session.scalar(
                text("select scheduled_at - now() from procrastinate_jobs where args->>'step' = :step"),
                {"step": "chat.hand_over_unanswered"},
            )
        assert due and 30 < due.total_seconds() <= passing_on.SILENCE.total_seconds()
        async with transaction() as session:
            await steps.hand_over_unanswered(session, chat.id, seq)
        async with transaction() as session:
            await steps.hand_over_unanswered(session, chat.id, seq)
        assert (await chat.state()).mode == "waiting"
        ((_, summary),) = await filed()
        assert summary and summary.checked is Checked.UNCHECKED
        late = await chat.press(f"{shown.messages[0].seq}.c1")
        assert "can see that now" in late.messages[0].text
        ((_, summary),) = await filed()
        assert summary and summary.checked is Checked.APPROVED and "missed last tuesday" in summary.text

    async def test_silence_after_an_answer_does_nothing(self, chat: Chat) -> None:
        await bins_then_a_person(chat)
        seq = passing_on.waiting_for(await chat.state())["seq"]
        await chat.say("never mind")
        async with transaction() as session:
            await steps.hand_over_unanswered(session, chat.id, seq)
        assert await filed() == []

    async def test_danger_is_not_asked_about(self, chat: Chat) -> None:
        await bins_then_a_person(chat)
        result = await chat.say("he is breaking in with a knife")
        assert result.danger and result.messages[0].extras["danger"]["numbers"]
        ((contact, summary),) = await filed()
        assert contact.priority == "P0" and summary and summary.checked is Checked.UNCHECKED
        assert passing_on.waiting_for(await chat.state()) == {}

    async def test_danger_in_their_own_words_is_danger(self, chat: Chat) -> None:
        await press(chat, await bins_then_a_person(chat), "Change it")
        assert (await chat.say("i want to kill myself")).danger

    async def test_who_does_not_read_english_is_not_asked_in_english(self, chat: Chat) -> None:
        await chat.say("mam pytanie do urzędu")
        chat.engine.then = lambda _: ASKS
        assert (await chat.press("c1")).handover
        ((_, summary),) = await filed()
        assert summary and summary.checked is Checked.UNCHECKED and "mam pytanie" in summary.text


class TestFromAnywhere:
    async def test_while_the_survey_is_open(self, chat: Chat, follow: Callable[[], Any]) -> None:
        await chat.say("my bin was missed")
        chat.engine.then = lambda _: Turn(says=({"do": "end"},), understood=Understood("goodbye", 1.0, False))
        await chat.say("bye")
        await follow()
        assert (await chat.state()).mode == "ended"
        chat.engine.then = lambda _: ASKS
        shown = await chat.press("person")
        assert "Is it right?" in shown.messages[-1].text
        assert (await press(chat, shown, "Yes, pass it on")).handover

    async def test_the_page_without_scripts_has_the_button_when_the_chat_has_ended(
        self, app_client: httpx2.AsyncClient
    ) -> None:
        headers = {"Origin": "https://testserver"}
        await app_client.post("/chat", data={"text": "hello"}, headers=headers)
        await app_client.post("/chat", data={"do": "end"}, headers=headers)
        page = (await app_client.get("/chat")).text
        assert "This conversation has ended." in page and 'value="person"' in page

    async def test_what_was_asked_and_closed_before_is_told_to_the_next_person(self, chat: Chat) -> None:
        first = await press(chat, await bins_then_a_person(chat), "Yes, pass it on")
        assert first.handover
        async with transaction() as session:
            conversation = await session.get_one(Conversation, chat.id)
            contact = await session.get_one(Contact, conversation.contact_id)
            contact.state, conversation.mode = "closed", "ended"
            reference = contact.reference
        assert f"Sent already: {reference}" in (await chat.press("person")).messages[-1].text


class TestClosed:
    async def test_it_is_left_as_a_message_with_where_to_answer(
        self, chat: Chat, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        at(monkeypatch, CLOSED)
        shown = await bins_then_a_person(chat)
        assert "tomorrow at 9am" in shown.messages[0].text and not shown.handover
        result = await press(chat, shown, "Yes, pass it on")
        assert not result.handover
        ((contact, summary),) = await filed()
        assert contact.reference in result.messages[0].text and result.messages[0].extras["reference"]
        assert not contact.live and summary and summary.checked is Checked.APPROVED
        kept = await chat.say("its jo@example.org")
        assert "jo@example.org" in kept.messages[0].text
        ((contact, _),) = await filed()
        assert contact.reply_to == "jo@example.org"
        # Whether we may write there is asked on its page, and not here as well.
        (link,) = kept.messages[0].extras["links"]
        assert link["href"] == f"/contacts/{contact.reference}" and not contact.messages_ok

    async def test_whoever_agrees_to_messages_is_sent_the_reference_once_though_they_still_look_at_the_chat(
        self, chat: Chat, app_client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        at(monkeypatch, CLOSED)
        await press(chat, await bins_then_a_person(chat), "Yes, pass it on")
        await chat.say("its jo@example.org")
        async with transaction() as session:
            # It has been sorted, and the chat itself has said that we have it.
            await session.execute(text("update contact set state = 'queued', queued_at = now()"))
        messages = ConsoleMessages()
        await care.deliver(messages)
        assert not messages.outbox, "they have not agreed yet"
        ((contact, _),) = await filed()
        for agreed in ("yes", "no", "yes"):
            await app_client.post(
                f"/contacts/{contact.reference}",
                data={"code": codes.code_for(contact.id), "do": "messages", "messages": agreed},
                headers={"Origin": "https://testserver"},
            )
            await care.deliver(messages)
        (sent,) = messages.outbox
        assert sent.to == "jo@example.org" and contact.reference in sent.fields["text"]

    async def test_where_to_answer_may_be_skipped_or_passed_over(
        self, chat: Chat, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        at(monkeypatch, CLOSED)
        shown = await bins_then_a_person(chat)
        left = await press(chat, shown, "Yes, pass it on")
        assert "reference and code" in (await press(chat, left, "Skip")).messages[0].text
        assert passing_on.waiting_for(await chat.state()) == {}

    async def test_nothing_is_left_for_who_keeps_it_back(self, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
        at(monkeypatch, CLOSED)
        result = await press(chat, await bins_then_a_person(chat), "Don't pass on anything")
        assert await filed() == [] and "in your own words" in result.messages[0].text

    async def test_asked_again_it_is_left_unchecked(self, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
        at(monkeypatch, CLOSED)
        await bins_then_a_person(chat)
        result = await chat.press("person")
        ((contact, summary),) = await filed()
        assert contact.reference in result.messages[0].text and summary and summary.checked is Checked.UNCHECKED

    async def test_how_to_reach_somebody_in_danger_at_night_is_kept(
        self, chat: Chat, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The assistant asks for it, and the desk that would read it is closed."""
        at(monkeypatch, CLOSED)
        await chat.say("i have nowhere to sleep tonight, me and my kids are on the street")
        safe = {"id": "safe_yes", "label": "Yes, it is safe", "send": {"safe": True}}
        async with transaction() as session:
            await record.append_message(session, chat.id, "assistant", "Is it safe?", extras={"choices": [safe]})
        await chat.press("safe_yes")
        kept = (await chat.say("07700 900417 after 6")).messages[0]
        assert "07700 900417" in kept.text and "Choose if we message you" not in str(kept.extras)
        ((contact, _),) = await filed()
        assert contact.reply_to and not contact.live


class TestSeen:
    async def test_by_the_resident_on_the_page_of_the_contact(self, chat: Chat, app_client: httpx2.AsyncClient) -> None:
        await press(chat, await bins_then_a_person(chat), "Yes, pass it on")
        ((contact, _),) = await filed()
        page = await app_client.post(
            f"/contacts/{contact.reference}",
            data={"code": codes.code_for(contact.id)},
            headers={"Origin": "https://testserver"},
        )
        assert "What our assistant passed on" in page.text and "You said that this is right." in page.text


def test_what_is_typed_under_the_summary() -> None:
    assert {text: passing_on.meant(text) for text in ("Yes please!", "that's wrong", "Pass on nothing", "stop")} == {
        "Yes please!": "pass_on",
        "that's wrong": "change_summary",
        "Pass on nothing": "pass_on_nothing",
        "stop": "stop",
    }
    assert passing_on.meant("yes but it was the black bin") is None
