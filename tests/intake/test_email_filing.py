"""An email becomes a contact or is added to one, once; what is not taken is said; nobody learns of another's."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import func, select

from tests.intake import emails
from tests.intake.emails import email_of
from tests.makers import make_contact
from triage import clock
from triage.database import transaction
from triage.errors import TooMany
from triage.intake import email_filing
from triage.intake.email_filing import Taken
from triage.intake.email_reading import read
from triage.settings import get_settings
from triage.shields import LARGEST_EMAIL
from triage.tables import Attachment, Contact, ContactHistory, ContactLink

KEY = "a key for tests"


async def take(raw: bytes) -> Taken:
    return await email_filing.take_in(read(raw, {"council@example.org"}))


async def contacts() -> list[Contact]:
    async with transaction() as session:
        return list((await session.scalars(select(Contact).order_by(Contact.arrived_at))).all())


async def lines(contact: Contact, what: str) -> list[dict[str, str]]:
    async with transaction() as session:
        rows = select(ContactHistory).where(ContactHistory.contact_id == contact.id, ContactHistory.what == what)
        return [line.detail for line in (await session.scalars(rows.order_by(ContactHistory.at))).all()]


async def notes(contact: Contact) -> list[str]:
    return [detail["text"] for detail in await lines(contact, "noted")]


async def files() -> list[tuple[str, str]]:
    async with transaction() as session:
        rows = (await session.scalars(select(Attachment).order_by(Attachment.at))).all()
        return [(one.name, one.kind) for one in rows]


async def test_an_email_is_a_contact_that_is_answered_by_email(database: str) -> None:
    taken = await take(email_of())
    (contact,) = await contacts()
    assert taken == Taken("filed", contact.reference)
    assert contact.text == "Missed bin\n\nThe green bin at number 4 was not emptied this morning."
    assert (contact.channel, contact.name, contact.reply_to) == ("email", "Ada Example", "ada@example.com")
    assert contact.messages_ok and not contact.consent and contact.danger is None and await notes(contact) == []


async def test_the_same_message_is_taken_in_once_even_at_once(database: str) -> None:
    raw = email_of(Message_ID="<one@example.com>", files=(("a.png", emails.PNG, "image/png"),))
    found = await asyncio.gather(*(take(raw) for _ in range(4)))
    assert len({one.reference for one in found}) == len(await contacts()) == len(await files()) == 1


async def test_the_whole_stays_beside_what_they_wrote(database: str) -> None:
    await take(email_of(emails.SIGNED + "word " * 2000))
    await take(email_of("word " * 2000))
    for contact in await contacts():
        assert len(contact.text) <= get_settings().message_limit
        (note,) = await notes(contact)
        assert note.startswith("The whole email") and note.count("word") == 2000


async def test_danger_in_the_words_is_read_at_once_and_no_limit_keeps_it_out(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRONTDOOR_EMAIL_PER_HOUR", "1")
    get_settings.cache_clear()
    assert (await take(email_of())).done == "filed"
    with pytest.raises(TooMany):
        await take(email_of())
    assert (await take(email_of(sender="grace@example.com"))).done == "filed"
    assert (await take(email_of("My husband is hitting me, please help"))).done == "filed"
    assert [contact.danger is not None for contact in await contacts()] == [False, False, True]


async def test_what_no_person_wrote_makes_nothing_and_is_counted_without_words(
    database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for raw, reason in ((email_of(Precedence="bulk"), "list"), (emails.BOUNCE, "bounce")):
        assert await take(raw) == Taken("ignored", reason=reason)
    said = capsys.readouterr().out
    assert said.count("email.ignored") == 2 and "example" not in said and "bin" not in said.lower()
    assert await contacts() == []


async def test_an_answer_from_its_residents_address_is_added_and_opens_it_again(database: str) -> None:
    now = clock.now()
    mine = await make_contact(
        reply_to="ADA@example.com", state="closed", closed_at=now - timedelta(days=1), outcome="Emptied"
    )
    (contact,) = await contacts()
    raw = email_of(emails.GMAIL_CHAIN, subject=f"Re: {contact.reference}", files=(("a.png", emails.PNG, "image/png"),))
    for _ in range(2):
        assert await take(raw) == Taken("added", contact.reference)
    (again,) = await contacts()
    assert again.id == mine and again.state != "closed"
    (said,) = await lines(again, "reopened")
    assert said["said"] == "No, it is still there. Please come back."
    assert await files() == [("a.png", "image/png")] and len(await notes(again)) == 1


async def test_a_reference_in_what_is_answered_is_enough(database: str) -> None:
    await make_contact(reply_to="ada@example.com")
    (contact,) = await contacts()
    chain = f"Still there.\n\nOn Tue, 24 Nov 2026, Council <c@example.org> wrote:\n> About {contact.reference}\n"
    assert await take(email_of(chain)) == Taken("added", contact.reference)


@pytest.mark.parametrize("reply_to", ["grace@example.com", None, "notada@example.com", "ada@example.com.example.net"])
async def test_a_reference_from_elsewhere_makes_a_contact_of_its_own_that_agents_see_linked(
    database: str, reply_to: str | None
) -> None:
    theirs = await make_contact(reply_to=reply_to, text="Something private")
    (other,) = await contacts()
    taken = await take(email_of(subject=f"About {other.reference}"))
    assert taken.done == "filed" and taken.reference != other.reference
    (contact,) = [one for one in await contacts() if one.id != theirs]
    assert "private" not in contact.text and other.reference in (await notes(contact))[0]
    assert [line["reference"] for line in await lines(contact, "linked")] == [other.reference]
    async with transaction() as session:
        assert await session.scalar(select(func.count()).select_from(ContactLink)) == 1
        unchanged = await session.get_one(Contact, theirs)
        assert unchanged.version == other.version


async def test_somebody_elses_reply_to_does_not_open_their_contact(database: str) -> None:
    await make_contact(reply_to="ada@example.com")
    (contact,) = await contacts()
    raw = email_of(subject=contact.reference, sender="eve@example.net", Reply_To="ada@example.com")
    assert (await take(raw)).done == "filed"


async def test_files_are_checked_by_what_they_are_and_each_refusal_is_said(database: str) -> None:
    sent = (
        ("holiday.jpg", emails.WINDOWS_PROGRAM, "image/jpeg"),
        ("../../bin.png", emails.PNG, "image/png"),
        ("empty.pdf", b"", "application/pdf"),
        ("large.pdf", b"%PDF-1.7\n" + bytes(5 * 1024 * 1024), "application/pdf"),
    )
    await take(email_of(files=sent))
    (contact,) = await contacts()
    assert await files() == [("bin.png", "image/png")]
    (note,) = await notes(contact)
    assert "holiday.jpg (not a photograph" in note and "empty.pdf (empty)" in note
    assert "large.pdf (larger than 5 MB)" in note and "bin.png" not in note


async def test_of_twenty_files_those_that_fit_are_kept_and_the_others_named(database: str) -> None:
    await take(email_of(files=tuple((f"{n}.png", emails.PNG + bytes([n]), "image/png") for n in range(20))))
    (contact,) = await contacts()
    (note,) = await notes(contact)
    assert len(await files()) + note.count("(too many files)") == 20 and "19.png (too many files)" in note


async def test_the_private_code_of_a_contact_is_not_kept(database: str) -> None:
    await take(email_of("My code is 7K3M9-QXF12-34567-89ABC-DEFGH-J, what now?\n\n-- \nAda"))
    (contact,) = await contacts()
    assert "[code]" in contact.text and "7K3M9" not in contact.text + "".join(await notes(contact))


@pytest.fixture
async def client(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx2.AsyncClient]:
    from triage.app import build

    monkeypatch.setenv("FRONTDOOR_EMAIL_KEY", KEY)
    get_settings.cache_clear()
    transport = httpx2.ASGITransport(build())
    async with httpx2.AsyncClient(transport=transport, base_url="https://testserver") as found:
        yield found
    get_settings.cache_clear()


async def test_the_mail_server_posts_with_its_key_and_nobody_without(
    client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("", "wrong", KEY[:-1]):
        answer = await client.post("/api/email", content=email_of(), headers={"x-api-key": key})
        assert answer.status_code == 403
    good = {"x-api-key": KEY}
    answer = await client.post("/api/email", content=email_of(), headers=good)
    (contact,) = await contacts()
    assert answer.json() == {"done": "filed", "reference": contact.reference, "reason": None}
    assert (await client.post("/api/email", content=emails.BOUNCE, headers=good)).json()["reason"] == "bounce"
    assert (await client.post("/api/email", content=b" ", headers=good)).status_code == 422
    photograph = email_of(files=(("a.png", emails.PNG + bytes(3 * 1024 * 1024), "image/png"),))
    assert (await client.post("/api/email", content=photograph, headers=good)).status_code == 200
    too_large = b"x" * (LARGEST_EMAIL + 1)
    assert (await client.post("/api/email", content=too_large, headers=good)).status_code == 413
    monkeypatch.setenv("FRONTDOOR_EMAIL_PER_HOUR", "2")
    get_settings.cache_clear()
    # Two are here: the next stays with the mail server, which tries again later.
    assert (await client.post("/api/email", content=email_of(), headers=good)).status_code == 429
    assert len(await contacts()) == 2
    monkeypatch.delenv("FRONTDOOR_EMAIL_KEY")
    get_settings.cache_clear()
    assert (await client.post("/api/email", content=email_of(), headers=good)).status_code == 404
