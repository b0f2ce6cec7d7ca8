"""Shares and where they may well lie: the arithmetic that every figure with an interval uses. Pure."""

from dataclasses import dataclass
from math import floor, sqrt
from typing import NamedTuple

# The two-sided 95% point of the normal distribution, as statistical tables give it.
Z95 = 1.959963984540054


class Interval(NamedTuple):
    """Where a share (0 to 1) or a difference of shares (-1 to 1) may well lie: 95 times in 100."""

    low: float
    high: float


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


def wilson(some: int, n: int, z: float = Z95) -> Interval:
    """The Wilson score interval (95% by `z`, no continuity correction) of a share. Raises ValueError for nonsense.

    Source: Wilson 1927; Newcombe 1998, Statistics in Medicine 17:857, method 3.
    """
    if n <= 0 or not 0 <= some <= n:
        raise ValueError(f"{some} of {n} is not a share")
    share, z2 = some / n, z * z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = z * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    # At 0 of n and n of n an end is exactly 0 or 1; floating point may miss it by a hair.
    return Interval(0.0 if some == 0 else middle - half, 1.0 if some == n else middle + half)


def in_hundred(share: float) -> int:
    """A share (0 to 1) as a whole number in every hundred; a half goes up."""
    return floor(share * 100 + 0.5)
