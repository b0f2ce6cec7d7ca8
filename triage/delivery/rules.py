"""When to try, when to wait, when to give up, and what a supplier's answer means. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.shapes import CaseState
from triage.clock import LONDON
from triage.clocks.law import last_minute
from triage.sending.rules import at_least
from triage.timetable import Law

# Why a delivery failed, as a supervisor reads it, and what they can do.
WHY = {
    "unavailable": "The supplier did not answer, or said that it cannot just now.",
    "refused": "The supplier will not take it as it is. Put right what it says, then send it again, or deal with it "
    "by hand.",
    "gave_up": "It was tried for three days. Ask the supplier, then send it again, or deal with it by hand.",
    "lost": "The supplier had taken it and does not know it any more. It has been sent again.",
    "not_offered": "The supplier's system does not take this from us. Tell them yourself, then say that it is dealt "
    "with by hand.",
    "unknown": "Something unexpected went wrong. The log of the worker names it.",
}

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=10)
# After three days a person is asked: somebody has noticed by then that the supplier is away.
GIVE_UP = timedelta(days=3)


def wait_after(attempts: int, chance: float, asked_s: float | None = None) -> timedelta:
    """How long to wait after the `attempts`th try: doubled each time, spread by `chance` (0 to 1).

    Spread over half of it, so that what failed together does not come back together. Never less than was asked for.
    """
    whole = min(FIRST_WAIT * (1 << min(max(attempts, 1) - 1, 10)), LONGEST_WAIT)
    return at_least(whole / 2 + whole / 2 * chance, asked_s)


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


# Lines of a contact's history after which a supplier may have nothing more to do: passed on (or put right, as another
# service's), made part of another, or closed by a person. What the supplier has settled, we close without telling it.
PASSED = frozenset({"transferred", "moved", "moved back", "corrected"})
ENDS = PASSED | {"merged", "closed"}
# A file that came from the resident.
FILE = "file"
# An agent noted that it is not safe to contact the resident: whoever was given their number before must not use it.
SAFETY = "safety"
NOT_SAFE = "It is not safe to contact the resident. Do not call, write to or visit them about this: ask the council."


def has_left(connector: str, route: str | None, here: str | None, home: str | None) -> bool:
    """Whether a contact that people have passed on is not a supplier's any more.

    `route`: the connector of its service today; `here`, `home`: the partners of its queue and of its service's queue.
    Where a partner is not known, as on the queue that is held for a supervisor, nobody has decided yet.
    """
    return route != connector or (here is not None and home is not None and here != home)


@dataclass(frozen=True)
class End:
    """What a supplier is told when we have done with a case, or others have it. Nothing that anybody wrote is in it."""

    text: str
    state: CaseState | None


PASSED_ON = End("The council has passed this to another team. Do nothing more about it.", "no_action")
MERGED = End("The council deals with this under another report. Do nothing more about this one.", "duplicate")
# By the desk's reason (desk/rules.py). Only what says that nothing is left to do takes a case back: whoever was
# answered, or could not be reached, may well have been told that a crew comes on Thursday.
CLOSED: Mapping[str, End] = {
    "done": End("The council has closed this: it is done.", "done"),
    "duplicate": MERGED,
    "not_done": End("The council has closed this. Do nothing more about it.", "no_action"),
}
CLOSED_HERE = End("The council has closed this on its side. What you have begun is yours to finish.", None)


def end_of(what: str, reason: str) -> End:
    """What is told after one of ENDS; `reason`: why it was closed."""
    if what == "closed":
        return CLOSED.get(reason, CLOSED_HERE)
    return MERGED if what == "merged" else PASSED_ON


@dataclass(frozen=True)
class Limit:
    """One of the law's limits on a contact, and when it is over."""

    law: Law
    due_at: datetime


# What a supplier must keep to itself: who mends a council home is who makes its hazards safe. The other clocks of the
# law (a complaint, a request for information) are the council's to keep, whoever does the work.
SUPPLIERS_KEEP = {"hazard": "Hazard in a council home"}


def due_by_law(statutory: str | None, limits: Iterable[Limit]) -> dict[str, str]:
    """What a supplier is told of the law's limits on its case: which they are, and the last moment of each.

    Hazards in Social Housing (Prescribed Requirements) (England) Regulations 2025, "Awaab's Law" (FACTS H4). Moments
    are ISO 8601 with their zone, so that a program and a person read the same.
    """
    kind = SUPPLIERS_KEEP.get(statutory or "")
    running = [one for one in limits if one.law.statutory == statutory]
    if kind is None or not running:
        return {}
    told = {"By law": f"{kind}. {running[0].law.law}"}
    for one in running:
        last = last_minute(one.law, one.due_at).astimezone(LONDON)
        told[f"{one.law.name}, by"] = last.isoformat(timespec="minutes")
    return told


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
