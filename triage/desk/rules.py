"""What the desk decides by itself: reasons, and how a clock reads. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from triage.hours import Opening


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
    CloseReason(
        "answered", "Answered: they have what they need to know", True, "We have answered your question."
    ),
    CloseReason(
        "passed_on", "Passed on: another organisation will deal with it", True, "We have passed this on to "
    ),
    CloseReason(
        "duplicate", "Duplicate: we are dealing with it already", True, "We are dealing with this already."
    ),
    CloseReason(
        "no_reply", "No reply: we could not reach them", False, "We tried to reach you and could not."
    ),
    CloseReason("not_done", "Not done: we cannot or will not do this", False, "We cannot do this, because "),
)
CLOSING = {reason.id: reason for reason in CLOSE_REASONS}

LONGEST_TEXT = 4000
LONGEST_OUTCOME = 500
LONGEST_REASON = 500


@dataclass(frozen=True)
class Clock:
    """One promise and how it stands. `state` is met, ok, soon or late; `shape` says the same without colour."""

    label: str
    state: str
    shape: str
    words: str
    due: datetime | None


SHAPES = {"met": "✓", "ok": "●", "soon": "▲", "late": "■", "none": "–"}


def length_in_words(length: timedelta) -> str:
    """A length of time to the minute: '2 hours 5 minutes'. Less than a minute is 'less than a minute'."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 1:
        return "less than a minute"
    hours, minutes = divmod(minutes, 60)
    parts = [
        f"{count} {unit}{'' if count == 1 else 's'}"
        for count, unit in ((hours, "hour"), (minutes, "minute"))
        if count
    ]
    return " ".join(parts)


def read_clock(
    label: str,
    due: datetime | None,
    began: datetime | None,
    met: datetime | None,
    now: datetime,
    hours: Opening,
) -> Clock:
    """How a promise that began at `began` and is due at `due` stands at `now`.

    Time left is counted in opening hours, and as plain hours when all that is left is out of hours. It is "soon" in
    the last quarter of the promise.
    """
    if due is None:
        return Clock(label, "none", SHAPES["none"], "No time promised", None)
    if met is not None:
        late = met > due
        return Clock(
            label,
            "late" if late else "met",
            SHAPES["late" if late else "met"],
            "Done late" if late else "Done in time",
            due,
        )
    if now >= due:
        overdue = hours.open_time_between(due, now) or now - due
        return Clock(label, "late", SHAPES["late"], f"Late by {length_in_words(overdue)}", due)
    left = hours.open_time_between(now, due)
    if not left:
        return Clock(label, "soon", SHAPES["soon"], f"{length_in_words(due - now)} left", due)
    whole = hours.open_time_between(began, due) if began else left
    state = "soon" if left * 4 <= whole else "ok"
    return Clock(label, state, SHAPES[state], f"{length_in_words(left)} of opening time left", due)
