"""When a contact may be passed on to another partner, and when it has been to and fro enough. Pure.

Each partner accepts a contact that another passed on when one of its agents takes it, and may pass it on once. Where it
would come back to a partner that had it, or change hands a third time, it is held: a supervisor decides, and that
stands (the resident waits while partners differ; accountability stays with the council, DESIGN section 1).
"""

from collections.abc import Sequence
from dataclasses import dataclass

# A first partner who was wrong, and a second: whoever has it after that keeps it or asks a supervisor.
MOST_CHANGES = 2


@dataclass(frozen=True)
class Passed:
    """One time that a contact was passed on: the ids of the partners who had it and who was to have it."""

    by: str | None
    to: str | None

    @property
    def changes(self) -> bool:
        """Whether it went to another partner."""
        return self.by is not None and self.to is not None and self.by != self.to


@dataclass(frozen=True)
class Verdict:
    """Whether it is held for a supervisor, and why, in sentences a colleague reads. No reason: it may go on."""

    held: bool
    reasons: tuple[str, ...] = ()


def judge(earlier: Sequence[Passed], wanted: Passed, name: str) -> Verdict:
    """Whether a contact may be passed on as `wanted` after what was done `earlier`, oldest first.

    `name` is the partner it would go to, as people read it. Within one partner it may go as often as it needs to.
    """
    if not wanted.changes:
        return Verdict(False)
    changes = [passed for passed in earlier if passed.changes]
    reasons = []
    if any(wanted.to == passed.by for passed in changes):
        reasons.append(f"{name} had this contact before and passed it on.")
    if any(wanted.by == passed.by for passed in changes):
        reasons.append("The partner who has it now has passed it on once already.")
    if len(changes) >= MOST_CHANGES:
        times = "once" if len(changes) == 1 else "twice" if len(changes) == 2 else f"{len(changes)} times"
        reasons.append(f"It has changed partner {times} already.")
    return Verdict(bool(reasons), tuple(reasons))
