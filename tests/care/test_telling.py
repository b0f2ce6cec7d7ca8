"""A resident is told of each change once: by message if they agreed, in the chat if they are there, and never where
it is not safe."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from connectors.console import ConsoleMessages
from connectors.errors import SupplierUnavailable
from connectors.shapes import Receipt
from tests.care.conftest import AGREED, Notices, changed, round_of
from tests.makers import contact_now, make_agent, make_contact, make_conversation
from triage import clock, record
from triage.care import service, steps
from triage.care.service import SUPPLIER_S
from triage.codes import code_for
from triage.database import engine, transaction
from triage.desk import service as desk
from triage.following_up import say_more
from triage.queues import steps as queues
from triage.ringing import NOT_SETTLED, Rang
from triage.tables import Contact, ContactHistory, Conversation, Message, Notice

pytestmark = pytest.mark.usefixtures("database")

SECRET_NEED = "He hit me again and I am scared to go home to Quillfeather Road"


async def said_in(conversation_id: UUID) -> list[str]:
    async with transaction() as session:
        rows = select(Message.text).where(Message.conversation_id == conversation_id, Message.author == "system")
        return list((await session.scalars(rows.order_by(Message.seq))).all())


async def make_due(contact_id: UUID) -> None:
    """The wait before the next try is over."""
    async with transaction() as session:
        await session.execute(update(Notice).where(Notice.contact_id == contact_id).values(next_at=clock.now()))


async def test_one_message_for_each_change_and_it_says_nothing_of_the_need(
    messages: ConsoleMessages, notices: Notices
) -> None:
    agent = await make_agent()
    contact_id = await make_contact(**AGREED, text=SECRET_NEED, place="47 Quillfeather Road", name="Priya")
    await changed("arrived", contact_id)
    async with transaction() as session:
        assert await desk.take_next(session, agent) == contact_id
    for step in ("reply", "ask", "close"):
        version = (await contact_now(contact_id)).version
        async with transaction() as session:
            if step == "close":
                await desk.close(session, agent, contact_id, version, "done", "He has been moved away from her.")
            else:
                await desk.reply(session, agent, contact_id, version, "Call 020 8359 2000, ask.", step == "ask")
    assert await round_of(messages) == 5
    async with transaction() as session:
        await say_more(session, contact_id, "It happened again.", "a key")
    assert [await round_of(messages), await round_of(messages)] == [1, 0]
    kinds = ["received", "taken", "answered", "asked", "closed", "reopened"]
    assert [one.template for one in messages.outbox] == kinds, "in the order that it happened"
    reference = (await contact_now(contact_id)).reference
    for one in messages.outbox:
        assert one.to == "resident@example.com"
        assert reference in one.fields["text"] and f"/contacts/{reference}" in one.fields["text"]
        for private in ("Quillfeather", "Priya", "hit me", "moved away", "8359", "Waste", "Call"):
            assert private not in str(one.fields)
    assert {(one.state, one.channel) for one in await notices(contact_id)} == {("sent", "message")}


@pytest.mark.parametrize(("channel", "given"), [("email", True), ("web", False)])
async def test_whoever_wrote_an_email_has_the_code_of_its_page_from_the_first_answer_and_from_no_other(
    messages: ConsoleMessages, channel: str, given: bool
) -> None:
    contact_id = await changed("arrived", channel=channel)
    await changed("answered", contact_id)
    assert await round_of(messages) == 2
    first, second = (one.fields["text"] for one in messages.outbox)
    assert (code_for(contact_id) in first) is given and code_for(contact_id) not in second


async def test_told_by_ten_workers_at_once_it_goes_out_once(messages: ConsoleMessages) -> None:
    for _ in range(5):
        await changed("closed")
    await asyncio.gather(*(round_of(messages) for _ in range(10)))
    assert len(messages.outbox) == 5


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"safe_to_contact": False}, "unsafe"),
        ({"danger": "domestic_abuse"}, "safety_unknown"),
        ({"priority": "P1"}, "safety_unknown"),
        ({"messages_ok": False}, "not_agreed"),
        ({"reply_to": "020 8359 2000"}, "no_address"),
        ({"demo": True}, "demo"),
    ],
)
async def test_nobody_is_written_to_who_must_not_be(
    messages: ConsoleMessages, notices: Notices, fields: dict[str, object], why: str
) -> None:
    contact_id = await changed("closed", **fields)
    assert await round_of(messages) == 0 and not messages.outbox
    assert [(one.state, one.channel, one.why) for one in await notices(contact_id)] == [("not_sent", None, why)]


async def test_an_address_that_too_many_new_contacts_name_is_not_written_to_about_the_rest(
    messages: ConsoleMessages, notices: Notices
) -> None:
    first = await changed("arrived", reply_to="07700 900 123")
    await round_of(messages)
    for _ in range(4):
        await changed("arrived", reply_to="+44 7700 900123")
    await asyncio.gather(*(round_of(messages) for _ in range(3)))
    assert len(messages.outbox) == 5
    sixth = await changed("arrived", reply_to="07700-900123")
    assert await round_of(messages) == 0
    # Nor about anything that follows; what was begun goes on.
    await changed("closed", sixth)
    await changed("closed", first)
    await changed("arrived", reply_to="other@example.com")
    assert await round_of(messages) == 2 and len(messages.outbox) == 7
    assert [(one.state, one.why) for one in await notices(sixth)] == [("not_sent", "too_many")] * 2


async def test_an_address_that_is_not_safe_is_not_written_to_about_anything_else(messages: ConsoleMessages) -> None:
    chat = await make_conversation(mode="ended")
    await make_contact(safe_to_contact=False, reply_to="resident@example.com", conversation_id=chat)
    await changed("closed")
    assert await round_of(messages) == 0 and not messages.outbox


async def test_whoever_said_in_the_chat_that_it_is_not_safe_is_not_written_to(messages: ConsoleMessages) -> None:
    conversation_id = await make_conversation(mode="ended", context={"safe": False})
    await changed("closed", conversation_id=conversation_id)
    assert await round_of(messages) == 0 and not messages.outbox


async def test_it_is_looked_at_again_at_each_try(messages: ConsoleMessages, notices: Notices) -> None:
    contact_id = await changed("closed")
    assert not await service.tell((await notices(contact_id))[0].id, Away())
    async with transaction() as session:
        await session.execute(update(Contact).where(Contact.id == contact_id).values(safe_to_contact=False))
    await make_due(contact_id)
    assert await round_of(messages) == 0 and not messages.outbox
    assert (await notices(contact_id))[0].why == "unsafe"


async def test_who_is_in_the_chat_reads_it_there(messages: ConsoleMessages, notices: Notices) -> None:
    conversation_id = await make_conversation(("resident", "my bin"), ("assistant", "we have it"))
    contact_id = await changed("taken", conversation_id=conversation_id)
    assert await round_of(messages) == 1 and not messages.outbox
    (said,) = await said_in(conversation_id)
    assert "A person is now working on it." in said
    assert [(one.state, one.channel) for one in await notices(contact_id)] == [("sent", "chat")]


async def test_what_was_closed_can_be_said_not_to_be_settled_in_the_chat(messages: ConsoleMessages) -> None:
    conversation_id = await make_conversation(("resident", "my bin"))
    contact_id = await changed("closed", conversation_id=conversation_id, outcome="We have emptied it.")
    await round_of(messages)
    (said,) = await said_in(conversation_id)
    assert "We have emptied it." in said and "tell us" in said
    async with transaction() as session:
        conversation = await session.get_one(Conversation, conversation_id)
        assert conversation.context[record.SHOWN] == str(contact_id)


async def test_what_was_opened_again_by_a_call_is_said_in_the_chat_that_is_open(
    messages: ConsoleMessages, notices: Notices
) -> None:
    agent = await make_agent()
    talk = await make_conversation(("resident", "The bin was not emptied."), mode="assistant")
    closing = {"state": "closed", "closed_at": clock.now(), "close_reason": "done", "outcome": "Emptied."}
    for rang in (None, Rang(agent.id, NOT_SETTLED, saw_open=False)):
        contact_id = await make_contact(**AGREED, **closing, conversation_id=talk, channel="chat")
        async with transaction() as session:
            await say_more(session, contact_id, "It is full still.", "a key", rang=rang)
        await round_of(messages)
        assert [(one.kind, one.state, one.channel) for one in await notices(contact_id)] == [
            ("reopened", "sent", "chat")
        ]
        said = await said_in(talk)
        assert len(said) == (0 if rang is None else 1)
    assert "is open again, as you told us by phone." in said[0] and not messages.outbox


async def test_who_left_the_chat_long_ago_is_sent_a_message(messages: ConsoleMessages) -> None:
    conversation_id = await make_conversation(("resident", "my bin"))
    async with transaction() as session:
        await session.execute(update(Message).values(said_at=clock.now() - timedelta(hours=1)))
    await changed("taken", conversation_id=conversation_id)
    assert await round_of(messages) == 1 and len(messages.outbox) == 1
    assert await said_in(conversation_id) == []


async def test_taken_again_after_a_lease_ran_out_is_no_news(messages: ConsoleMessages, notices: Notices) -> None:
    contact_id = await changed("taken")
    await round_of(messages)
    await changed("taken", contact_id)
    assert await round_of(messages) == 0
    assert [one.why for one in await notices(contact_id)] == [None, "told_already"]


async def test_we_have_it_waits_for_sorting_and_then_says_by_when(messages: ConsoleMessages) -> None:
    contact_id = await changed("arrived", state="sorted", queued_at=None, first_due_at=None)
    assert await round_of(messages) == 0
    async with transaction() as session:
        await queues.queue_contact(session, contact_id)
    await make_due(contact_id)
    assert await round_of(messages) == 1
    assert "We aim to answer you by " in messages.outbox[0].fields["text"]


async def test_it_waits_for_its_queue_for_a_while_and_for_being_read_as_long_as_it_takes(
    messages: ConsoleMessages,
) -> None:
    contact_id = await changed("arrived", state="arrived", queued_at=None, first_due_at=None)
    async with transaction() as session:
        await session.execute(update(Notice).values(made_at=clock.now() - timedelta(minutes=1)))
    assert await round_of(messages) == 0
    async with transaction() as session:
        await session.execute(update(Contact).values(state="sorted"))
    await make_due(contact_id)
    assert await round_of(messages) == 1
    assert "We aim" not in messages.outbox[0].fields["text"]


async def test_being_late_is_told_once_for_each_promise(messages: ConsoleMessages, notices: Notices) -> None:
    past = clock.now() - timedelta(hours=1)
    contact_id = await make_contact(**AGREED, settle_due_at=past)
    await make_contact(settle_due_at=past, paused_at=past)
    await make_contact(settle_due_at=past, state="closed")
    for expected in (1, 0):
        assert await steps.tell_all_late() == expected
    async with transaction() as session:
        await steps.tell_late(session, contact_id)
    await round_of(messages)
    assert [one.template for one in messages.outbox] == ["late"]
    assert "We said we would settle it by " in messages.outbox[0].fields["text"]
    # A new promise that is broken too is told too.
    async with transaction() as session:
        await session.execute(update(ContactHistory).values(at=clock.now() - timedelta(minutes=30)))
        soon = clock.now() - timedelta(minutes=1)
        await session.execute(update(Contact).where(Contact.id == contact_id).values(settle_due_at=soon))
    async with transaction() as session:
        await steps.tell_late(session, contact_id)
    assert [one.kind for one in await notices(contact_id)] == ["late", "late"]


class Away:
    """A supplier that is away."""

    def __init__(self) -> None:
        self.asked = 0

    async def send(self, to: str, template: str, fields: dict[str, str], client_reference: str) -> Receipt:
        self.asked += 1
        raise SupplierUnavailable


class Broken(Away):
    """A supplier's client with a fault of its own."""

    async def send(self, to: str, template: str, fields: dict[str, str], client_reference: str) -> Receipt:
        self.asked += 1
        raise ValueError(to)


