"""Time that a test moves."""

from collections.abc import Iterator

import pytest

from tests.queues.wall import Wall, wall_of


@pytest.fixture
def wall(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wall]:
    """Time stands still at 10:00 on Monday 23 November 2026 until the test moves it."""
    with wall_of(monkeypatch) as held:
        yield held
