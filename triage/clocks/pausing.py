"""When a contact's clocks may stand still: for a listed reason, to a day, and the law's where it says so. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from triage import hours
from triage.clock import LONDON
from triage.clocks import law as limits
from triage.timetable import Law

# The farthest day to which a pause may run; whoever still waits then says so again (a proposal).
LONGEST_DAYS = 28
# A question to the resident stops the clocks for this long at most; they go on as soon as the resident writes (a
# proposal). After that somebody looks whether to ask again.
ANSWER_DAYS = 7


@dataclass(frozen=True)
class Reason:
    """Why a contact waits: none of them is a reason of our own."""

    id: str
    label: str


RESIDENT = "resident"
REASONS = (
    Reason(RESIDENT, "We wait for the resident's answer"),
    Reason("identity", "We wait for proof of who they are"),
    Reason("third_party", "We wait for somebody outside the council"),
    Reason("later", "The resident asked for a later date"),
)
LABELS = {reason.id: reason.label for reason in REASONS}


def until(day: date) -> datetime:
    """The moment at which a pause to `day` is over: as that day begins."""
    return datetime.combine(day, time.min, LONDON).astimezone(UTC)


def days_wrong(day: date, today: date) -> str | None:
    """What is wrong with a pause to `day`, as a sentence for the desk; None when it may be."""
    if day <= today:
        return "Choose a day after today for the clocks to go on."
    if day > today + timedelta(days=LONGEST_DAYS):
        return f"A pause is {LONGEST_DAYS} days at most. Choose an earlier day; you can pause again then."
    return None


def pauses(rule: Law | None, reason: str) -> bool:
    """Whether a clock stands still for `reason`. `rule` is None for a promise of ours, which does for any."""
    return rule is None or reason in rule.pauses


@dataclass(frozen=True)
class Moved:
    """Where a pause has moved a clock to."""

    counts_from: datetime
    paused: timedelta
    due: datetime
    warn: datetime


def resumed(
    *,
    calendar: str | None,
    counts_from: datetime,
    due: datetime,
    warn: datetime,
    paused: timedelta,
    since: datetime,
    at: datetime,
) -> Moved:
    """A promise that stood still from `since` to `at` is due later by exactly the time that it would have counted."""
    counting = hours.counting(calendar)
    stood = hours.counted_between(counting, since, at)
    return Moved(
        counts_from,
        paused + stood,
        hours.counted_on(counting, due, stood),
        hours.counted_on(counting, warn, stood),
    )


def resumed_law(
    rule: Law, reason: str, *, counts_from: datetime, paused: timedelta, longer: bool, since: datetime, at: datetime
) -> Moved:
    """A legal limit that stood still from `since` to `at`, as far as its law lets it.

    Whole days are left out (the same day is none), or the limit begins again with what came (article 12A(2)).
    """
    if "begins again" in [how for why, how in rule.pauses.items() if why == reason]:
        counts_from = at
    else:
        paused += timedelta(days=(limits.on_wall(at) - limits.on_wall(since)).days)
    due = limits.due(rule, counts_from, not_counted=paused.days, longer=longer)
    return Moved(counts_from, paused, due, hours.warn_at(None, counts_from, due))
