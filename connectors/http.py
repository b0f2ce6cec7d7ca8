"""One way to call a supplier over HTTP: every wait and every size has a limit, and every failure has a name.

What is logged is the supplier, the call's name, the status and the time; never an address, a query, a header or a
body, in which residents' words and our keys stand.
"""

import asyncio
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlsplit
from weakref import WeakKeyDictionary
from xml.etree.ElementTree import Element

import httpx2
import orjson
import structlog

from connectors import xml
from connectors.errors import (
    AnswerUnreadable,
    ConnectorError,
    KeyRefused,
    NotKnown,
    RequestRefused,
    SupplierBroken,
    SupplierBusy,
    SupplierSlow,
    SupplierUnavailable,
)
from connectors.settings import LOOPBACK, WebSettings

log = structlog.get_logger(__name__)

JSON = ("application/json",)
# A supplier that asks for more than this is down, and is asked again all the same.
LONGEST_WAIT_S = 6 * 3600.0


def part(text: str) -> str:
    """A value as one part of a path, whatever stands in it."""
    return quote(text, safe="")


def retry_after(value: str | None, now: datetime) -> float | None:
    """The wait that a Retry-After header asks for, in seconds or as a date; None when it says nothing that we read."""
    if not value:
        return None
    try:
        wait = float(value) if value.strip().isdigit() else (parsedate_to_datetime(value) - now).total_seconds()
    except (ValueError, TypeError):
        return None
    return min(max(wait, 0.0), LONGEST_WAIT_S)


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    writes: bool = False

    def json(self) -> Any:
        """The body as JSON. Raises AnswerUnreadable."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            raise AnswerUnreadable("The supplier's answer is not JSON.", maybe_done=self.writes) from None

    def xml(self) -> Element:
        """The body as XML. Raises AnswerUnreadable."""
        try:
            return xml.parse(self.body)
        except ValueError:
            raise AnswerUnreadable("The supplier's answer is not XML.", maybe_done=self.writes) from None


class Http:
    """Calls one supplier, whose client holds it. Connections are kept for the event loop that made them."""

    def __init__(self, supplier: str, settings: WebSettings) -> None:
        self._supplier = supplier
        self._settings = settings
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx2.AsyncClient] = WeakKeyDictionary()

    def _client(self) -> httpx2.AsyncClient:
        loop = asyncio.get_running_loop()
        client = self._clients.get(loop)
        if client is None:
            settings = self._settings
            client = self._clients[loop] = httpx2.AsyncClient(
                timeout=httpx2.Timeout(settings.read_s, connect=settings.connect_s, pool=settings.connect_s),
                limits=httpx2.Limits(max_connections=8),
                follow_redirects=False,
                # A proxy is for the way out, not for this machine.
                trust_env=urlsplit(settings.url).hostname not in LOOPBACK,
            )
        return client

    async def call(
        self,
        call: str,
        method: str,
        path: str,
        *,
        accept: Collection[str] = JSON,
        reads_itself: Collection[int] = (),
        headers: Mapping[str, str] | None = None,
        **sent: Any,
    ) -> Answer:
        """The answer to one call, whose name is logged.

        A status outside 2xx raises its error, but for those that the caller `reads_itself`. `sent` is what httpx2
        takes: params, json, data, content, files. Raises a ConnectorError and nothing else.
        """
        began = time.monotonic()
        writes = method not in ("GET", "HEAD")
        status = 0
        try:
            answer = await self._whole(method, path, headers or {}, writes, sent)
            status = answer.status
            self._check(answer, accept, reads_itself)
        except ConnectorError as error:
            took = round((time.monotonic() - began) * 1000)
            name = type(error).__name__
            log.warning("supplier.failed", supplier=self._supplier, call=call, status=status, error=name, ms=took)
            raise
        took = round((time.monotonic() - began) * 1000)
        log.info("supplier.called", supplier=self._supplier, call=call, status=status, ms=took)
        return answer

    async def _whole(
        self, method: str, path: str, headers: Mapping[str, str], writes: bool, sent: dict[str, Any]
    ) -> Answer:
        try:
            # The limits of the client are on one silence; this one is on the whole, for an answer that drips.
            async with asyncio.timeout(self._settings.total_s):
                return await self._stream(method, self._settings.url + path, headers, writes, sent)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout):
            raise SupplierUnavailable("The supplier could not be reached.") from None
        except (TimeoutError, httpx2.TimeoutException):
            raise SupplierSlow(maybe_done=writes) from None
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError):
            raise AnswerUnreadable("The connection broke off.", maybe_done=writes) from None

    async def _stream(
        self, method: str, url: str, headers: Mapping[str, str], writes: bool, sent: dict[str, Any]
    ) -> Answer:
        async with self._client().stream(method, url, headers=dict(headers), **sent) as response:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > self._settings.most_bytes:
                    raise AnswerUnreadable("The supplier's answer is too large.", maybe_done=writes)
            return Answer(response.status_code, response.headers, bytes(body), writes)

    def _check(self, answer: Answer, accept: Collection[str], reads_itself: Collection[int]) -> None:
        status, writes = answer.status, answer.writes
        if status in reads_itself:
            return
        wait = retry_after(answer.headers.get("retry-after"), datetime.now(UTC))
        if status == 429 or (status == 503 and wait is not None):
            raise SupplierBusy(wait_s=wait)
        if status >= 500:
            raise SupplierBroken(f"The supplier answered {status}.", maybe_done=writes)
        if status in (401, 403):
            raise KeyRefused
        if status in (404, 410):
            raise NotKnown
        if status in (408, 425):
            raise SupplierUnavailable(f"The supplier answered {status}.")
        if not 200 <= status < 300:
            raise RequestRefused(f"The supplier answered {status}.")
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if accept and answer.body and kind not in accept:
            raise AnswerUnreadable("The supplier's answer is another kind of content.", maybe_done=writes)

    async def close(self) -> None:
        """Let go of this event loop's connections."""
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.aclose()
