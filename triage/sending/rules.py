"""When a supplier that does not answer is left alone, and how long a wait it is given. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# So many failures in a row, and the supplier is left alone.
TRIP = 5
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=5)
# While it is seen whether it works again, one thing is tried and the others wait this long for what comes of it.
PROBE = timedelta(seconds=60)
# A supplier that asks for more than this is asked again all the same.
LONGEST_ASKED = timedelta(hours=1)


@dataclass(frozen=True)
class Breaker:
    """How a supplier is doing: `failures` in a row, and until when it is left alone."""

    failures: int = 0
    opened_until: datetime | None = None

    def failed(self, now: datetime) -> "Breaker":
        """After one more failure. From TRIP on each closes the way for longer."""
        failures = self.failures + 1
        if failures < TRIP:
            return Breaker(failures)
        pause = min(FIRST_PAUSE * (1 << min(failures - TRIP, 10)), LONGEST_PAUSE)
        return Breaker(failures, now + pause)

    def is_open(self, now: datetime) -> bool:
        """Whether nothing may be tried now."""
        return self.opened_until is not None and now < self.opened_until

    def is_probing(self, now: datetime) -> bool:
        """Whether one may be tried, to see whether the supplier works again."""
        return self.opened_until is not None and now >= self.opened_until


def at_least(wait: timedelta, asked_s: float | None) -> timedelta:
    """A wait that is no shorter than the supplier asked for, within reason."""
    return max(wait, min(timedelta(seconds=asked_s), LONGEST_ASKED)) if asked_s else wait
