"""An email as it came, read into what a contact needs. Pure: it asks nothing of anybody, and raises nothing.

Read with the policy compat32: it gives headers as they were sent, while the newer one takes them apart at once and
raises on some that are wrong.

Whatever is wrong with a message, somebody may have written it: what can be read of it is.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from hashlib import sha256

from triage import telling
from triage.intake.email_loops import why_ignored
from triage.intake.email_words import own_words, text_of_html, tidy

# What a broken message makes the standard library raise.
BROKEN = (ValueError, LookupError, AttributeError, TypeError, AssertionError, RecursionError, MessageError)
DEEPEST = 20
MOST_PARTS = 200
MOST_FILES = 40
LONGEST_WHOLE = 100_000
LONGEST_SUBJECT, LONGEST_NAME, LONGEST_HEADER, LONGEST_HEADERS = 200, 200, 4000, 256 * 1024
# Names that Python knows and no email means; to decode these takes a time that grows with the square of the length.
SLOW = frozenset(["punycode", "idna"])
# A smaller picture that only the layout shows is a company's logo or a symbol.
LOGO = 8 * 1024
LOGO_LEFT_OUT = "a small picture of the layout, such as a logo"
_ANSWER = re.compile(r"^\s*((re|aw|sv|fwd?|wg)\s*(\[\d+\])?\s*:\s*)+", re.I)
_FORWARD = re.compile(r"^\s*(fwd?|wg)\s*:", re.I)


@dataclass(frozen=True)
class SentFile:
    """A file as it was sent; nothing of it has been checked."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Email:
    """What an email says. `text` is what they wrote this time, `whole` all of it.

    `key` is the same for the same message, however often it comes. `ignored`: why it is nobody's message to us.
    `left_out`: what of it was not even looked at, each as a line for an agent.
    """

    key: str
    sender: str | None
    name: str | None
    answer_to: str | None
    subject: str
    text: str
    whole: str
    files: tuple[SentFile, ...] = ()
    left_out: tuple[str, ...] = ()
    ignored: str | None = None


def read(raw: bytes, ours: Collection[str] = ()) -> Email:
    """Read a message. `ours` are our own addresses, in small letters."""
    as_sent = _headers(raw)
    try:
        parts = _Parts()
        parts.gather(message_from_bytes(raw, policy=policy.compat32))
    except BROKEN:
        parts = _broken(raw)
    headers = {name: _line(_unfolded(value)) for name, value in as_sent.items()}
    sender, name = _address(as_sent.get("from", ""))
    answer_to, _ = _address(as_sent.get("reply-to", ""))
    subject = headers.get("subject", "")
    whole = tidy("\n\n".join(parts.words))
    left_out = tuple(parts.left_out)
    if len(whole) > LONGEST_WHOLE:
        whole, left_out = whole[:LONGEST_WHOLE], (*left_out, f"what comes after {LONGEST_WHOLE} characters")
    return Email(
        key=_key(headers.get("message-id", ""), sender, raw),
        sender=sender,
        name=name,
        answer_to=answer_to or sender,
        subject=_ANSWER.sub("", subject)[:LONGEST_SUBJECT].strip(),
        text=own_words(whole, forwarded=bool(_FORWARD.match(subject))),
        whole=whole,
        files=tuple(parts.files),
        left_out=left_out,
        ignored=why_ignored(headers, sender, ours),
    )


def _key(message_id: str, sender: str | None, raw: bytes) -> str:
    """Bound to its sender, so that nobody's message is taken for one that somebody else sent before."""
    known = f"{message_id.strip()}\x1f{sender or ''}".encode("utf-8", "replace") if message_id.strip() else raw
    return "email:" + sha256(known).hexdigest()


def _headers(raw: bytes) -> dict[str, str]:
    """The first of each name, as it came but for its length. Read apart from the parts, which may be broken."""
    try:
        message = BytesHeaderParser(policy=policy.compat32).parsebytes(raw[:LONGEST_HEADERS])
        items = list(message.raw_items())
    except BROKEN:
        return {}
    found: dict[str, str] = {}
    for name, value in items[:500]:
        found.setdefault(str(name).lower(), str(value)[:LONGEST_HEADER])
    return found


def _unfolded(text: str) -> str:
    try:
        pieces = decode_header(text)
    except BROKEN:
        return text
    said = [piece if isinstance(piece, str) else _decoded(piece, charset) for piece, charset in pieces]
    return "".join(said)


def _line(text: str) -> str:
    """On one line, and without what could steer a screen or bring in another header."""
    # Eight-bit characters that no charset was named for.
    raw = text.encode("utf-8", "surrogateescape")
    return re.sub(r"\s+", " ", tidy(_decoded(raw, None))).strip()


