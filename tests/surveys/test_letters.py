"""Asking by message: once, at a good hour, reminded once, and never who asked to be left alone."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select, update

from connectors.console import ConsoleMessages
from connectors.errors import MessageRefused, SupplierUnavailable
from connectors.shapes import Receipt
from tests.care.test_wording import reading_age
from tests.makers import make_contact
from tests.surveys.test_cases import AGREED, closed, letters, the_case
from triage import clock
from triage.database import engine, transaction
from triage.sending.sender import messenger
from triage.settings import get_settings
from triage.surveys import letters as post
from triage.surveys import repository, service, steps
from triage.surveys.schemas import AnswerIn
from triage.surveys.wording import words
from triage.tables import Contact, Invite, Supplier, SurveyLetter, SurveyRefusal

pytestmark = pytest.mark.usefixtures("database")

# Noon in London on a working day.
NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
SECRET_NEED = "He hit me again at Quillfeather Road"


@pytest.fixture(autouse=True)
def noon(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, NOON)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


async def make_due() -> None:
    async with transaction() as session:
        await session.execute(update(SurveyLetter).where(SurveyLetter.state == "due").values(next_at=clock.now()))


async def round_of(messages: Any) -> int:
    await make_due()
    return await post.deliver(messages)


async def only_surveys() -> None:
    """The outcome check has tests of its own."""
    async with transaction() as session:
        await session.execute(update(SurveyLetter).where(SurveyLetter.kind == "outcome").values(state="not_sent"))


def token_in(text: str) -> str:
    return text.split("/survey/")[1][:64]


async def test_a_day_after_closing_at_an_hour_that_disturbs_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    case = await closed(**AGREED)
    (letter,) = [one for one in await letters() if one.kind == "invite"]
    assert letter.next_at == datetime(2026, 11, 27, 9, 0, tzinfo=UTC), "20 hours later it is 8 in the morning"
    assert case.invited_at is None, "nobody is invited before the letter is sent"
    messages = ConsoleMessages()
    at(monkeypatch, datetime(2026, 11, 27, 20, 0, tzinfo=UTC))
    assert await post.deliver(messages) == 0 and not messages.outbox
    at(monkeypatch, datetime(2026, 11, 28, 9, 0, tzinfo=UTC))
    assert await post.deliver(messages) == 1
    assert (await the_case(id=case.id)).invited_at == datetime(2026, 11, 28, 9, 0, tzinfo=UTC)


async def test_the_letter_says_nothing_of_the_need_and_its_link_works() -> None:
    case = await closed(**AGREED, text=SECRET_NEED, place="47 Quillfeather Road", name="Priya", outcome="He moved out.")
    await only_surveys()
    messages = ConsoleMessages()
    assert await round_of(messages) == 1
    (sent,) = messages.outbox
    assert (sent.to, sent.template) == ("Resident@example.com", "survey_invite")
    for private in ("Quillfeather", "Priya", "hit me", "moved out", "Waste"):
        assert private not in str(sent.fields)
    async with transaction() as session:
        asked = await service.look(session, token_in(sent.fields["text"]))
    assert asked is not None and asked.id == "satisfaction"
    case = await the_case(id=case.id)
    assert (case.invited_by, case.why_not) == ("message", None)


async def test_sent_by_ten_workers_at_once_it_goes_out_once() -> None:
    await closed(**AGREED)
    await only_surveys()
    messages = ConsoleMessages()
    await make_due()
    await asyncio.gather(*(post.deliver(messages) for _ in range(10)))
    assert len(messages.outbox) == 1


async def test_two_contacts_of_one_person_closed_together_ask_once() -> None:
    for typed in ("resident@example.com", "RESIDENT@example.com ", "resident+bins@example.com"):
        await closed(reply_to=typed, messages_ok=True)
    await only_surveys()
    messages = ConsoleMessages()
    assert await round_of(messages) == 1
    async with transaction() as session:
        why = sorted(str(one.why) for one in await session.scalars(select(SurveyLetter).filter_by(kind="invite")))
    assert why == ["None", "asked_lately", "asked_lately"]


async def test_a_supplier_that_others_found_away_is_not_asked_to_carry_surveys_either() -> None:
    await closed(**AGREED)
    await only_surveys()
    async with transaction() as session:
        session.add(Supplier(connector=messenger(), failures=5, opened_until=NOON + timedelta(minutes=5)))
    messages = ConsoleMessages()
    assert await round_of(messages) == 0 and not messages.outbox
    (letter,) = [one for one in await letters() if one.kind == "invite"]
    assert (letter.state, letter.next_at) == ("due", NOON + timedelta(minutes=15))


async def test_reminded_once_and_only_who_has_not_answered() -> None:
    case, other = await closed(**AGREED), await closed(reply_to="07700 900123", messages_ok=True)
    await only_surveys()
    messages = ConsoleMessages()
    assert await round_of(messages) == 2
    planned = [one.next_at for one in await letters() if one.kind == "reminder"]
    assert planned == [NOON + timedelta(days=4)] * 2
    token = token_in(next(one.fields["text"] for one in messages.outbox if one.to == "Resident@example.com"))
    async with transaction() as session:
        await service.answer(session, token, AnswerIn(satisfaction=4))
    assert await round_of(messages) == 1
    assert [(one.to, one.template) for one in messages.outbox][2:] == [("07700 900123", "survey_reminder")]
    assert [await round_of(messages) for _ in range(3)] == [0, 0, 0]
    assert (await the_case(id=case.id)).answered_at and (await the_case(id=other.id)).answered_at is None


@pytest.mark.parametrize("does", ["answers", "opens"])
async def test_who_is_reminded_as_they_answer_is_answered(does: str) -> None:
    case = await closed(**AGREED)
    await only_surveys()
    messages = ConsoleMessages()
    assert await round_of(messages) == 1
    token = token_in(messages.outbox[0].fields["text"])
    holds = asyncio.Event()

    async def reminds() -> None:
        # As letters.prepare does, with time between its two locks for the other side to have its first.
        async with transaction() as session:
            await repository.case(session, case.id, lock=True)
            holds.set()
            await asyncio.sleep(0.15)
            await repository.invite_of_case(session, case.id)

    async def resident() -> None:
        await holds.wait()
        async with transaction() as session:
            if does == "answers":
                await service.answer(session, token, AnswerIn(satisfaction=4))
            else:
                await service.opened(session, token)

    await asyncio.wait_for(asyncio.gather(reminds(), resident()), 20)
    now = await the_case(id=case.id)
    assert now.opened_at is not None and (now.answered_at is not None) is (does == "answers")


async def test_opened_again_answered_on_the_page_or_not_safe_any_more_it_is_not_sent() -> None:
    again, unsafe = await closed(**AGREED), await closed(reply_to="07700 900123", messages_ok=True)
    await only_surveys()
    async with transaction() as session:
        await session.execute(update(Contact).where(Contact.id == again.contact_id).values(state="sorted"))
        await session.execute(update(Contact).where(Contact.id == unsafe.contact_id).values(safe_to_contact=False))
    messages = ConsoleMessages()
    assert await round_of(messages) == 0 and not messages.outbox
    assert (await the_case(id=unsafe.id)).why_not == "unsafe"


async def test_no_session_is_open_while_the_supplier_answers() -> None:
    await closed(**AGREED)
    await only_surveys()
    out: list[int] = []

    class Slow:
        async def send(self, to: str, template: str, fields: dict[str, str], client_reference: str) -> Receipt:
            out.append(engine().pool.checkedout())  # type: ignore[attr-defined]
            return Receipt("one")

    assert await round_of(Slow()) == 1
    assert out == [0]


async def test_an_address_that_takes_no_message_was_not_invited() -> None:
    case = await closed(**AGREED)
    await only_surveys()

    class Refuses:
        async def send(self, *given: Any) -> Receipt:
            raise MessageRefused

    assert await round_of(Refuses()) == 0
    case = await the_case(id=case.id)
    assert (case.invited_at, case.why_not) == (None, "undeliverable")
    async with transaction() as session:
        assert list(await session.scalars(select(Invite))) == []


async def test_a_supplier_that_is_away_is_tried_again_and_it_arrives_once() -> None:
    case = await closed(**AGREED)
    await only_surveys()

    class Away:
        async def send(self, *given: Any) -> Receipt:
            raise SupplierUnavailable

    messages = ConsoleMessages()
    assert [await round_of(Away()), await round_of(Away()), await round_of(messages)] == [0, 0, 1]
    assert len(messages.outbox) == 1 and (await the_case(id=case.id)).invited_by == "message"


async def test_who_asks_never_to_be_asked_never_is_again_at_that_address(client: httpx2.AsyncClient) -> None:
    case = await closed(**AGREED)
    await only_surveys()
    messages = ConsoleMessages()
    await round_of(messages)
    address = f"/survey/{token_in(messages.outbox[0].fields['text'])}/never"
    for _ in range(3):
        page = await client.get(address)
        await client.head(address)
    assert page.status_code == 200 and "Never ask me again" in page.text
    assert await refusals() == []
    done = await client.post(address)
    assert (done.status_code, "We will not ask you again" in done.text) == (200, True)
    assert (await client.post(address)).status_code == 200, "twice is no error"
    (kept,) = await refusals()
    assert b"resident" not in kept.lower() and len(kept) == 32
    assert (await the_case(id=case.id)).why_not == "never_again"
    assert await round_of(messages) == 0, "no reminder"
    later = await closed(reply_to="resident@EXAMPLE.com", messages_ok=True)
    assert (later.eligible, later.why_not) == (True, "never_again")


async def refusals() -> list[bytes]:
    async with transaction() as session:
        return list(await session.scalars(select(SurveyRefusal.address_hash)))


async def test_a_stranger_can_refuse_for_nobody(client: httpx2.AsyncClient) -> None:
    await closed(**AGREED)
    for wrong in ("0" * 64, "x", UUID(int=1).hex + "0" * 32):
        assert (await client.get(f"/survey/{wrong}/never")).status_code == 404
        assert (await client.post(f"/survey/{wrong}/never")).status_code == 404
    assert await refusals() == []


async def test_the_worker_sends_by_the_councils_own_supplier() -> None:
    await closed(**AGREED)
    await make_due()
    assert await steps.deliver() >= 1


@pytest.mark.parametrize("kind", ["invite", "reminder", "outcome"])
def test_the_words_are_plain_and_fit_three_text_messages(kind: str) -> None:
    link = f"{get_settings().address}/survey/{'a' * 64}"
    wording = words()[kind]
    plain = [one.format(council="The council", reference="one", link="here", never="here") for one in wording.say]
    assert reading_age(plain) <= 11
    values = {"council": "Barnet Council", "reference": "BN-7K3M-9QXF", "link": f"{link}/settled"}
    assert len(" ".join(wording.say).format(**values, never=f"{link}/never")) <= 459


async def test_a_letter_about_a_contact_that_has_gone_is_not_sent() -> None:
    await make_contact()
    case = await closed(**AGREED)
    await only_surveys()
    async with transaction() as session:
        stored = await session.get_one(type(case), case.id)
        stored.contact_id = None
    assert await round_of(ConsoleMessages()) == 0
