"""What suppliers, mail servers and back offices should not send and somebody will, made by chance.

Each case is a good one from the tests' fixtures with something done to it, the same for the same seed: bytes turned,
cut, doubled or put in; values of JSON put in each other's place; headers taken away.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

FIXTURES = Path(__file__).parents[2] / "tests" / "connectors"
# What programs stumble over: the ends of numbers and of times, what opens and does not close, what is too deep.
TOKENS: tuple[bytes, ...] = (
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3\x28", b"\xed\xa0\x80", b"\r\n\r\n", b"\r", b"\t", b'"', b"'", b","),
    *(b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"<![CDATA[", b"]]>", b"&a;", b"&#x110000;", b"<a>" * 200, b"</a>"),
    *(b"0000-00-00T00:00:00Z", b"9999-12-31T23:59:59+00:00", b"0001-01-01T00:00:00+23:59", b"2026-02-30", b"1e309"),
    *(b"-1", b"NaN", b"Infinity", b"99999999999999999999", b"null", b"[" * 400, b'{"a":' * 400, b"=cmd|' /C calc'!A0"),
    *(b"BEGIN:VEVENT\r\n", b"END:VCALENDAR\r\n", b"RRULE:FREQ=WEEKLY;INTERVAL=99999999999;COUNT=-1\r\n"),
    *(b"RRULE:FREQ=WEEKLY;UNTIL=00010101\r\n", b"DTSTART;TZID=../../etc:20261124T080000\r\n", b"DTSTART:99991231\r\n"),
    *(b"Content-Type: multipart/mixed; boundary=\r\n", b"Content-Transfer-Encoding: base64\r\n", b"=?utf-8?b?////?="),
    *(b"Content-Type: text/plain; charset=punycode\r\n", b"=?idna?q?x?=", b"Content-Type: message/rfc822\r\n\r\n"),
    *("😀".encode(), "\u202e".encode(), "İ".encode(), b"A" * 5000),
)
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 10**30, 1.5, "", " ", "\x00", "\ud800", "x" * 5000, "😀", "0000-00-00", [], {}, [[]]),
    *("9999-12-31T23:59:59Z", "0001-01-01T00:00:00+23:59", "done", "DONE", {"a": {"b": []}}, [None] * 50),
)


@cache
def seeds(path: str) -> bytes:
    """A good one, as the tests know it."""
    return (FIXTURES / path).read_bytes()


def spoilt(chance: Random, good: bytes, others: Sequence[bytes] = ()) -> bytes:
    """Bytes with one to six things done to them."""
    spoiling: tuple[Callable[[bytearray], bytes | bytearray], ...] = (
        lambda body: _put(body, _at(chance, body), bytes([chance.randrange(256)]), 1),
        lambda body: _put(body, _at(chance, body), chance.choice(TOKENS), 0),
        lambda body: _put(body, _at(chance, body), b"", chance.randrange(1, 40)),
        lambda body: body[: _at(chance, body)],
        lambda body: _twice(chance, body),
        lambda body: body + chance.choice([*others, bytes(body)]),
        lambda body: body.decode("utf-8", "replace").encode(chance.choice(["utf-16", "latin-1", "utf-7"]), "replace"),
    )
    body = bytearray(good)
    for _ in range(chance.randint(1, 6)):
        body = bytearray(chance.choice(spoiling)(body))[:200_000]
    return bytes(body)


def _at(chance: Random, body: bytes | bytearray) -> int:
    return chance.randrange(len(body) + 1)


def _put(body: bytearray, at: int, content: bytes, instead_of: int) -> bytes:
    return bytes(body[:at]) + content + bytes(body[at + instead_of :])


def _twice(chance: Random, body: bytearray) -> bytes:
    start = _at(chance, body)
    part = bytes(body[start : start + chance.randrange(1, 200)])
    return _put(body, _at(chance, body), part * chance.choice([1, 2, 50]), 0)


def misplaced(chance: Random, good: bytes) -> bytes:
    """JSON that is right as JSON, with values that are not."""
    content = json.loads(good)
    for _ in range(chance.randint(1, 3)):
        content = _replaced(chance, content)
    return json.dumps(content).encode()


def _replaced(chance: Random, content: Any) -> Any:
    if isinstance(content, dict) and content and chance.random() < 0.85:
        name = chance.choice(sorted(content))
        kept = {key: value for key, value in content.items() if key != name or chance.random() < 0.85}
        return kept | ({name: _replaced(chance, content[name])} if name in kept else {})
    if isinstance(content, list) and content and chance.random() < 0.85:
        at = chance.randrange(len(content))
        return [*content[:at], _replaced(chance, content[at]), *content[at + 1 :]]
    return chance.choice(VALUES)


def email(chance: Random) -> bytes:
    """An email as a person's program writes it: plain, with HTML, answering, or with a file."""
    message = EmailMessage()
    message["From"] = chance.choice(["Ada Example <ada@example.com>", "ada@example.com", '"A, B" <a@example.com>'])
    message["To"], message["Message-ID"] = "council@example.org", f"<{chance.randrange(10**9)}@example.com>"
    message["Subject"] = chance.choice(["Missed bin", "Re: BN-7K3M-9QXF", "Überfüllt 😀", ""])
    text = (
        "The green bin was not emptied.\n\n-- \nAda\n\nOn Tue, 24 Nov 2026, Council <c@example.org> wrote:\n> Hello\n"
    )
    message.set_content(text)
    if chance.random() < 0.5:
        message.add_alternative(
            f"<html><body><p>{text}</p><blockquote>Hello</blockquote></body></html>", subtype="html"
        )
    if chance.random() < 0.5:
        message.add_attachment(b"\x89PNG\r\n\x1a\n" + chance.randbytes(200), "image", "png", filename="bin.png")
    return message.as_bytes()
