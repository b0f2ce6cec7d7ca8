"""Reads what a back office posts to us."""

from collections.abc import Mapping
from datetime import datetime

from connectors.settings import plain
from connectors.shapes import CaseUpdate, DeliveryReport
from connectors.webhook import translate
from connectors.webhook.settings import Settings
from connectors.webhook.signing import key_of, verify


class WebhookInbound:
    """connectors.kinds.Inbound for signed posts."""

    def __init__(self, settings: Settings) -> None:
        secrets = (plain(settings.inbound_key), plain(settings.inbound_key_old))
        self._keys = [key_of(secret) for secret in secrets if secret]
        self._window_s = settings.window_s

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> list[CaseUpdate | DeliveryReport]:
        """See connectors.kinds.Inbound.read."""
        update = translate.update_of(body, verify(headers, body, self._keys, now, self._window_s))
        return [update] if update else []
