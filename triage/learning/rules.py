"""What learning decides: what people made of a decision, and whether a sorter may be promoted. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from triage.sorters.contract import Score
from triage.timetable import HOLDING

# What an agent says when they pass a contact on (desk/_actions.html). Only the first says that sorting was wrong.
WRONG_TEAM, NEXT_STEP, SPECIALIST = "wrong_team", "next_step", "specialist"
# A sorter that leaves more than this to people is not promoted (issue 5, "Done means").
MOST_HELD = 0.10


class Line(NamedTuple):
    """One line of a contact's audit trail."""

    what: str
    at: datetime
    agent_id: UUID | None
    detail: dict[str, Any]


@dataclass(frozen=True)
class Verdict:
    """What people made of where sorting put a contact. See tables/correction.py."""

    verdict: str
    why: str
    to_queue: str
    to_service: str | None
    agent_id: UUID | None
    at: datetime
    settled_at: datetime | None


def verdict(queue: str, service: str | None, holding: bool, decided_at: datetime, lines: Iterable[Line]) -> Verdict:
    """Read the audit trail after a decision, oldest line first.

    The last queue to which a person passed it because it was the wrong team's, or out of holding, is where it
    belonged. A pass for the next step of the same case, or to a specialist, says that it was in the right place
    until then, and what follows is no more about sorting. A supervisor's move says where it belonged as a pass does,
    unless it is taken back; what software moves, because a queue was given up, says nothing.
    """
    truth, about, open_question = queue, service, True
    before_move: dict[object, tuple[str, UUID | None, datetime]] = {}
    by: UUID | None = None
    at, settled, said = decided_at, None, ""
    named = False
    for line in lines:
        if line.at < decided_at:
            continue
        match line.what:
            case "transferred" if open_question:
                to, why = str(line.detail.get("to", truth)), line.detail.get("why") or WRONG_TEAM
                if truth == HOLDING or why == WRONG_TEAM:
                    truth, by, at = to, line.agent_id, line.at
                else:
                    open_question = False
            case "moved" if open_question and line.agent_id is not None:
                before_move[line.detail.get("move")] = truth, by, at
                truth, by, at = str(line.detail.get("to", truth)), line.agent_id, line.at
            case "moved back" if line.detail.get("move") in before_move:
                truth, by, at = before_move.pop(line.detail.get("move"))
            case "corrected":
                by, at = line.agent_id, line.at
                # desk/correcting.py says what it was and what it is now: its service, and how urgent it is.
                was, now = line.detail.get("from", {}), line.detail.get("to", {})
                if now.get("service") != was.get("service"):
                    about, named, said = now.get("service"), True, "service"
                if now.get("priority") != was.get("priority"):
                    said = said or "priority"
            case "closed":
                settled = line.at
                by, at = by or line.agent_id, at if by else line.at
            case "reopened":
                settled = None
            case _:
                pass
    # Another team's contact is seldom about the service that sorting read; nobody has said which it is.
    if (truth != queue or holding) and not named:
        about = None
    if holding:
        return Verdict("held", "sorted_by_hand", truth, about, by, at, settled)
    if truth != queue:
        return Verdict("wrong", WRONG_TEAM, truth, about, by, at, settled)
    return Verdict("right", said or "agreed", truth, about, by, at, settled)


def teaches(found: Verdict, service: str | None) -> bool:
    """Whether there is something to learn: it belonged elsewhere than sorting had put it, or to another service."""
    if found.settled_at is None or found.to_queue == HOLDING:
        return False
    return found.verdict != "right" or (found.to_service is not None and found.to_service != service)


def percent(share: float) -> str:
    """A share with one figure after the point: 5.6%."""
    return f"{100 * share:.1f}%"


def refusals(new: Score, live: Score) -> tuple[str, ...]:
    """Why a sorter may not take the place of the live one, with the figures; empty when it may."""
    found = []
    if not new.n or new.n != live.n:
        found.append("It and the live one were not scored on the same contacts. Train it again.")
    if new.accuracy < live.accuracy:
        found.append(
            f"It puts {percent(new.accuracy)} of those it does not hold in the right queue; "
            f"the live one {percent(live.accuracy)}."
        )
    if new.holding > MOST_HELD:
        found.append(f"It leaves {percent(new.holding)} to a person; at most {percent(MOST_HELD)} may be.")
    missed = sorted(set(new.missed) - set(live.missed))
    if missed:
        some = "an urgent contact" if len(missed) == 1 else f"{len(missed)} urgent contacts"
        found.append(f"It misses {some} (P0 or P1) that the live one catches: {', '.join(missed[:5])}.")
    return tuple(found)
