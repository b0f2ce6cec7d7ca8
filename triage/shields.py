"""Headers that every answer carries, so that no page of ours runs a stranger's script or sits in a stranger's frame.

Written as plain ASGI: it must not touch the body of a stream.
"""

import re

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from triage.errors import TooLarge
from triage.faults import tell

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# A body larger than this is refused before it is read: the longest message is a few thousand characters.
LARGEST_BODY = 262_144
# A file of a contact may be larger (triage/attachments.py holds it to 5 MB), with what a form puts around it.
LARGEST_FILE = 5 * 1024 * 1024 + 65_536
# So may past figures that an owner brings in.
FILES = re.compile(r"(/desk)?/contacts/[\w-]{1,40}/files|/owner/imports(/check)?|/owner/reports/[\w-]{36}/csv")
# An email may carry several files, in a form that makes each a third larger.
EMAIL = "/api/email"
LARGEST_EMAIL = 25 * 1024 * 1024
# Pages and answers that carry people's words, which no browser or proxy may keep.
KEPT_NOWHERE = ("/desk", "/owner", "/content", "/api", "/chat", "/contact", "/survey")


class Shields:
    """ASGI middleware: security headers on every answer, and a bound on every body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; see the class."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        too_large = False
        largest = LARGEST_FILE if FILES.fullmatch(scope["path"]) else LARGEST_BODY
        largest = LARGEST_EMAIL if scope["path"] == EMAIL else largest
        for name, value in scope["headers"]:
            if name == b"content-length" and value.isdigit() and int(value) > largest:
                too_large = True

        async def send_shielded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith(KEPT_NOWHERE):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        if too_large:
            await tell(Request(scope), TooLarge())(scope, receive, send_shielded)
            return
        received = 0

        async def receive_bounded() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > largest:
                return {"type": "http.disconnect"}
            return message

        await self._app(scope, receive_bounded, send_shielded)
