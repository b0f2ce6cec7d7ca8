"""The arithmetic of figures: shares, their intervals, what chance can explain, and what is too little to show.

Nothing here reads a clock or a database, so every number on a page can be worked out again by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, sqrt
from typing import NamedTuple

# The two-sided 95% point of the normal distribution, as statistical tables give it.
Z95 = 1.959963984540054
# With fewer answers than this a share says more about who answered than about the service.
FEWEST = 10

TOO_FEW = "too few to show"
HELD_BACK = "held back"
NONE = "no answers"


class Interval(NamedTuple):
    """Where a share (0 to 1) or a difference of shares (-1 to 1) may well lie: 95 times in 100."""

    low: float
    high: float


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


@dataclass(frozen=True, slots=True)
class Share:
    """`some` of `n`, as a part of 1, with its Wilson 95% interval."""

    some: int
    n: int

    @property
    def value(self) -> float:
        """The share itself, 0 to 1."""
        return self.some / self.n

    @property
    def interval(self) -> Interval:
        """Where the share would lie if everybody like these people had answered."""
        return wilson(self.some, self.n)

    @property
    def hundred(self) -> int:
        """The share as a whole number in every hundred."""
        return in_hundred(self.value)

    @property
    def bounds(self) -> tuple[int, int]:
        """The ends of the interval as whole numbers in every hundred."""
        low, high = self.interval
        return in_hundred(low), in_hundred(high)


def wilson(some: int, n: int) -> Interval:
    """The Wilson score interval (95%, no continuity correction) of a share. Raises ValueError when it has no sense.

    Source: Wilson 1927; Newcombe 1998, Statistics in Medicine 17:857, method 3.
    """
    if n <= 0 or not 0 <= some <= n:
        raise ValueError(f"{some} of {n} is not a share")
    share, z2 = some / n, Z95 * Z95
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    # At 0 of n and n of n an end is exactly 0 or 1; floating point may miss it by a hair.
    return Interval(0.0 if some == 0 else middle - half, 1.0 if some == n else middle + half)


def difference(now: Share, before: Share) -> Interval:
    """The 95% interval of `now` less `before`, two independent shares.

    Source: Newcombe 1998, Statistics in Medicine 17:873, method 10 (hybrid score, no continuity correction).
    """
    gap = now.value - before.value
    one, two = now.interval, before.interval
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


def in_hundred(share: float) -> int:
    """A share (0 to 1) as a whole number in every hundred; a half goes up."""
    return floor(share * 100 + 0.5)


def withheld(ns: Sequence[int]) -> dict[int, str]:
    """Which rows of a table that has a total are not shown, by position, and why.

    When one row alone is too few, the total would give it away, so the next smallest is held back with it.
    """
    why = {place: NONE if n == 0 else TOO_FEW for place, n in enumerate(ns) if n < FEWEST}
    if list(why.values()).count(TOO_FEW) == 1:
        shown = [(n, place) for place, n in enumerate(ns) if place not in why]
        if shown:
            why[min(shown)[1]] = HELD_BACK
    return why