@pytest.mark.parametrize("supplier", [Away, Broken])
async def test_a_supplier_that_is_away_is_asked_again_later_and_it_goes_out_once(
    messages: ConsoleMessages, notices: Notices, supplier: type[Away]
) -> None:
    contact_id, away = await changed("closed"), supplier()
    for number in range(1, 4):
        assert await round_of(away) == 0
        assert await round_of(away) == 0, "it waits before it tries again"
        assert away.asked == number
        (notice,) = await notices(contact_id)
        assert notice.state == "due" and notice.next_at > clock.now() + timedelta(seconds=20 * number)
        await make_due(contact_id)
    assert await round_of(messages) == 1 and await round_of(messages) == 0
    assert len(messages.outbox) == 1
    (notice,) = await notices(contact_id)
    assert notice.state == "sent" and notice.receipt


async def test_what_never_goes_out_is_put_before_a_person(notices: Notices) -> None:
    contact_id = await changed("closed")
    async with transaction() as session:
        await session.execute(update(Notice).values(attempts=99))
    await round_of(Away())
    (notice,) = await notices(contact_id)
    assert (notice.state, notice.why) == ("failed", "gave_up")
    async with transaction() as session:
        noted = await session.scalar(select(ContactHistory.detail).where(ContactHistory.what == "noted"))
    assert noted and "Tell them another way" in noted["text"]


