"""What the desk decides by itself: reasons, and how a clock reads. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from triage.clock import LONDON
from triage.hours import NEAR_AT_LEAST, Opening


@dataclass(frozen=True)
class CloseReason:
    """Why a person closes a contact. `outcome` is a first draft of the sentence that the resident sees."""

    id: str
    label: str
    done: bool
    outcome: str


# "done" is whether the resident got what they came for. A person may choose any of these; software none of them.
CLOSE_REASONS = (
    CloseReason("done", "Done: what they asked for has happened", True, "We have done what you asked."),
    CloseReason("answered", "Answered: they have what they need to know", True, "We have answered your question."),
    CloseReason("passed_on", "Passed on: another organisation will deal with it", True, "We have passed this on to "),
    CloseReason("duplicate", "Duplicate: we are dealing with it already", True, "We are dealing with this already."),
    CloseReason("no_reply", "No reply: we could not reach them", False, "We tried to reach you and could not."),
    CloseReason("not_done", "Not done: we cannot or will not do this", False, "We cannot do this, because "),
)
CLOSING = {reason.id: reason for reason in CLOSE_REASONS}

# Who decides where a contact belongs that partners passed to and fro.
DECIDING = ("supervisor", "administrator")


def decides(role: str) -> bool:
    """Whether somebody of this role may place what is held for a supervisor, and pass on what one has placed."""
    return role in DECIDING


# Why a contact is passed on. Only the first says that it had been put in the wrong queue: sorting learns from it.
TRANSFER_WHY = {
    "wrong_team": "Wrong team: it should have come to them",
    "next_step": "Next step of the same case",
    "specialist": "It needs a specialist",
}

# A part of a saved reply that is for the agent to fill in, and what a search for one begins with.
GAP = "[…]"
SEARCH = "/"
LONGEST_TEXT = 4000
LONGEST_OUTCOME = 500
LONGEST_REASON = 500


@dataclass(frozen=True)
class Clock:
    """One promise and how it stands. `state` is met, ok, soon, late, paused or none; `shape` says it without colour.

    `counted`: the time left is in opening hours. `done`: what was promised has been done, in time or late.
    """

    label: str
    state: str
    shape: str
    words: str
    due: datetime | None
    counted: bool = False
    done: bool = False


UNKNOWN_SOON = timedelta(hours=1)
SHAPES = {"met": "✓", "ok": "●", "soon": "▲", "late": "■", "paused": "‖", "none": "–"}


def length_in_words(length: timedelta) -> str:
    """A length of time to the minute: '2 hours 5 minutes'. Less than a minute is 'less than a minute'."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 1:
        return "less than a minute"
    hours, minutes = divmod(minutes, 60)
    parts = [
        f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in ((hours, "hour"), (minutes, "minute")) if count
    ]
    return " ".join(parts)


def left_in_words(now: datetime, due: datetime, left: timedelta, hours: Opening | None) -> str:
    """What is `left` of a promise: days where it is more than one, which in `hours` are working days; else by the hour.

    89 opening hours tell nobody that they are ten working days.
    """
    if hours is None:
        days = left // timedelta(days=1)
    else:
        today, last = (moment.astimezone(LONDON).date() for moment in (now, due))
        ahead = (today + timedelta(days=number) for number in range(1, (last - today).days + 1))
        days = sum(hours.is_working_day(day) for day in ahead)
    if days < 2:
        return f"{length_in_words(left)} left"
    return f"{days} {'days' if hours is None else 'working days'} left"


def age_in_words(length: timedelta) -> str:
    """How long ago or how long somebody has waited: '3 days', and below two days as `length_in_words`."""
    return f"{length.days} days" if length.days >= 2 else length_in_words(max(length, timedelta()))


LONGEST_GLIMPSE = 120


def first_words(text: str) -> str:
    """The first words of what a resident wrote, for a list."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_GLIMPSE else text[:LONGEST_GLIMPSE].rsplit(" ", 1)[0] + "…"


def read_clock(
    label: str,
    due: datetime | None,
    began: datetime | None,
    met: datetime | None,
    now: datetime,
    hours: Opening | None,
    waits: str | None = None,
    warn: datetime | None = None,
) -> Clock:
    """How a promise that began at `began` and is due at `due` stands at `now`; `waits`: it stands still, and why.

    Time is counted in opening hours, and as plain hours when `hours` is None or when there are no opening hours left
    to count. It is "soon" from `warn` on, which is when the desk is warned of it; where that is not on record, in the
    last quarter of the promise and in its last two minutes, or in its last hour when it is not known when it began.
    """

    def between(start: datetime, end: datetime) -> timedelta:
        return hours.open_time_between(start, end) if hours else end - start

    def clock(state: str, words: str, counted: bool = False, done: bool = False) -> Clock:
        return Clock(label, state, SHAPES[state], words, due, counted, done)

    if due is None:
        return clock("none", "No time promised")
    if met is not None:
        return clock("late", "Done late", done=True) if met > due else clock("met", "Done in time", done=True)
    if waits is not None and (now < due or warn is not None):
        # When it will be due is not known while it stands still.
        return Clock(label, "paused", SHAPES["paused"], waits, None)
    if now >= due:
        return clock("late", f"Late by {length_in_words(between(due, now) or now - due)}")
    left = between(now, due)
    enough = max(between(began, due) / 4, NEAR_AT_LEAST) if began else UNKNOWN_SOON
    near = now >= warn if warn else left <= enough
    if not left:
        return clock("soon" if near else "ok", f"{length_in_words(due - now)} left")
    return clock("soon" if near else "ok", left_in_words(now, due, left, hours), hours is not None)


# What an agent must see first of a contact's clocks. A pause is said before what is in no hurry.
URGENCY = {"late": 0, "soon": 1, "paused": 2, "ok": 3}
FAR = datetime.max.replace(tzinfo=UTC)


def nearest(clocks: Sequence[Clock], otherwise: Clock) -> Clock:
    """The one of a contact's clocks that its line in a list shows: what is late, else near, else due first.

    `otherwise` when none is left to meet.
    """
    left = [clock for clock in clocks if not clock.done and clock.state in URGENCY]
    return min(left, key=lambda clock: (URGENCY[clock.state], clock.due or FAR), default=otherwise)


def read_limit(
    label: str, due: datetime, met: datetime | None, missed: bool, near: bool, left: str, waits: str | None = None
) -> Clock:
    """How a time limit of the law stands. `left` says in the law's own unit what is left of it."""
    if met is not None:
        state, words = ("late", "Done late") if missed else ("met", "Done in time")
    elif missed:
        state, words = "late", "The legal time is over"
    elif waits is not None:
        state, words = "paused", waits
    else:
        state, words = "soon" if near else "ok", left[:1].upper() + left[1:]
    return Clock(label, state, SHAPES[state], words, None if state == "paused" else due, done=met is not None)
