"""Two folders, and somebody who reads one and writes the other."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from connectors.file_drop import FileDropCasework
from connectors.file_drop.settings import Settings
from tests.connectors.suppliers.running import Running


@asynccontextmanager
async def running(kind: str) -> AsyncIterator[Running]:
    """The connector and its folders."""
    with tempfile.TemporaryDirectory() as home:
        out, into = Path(home) / "out", Path(home) / "in"
        out.mkdir()
        into.mkdir()
        connector = FileDropCasework(Settings(outgoing=out, incoming=into))
        yield Running(connector, None, lambda: len(list(out.glob("case-*.csv"))))
