"""When a contact's clocks may stand still: for a listed reason, to a day, and the law's where it says so. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

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


RESIDENT: Final = "resident"
IDENTITY: Final = "identity"
REASONS = (
    Reason(RESIDENT, "We wait for the resident's answer"),
    Reason(IDENTITY, "We wait for proof of who they are"),
    Reason("third_party", "We wait for somebody outside the council"),
    Reason("later", "The resident asked for a later date"),
)
# Why clocks go on, as it stands on record: a person says that the proof has come.
PROVED = "they have proved who they are"
# The resident did something that may be the proof, which only a person can say.
WRITTEN, FILE_SENT = "the resident has written", "the resident has sent a file"
# In the detail of that line: what they stood still for.
WAS = "was"
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


def begins_again(rule: Law | None) -> bool:
    """Whether a clock counts anew from the proof of who somebody is (UK GDPR article 12A(2))."""
    return rule is not None and rule.pauses.get(IDENTITY) == "begins again"


def proof_came(what: str, detail: Mapping[str, Any], now: datetime) -> datetime | None:
    """When the proof came of which a person says `now` that it has, if clocks stood still for it last and went on
    without it; None where they did not.

    `what`, `detail`: the newest line on record about a pause. Where the resident's own words or file set them going,
    the proof came with those.
    """
    if what != "resumed" or detail.get(WAS) != IDENTITY or detail.get("why") == PROVED:
        return None
    return datetime.fromisoformat(detail["at"]) if detail.get("why") in (WRITTEN, FILE_SENT) else now


def resumed_law(
    rule: Law,
    *,
    proved: bool,
    counts_from: datetime,
    paused: timedelta,
    longer: bool,
    since: datetime,
    at: datetime,
) -> Moved:
    """A legal limit that stood still from `since` to `at`, as far as its law lets it.

    Whole days are left out (the same day is none), and the days before count. Only where it stood still for proof of
    who they are, and that was `proved`, the limit begins again with the proof: nothing from before it counts.
    """
    if proved and begins_again(rule):
        counts_from, paused = at, hours.NO_TIME
    else:
        paused += timedelta(days=(limits.on_wall(at) - limits.on_wall(since)).days)
    due = limits.due(rule, counts_from, not_counted=paused.days, longer=longer)
    return Moved(counts_from, paused, due, hours.warn_at(None, counts_from, due))