def _address(header: str) -> tuple[str | None, str | None]:
    """The address and the name in a header as it came; None for what is no address.

    It is taken apart before it is decoded: else a name that decodes to an address would be taken for the sender's.
    """
    try:
        name, address = parseaddr(re.sub(r"\s+", " ", header))
    except BROKEN:
        return None, None
    found = telling.address(address)
    # A header may hold a telephone number where its address should be.
    plain = bool(found) and found == address and found.isascii() and found.isprintable()
    found = found if plain and found and "@" in found and len(found) <= 320 else None
    return found, _line(_unfolded(name))[:LONGEST_NAME] or None


def _decoded(content: bytes, charset: str | None) -> str:
    """Text of bytes, whatever they call themselves: as named, as UTF-8, or as Windows writes western Europe's."""
    for one in (charset, "utf-8"):
        try:
            if one and one.lower() not in SLOW:
                return content.decode(one)
        except (LookupError, ValueError, TypeError, AssertionError):
            continue
    return content.decode("cp1252", "replace")


@dataclass
class _Parts:
    words: list[str] = field(default_factory=list)
    files: list[SentFile] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    seen: int = 0

    def gather(self, part: Message, depth: int = 0, *, words: bool = True) -> None:
        """Take the words and the files of a part, and of those inside it."""
        self.seen += 1
        if self.seen > MOST_PARTS or depth > DEEPEST:
            if (line := "parts beyond what an email of a person has") not in self.left_out:
                self.left_out.append(line)
            return
        inside = _children(part)
        if inside is None:
            self._leaf(part, words)
            return
        chosen = _chosen(inside) if part.get_content_type() == "multipart/alternative" else None
        for number, one in enumerate(inside):
            self.gather(one, depth + 1, words=words and chosen in (None, number))

    def _leaf(self, part: Message, words: bool) -> None:
        kind, name = part.get_content_type(), _file_name(part)
        disposition = _disposition(part)
        if kind in ("text/plain", "text/html") and disposition != "attachment" and not name:
            full = sum(len(one) for one in self.words) > LONGEST_WHOLE
            if words and not full and (text := _text(part)).strip():
                self.words.append(text)
            return
        content = _content(part)
        if kind.startswith("image/") and part.get("content-id") and disposition != "attachment" and len(content) < LOGO:
            if LOGO_LEFT_OUT not in self.left_out:
                self.left_out.append(LOGO_LEFT_OUT)
        elif len(self.files) < MOST_FILES:
            self.files.append(SentFile(name or "file", content))
        elif (line := f"files after the first {MOST_FILES}") not in self.left_out:
            self.left_out.append(line)


def _broken(raw: bytes) -> _Parts:
    return _Parts(words=[_decoded(raw[:LONGEST_WHOLE], None)], left_out=["its parts, which are broken"])


def _children(part: Message) -> list[Message] | None:
    payload = part.get_payload()
    if not isinstance(payload, list):
        return None
    return [one for one in payload if isinstance(one, Message)]


def _chosen(parts: list[Message]) -> int | None:
    """Which of several versions of the same words is read: the plain one if it says anything, else the last."""
    for number, one in enumerate(parts):
        if one.get_content_type() == "text/plain" and _text(one).strip():
            return number
    return len(parts) - 1 if parts else None


def _text(part: Message) -> str:
    try:
        charset = part.get_content_charset()
    except BROKEN:
        charset = None
    # What is longer than the whole may be is cut, and said so, by read(); four bytes are the most for a character.
    text = _decoded(_content(part)[: 4 * (LONGEST_WHOLE + 1)], charset)
    return text_of_html(text) if part.get_content_type() == "text/html" else text


def _content(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except BROKEN:
        content = None
    if isinstance(content, bytes):
        return content
    payload = part.get_payload()
    return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""


def _disposition(part: Message) -> str:
    try:
        return str(part.get_content_disposition() or "")
    except BROKEN:
        return ""


def _file_name(part: Message) -> str:
    try:
        return _line(_unfolded(str(part.get_filename() or "")))
    except BROKEN:
        return ""


def references(email: Email, prefix: str) -> Iterator[str]:
    """References of ours that it names, in its subject, in what they wrote, and in what that answers; each once."""
    pattern = re.compile(rf"\b({re.escape(prefix)})[- ]?([0-9A-Z]{{4}})[- ]?([0-9A-Z]{{4}})\b", re.I)
    misread = str.maketrans("OIL", "011")
    seen: set[str] = set()
    for found in pattern.finditer("\n".join((email.subject, email.text, email.whole))):
        reference = "-".join((found[1].upper(), *(found[i].upper().translate(misread) for i in (2, 3))))
        if reference not in seen:
            seen.add(reference)
            yield reference
