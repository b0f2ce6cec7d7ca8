"""Leaves files and reads files.

A file appears whole: it is written under another name, put on the disk, then renamed. What was left once is marked in
`.sent/`, so that a file which they have taken away is not left again.
"""

import asyncio
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import structlog

from connectors.errors import NotKnown, NotOffered, RequestRefused, SupplierSlow, SupplierUnavailable, WrongSettings
from connectors.file_drop import translate
from connectors.file_drop.settings import Settings
from connectors.file_drop.translate import digest
from connectors.shapes import Attachment, Case, CaseNote, CaseRequest, CaseUpdate, Receipt

log = structlog.get_logger(__name__)

T = TypeVar("T")
MOST_FILES = 1000
MOST_UPDATES = 1000
ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")


class FileDropCasework:
    """connectors.kinds.Casework by files. A case is known to both sides by our reference."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def create(self, request: CaseRequest, client_reference: str) -> Case:
        """See connectors.kinds.Casework.create."""
        content = translate.case_file(request, client_reference)
        await self._leave("create", f"case-{digest(client_reference)}", ".csv", content)
        return Case(client_reference, None, "received")

    async def find(self, client_reference: str, since: datetime) -> Case | None:
        """See connectors.kinds.Casework.find."""
        at = await self._do("find", lambda: self._sent_at(f"case-{digest(client_reference)}"))
        return Case(client_reference, None, "received", None, at) if at and at >= since else None

    async def update(self, handle: str, note: CaseNote) -> Receipt:
        """See connectors.kinds.Casework.update."""
        await self._must_know(handle)
        name = f"note-{digest(handle)}-{digest(note.id)}"
        await self._leave("update", name, ".csv", translate.note_file(handle, note))
        return Receipt(name)

    async def attach(self, handle: str, attachment: Attachment) -> Receipt:
        """See connectors.kinds.Casework.attach."""
        if len(attachment.content) > self._settings.most_bytes:
            raise RequestRefused("The file is larger than the setting most_bytes.")
        await self._must_know(handle)
        name = f"file-{digest(handle)}-{digest(attachment.name + digest(attachment.content.hex()))}"
        # Nothing of a resident's own name for a file but its ending goes on a disk of ours.
        ending = ENDING.search(attachment.name)
        await self._leave("attach", name, ending[0].lower() if ending else ".bin", attachment.content)
        return Receipt(name)

    async def status(self, handle: str) -> Case:
        """See connectors.kinds.Casework.status."""
        raise NotOffered("They leave files about what changes.")

    async def updates(self, since: datetime, until: datetime) -> list[CaseUpdate]:
        """See connectors.kinds.Casework.updates."""
        folder = self._settings.incoming
        if folder is None:
            raise NotOffered("There is no folder for what they tell us.")
        contents = await self._do("updates", lambda: self._left_for_us(folder))
        found: dict[str, CaseUpdate] = {}
        wrong = 0
        for content in contents:
            updates, unread = translate.updates_of(content)
            wrong += unread
            found |= {one.id: one for one in updates if since <= one.at <= until}
        if wrong:
            # One bad row must not keep back the others; somebody is to look at the files.
            log.warning("supplier.rows_unread", supplier="file_drop", call="updates", made=wrong)
        return sorted(found.values(), key=lambda one: (one.at, one.id))[:MOST_UPDATES]

    async def take_back(self, handle: str) -> int:
        """Delete what was left of a case and not taken away yet, because its person is erased; how many files.

        The marks stay, so that nothing is left again: they are digests.
        """
        return await self._do("take_back", lambda: self._delete(digest(handle)))

    async def _must_know(self, handle: str) -> None:
        if await self._do("find", lambda: self._sent_at(f"case-{digest(handle)}")) is None:
            raise NotKnown

    async def _leave(self, call: str, name: str, ending: str, content: bytes) -> None:
        await self._do(call, lambda: self._write(name, ending, content))

    async def _do(self, call: str, work: Callable[[], T]) -> T:
        try:
            async with asyncio.timeout(self._settings.total_s):
                return await asyncio.to_thread(work)
        except TimeoutError:
            error: SupplierUnavailable = SupplierSlow(maybe_done=True)
        except FileNotFoundError:
            raise WrongSettings("file_drop: a folder of the settings is not there") from None
        except OSError:
            error = SupplierUnavailable("The folder cannot be written to or read.")
        log.warning("supplier.failed", supplier="file_drop", call=call, error=type(error).__name__)
        raise error

    def _mark(self, name: str) -> Path:
        return self._settings.outgoing / ".sent" / name

    def _sent_at(self, name: str) -> datetime | None:
        mark = self._mark(name)
        return datetime.fromtimestamp(mark.stat().st_mtime, UTC) if mark.exists() else None

    def _write(self, name: str, ending: str, content: bytes) -> None:
        mark = self._mark(name)
        if mark.exists():
            return
        self._settings.outgoing.stat()
        mark.parent.mkdir(exist_ok=True)
        unfinished = self._settings.outgoing / f".{name}.{os.getpid()}.part"
        try:
            with unfinished.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self._settings.outgoing / f"{name}{ending}")
        finally:
            unfinished.unlink(missing_ok=True)
        mark.touch()

    def _delete(self, known: str) -> int:
        found = [
            path
            for shape in (f"case-{known}.*", f"note-{known}-*", f"file-{known}-*", f".case-{known}.*")
            for path in self._settings.outgoing.glob(shape)
        ]
        for path in found:
            path.unlink(missing_ok=True)
        return len(found)

    def _left_for_us(self, folder: Path) -> list[bytes]:
        whole = [path for path in sorted(folder.iterdir()) if path.suffix == ".csv" and not path.name.startswith(".")]
        newest = sorted(whole, key=lambda path: path.stat().st_mtime)[-MOST_FILES:]
        return [path.read_bytes() for path in newest if path.stat().st_size <= self._settings.most_bytes]
