"""Whether a library is open at this moment or on a day, until when, and when it opens next. Pure.

A question after such an answer may name another library or another day and nothing else: "and the east finchley one?".
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from connectors.shapes import LibraryHours, LibrarySession
from language.entities.council import any_of, named
from language.entities.dates import dates
from triage.chat.engine import Turn, Understood
from triage.chat.rendering import plain_date
from triage.clock import LONDON

SERVICE = "library_hours"
LIBRARY = "library"
"""In a conversation's context: the library whose hours were said last."""
CLOSED_TODAY = "closed all day"
MOST_WORDS = 12
_DAY = (
    r"(today|tonight|tomorrow|tmrw|weekend|(mon|tue|tues|wed|weds|wednes|thu|thur|thurs|fri|sat|satur|sun)(day)?s?|"
    r"now|evenings?|mornings?|afternoons?)"
)
# All that may stand beside a library's name, or a day, in a question that leans on the answer before it.
_AROUND = re.compile(
    rf"(({_DAY}|and|also|ok|okay|thanks|thank|you|please|pls|what|whats|about|how|the|one|ones|in|at|is|it|its|s|are|"
    r"they|open|opens|opening|closed|closes|close|closing|shut|shuts|on|till|until|from|when|time|times|hours|does|do|"
    r"will|be|library|libraries|branch|that|this|next|then|so|or|late|too|as|well|for|can|i|go|same|which|day|days|"
    r"hi|hello|sorry|no|not|mean|meant|actually|instead|there|tell|me|know|want|to|a|of)( |$))*"
)
_ASKS_DAY = re.compile(rf"\b{_DAY}\b")


def asked_next(text: str | None, context: Mapping[str, Any], libraries: Mapping[str, tuple[str, ...]]) -> str | None:
    """The library of a question that leans on the hours just said: the one it names, or the same on another day."""
    if text is None or context.get("service") != SERVICE or context.get("form") or not context.get(LIBRARY):
        return None
    words = " ".join(re.findall(r"[a-z0-9']+", text.lower().replace("’", "'")))
    if len(words.split()) > MOST_WORDS:
        return None
    ways = {site: (*others, site.replace("-", " ")) for site, others in libraries.items()}
    sites = list(dict.fromkeys(named(words, ways)))
    rest = any_of(tuple(way.lower() for site, others in ways.items() for way in (site, *others))).sub(" ", words)
    if not _AROUND.fullmatch(" ".join(rest.replace("'", " ").split())):
        return None
    if len(sites) == 1:
        return sites[0]
    return str(context[LIBRARY]) if not sites and _ASKS_DAY.search(rest) else None


def turn(site: str, memory: list[Any]) -> Turn:
    """What is decided of such a question, which no engine need be asked about."""
    understood = Understood(SERVICE, 1.0, False, ((SERVICE, 1.0),))
    return Turn(({"do": SERVICE},), understood, memory, {"library_site": site})


def that_day(hours: LibraryHours, text: str | None, moment: datetime) -> dict[str, Any]:
    """The hours on the day that a message names, when it names another day than this one and they are known."""
    today = moment.astimezone(LONDON).date()
    asked = next((day for day in dates(text or "", today) if day > today), None)
    sessions = next((one[1] for one in hours.days if one[0] == asked), None)
    if asked is None or sessions is None:
        return {}
    return {"day": plain_date(asked), "that_day": "; ".join(_in_words(one) for one in sessions) or CLOSED_TODAY}


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
