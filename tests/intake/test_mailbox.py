"""A mailbox, read from a real IMAP server on loopback: each email once, marked only when it is on record."""

import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import select

from tests.intake import emails
from tests.intake.emails import email_of
from tests.intake.imap import Mailbox, mail_server
from triage.database import engine, transaction
from triage.intake import email_filing, mailbox
from triage.settings import Settings, get_settings
from triage.tables import Contact


def point_at(box: Mailbox, monkeypatch: pytest.MonkeyPatch, **more: str) -> None:
    given = {"host": "127.0.0.1", "port": str(box.port), "user": "c@example.org", "password": box.password} | more
    for name, value in ({"tls": "false"} | given).items():
        monkeypatch.setenv(f"FRONTDOOR_IMAP_{name.upper()}", value)
    get_settings.cache_clear()


@pytest.fixture
async def box(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Mailbox]:
    async with mail_server() as found:
        point_at(found, monkeypatch)
        yield found
    get_settings.cache_clear()


async def texts() -> list[str]:
    async with transaction() as session:
        return list((await session.scalars(select(Contact.text).order_by(Contact.arrived_at))).all())


async def test_what_is_new_becomes_contacts_and_is_marked_seen(box: Mailbox) -> None:
    box.put(email_of("First"))
    box.put(emails.BOUNCE)
    box.put(email_of("Second"))
    assert await mailbox.read() == 3
    assert [text.split()[-1] for text in await texts()] == ["First", "Second"]
    assert all(flags == {"\\Seen"} for flags in box.flags.values())
    assert await mailbox.read() == 0 and len(await texts()) == 2
    assert box.asked[-1] == "LOGOUT"


async def test_a_message_whose_mark_was_lost_is_found_again_and_filed_once(box: Mailbox) -> None:
    box.put(email_of("First"))
    box.drop_at = "UID STORE"
    assert await mailbox.read() == 0 and len(await texts()) == 1 and box.flags[1] == set()
    box.drop_at = ""
    assert await mailbox.read() == 1 and len(await texts()) == 1 and box.flags[1] == {"\\Seen"}


async def test_what_could_not_be_put_on_record_stays_unseen(box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for words in ("First", "Second"):
        box.put(email_of(words))
    take_in = email_filing.take_in

    async def fails_on_the_first(email: email_filing.Email, left_out: tuple[str, ...] = ()) -> email_filing.Taken:
        if email.text == "First":
            raise ConnectionError("the database went away")
        return await take_in(email, left_out)

    monkeypatch.setattr(email_filing, "take_in", fails_on_the_first)
    assert await mailbox.read() == 1
    assert (box.flags[1], box.flags[2]) == ({"\\Flagged"}, {"\\Seen"})


async def test_one_that_the_server_will_not_give_keeps_nothing_out_and_is_tried_again(box: Mailbox) -> None:
    for words in ("First", "Second"):
        box.put(email_of(words))
    box.unreadable.add(1)
    assert await mailbox.read() == 1
    assert box.flags == {1: {"\\Flagged"}, 2: {"\\Seen"}}
    box.unreadable.clear()
    assert await mailbox.read() == 1 and box.flags[1] == {"\\Seen"}, "nobody need look at it any more"


async def test_three_that_cannot_be_had_end_one_round_and_stand_before_nothing_in_the_next(box: Mailbox) -> None:
    for number in range(mailbox.MOST_FAILED + 1):
        box.put(email_of(str(number)))
    box.unreadable.update(range(1, mailbox.MOST_FAILED + 1))
    assert [await mailbox.read() for _ in range(2)] == [0, 1]


async def test_no_session_is_open_while_the_server_answers(box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    box.put(email_of())
    taken: list[int] = []
    answer = Mailbox.answer

    def looking(self: Mailbox, command: str, name: str) -> list[bytes]:
        taken.append(engine().pool.checkedout())  # type: ignore[attr-defined]
        return answer(self, command, name)

    monkeypatch.setattr(Mailbox, "answer", looking)
    assert await mailbox.read() == 1
    assert len(taken) >= 5 and set(taken) == {0}


async def test_a_round_takes_fifty_at_most(box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(mailbox.MOST_A_ROUND + 3):
        box.put(email_of(sender=f"person{number}@example.com"))
    assert await mailbox.read() == mailbox.MOST_A_ROUND
    assert await mailbox.read() == 3


async def test_what_a_limit_kept_out_is_flagged_for_somebody(box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDOOR_EMAIL_PER_HOUR", "1")
    get_settings.cache_clear()
    for _ in range(2):
        box.put(email_of())
    await mailbox.read()
    assert box.flags == {1: {"\\Seen"}, 2: {"\\Seen", "\\Flagged"}} and len(await texts()) == 1


@pytest.mark.parametrize("at", ["LOGIN", "SELECT", "UID SEARCH", "UID FETCH"])
async def test_a_server_that_hangs_up_or_refuses_fails_no_job(box: Mailbox, at: str) -> None:
    box.put(email_of())
    box.drop_at = at
    assert await mailbox.read() == 0 and "\\Seen" not in box.flags[1]


async def test_a_wrong_password_is_logged_without_it(
    box: Mailbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    point_at(box, monkeypatch, password="guess")
    assert await mailbox.read() == 0
    said = capsys.readouterr().out
    assert "mailbox.failed" in said and "guess" not in said and "example" not in said


async def test_without_a_host_nobody_is_asked(database: str) -> None:
    assert await mailbox.read() == 0


def test_a_password_goes_to_no_other_machine_without_tls() -> None:
    with pytest.raises(ValueError, match="FRONTDOOR_IMAP_TLS"):
        Settings(imap_host="mail.example.org", imap_tls=False)


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's side of TLS for 127.0.0.1, and the file that vouches for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail server for tests")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / "certificate.pem", folder / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    secret.write_bytes(key.private_bytes(*form))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    return context, pem


async def test_by_tls_only_a_server_that_is_vouched_for_is_told_the_password(
    database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    context, pem = certificate(tmp_path)
    async with mail_server(context) as box:
        box.put(email_of())
        point_at(box, monkeypatch, tls="true")
        assert await mailbox.read() == 0 and "LOGIN" not in box.asked
        point_at(box, monkeypatch, tls="true", ca=str(pem))
        assert await mailbox.read() == 1
    get_settings.cache_clear()
