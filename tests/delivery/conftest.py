"""A supplier of casework, and contacts that are handed to it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from connectors.console import ConsoleCasework
from triage import events, journey, outbox
from triage.settings import get_settings

SUPPLIER = "console"
# What follows each event is known before the first test: what a test says otherwise is forgotten after it.
assert journey.STEPS


class Told:
    """The time as the supplier sees it, which a test moves."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def later(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def wall() -> Told:
    """The supplier's clock."""
    return Told()


@pytest.fixture
def handed_on(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Missed bins go to the supplier, who is asked whenever we like; events are followed by nothing else."""
    monkeypatch.setenv("FRONTDOOR_CASEWORK", f'{{"missed_bin": "{SUPPLIER}"}}')
    monkeypatch.setenv("FRONTDOOR_SUPPLIERS_ASKED_EVERY_S", "0.000001")
    get_settings.cache_clear()
    for event in events.Event.__subclasses__():
        monkeypatch.setitem(outbox.routes, event.__name__, ())


@pytest.fixture
def depot(handed_on: None, wall: Told) -> ConsoleCasework:
    """A back office that moves each case on a step a minute."""
    now: Callable[[], datetime] = lambda: wall.now  # noqa: E731
    return ConsoleCasework(now=now)
