"""What time it is. One place, so that a demonstration or a test can be held at any moment."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from triage.settings import get_settings

LONDON = ZoneInfo("Europe/London")


@lru_cache
def _shift() -> timedelta:
    settings = get_settings()
    if settings.now is None or settings.environment == "production":
        return timedelta()
    start = settings.now if settings.now.tzinfo else settings.now.replace(tzinfo=LONDON)
    # Every process counts from the same moment, or their clocks would differ by how long each took to start.
    return start - (settings.clock_began or datetime.now(UTC))


def now() -> datetime:
    """The present moment in UTC, moved by FRONTDOOR_NOW in development."""
    return datetime.now(UTC) + _shift()


def today() -> date:
    """The date on a wall in the council's area."""
    return now().astimezone(LONDON).date()
