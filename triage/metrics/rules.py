"""The arithmetic of figures: shares, their intervals, what chance can explain, and what is too little to show.

Nothing here reads a clock or a database, so every number on a page can be worked out again by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from triage.metrics.statistics.suppression import one_way
from triage.shares import Z95
from triage.shares import Interval as Interval
from triage.shares import Share as Share
from triage.shares import in_hundred as in_hundred
from triage.shares import wilson as wilson

# With fewer answers than this a share says more about who answered than about the service.
FEWEST = 10
# Nothing is said of chance about fewer than this, or beside fewer: as of a month of the owner's chart.
FEWEST_TO_JUDGE = 30

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


def beyond_chance(now: Share, before: Share, z: float = Z95) -> bool:
    """Whether the change is more than chance would explain: its interval (95% by `z`) leaves out no change at all."""
    low, high = difference(now, before, z)
    return low > 0 or high < 0


def may_judge(one: Share, two: Share) -> bool:
    """Whether anything is said of chance about two shares: each is of FEWEST_TO_JUDGE or more."""
    return min(one.n, two.n) >= FEWEST_TO_JUDGE


def z_among(compared: int) -> float:
    """How many standard errors each of so many comparisons must be apart, so that all of them err 5 times in 100.

    Of twenty services that are alike one would be called different by chance alone: what is allowed to chance is shared
    out among all that are compared (Bonferroni; Dunn 1961, JASA 56:52).
    """
    return NormalDist().inv_cdf(1 - 0.05 / (2 * compared)) if compared else 0.0


def told_apart(one: Share, two: Share) -> tuple[str, str]:
    """Two different shares in every hundred, with as many decimal places as tell them apart: two at most."""
    whole = f"{one.hundred}", f"{two.hundred}"
    tries = (whole, *((f"{100 * one.value:.{places}f}", f"{100 * two.value:.{places}f}") for places in (1, 2)))
    return next((both for both in tries if both[0] != both[1]), whole)


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
