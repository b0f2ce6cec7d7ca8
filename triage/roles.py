"""What each role may do: the one table that every guard reads. Pure; a test holds it to every route."""

from dataclasses import dataclass
from enum import StrEnum


class May(StrEnum):
    """One thing that somebody may do."""

    WORK = "take and settle contacts of their queues"
    SUPERVISE = "see and move what colleagues have"
    FIGURES = "read satisfaction and referrals"
    REPORT = "write the quarterly report"
    APPROVE = "approve and publish the quarterly report"
    OVERSEE = "see how well contacts are sorted, and what would sort them"
    RULE = "change what sorts contacts"
    CONTENT = "look after what residents are told"
    PEOPLE = "say who may sign in and as what"
    AUDIT = "search who looked at and changed what"


@dataclass(frozen=True)
class Role:
    """A role as people read it, what it may do, and the room it begins in."""

    name: str
    may: frozenset[May]
    home: str
    about: str


ROLES = {
    "agent": Role("Agent", frozenset({May.WORK}), "/desk", "Settles contacts of the queues ticked, or of every queue."),
    "partner": Role(
        "Partner agent",
        frozenset({May.WORK}),
        "/desk",
        "Sees only the queues that their partner runs today; of those, the ones named if any are.",
    ),
    "supervisor": Role(
        "Supervisor",
        frozenset({May.WORK, May.SUPERVISE, May.OVERSEE, May.RULE, May.FIGURES, May.REPORT, May.CONTENT}),
        "/desk",
        "Settles contacts, sees what colleagues have, reads figures and content.",
    ),
    "owner": Role(
        "Service owner",
        frozenset({May.OVERSEE, May.FIGURES, May.REPORT, May.APPROVE}),
        "/owner",
        "Reads figures, writes and approves reports; no contact.",
    ),
    "editor": Role("Content editor", frozenset({May.CONTENT}), "/content", "Looks after what residents are told."),
    # Whoever gives access must not need to read what residents wrote.
    "administrator": Role(
        "Administrator",
        frozenset({May.OVERSEE, May.RULE, May.PEOPLE, May.AUDIT, May.REPORT, May.APPROVE}),
        "/desk/people",
        "Says who may sign in, and reads the audit trail; no contact.",
    ),
}


def may(role: str, what: May) -> bool:
    """Whether `role` may do `what`; a role that we do not know may do nothing."""
    return role in ROLES and what in ROLES[role].may


def home(role: str) -> str:
    """The room that a role begins in."""
    return ROLES[role].home if role in ROLES else "/desk"
