"""What a report must have before it is approved, and who may approve it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from triage.metrics.periods import Period
from triage.metrics.reporting.content import measured
from triage.metrics.reporting.fields import FRONT
from triage.metrics.reporting.presets import Preset
from triage.metrics.reporting.rules import rate
from triage.metrics.settling import settles_on


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that a report still needs; `indicator`: the id of the row in which it is missing.

    `words`: it is a comment, or what is done about it.
    """

    says: str
    indicator: UUID | None = None
    words: bool = False


def missing(
    period: Period, today: date, preset: Preset, front: dict[str, str], indicators: Sequence[dict[str, Any]]
) -> list[Missing]:
    """What stands in the way of approving, in the order in which a person would mend it. Empty: nothing.

    A result below target has the comment of whoever answers for it (issue 6.5), and so has a target that no result
    was given for: else a missed one would leave the ratings if its result were left out. Under a preset that asks for
    a corrective action (Havering's, FACTS 5.2) a missed one has that too.
    """
    found = []
    if (settles := settles_on(period)) > today:
        found.append(
            Missing(f"Its figures still change: {period.name} can be approved from {settles.day} {settles:%B %Y}.")
        )
    found += [
        Missing(f"The front page has no {part.label.lower()}.")
        for part in FRONT
        if part.required and not front.get(part.name)
    ]
    if not indicators:
        found.append(Missing("There is no indicator in it."))
    for row in indicators:
        level = rate(preset, measured(row))
        name = f"{row['key']}, {row['name']}"
        ungiven = row["target"] is not None and row["result"] is None
        stands = "a target and no result" if ungiven else level.name
        if (ungiven or level.rag in preset.explain) and (lack := _comment_lacks(row)):
            found.append(Missing(f"{name}: {stands}, {lack}", row["id"], True))
        if level.rag in preset.corrective_action and not row["action"]:
            found.append(Missing(f"{name}: {level.name}, without a corrective action.", row["id"], True))
    return found


def _comment_lacks(row: dict[str, Any]) -> str:
    """What is wrong with the comment of a row that needs one; '' when whoever answers for the result has said it."""
    by, owner = row["comment_role"], row["owner"]
    if not (row["comment"] and by):
        return "without the comment of whoever answers for it."
    if by.strip().casefold() != owner.strip().casefold():
        return f"with a comment of {by}, and {owner} answers for it. One of the two has to be put right."
    return ""


def may_approve(person: UUID, drafted_by: UUID, wrote: Sequence[tuple[str, str]]) -> str | None:
    """Why this person may not approve it, or None. Whoever wrote any of its numbers does not approve them as well.

    `wrote`: (the indicator's id, entered or removed) of all that this person ever did in it, also where somebody else
    wrote over it since.
    """
    if person == drafted_by:
        return "You began this report, so somebody else approves it."
    for deed, said in (("entered", "entered"), ("removed", "took out")):
        if keys := [key for key, what in wrote if what == deed]:
            return f"You {said} {keys[0]}{_and_more(len(keys) - 1)}, so somebody else approves it."
    return None


def _and_more(count: int) -> str:
    return "" if not count else " and 1 more" if count == 1 else f" and {count:,} more"