async def test_an_address_that_is_refused_is_not_tried_again(messages: ConsoleMessages, notices: Notices) -> None:
    class Refusing(ConsoleMessages):
        async def send(self, to: str, template: str, fields: dict[str, str], client_reference: str) -> Receipt:
            return await super().send("nowhere", template, fields, client_reference)

    contact_id = await changed("closed")
    await round_of(Refusing())
    assert [(one.state, one.why) for one in await notices(contact_id)] == [("failed", "refused")]


async def test_a_worker_that_died_over_a_message_leaves_it_due(messages: ConsoleMessages, notices: Notices) -> None:
    contact_id = await changed("closed")
    (notice,) = await notices(contact_id)
    async with transaction() as session:
        await service.prepare(session, notice.id)
    assert await round_of(messages) == 0, "whoever sends it has time to"
    await make_due(contact_id)
    assert await round_of(messages) == 1 and len(messages.outbox) == 1


async def test_no_database_session_is_open_while_the_supplier_answers(database: str) -> None:
    held: list[int] = []

    class Slow(ConsoleMessages):
        async def send(self, to: str, template: str, fields: dict[str, str], client_reference: str) -> Receipt:
            held.append(engine().pool.checkedout())  # type: ignore[attr-defined]
            return await super().send(to, template, fields, client_reference)

    await changed("closed")
    assert await round_of(Slow()) == 1
    assert held == [0]


async def test_a_supplier_that_hangs_is_not_waited_for(
    database: str, notices: Notices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "SUPPLIER_S", 0.05)
    assert SUPPLIER_S <= 10

    class Hanging(ConsoleMessages):
        async def send(self, to: str, template: str, fields: dict[str, str], client_reference: str) -> Receipt:
            await asyncio.sleep(60)
            raise AssertionError("nobody waits this long")

    contact_id = await changed("closed")
    assert await round_of(Hanging()) == 0
    assert (await notices(contact_id))[0].state == "due"


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("mary@x.example", "Mary@X.example "),
        ("07700 900123", "+44 7700 900-123"),
        ("Call 07700900123 after five", "07700 900 123"),
    ],
)
async def test_an_address_that_is_not_safe_is_known_however_it_is_typed(
    messages: ConsoleMessages, notices: Notices, said: str, typed: str
) -> None:
    chat = await make_conversation(mode="ended")
    await make_contact(**AGREED | {"reply_to": said, "safe_to_contact": False, "conversation_id": chat})
    later = await make_contact(**AGREED | {"reply_to": typed})
    await changed("taken", later)
    assert await round_of(messages) == 0
