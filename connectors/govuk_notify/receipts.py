"""Reads what Notify posts when a message was delivered or failed."""

import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from connectors.errors import AnswerUnreadable, NotGenuine, RequestRefused
from connectors.govuk_notify import translate
from connectors.govuk_notify.settings import Settings
from connectors.settings import plain
from connectors.shapes import CaseUpdate, DeliveryReport


class NotifyReceipts:
    """connectors.kinds.Inbound for Notify's callbacks, which carry a bearer token that we gave it."""

    def __init__(self, settings: Settings) -> None:
        tokens = (plain(settings.callback_token), plain(settings.callback_token_old))
        self._tokens = [token.encode() for token in tokens if token]

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> list[CaseUpdate | DeliveryReport]:
        """See connectors.kinds.Inbound.read. A resident's text message to us is another kind of post, and is no use."""
        kind, _, given = headers.get("authorization", "").partition(" ")
        # Every token is compared, so that time says nothing about which was near.
        matches = [hmac.compare_digest(given.encode(), token) for token in self._tokens]
        if kind.lower() != "bearer" or not any(matches):
            raise NotGenuine
        try:
            content: Any = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise RequestRefused("not JSON") from None
        if isinstance(content, Mapping) and "source_number" in content:
            return []
        try:
            return [translate.report_of(content)]
        except AnswerUnreadable:
            raise RequestRefused("no delivery receipt") from None
