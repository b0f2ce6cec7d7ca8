"""The decision, as a pure function that gives its reasons.

The highest of all signals wins: what a rule set, a model may raise and never lower (DESIGN decision 4).
"""

from dataclasses import dataclass

RULES_VERSION = "2026-11-22"
HOLDING = "Q-HOLDING"
GENERAL = "Q-GENERAL"


@dataclass(frozen=True)
class Route:
    """Where a service's contacts go, in the usual case."""

    service: str
    name: str
    queue: str
    priority: str


@dataclass(frozen=True)
class Danger:
    """A danger signal that was seen in the contact's words."""

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


@dataclass(frozen=True)
class Decision:
    """Where a contact goes, how urgent it is, and the reasons in sentences an agent reads."""

    service: str | None
    queue: str
    priority: str
    confidence: float
    holding: bool
    reasons: tuple[str, ...]


def decide(*, known: Route | None, guess: Guess, danger: Danger | None, priority: str, complaint: bool) -> Decision:
    """Sort one contact.

    `known` is the service that the resident or a form named; `priority` is what the contact already had and is never
    lowered. Danger decides the queue; then a named service; then a confident guess; else a person decides (holding).
    """
    reasons: list[str] = []
    if danger:
        reasons.append(f"Somebody may come to harm: {danger.name} (rule {danger.rule}).")
        top = min(priority, danger.priority)
        # What else was said does not head a contact about a danger, unless a form was being filled in.
        service = known.service if known else None
        return Decision(service, danger.queue, top, 1.0, False, (*reasons, _urgent(top)))
    if complaint:
        reasons.append("The resident wants to complain.")
        return Decision("complaint", "Q-GOV", min(priority, "P3"), 1.0, False, tuple(reasons))
    if known:
        reasons.append(f"The conversation or the form was about {known.name}.")
        return Decision(known.service, known.queue, min(priority, known.priority), 1.0, False, tuple(reasons))
    if guess.abstained:
        best = f" The nearest is {guess.route.name}, {guess.confidence:.0%} likely." if guess.route else ""
        reasons.append(f"The words do not point clearly to one service, so a person decides.{best}")
        return Decision(
            guess.route.service if guess.route else None,
            HOLDING,
            min(priority, "P3"),
            guess.confidence,
            True,
            tuple(reasons),
        )
    if guess.route is None:
        reasons.append("The words belong to no service that the assistant knows.")
        return Decision(None, GENERAL, min(priority, "P3"), guess.confidence, False, tuple(reasons))
    reasons.append(f"The words read like {guess.route.name} ({guess.confidence:.0%} likely).")
    return Decision(
        guess.route.service,
        guess.route.queue,
        min(priority, guess.route.priority),
        guess.confidence,
        False,
        tuple(reasons),
    )


def _urgent(priority: str) -> str:
    return {"P0": "A person must act now.", "P1": "A person must act today."}.get(
        priority, "It comes before ordinary contacts."
    )
