"""A supplier on loopback: a web app of its own, and in front of it what goes wrong between two machines."""

import asyncio
import socket
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# time_out: it does the work, and its answer never comes · lost: the same, but the connection is cut · refused: cut
# before any work · busy: 429 with Retry-After · broken: 500 before any work · half: half of the answer's body ·
# wrong_type: a proxy's HTML page in place of the answer · twice: the network delivers the call twice · drip: the
# answer comes a byte at a time · huge: an answer without end · nonsense: the right type, and not what it says.
Fault = Literal[
    "time_out", "lost", "refused", "busy", "broken", "half", "wrong_type", "twice", "drip", "huge", "nonsense"
]
RETRY_AFTER_S = 7
Handler = Callable[[Message], Awaitable[None]]


@dataclass
class Supplier:
    """What stands at `url`. The next calls meet `faults`, in order; a None among them is a call that goes well."""

    app: ASGIApp
    url: str = ""
    faults: deque[Fault | None] = field(default_factory=deque)
    calls: list[tuple[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    # Any value of it that a test keeps about this supplier.
    world: Any = None

    def fail(self, *faults: Fault | None) -> None:
        """Meet the next calls with these."""
        self.faults.extend(faults)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One call."""
        body = await _whole(receive)
        self.calls.append((scope["method"], scope["path"]))
        self.headers.append({name.decode(): value.decode("latin-1") for name, value in scope["headers"]})
        fault = self.faults.popleft() if self.faults else None
        match fault:
            case "refused":
                _cut(send)
                return
            case "busy":
                await _plain(send, 429, b"{}", [(b"retry-after", str(RETRY_AFTER_S).encode())])
                return
            case "broken":
                await _plain(send, 500, b"<h1>Server error</h1>", [(b"content-type", b"text/html")])
                return
        answer = await self._answer(scope, body)
        if fault == "twice":
            answer = await self._answer(scope, body)
        start, content = answer
        await _spoil(fault, start, content, send)

    async def _answer(self, scope: Scope, body: bytes) -> tuple[Message, bytes]:
        start: Message = {}
        content = bytearray()

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                content.extend(message.get("body", b""))

        await self.app(dict(scope), receive, keep)
        return start, bytes(content)


async def _spoil(fault: Fault | None, start: Message, content: bytes, send: Send) -> None:
    kept = [(name, value) for name, value in start["headers"] if name != b"content-length"]
    match fault:
        case "time_out":
            await asyncio.sleep(30)
        case "lost":
            _cut(send)
        case "half":
            length = str(len(content) + 1).encode()
            await send({**start, "headers": [*kept, (b"content-length", length)]})
            await send({"type": "http.response.body", "body": content[: len(content) // 2], "more_body": True})
            raise ConnectionAbortedError
        case "wrong_type":
            await _plain(send, start["status"], b"<html>Please log in</html>", [(b"content-type", b"text/html")])
        case "nonsense":
            await _plain(send, start["status"], b"\xff{]<", kept)
        case "drip":
            await send({**start, "headers": kept})
            for byte in content + b" " * 1000:
                await send({"type": "http.response.body", "body": bytes([byte]), "more_body": True})
                await asyncio.sleep(0.02)
        case "huge":
            await send({**start, "headers": kept})
            for _ in range(1000):
                await send({"type": "http.response.body", "body": b" " * 65_536, "more_body": True})
                await asyncio.sleep(0)
        case _:
            await send(start)
            await send({"type": "http.response.body", "body": content})


def _cut(send: Send) -> None:
    """End the connection as a pulled cable would. ASGI has no word for it, so it is asked of uvicorn's own cycle."""
    send.__self__.transport.abort()  # type: ignore[attr-defined]


async def _plain(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _whole(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body)


@asynccontextmanager
async def serve(app: ASGIApp) -> AsyncIterator[Supplier]:
    """`app` at a free port of loopback, until the block ends."""
    supplier = Supplier(app)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        supplier.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(supplier, log_config=None, log_level="critical", lifespan="off", access_log=False)
        server = uvicorn.Server(config)
        # Signals are pytest's.
        server.capture_signals = _no_signals  # type: ignore[method-assign]
        running = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            while not server.started:
                await asyncio.sleep(0.005)
            yield supplier
        finally:
            server.should_exit = server.force_exit = True
            with suppress(asyncio.CancelledError):
                await asyncio.wait_for(running, 5)


class _no_signals:
    def __enter__(self) -> None:
        return None

    def __exit__(self, *why: object) -> None:
        return None
