"""Messages that go nowhere: the log says that one would have been sent, without its address or its words."""

from collections import deque
from dataclasses import dataclass
from hashlib import sha256

import structlog

from connectors.console.settings import Settings
from connectors.errors import MessageRefused, NotKnown
from connectors.messages import EMAIL, MOBILE, letter_lines
from connectors.shapes import DeliveryReport, Receipt

log = structlog.get_logger(__name__)

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

    def __init__(self, settings: Settings | None = None) -> None:
        self.outbox: deque[Sent] = deque(maxlen=MOST_KEPT)

    async def send(self, to: str, template: str, fields: dict[str, str], client_reference: str) -> Receipt:
        """See connectors.kinds.Messages.send."""
        if not (EMAIL.fullmatch(to) or MOBILE.fullmatch(to)):
            raise MessageRefused("not an email address or a UK mobile number")
        return self._take(to, template, fields, client_reference)

    async def post(self, to: tuple[str, ...], template: str, fields: dict[str, str], client_reference: str) -> Receipt:
        """See connectors.kinds.Messages.post."""
        return self._take("\n".join(letter_lines(to)), template, fields, client_reference)

    async def delivered(self, receipt: str) -> DeliveryReport:
        """See connectors.kinds.Messages.delivered."""
        for one in self.outbox:
            if _receipt(one.client_reference).id == receipt:
                return DeliveryReport(receipt, "delivered", one.client_reference)
        raise NotKnown

    def _take(self, to: str, template: str, fields: dict[str, str], client_reference: str) -> Receipt:
        if all(one.client_reference != client_reference for one in self.outbox):
            self.outbox.append(Sent(to, template, dict(fields), client_reference))
            log.info("message.sent", template=template, notice=client_reference)
        return _receipt(client_reference)


def _receipt(client_reference: str) -> Receipt:
    return Receipt(f"console-{sha256(client_reference.encode()).hexdigest()[:16]}")
