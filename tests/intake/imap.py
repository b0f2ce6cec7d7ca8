"""A small IMAP server on loopback: as much of RFC 3501 as a mailbox needs, with faults to order."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_FETCH = re.compile(r"UID FETCH (\d+) \(RFC822\.SIZE BODY\.PEEK\[\]<0\.(\d+)>\)", re.I)
_STORE = re.compile(r"UID STORE (\d+) ([+-])FLAGS\.SILENT \(([^)]*)\)", re.I)


@dataclass
class Mailbox:
    """What the server has, and what it was asked. `drop_at`: it hangs up on that command. What is
    `unreadable` it will not give.
    """

    messages: dict[int, bytes] = field(default_factory=dict)
    flags: dict[int, set[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    port: int = 0
    password: str = "a password for tests"
    drop_at: str = ""
    unreadable: set[int] = field(default_factory=set)

    def put(self, raw: bytes) -> int:
        """A new message arrives; its number."""
        uid = len(self.messages) + 1
        self.messages[uid], self.flags[uid] = raw, set()
        return uid

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        writer.write(b"* OK ready\r\n")
        while line := (await reader.readline()).decode().strip():
            tag, _, command = line.partition(" ")
            name = " ".join(command.split()[: 2 if command.upper().startswith("UID") else 1]).upper()
            self.asked.append(name)
            if name == self.drop_at:
                break
            for one in self.answer(command, name):
                writer.write(one)
            good = name != "LOGIN" or self.password in command
            if any(command.upper().startswith(f"UID FETCH {uid} ") for uid in self.unreadable):
                good = False
            writer.write(f"{tag} {'OK done' if good else 'NO [AUTHENTICATIONFAILED] wrong'}\r\n".encode())
            await writer.drain()
            if name == "LOGOUT":
                break
        writer.close()

    def answer(self, command: str, name: str) -> list[bytes]:
        """The lines before the last."""
        if name == "CAPABILITY":
            return [b"* CAPABILITY IMAP4rev1\r\n"]
        if name == "SELECT":
            return [f"* {len(self.messages)} EXISTS\r\n* OK [UIDVALIDITY 1] fine\r\n".encode()]
        if name == "UID SEARCH":
            keeps = "\\Flagged" if " FLAGGED" in command else ""
            unseen = [
                str(uid)
                for uid, flags in self.flags.items()
                if "\\Seen" not in flags and ("FLAGGED" not in command or ("\\Flagged" in flags) == bool(keeps))
            ]
            return [f"* SEARCH {' '.join(unseen)}\r\n".encode()]
        if (fetched := _FETCH.fullmatch(command)) and int(fetched[1]) not in self.unreadable:
            raw = self.messages[int(fetched[1])]
            part = raw[: int(fetched[2])]
            head = f"* 1 FETCH (UID {fetched[1]} RFC822.SIZE {len(raw)} BODY[]<0> {{{len(part)}}}\r\n"
            return [head.encode() + part + b")\r\n"]
        if stored := _STORE.fullmatch(command):
            given, had = set(stored[3].split()), self.flags[int(stored[1])]
            self.flags[int(stored[1])] = had | given if stored[2] == "+" else had - given
        return [b"* BYE\r\n"] if name == "LOGOUT" else []


@asynccontextmanager
async def mail_server(tls: ssl.SSLContext | None = None) -> AsyncIterator[Mailbox]:
    """A server at a port of loopback."""
    mailbox = Mailbox()
    server = await asyncio.start_server(mailbox.serve, "127.0.0.1", 0, ssl=tls)
    mailbox.port = server.sockets[0].getsockname()[1]
    try:
        yield mailbox
    finally:
        server.close()
