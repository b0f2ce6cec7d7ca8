"""A weighted share beside the unweighted one, and what weighting costs in certainty. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from triage.metrics.statistics.raking import Cell
from triage.shares import Z95, Interval, Share, in_hundred


@dataclass(frozen=True, slots=True)
class Weighted:
    """A share of answers that count for more or less, never shown without the plain share beside it.

    `design_effect` is Kish's (1965, Survey Sampling, section 11.7): n × Σw² ÷ (Σw)². As many answers that count alike
    as `effective` would tell as much; the interval is Wilson's on that number.
    """

    value: float
    plain: Share
    design_effect: float

    @property
    def n(self) -> int:
        """Answers, each counted once."""
        return self.plain.n

    @property
    def effective(self) -> float:
        """How many answers that count alike would tell as much."""
        return self.n / self.design_effect

    @property
    def interval(self) -> Interval:
        """Where the share would very likely lie if everybody had answered."""
        return wilson_on(self.value, self.effective)

    @property
    def hundred(self) -> int:
        """The share as a whole number in every hundred."""
        return in_hundred(self.value)

    @property
    def bounds(self) -> tuple[int, int]:
        """The ends of the interval as whole numbers in every hundred."""
        low, high = self.interval
        return in_hundred(low), in_hundred(high)


def wilson_on(share: float, n: float) -> Interval:
    """The Wilson 95% interval of a share of `n` answers, where `n` need not be whole (Korn and Graubard 1998)."""
    if n <= 0 or not 0 <= share <= 1:
        raise ValueError(f"{share} of {n} is not a share")
    z2 = Z95 * Z95
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return Interval(0.0 if share == 0 else middle - half, 1.0 if share == 1 else middle + half)


def weighted(some: Mapping[Cell, int], answered: Mapping[Cell, int], weights: Mapping[Cell, float]) -> Weighted:
    """The weighted share of `some` in `answered`, cell by cell. Raises ValueError when nobody answered."""
    heard = {cell: n for cell, n in sorted(answered.items()) if n > 0}
    n = sum(heard.values())
    if not n or any(some.get(cell, 0) > m for cell, m in heard.items()):
        raise ValueError("some of the answers must be no more than the answers, and there must be answers")
    total = sum(weights[cell] * m for cell, m in heard.items())
    squares = sum(weights[cell] ** 2 * m for cell, m in heard.items())
    counted = sum(weights[cell] * some.get(cell, 0) for cell in heard)
    # Rounding may put a share of all a hair above 1.
    value = min(1.0, max(0.0, counted / total))
    return Weighted(value, Share(sum(some.get(cell, 0) for cell in heard), n), n * squares / total**2)
