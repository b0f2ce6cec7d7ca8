"""Whether a library is open at this moment, until when, and when it opens next. Pure."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from connectors.shapes import LibraryHours, LibrarySession
from triage.chat.rendering import plain_date
from triage.clock import LONDON

CLOSED_TODAY = "closed all day"


def values(name: str, hours: LibraryHours, moment: datetime) -> dict[str, Any]:
    """What fills the note about a library's hours: of several ways to say how it stands, only the fitting one.

    `staffed_until` or `self_service_until` while it is open, `opens_next` while it is closed; `staff_from` or
    `self_service_after` say what follows on the same day. None of them when nothing is known of the coming days.
    """
    here = moment.astimezone(LONDON)
    words: dict[str, Any] = {"site": name, "week": hours.week, "provenance": hours.provenance}
    sessions = next((day[1] for day in hours.days if day[0] == here.date()), None)
    if sessions is None:
        return words
    words["today"] = "; ".join(_in_words(one) for one in sessions) or CLOSED_TODAY
    now = here.time().replace(tzinfo=None)
    for number, one in enumerate(sessions):
        if one.opens <= now < one.closes:
            words["staffed_until" if one.staffed else "self_service_until"] = clock_words(one.closes)
            follows = sessions[number + 1] if number + 1 < len(sessions) else None
            if follows and follows.opens == one.closes and follows.staffed is not one.staffed:
                if follows.staffed:
                    words["staff_from"] = clock_words(follows.opens)
                else:
                    words["self_service_after"] = clock_words(follows.closes)
            return words
    if opens := _next(hours.days, here):
        day, session = opens
        words["opens_next"] = _when(day, here.date(), session)
    return words


def _next(
    days: Sequence[tuple[date, tuple[LibrarySession, ...]]], here: datetime
) -> tuple[date, LibrarySession] | None:
    """The first session that begins after this moment, and its day."""
    now = here.time().replace(tzinfo=None)
    for day, sessions in days:
        for one in sessions:
            if day > here.date() or (day == here.date() and one.opens > now):
                return day, one
    return None


def _when(day: date, today: date, session: LibrarySession) -> str:
    said = {today: "today", today + timedelta(days=1): "tomorrow"}.get(day) or f"on {plain_date(day)}"
    kind = "" if session.staffed else ", for self-service"
    return f"{said} at {clock_words(session.opens)}{kind}"


def _in_words(session: LibrarySession) -> str:
    kind = "with staff" if session.staffed else "self-service"
    return f"{clock_words(session.opens)} to {clock_words(session.closes)} {kind}"


def clock_words(moment: time) -> str:
    """A time as it is said: 9:30am, 5pm."""
    return f"{moment:%I:%M%p}".lstrip("0").lower().replace(":00", "")
