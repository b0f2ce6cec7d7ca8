"""The council's mailbox, read by IMAP: each email in it is taken in, and marked seen once that is on record.

One message at a time: the mail server is asked in a thread and with no database session open, then the message is
taken in and committed, then it is marked. Whatever goes wrong between the two, it is found unseen in the next round,
and its key makes sure that it is taken in once. One that cannot be fetched or taken in is flagged, for somebody to look
at, and keeps nothing out that comes after it.
"""

import asyncio
import contextlib
import imaplib
import random
import re
import ssl
import time
from collections.abc import Callable
from typing import Any, TypeVar

import structlog

from triage.errors import TooMany
from triage.intake import email_filing
from triage.intake.email_reading import read as read_email
from triage.settings import get_settings
from triage.shields import LARGEST_EMAIL

log = structlog.get_logger(__name__)

MOST_A_ROUND = 50
# A round ends before the next begins; one call of the server's, its file transferred, takes no longer than CALL_S.
ROUND_S, CALL_S, SOCKET_S = 45.0, 60.0, 20.0
# After so many in a row that could not be taken in, it is not the emails that are wrong.
MOST_FAILED = 3
# One that could not be taken in: it stays unseen, and is tried again after all that is new.
LATER = r"(\Flagged)"
# What the server does wrong, and what the way to it does.
TROUBLE = (imaplib.IMAP4.error, OSError, TimeoutError, ValueError, LookupError)
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")

T = TypeVar("T")


async def read() -> int:
    """Take in what is new in the mailbox, at most MOST_A_ROUND; how many were taken in or rightly ignored."""
    if not get_settings().imap_host:
        return 0
    mailbox = _Mailbox()
    try:
        await mailbox.ask(mailbox.open)
        return await _round(mailbox)
    except TROUBLE as error:
        log.warning("mailbox.failed", error=type(error).__name__)
        return 0
    finally:
        await asyncio.to_thread(mailbox.close)


async def _round(mailbox: "_Mailbox") -> int:
    began, done, failed = time.monotonic(), 0, 0
    for uid in await mailbox.ask(mailbox.unseen):
        if time.monotonic() - began > ROUND_S or failed >= MOST_FAILED:
            break
        try:
            raw, size = await mailbox.ask(lambda one=uid: mailbox.fetch(one))  # type: ignore[misc]
            flags = await _take_in(raw, size)
        except Exception as error:  # One email that cannot be taken in keeps no other out; it stays unseen.
            log.warning("mailbox.not_taken_in", error=type(error).__name__)
            failed += 1
            if isinstance(error, TROUBLE):
                # It may have come in the middle of an answer: whatever is asked next is asked anew.
                await asyncio.to_thread(mailbox.close)
                await mailbox.ask(mailbox.open)
            await mailbox.ask(lambda one=uid: mailbox.mark(one, LATER))  # type: ignore[misc]
            continue
        await mailbox.ask(lambda one=uid, flags=flags: mailbox.mark(one, flags))  # type: ignore[misc]
        done, failed = done + 1, 0
    return done


async def _take_in(raw: bytes, size: int) -> str:
    """Take in one message; the flags that it is marked with then."""
    message = await asyncio.to_thread(read_email, raw, get_settings().our_addresses)
    left_out = ("what comes after its first 25 MB",) if size > LARGEST_EMAIL else ()
    try:
        await email_filing.take_in(message, left_out)
    except TooMany:
        # Somebody is to look at it: a person may have written what a limit kept out.
        log.info("email.ignored", reason="too many")
        return r"(\Seen \Flagged)"
    return r"(\Seen)"


class _Mailbox:
    """One connection, used by one thread at a time."""

    def __init__(self) -> None:
        self._server: imaplib.IMAP4 | None = None
        # What could not be taken in before.
        self._again: list[str] = []

    async def ask(self, call: Callable[[], T]) -> T:
        """Run a call in a thread. One that takes too long has its connection cut, so that its thread ends too."""
        try:
            return await asyncio.wait_for(asyncio.shield(task := asyncio.create_task(asyncio.to_thread(call))), CALL_S)
        except TimeoutError:
            self._cut()
            await asyncio.wait([task], timeout=SOCKET_S)
            raise

    def open(self) -> None:
        settings = get_settings()
        where = (settings.imap_host, settings.imap_port)
        if settings.imap_tls:
            trust = ssl.create_default_context(cafile=settings.imap_ca or None)
            self._server = imaplib.IMAP4_SSL(*where, ssl_context=trust, timeout=SOCKET_S)
        else:
            self._server = imaplib.IMAP4(*where, timeout=SOCKET_S)
        self._server.login(settings.imap_user, settings.imap_password.get_secret_value())
        folder = '"' + re.sub(r'(["\\])', r"\\\1", settings.imap_folder) + '"'
        self._answer(self._server.select(folder))

    def unseen(self) -> list[str]:
        """The numbers of the oldest unseen messages; those that could not be taken in before come last, in any order.

        So none of those is always behind the same three.
        """
        new, self._again = self._found("UNSEEN UNFLAGGED"), self._found("UNSEEN FLAGGED")
        return [*new, *random.sample(self._again, len(self._again))][:MOST_A_ROUND]

    def _found(self, which: str) -> list[str]:
        found = self._answer(self._opened.uid("SEARCH", which))
        numbers = (found[0] or b"").split() if found else []
        return [one.decode() for one in numbers if one.isdigit()]

    def fetch(self, uid: str) -> tuple[bytes, int]:
        """A message, its first 25 MB of it, and how large it is; fetching marks nothing."""
        found = self._answer(self._opened.uid("FETCH", uid, f"(RFC822.SIZE BODY.PEEK[]<0.{LARGEST_EMAIL}>)"))
        for one in found:
            if isinstance(one, tuple) and len(one) == 2:
                size = _SIZE.search(one[0])
                return one[1], int(size[1]) if size else len(one[1])
        raise ValueError("the server sent no message")

    def mark(self, uid: str, flags: str) -> None:
        """Mark a message. One that could be taken in now needs nobody to look at it any more."""
        self._answer(self._opened.uid("STORE", uid, "+FLAGS.SILENT", flags))
        if uid in self._again and LATER[1:-1] not in flags:
            self._answer(self._opened.uid("STORE", uid, "-FLAGS.SILENT", LATER))

    def close(self) -> None:
        """Say goodbye, whatever state it is in."""
        if self._server is not None:
            try:
                self._server.logout()
            except TROUBLE:
                self._cut()

    def _cut(self) -> None:
        if self._server is not None:
            with contextlib.suppress(*TROUBLE):
                self._server.shutdown()

    @property
    def _opened(self) -> imaplib.IMAP4:
        if self._server is None:
            raise OSError("not connected")
        return self._server

    @staticmethod
    def _answer(answer: tuple[str, list[Any]]) -> list[Any]:
        status, found = answer
        if status != "OK":
            raise imaplib.IMAP4.error("refused")
        return found
