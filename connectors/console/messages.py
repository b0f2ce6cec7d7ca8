"""Messages that go nowhere: the log says that one would have been sent, without its address or its words."""

import re
from collections import deque
from dataclasses import dataclass
from hashlib import sha256

import structlog

from connectors.errors import MessageRefused
from connectors.shapes import Receipt

log = structlog.get_logger(__name__)

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# A UK mobile number, with or without the country's code.
MOBILE = re.compile(r"(?:\+?44\s?|0)7(?:[\s-]?\d){9}")
# What a development machine may keep in memory.
MOST_KEPT = 1000


@dataclass(frozen=True)
class Sent:
    """One message as it would have gone out."""

    to: str
    template: str
    fields: dict[str, str]
    client_reference: str


class ConsoleMessages:
    """Takes every message to an email address or a UK mobile number. `outbox` holds the last of them, for tests."""

    def __init__(self) -> None:
        self.outbox: deque[Sent] = deque(maxlen=MOST_KEPT)

    async def send(self, to: str, template: str, fields: dict[str, str], client_reference: str) -> Receipt:
        """See connectors.kinds.Messages.send."""
        if not (EMAIL.fullmatch(to) or MOBILE.fullmatch(to)):
            raise MessageRefused("not an email address or a UK mobile number")
        if all(one.client_reference != client_reference for one in self.outbox):
            self.outbox.append(Sent(to, template, dict(fields), client_reference))
            log.info("message.sent", template=template, notice=client_reference)
        return Receipt(f"console-{sha256(client_reference.encode()).hexdigest()[:16]}")
