"""Time that stands still until a test moves it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.queues.walls import Wall
from triage import clock


@pytest.fixture
def wall(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wall]:
    """Time stands still at 10:00 on Monday 23 November 2026 until the test moves it."""
    held = Wall()

    class Held(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return held.now.astimezone(tz or UTC)

    with monkeypatch.context() as patched:
        patched.setattr(clock, "datetime", Held)
        yield held
