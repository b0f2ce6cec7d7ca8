"""Hands emails to a mail server.

A mail server cannot be asked what it has. A try whose answer was lost after the text went out may come twice; it has
the same Message-ID then. What this process has sent, it does not send again.
"""

import asyncio
import time
from collections import OrderedDict
from email.message import EmailMessage

import aiosmtplib
import structlog

from connectors.errors import MessageRefused, NotOffered
from connectors.messages import EMAIL
from connectors.settings import plain
from connectors.shapes import DeliveryReport, Receipt
from connectors.smtp import translate
from connectors.smtp.settings import Settings

log = structlog.get_logger(__name__)

MOST_KEPT = 10_000


class SmtpMessages:
    """connectors.kinds.Messages by email alone."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._sent: OrderedDict[str, Receipt] = OrderedDict()

    async def send(self, to: str, template: str, fields: dict[str, str], client_reference: str) -> Receipt:
        """See connectors.kinds.Messages.send. Refuses a mobile number: there is no way to it by mail."""
        if not EMAIL.fullmatch(to):
            raise MessageRefused("not an email address")
        if client_reference in self._sent:
            return self._sent[client_reference]
        message = translate.email_of(to, fields, client_reference, self._settings)
        receipt = Receipt(translate.message_id(client_reference, self._settings))
        await self._hand_over(message)
        self._sent[client_reference] = receipt
        if len(self._sent) > MOST_KEPT:
            self._sent.popitem(last=False)
        return receipt

    async def post(self, to: tuple[str, ...], template: str, fields: dict[str, str], client_reference: str) -> Receipt:
        """See connectors.kinds.Messages.post."""
        raise NotOffered("A mail server sends no letters.")

    async def delivered(self, receipt: str) -> DeliveryReport:
        """See connectors.kinds.Messages.delivered."""
        raise NotOffered("A mail server does not say what became of an email.")

    async def _hand_over(self, message: EmailMessage) -> None:
        settings, sent, began = self._settings, False, time.monotonic()
        server = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            use_tls=settings.security == "tls",
            start_tls=settings.security == "starttls",
            username=settings.username or None,
            password=plain(settings.password) or None,
            timeout=settings.total_s,
        )
        try:
            async with asyncio.timeout(settings.total_s):
                await server.connect()
                sent = True
                await server.send_message(message)
        except (aiosmtplib.SMTPException, TimeoutError, OSError, ValueError) as error:
            ours = translate.error_of(error, sent)
            took = round((time.monotonic() - began) * 1000)
            log.warning("supplier.failed", supplier="smtp", call="email", error=type(ours).__name__, ms=took)
            raise ours from None
        finally:
            # Whatever came of it, nothing waits for a goodbye.
            server.close()
        log.info("supplier.called", supplier="smtp", call="email", ms=round((time.monotonic() - began) * 1000))
