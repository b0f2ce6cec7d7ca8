"""Rules that people add to sorting, as data: when one applies, and what it changes. Pure.

A rule may send a contact to another queue, raise its priority and tag it. It never lowers a priority, and never takes
anything out of a queue that a danger to life leads to, nor what is P0 or P1, or tells of a danger, out of any
queue: who may come to harm is not moved by a list of words (DESIGN decision 4).
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from triage.sorters.contract import Decided

WORD = re.compile(r"\w+")
URGENT = ("P0", "P1")


@dataclass(frozen=True)
class Rule:
    """When a contact is like this, then do that. What is empty is not looked at, or not changed."""

    id: str
    name: str
    version: int = 1
    phrases: tuple[str, ...] = ()
    channel: str | None = None
    service: str | None = None
    place: str | None = None
    queue: str | None = None
    priority: str | None = None
    tag: str | None = None
    from_day: date | None = None
    to_day: date | None = None

    @property
    def made_by(self) -> str:
        """How a decision names it: its id and version."""
        return f"{self.id}@{self.version}"

    def works_on(self, day: date) -> bool:
        """Whether its dates let it work on a day."""
        return (self.from_day is None or self.from_day <= day) and (self.to_day is None or day <= self.to_day)


@dataclass(frozen=True)
class Seen:
    """What rules look at in a contact."""

    text: str
    channel: str
    place: str | None = None
    danger: bool = False  # a danger signal was seen while they spoke with us


@dataclass(frozen=True)
class Ruled:
    """A decision after the rules: what they made of it, the tags they give, why, and which rules they were."""

    decided: Decided
    tags: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    made_by: tuple[str, ...] = ()


def folded(text: str) -> str:
    """A text as its words in small letters, with a space at each end, so that a phrase is found word for word."""
    return f" {' '.join(WORD.findall(text.casefold()))} "


def applies(rule: Rule, seen: Seen, decided: Decided) -> bool:
    """Whether a contact is one that the rule is about."""
    if rule.channel and rule.channel != seen.channel:
        return False
    if rule.service and rule.service != decided.service:
        return False
    if rule.place and folded(rule.place) not in folded(seen.place or ""):
        return False
    if rule.phrases:
        words = folded(seen.text)
        return any(folded(phrase) in words for phrase in rule.phrases)
    return True


def may_move(seen: Seen, decided: Decided, danger_queues: Collection[str]) -> bool:
    """Whether a rule may send this to another queue."""
    return not seen.danger and decided.queue not in danger_queues and decided.priority not in URGENT


def apply(rules: Iterable[Rule], seen: Seen, decided: Decided, danger_queues: Collection[str], day: date) -> Ruled:
    """The decision after each rule that works on `day`, in order; each sees what the one before it made."""
    so_far = Ruled(decided)
    for rule in rules:
        if rule.works_on(day) and applies(rule, seen, so_far.decided):
            so_far = _one(rule, seen, so_far, danger_queues)
    return so_far


def _one(rule: Rule, seen: Seen, so_far: Ruled, danger_queues: Collection[str]) -> Ruled:
    decided, said = so_far.decided, []
    if rule.queue and rule.queue != decided.queue:
        if may_move(seen, decided, danger_queues):
            decided = replace(decided, queue=rule.queue, holding=False)
            said.append(f"sends it to {rule.queue}")
        else:
            said.append(f"would send it to {rule.queue}, which a rule may not do where somebody may come to harm")
    if rule.priority and rule.priority < decided.priority:
        said.append(f"raises it from {decided.priority} to {rule.priority}")
        decided = replace(decided, priority=rule.priority)
    tags = so_far.tags
    if rule.tag and rule.tag not in tags:
        tags = (*tags, rule.tag)
        said.append(f"tags it “{rule.tag}”")
    if not said:
        return so_far
    reason = f"The rule “{rule.name}” {' and '.join(said)}."
    return Ruled(decided, tags, (*so_far.reasons, reason), (*so_far.made_by, rule.made_by))


def without(rules: Sequence[Rule], rule_id: str) -> tuple[Rule, ...]:
    """The rules without one, for trying it as if it were the last to be switched on."""
    return tuple(rule for rule in rules if rule.id != rule_id)
