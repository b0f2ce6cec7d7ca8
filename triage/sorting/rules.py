"""The decision, as a pure function that gives its reasons.

The highest of all signals wins: what a rule set, a model may raise and never lower (DESIGN decision 4).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from triage.sorting.urgency import Urgency
from triage.timetable import GENERAL, HOLDING

RULES_VERSION = "2026-11-27.3"


@dataclass(frozen=True)
class Route:
    """Where a service's contacts go, in the usual case. `service` None: the queue's work in general."""

    service: str | None
    name: str
    queue: str
    priority: str


@dataclass(frozen=True)
class Danger:
    """A danger signal that was seen in the contact's words; `rule` "model" is a likeness to others, no rule."""

    signal: str
    name: str
    queue: str
    priority: str
    rule: str


@dataclass(frozen=True)
class Guess:
    """The classifier's reading: a route (None: a need of no service we know), and a probability from 0 to 1."""

    route: Route | None
    confidence: float
    abstained: bool
    cues: tuple[str, ...] = ()


@dataclass(frozen=True)
class Signs:
    """What else the words say of a contact, each with the sentence that an agent reads."""

    complaint: bool = False
    statutory: str | None = None
    vulnerable: tuple[str, ...] = ()
    language: str | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decision:
    """Where a contact goes, how urgent it is, and the reasons in sentences an agent reads."""

    service: str | None
    queue: str
    priority: str
    confidence: float
    holding: bool
    reasons: tuple[str, ...]
    signs: Signs = Signs()


def decide(
    *,
    known: Route | None,
    guess: Guess,
    danger: Danger | None,
    priority: str,
    complaint: bool,
    urgent: Sequence[Urgency] = (),
    signs: Signs = Signs(),  # it never changes
) -> Decision:
    """Sort one contact.

    `known` is the service that the resident or a form named; `priority` is what the contact already had and is never
    lowered. Danger decides the queue; then a named service; then a confident guess; else a person decides (holding).
    `complaint`: the resident chose to complain; one that is only heard in the words (`signs`) goes where its need is
    settled, for that is what a supervisor does with "you missed my bin again" (FACTS R13).
    """
    route, confidence, holding, reasons = _where(known, guess, danger, complaint)
    top = min([priority, route.priority, *(one.priority for one in urgent)])
    reasons += [one.reason for one in urgent if one.priority == min(each.priority for each in urgent)]
    if danger or top in ("P0", "P1"):
        reasons.append(_urgent(top))
    return Decision(route.service, route.queue, top, confidence, holding, (*reasons, *signs.reasons), signs)


def _where(
    known: Route | None, guess: Guess, danger: Danger | None, complaint: bool
) -> tuple[Route, float, bool, list[str]]:
    """The route, how sure it is, whether a person is to decide, and why."""
    if danger:
        # What else was said does not head a contact about a danger, unless a form was being filled in.
        service = known.service if known else None
        how = "the words are like those of others who were" if danger.rule == "model" else f"rule {danger.rule}"
        reason = f"Somebody may come to harm: {danger.name} ({how})."
        return Route(service, danger.name, danger.queue, danger.priority), 1.0, False, [reason]
    if complaint:
        return Route("complaint", "Complaint", "Q-GOV", "P3"), 1.0, False, ["The resident wants to complain."]
    if known:
        return known, 1.0, False, [f"The conversation or the form was about {known.name}."]
    if guess.abstained:
        best = f" The nearest is {guess.route.name}, {guess.confidence:.0%} likely." if guess.route else ""
        reason = f"The words do not point clearly to one service, so a person decides.{best}"
        service = guess.route.service if guess.route else None
        return Route(service, "", HOLDING, "P3"), guess.confidence, True, [reason]
    if guess.route is None:
        reason = "The words belong to no service that the assistant knows."
        return Route(None, "", GENERAL, "P3"), guess.confidence, False, [reason]
    reasons = [f"The words read like {guess.route.name} ({guess.confidence:.0%} likely)."]
    if guess.cues:
        reasons.append(f"They speak of: {', '.join(guess.cues)}.")
    return guess.route, guess.confidence, False, reasons


def _urgent(priority: str) -> str:
    return {"P0": "A person must act now.", "P1": "A person must act today."}.get(
        priority, "It comes before ordinary contacts."
    )
