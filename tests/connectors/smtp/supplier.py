"""A real mail server on loopback, which can be told to refuse, to dawdle and to lose its answer."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from connectors.smtp import SmtpMessages
from connectors.smtp.settings import Settings
from tests.connectors.suppliers.running import Running


@dataclass
class Mailbox:
    """What arrived, and what the server answers instead of taking it: by command, such as {"RCPT": "550 no"}."""

    port: int = 0
    arrived: list[Envelope] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    dawdle_s: float = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.arrived.append(envelope)
        await asyncio.sleep(self.dawdle_s)
        return "250 Taken"


@asynccontextmanager
async def mail_server() -> AsyncIterator[Mailbox]:
    """The server at a free port, until the block ends."""
    mailbox = Mailbox()
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    mailbox.port = listening.getsockname()[1]
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(mailbox, hostname="mail.example"), sock=listening
    )
    try:
        yield mailbox
    finally:
        server.close()


def settings(port: int, **changes: Any) -> Settings:
    """Settings for this server."""
    given = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "no-reply@council.example",
             "sender_name": "Example Council", "reply_to": "help@council.example", "total_s": 1.5}  # fmt: skip
    return Settings.model_validate({**given, **changes})


@asynccontextmanager
async def running(kind: str) -> AsyncIterator[Running]:
    """The connector and the server."""
    async with mail_server() as mailbox:
        yield Running(SmtpMessages(settings(mailbox.port)), None, lambda: len(mailbox.arrived), {"emails_only": True})
