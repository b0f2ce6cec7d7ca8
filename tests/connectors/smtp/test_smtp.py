"""Emails as a real mail server gets them, and what a mail server can answer instead."""

import asyncio
import email
import email.policy
import socket
import time
from collections.abc import AsyncIterator

import pytest

from connectors.errors import (
    ConnectorError,
    MessageRefused,
    SupplierBusy,
    SupplierSlow,
    SupplierUnavailable,
    WrongSettings,
)
from connectors.smtp import SmtpMessages
from connectors.smtp.settings import Settings
from tests.connectors.smtp.supplier import Mailbox, mail_server, settings

FIELDS = {"subject": "Your contact\nBcc: everybody@example.com", "text": "It is done. £5 — thank you\n\nA council"}


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    async with mail_server() as one:
        yield one


async def send(mailbox: Mailbox, to: str = "resident@example.com", reference: str = "one") -> None:
    await SmtpMessages(settings(mailbox.port)).send(to, "closed", FIELDS, reference)


async def test_an_email_arrives_whole_with_one_subject_and_one_recipient(mailbox: Mailbox) -> None:
    await send(mailbox)
    (arrived,) = mailbox.arrived
    assert arrived.rcpt_tos == ["resident@example.com"]
    message = email.message_from_bytes(arrived.content, policy=email.policy.default)
    assert message["Subject"] == "Your contact Bcc: everybody@example.com" and message["Bcc"] is None
    assert message["From"] == "Example Council <no-reply@council.example>"
    assert message["Reply-To"] == "help@council.example" and message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().strip().splitlines()[0] == "It is done. £5 — thank you"


async def test_after_a_crash_the_same_email_has_the_same_message_id(mailbox: Mailbox) -> None:
    await send(mailbox)
    await send(mailbox)
    await send(mailbox, reference="another")
    ids = [email.message_from_bytes(one.content)["Message-ID"] for one in mailbox.arrived]
    assert ids[0] == ids[1] != ids[2] and ids[0].endswith("@council.example>")


@pytest.mark.parametrize(
    ("command", "answer", "expected"),
    [
        ("RCPT", "550 5.1.1 no such mailbox", MessageRefused),
        ("RCPT", "450 4.2.0 greylisted", SupplierBusy),
        ("DATA", "552 5.3.4 too large", MessageRefused),
        ("DATA", "451 4.3.0 try later", SupplierBusy),
    ],
)
async def test_an_answer_says_whether_to_try_again(
    mailbox: Mailbox, command: str, answer: str, expected: type[ConnectorError]
) -> None:
    mailbox.answers[command] = answer
    with pytest.raises(expected) as raised:
        await send(mailbox)
    assert "resident" not in str(raised.value)
    mailbox.answers.clear()
    await send(mailbox)
    assert len(mailbox.arrived) == 1


async def test_a_server_that_takes_it_and_says_nothing_is_slow_and_may_have_it(mailbox: Mailbox) -> None:
    mailbox.dawdle_s = 5
    began = time.monotonic()
    with pytest.raises(SupplierSlow) as raised:
        await send(mailbox)
    assert raised.value.maybe_done and time.monotonic() - began < 3


async def test_a_server_that_drips_its_greeting_is_slow() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for byte in b"220 mail.example and so on and so on and so on":
            writer.write(bytes([byte]))
            await asyncio.sleep(0.1)

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(SupplierSlow) as raised:
        await SmtpMessages(settings(port)).send("a@b.example", "closed", FIELDS, "one")
    assert not raised.value.maybe_done
    server.close()


async def test_nobody_at_the_port_is_unavailable() -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        with pytest.raises(SupplierUnavailable) as raised:
            await SmtpMessages(settings(unheard.getsockname()[1])).send("a@b.example", "closed", FIELDS, "one")
    assert not raised.value.maybe_done


def test_mail_to_another_machine_is_encrypted() -> None:
    given = {"host": "mail.example", "sender": "a@b.example"}
    with pytest.raises(WrongSettings, match="only for a server on this machine"):
        Settings.load("smtp", given | {"security": "none"}, {})
    assert Settings.load("smtp", given, {}).security == "starttls"
