"""When to try, when to wait, when to give up, and what a supplier's answer means. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.shapes import CaseState

# Why a delivery failed, as a supervisor reads it, and what they can do.
WHY = {
    "unavailable": "The supplier did not answer, or said that it cannot just now.",
    "refused": "The supplier will not take it as it is. Put right what it says, then send it again, or deal with it "
    "by hand.",
    "gave_up": "It was tried for three days. Ask the supplier, then send it again, or deal with it by hand.",
    "lost": "The supplier had taken it and does not know it any more. It has been sent again.",
    "unknown": "Something unexpected went wrong. The log of the worker names it.",
}

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=10)
# After three days a person is asked: somebody has noticed by then that the supplier is away.
GIVE_UP = timedelta(days=3)
# So many failures in a row, and the supplier is left alone.
TRIP = 5
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=5)
# While it is seen whether it works again, one delivery is tried and the others wait this long for what comes of it.
PROBE = timedelta(seconds=60)


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


def wait_after(attempts: int, chance: float, retry_after: timedelta | None = None) -> timedelta:
    """How long to wait after the `attempts`th try: doubled each time, spread by `chance` (0 to 1).

    Spread over half of it, so that what failed together does not come back together. Never less than `retry_after`.
    """
    whole = min(FIRST_WAIT * (1 << min(max(attempts, 1) - 1, 10)), LONGEST_WAIT)
    wait = whole / 2 + whole / 2 * chance
    return max(wait, min(retry_after, timedelta(hours=1))) if retry_after else wait


def gives_up(made_at: datetime, now: datetime) -> bool:
    """Whether a person is asked instead of trying again."""
    return now - made_at >= GIVE_UP


def route(routes: Mapping[str, str], service: str | None, demo: bool) -> str | None:
    """The connector that a service's contacts are handed to; None: our own desk.

    A demonstration's contacts never leave the house.
    """
    if demo or not service:
        return None
    return routes.get(service)


# What each of a supplier's answers, in our words, means for the contact.
GOES_ON, SETTLED, FOR_A_PERSON = "goes_on", "settled", "for_a_person"
MEANS: Mapping[CaseState, str] = {
    "received": GOES_ON,
    "looking": GOES_ON,
    "planned": GOES_ON,
    "in_progress": GOES_ON,
    "done": SETTLED,
    # Software never tells somebody no: what is declined is looked at by a person (DESIGN decision 5).
    "no_action": FOR_A_PERSON,
    "not_ours": FOR_A_PERSON,
    "duplicate": FOR_A_PERSON,
}
# As the desk reads them.
STATE_NAMES: Mapping[CaseState, str] = {
    "received": "they have it",
    "looking": "they are looking at it",
    "planned": "it has a day",
    "in_progress": "they are working on it",
    "done": "it is done",
    "no_action": "they will do nothing about it",
    "not_ours": "they say that it is not theirs",
    "duplicate": "they have it already, from somebody else",
}
