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
    "lost_again": "The supplier had taken it twice and does not know it any more. Ask them why, then send it again, or "
    "deal with it by hand.",
    "no_route": "What this service needs goes to this supplier no more. Deal with it by hand. Or, once whoever looks "
    "after the system has put that right, send it again.",
    "not_offered": "The supplier's system does not take this from us. Tell them yourself, then say that it is dealt "
    "with by hand.",
    "maybe_made": "No answer came to an earlier try, and their system cannot be asked whether it was done. Look for it "
    "there. If it is there, say that it is dealt with by hand; if not, send it again.",
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
# After these the law's limits on a case may be others.
BY_LAW = ("reached", "made_longer", "resumed")


def has_left(connector: str, route: str | None, here: str | None, home: str | None) -> bool:
    """Whether a contact that people have passed on is not a supplier's any more.

    `route`: the connector of its service today; `here`, `home`: the partners of its queue and of its service's queue.
    Where a partner is not known, as on the queue that is held for a supervisor, nobody has decided yet.
    """
    return route != connector or (here is not None and home is not None and here != home)


def is_theirs(connector: str, route: str | None, here: str | None, home: str | None) -> bool:
    """Whether a contact that people have passed on is a supplier's all the same, or again; as in has_left.

    Of one that nobody has decided about, neither is so.
    """
    return route == connector and here is not None and here == home


@dataclass(frozen=True)
class Told:
    """What a supplier is told of a case that it has: what kind of news that is, the words, and how the case stands.

    The words are the resident's own, or ours; nothing that an agent wrote is in them.
    """

    kind: str
    text: str
    state: CaseState | None = None


PASSED_ON = Told("end", "The council has passed this to another team. Do nothing more about it.", "no_action")
MERGED = Told("end", "The council deals with this under another report. Do nothing more about this one.", "duplicate")
# By the desk's reason (desk/rules.py). Only what says that nothing is left to do takes a case back: whoever was
# answered, or could not be reached, may well have been told that a crew comes on Thursday.
CLOSED: Mapping[str, Told] = {
    "done": Told("end", "The council has closed this: it is done.", "done"),
    "duplicate": MERGED,
    "not_done": Told("end", "The council has closed this. Do nothing more about it.", "no_action"),
}
CLOSED_HERE = Told("end", "The council has closed this on its side. What you have begun is yours to finish.")
# The same case is opened again, whoever had it meanwhile: a second one would send a second crew.
BACK = Told("reopen", "The council has passed this back to you. It is open again, and yours.", "received")
# Which team is not said: that a contact is with safeguarding is nobody's business.
MOVED = Told("moved", "Another team of the council's has this now. It is still yours: go on with it.")
# Not why: the reason may be somebody in their home.
DO_NOT_CONTACT = Told(
    "limit", "Do not phone, write to or visit the person who reported this. If you need to know more, ask the council."
)


def end_of(what: str, reason: str) -> Told:
    """What is told after one of ENDS; `reason`: why it was closed."""
    if what == "closed":
        return CLOSED.get(reason, CLOSED_HERE)
    return MERGED if what == "merged" else PASSED_ON


def reopened(said: str) -> Told:
    """What is told when its resident says that it is not settled."""
    return Told("reopen", f"The resident says that this is not settled. {said}".strip(), "received")


def limits_now(law: Mapping[str, str]) -> Told | None:
    """What is told when the law's limits on a case are others than they were; None where there are none to tell."""
    return Told("limit", " ".join(f"{name}: {said}." for name, said in law.items())) if law else None


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
