"""The arithmetic of figures: shares, their intervals, what chance can explain, and what is too little to show.

Nothing here reads a clock or a database, so every number on a page can be worked out again by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from triage.metrics.statistics.suppression import one_way
from triage.shares import Z95
from triage.shares import Interval as Interval
from triage.shares import Share as Share
from triage.shares import in_hundred as in_hundred
from triage.shares import wilson as wilson

# With fewer answers than this a share says more about who answered than about the service.
FEWEST = 10

TOO_FEW = "too few to show"
HELD_BACK = "held back"
NONE = "no answers"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many chose each level, from 1 (very dissatisfied) to 5 (very satisfied)."""

    levels: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)

    @property
    def n(self) -> int:
        """All answers."""
        return sum(self.levels)

    @property
    def satisfied(self) -> int:
        """Answers of 4 (satisfied) and 5 (very satisfied)."""
        return self.levels[3] + self.levels[4]

    def __add__(self, other: "Counts") -> "Counts":
        one, two = self.levels, other.levels
        return Counts((one[0] + two[0], one[1] + two[1], one[2] + two[2], one[3] + two[3], one[4] + two[4]))


def difference(now: Share, before: Share, z: float = Z95) -> Interval:
    """The 95% interval (by `z`) of `now` less `before`, two independent shares.

    Source: Newcombe 1998, Statistics in Medicine 17:873, method 10 (hybrid score, no continuity correction).
    """
    gap = now.value - before.value
    one, two = wilson(now.some, now.n, z), wilson(before.some, before.n, z)
    return Interval(
        gap - sqrt((now.value - one.low) ** 2 + (two.high - before.value) ** 2),
        gap + sqrt((one.high - now.value) ** 2 + (before.value - two.low) ** 2),
    )


def beyond_chance(now: Share, before: Share) -> bool:
    """Whether the change is more than chance would explain: its interval leaves out no change at all."""
    low, high = difference(now, before)
    return low > 0 or high < 0


def satisfaction(counts: Counts) -> Share | None:
    """The satisfied share of all answers, or None when there are too few to show."""
    return Share(counts.satisfied, counts.n) if counts.n >= FEWEST else None


def withheld(ns: Sequence[int]) -> dict[int, str]:
    """Which rows of a table that has a total are not shown, by position, and why.

    What the total would give away is held back too: see triage/metrics/statistics/suppression.py.
    """
    hidden = one_way(ns, FEWEST)
    why = {place: NONE for place, n in enumerate(ns) if n == 0}
    return why | {place: TOO_FEW if ns[place] < FEWEST else HELD_BACK for place in sorted(hidden)}
