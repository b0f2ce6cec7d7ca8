"""A process that only listens notices that nothing more will come, and hears again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from triage import live
from triage.database import transaction
from triage.live import Listener


class Way:
    """The way to the database. Once it is `cut`, what was opened before carries nothing more, and does not say so."""

    def __init__(self, to: str) -> None:
        self.to = to
        self.opened = 0
        self.cut = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        there, out = await asyncio.open_unix_connection(self.to)
        number = self.opened
        with suppress(ConnectionError):
            await asyncio.gather(self._carry(reader, out, number), self._carry(there, writer, number))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> None:
        while content := await reader.read(65536):
            if number > self.cut:
                writer.write(content)
                await writer.drain()
        writer.close()


@pytest.fixture
async def way(database: str, tmp_path: Path) -> AsyncIterator[Way]:
    (host,) = parse_qs(urlsplit(database).query)["host"]
    found = Way(f"{host}/.s.PGSQL.5432")
    server = await asyncio.start_unix_server(found.serve, tmp_path / ".s.PGSQL.5432")
    yield found
    server.close()


async def test_a_listener_whose_way_has_gone_silent_opens_another_and_says_that_it_missed_something(
    database: str, way: Way, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "STILL_THERE_S", 0.2)
    (host,) = parse_qs(urlsplit(database).query)["host"]
    listener = Listener(database.replace(host, str(tmp_path)))
    async with listener.hear("desk") as heard:
        await listener.start()
        async with asyncio.timeout(20):
            assert await heard.get() == {"missed": True}
            way.cut = way.opened
            assert await heard.get() == {"missed": True}
            async with transaction() as session:
                await live.announce(session, "desk", text="new")
            assert await heard.get() == {"text": "new"}
        await listener.stop()
    assert way.opened >= 2
