"""The p-chart: whether a share is changing, or only chance is moving it. Pure.

A baseline is frozen: the first 12 months, taken again once as 24 when nothing was flagged in between, and never after,
so a slow slide cannot drag its own yardstick along. A change that somebody declares (a new round, a changed question)
starts a new one. Three rules of evidence, each against that baseline, its own uncertainty included:

- MONTH: one month beyond 3.6 standard errors (Shewhart's rule, set further out than 3, as two more rules look too).
- TOGETHER: the last four months taken together beyond 3 standard errors: a moving-average chart (Roberts 1959,
  Technometrics 1:239; NIST handbook 6.3.2) over the months that a change has to be seen in.
- LEVELS: the last four months together, all levels of the answer beyond 3 standard errors of the baseline's mean
  ridit (Bross 1958, Biometrics 14:18). Five levels hold half as much information again as "satisfied or not".

Three standard errors of one month alone see four falls of six points in ten; the Western Electric rules see seven and
cry wolf in one calm year of twelve: docs/decisions/2026-11-26-p-chart.md, `python -m bench charts`. When baseline
months differ more than chance lets them, every limit is widened by as much (Laney 2002, Quality Engineering 14:531).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, pairwise
from math import sqrt
from statistics import NormalDist

from triage.shares import Interval

FIRST_BASELINE, LAST_BASELINE = 12, 24
# No verdict on fewer answers than this in a month, in the four months together, in a baseline.
FEWEST_IN_MONTH, FEWEST_TOGETHER, FEWEST_IN_BASELINE = 30, 60, 120
# Of the satisfied and of the others, so many must be expected before a normal curve stands for a binomial one.
FEWEST_EXPECTED = 5
WINDOW = 4
MONTH_AT, TOGETHER_AT = 3.6, 3.0
# How often a change is to be seen that is said to be one that would have been seen.
SEEN = 0.8


class Rule(StrEnum):
    """Which evidence a flag rests on, as the page says it."""

    TOGETHER = "the last four months together"
    LEVELS = "the last four months together, all levels of the answer"
    MONTH = "this month alone"


@dataclass(frozen=True, slots=True)
class Month:
    """How many chose each level, from the worst to the best; the share is of the best `top` levels."""

    name: str
    levels: tuple[int, ...]
    top: int = 2

    @property
    def n(self) -> int:
        """All answers."""
        return sum(self.levels)

    @property
    def some(self) -> int:
        """Answers that count as satisfied."""
        return sum(self.levels[-self.top :])


@dataclass(frozen=True, slots=True)
class Baseline:
    """What months are held against: frozen counts, and how much more than chance its own months differ (1: no more)."""

    levels: tuple[int, ...]
    top: int
    months: int
    spread: float = 1.0

    @property
    def n(self) -> int:
        """Answers in the baseline."""
        return sum(self.levels)

    @property
    def share(self) -> float:
        """The baseline's share, 0 to 1."""
        return sum(self.levels[-self.top :]) / self.n

    @property
    def ridits(self) -> tuple[float, ...]:
        """Each level's place among the baseline's answers: the share below it and half of its own."""
        shares = [count / self.n for count in self.levels]
        return tuple(above - own / 2 for above, own in zip(accumulate(shares), shares, strict=True))

    def limits(self, n: int) -> Interval | None:
        """Between what a month of `n` answers is let move; None when n is too small for a verdict."""
        if not self._enough(n, FEWEST_IN_MONTH):
            return None
        half = MONTH_AT * self._error(n)
        return Interval(max(0.0, self.share - half), min(1.0, self.share + half))

    def moved(self, month: Month) -> float | None:
        """How many standard errors a month is from the baseline; None when it has too few answers."""
        return self._moved(month.levels, FEWEST_IN_MONTH)

    def moved_together(self, months: Sequence[Month]) -> tuple[float | None, float | None]:
        """The same of months taken together: by the share, and by all levels (mean ridit)."""
        levels = tuple(map(sum, zip(*(month.levels for month in months), strict=True)))
        by_share = self._moved(levels, FEWEST_TOGETHER)
        if by_share is None or len(levels) < 3:
            return by_share, None
        n, ridits = sum(levels), self.ridits
        spread = sum(own * ridit**2 for own, ridit in zip(self.levels, ridits, strict=True)) / self.n - 0.25
        mean = sum(count * ridit for count, ridit in zip(levels, ridits, strict=True)) / n
        return by_share, (mean - 0.5) / (self.spread * sqrt(spread * (1 / n + 1 / self.n)))

    def visible(self, month: Month, window: Sequence[Month]) -> float | None:
        """The least change of the share that the rules on it see four times in five; None where none looks.

        A change of so many standard errors lies beyond the limit in 80 of 100 tries: the limit and 0.84 more.
        """
        more, together = NormalDist().inv_cdf(SEEN), sum(each.n for each in window)
        found = [
            (at + more) * self._error(n)
            for n, fewest, at in ((together, FEWEST_TOGETHER, TOGETHER_AT), (month.n, FEWEST_IN_MONTH, MONTH_AT))
            if self._enough(n, fewest)
        ]
        return min(found, default=None)

    def _moved(self, levels: tuple[int, ...], fewest: int) -> float | None:
        n = sum(levels)
        if not self._enough(n, fewest):
            return None
        return (sum(levels[-self.top :]) / n - self.share) / self._error(n)

    def _error(self, n: int) -> float:
        return self.spread * sqrt(self.share * (1 - self.share) * (1 / n + 1 / self.n))

    def _enough(self, n: int, fewest: int) -> bool:
        return n >= fewest and n * min(self.share, 1 - self.share) >= FEWEST_EXPECTED


@dataclass(frozen=True, slots=True)
class Signal:
    """One rule that a month breaks: upwards or downwards, by so many standard errors."""

    rule: Rule
    up: bool
    errors: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One month as the chart shows it."""

    month: Month
    # None while there is no baseline yet.
    baseline: Baseline | None
    in_baseline: bool
    limits: Interval | None
    signals: tuple[Signal, ...] = ()
    # A declared change begins here.
    begins: bool = False
    # Whether a rule had enough answers to look at all.
    judged: bool = False
    # A month that still runs is shown and never judged: looked at each day, chance has thirty tries at it and not one.
    ended: bool = True
    # How large a change that stays for four months a judged month would most likely have shown, as a part of 1.
    visible: float | None = None

    @property
    def direction(self) -> int:
        """1: up, -1: down, 0: nothing flagged. The months together outweigh one month alone."""
        return (1 if self.signals[0].up else -1) if self.signals else 0


def read(months: Sequence[Month], changes: Collection[int] = ()) -> tuple[Reading, ...]:
    """Every month read against the baseline that held at the time. `changes` are places where a new one begins."""
    starts = sorted({0, *(place for place in changes if 0 < place < len(months)), len(months)})
    return tuple(
        reading for start, end in pairwise(starts) for reading in _segment(months[start:end], begins=start in changes)
    )


def baseline_of(months: Sequence[Month]) -> Baseline | None:
    """These months frozen; None with too few answers, or when all of them are the same (nothing could be unusual)."""
    if not months:
        return None
    levels, top = tuple(map(sum, zip(*(month.levels for month in months), strict=True))), months[0].top
    some, n = sum(levels[-top:]), sum(levels)
    if n < FEWEST_IN_BASELINE or min(some, n - some) < FEWEST_EXPECTED:
        return None
    return Baseline(levels, top, len(months), _spread(months, some / n))


def _segment(months: Sequence[Month], *, begins: bool) -> list[Reading]:
    first = baseline_of(months[:FIRST_BASELINE]) if len(months) >= FIRST_BASELINE else None
    found: list[Reading] = []
    baseline = first
    for place, month in enumerate(months):
        if place == LAST_BASELINE and not any(reading.signals for reading in found):
            baseline = baseline_of(months[:LAST_BASELINE])
        started = begins and place == 0
        if baseline is None or place < FIRST_BASELINE:
            # Shown with the limits that the finished baseline gives it, and never judged by what it helped to make.
            limits = baseline.limits(month.n) if baseline else None
            found.append(Reading(month, baseline, place < FIRST_BASELINE, limits, begins=started))
            continue
        window = months[max(0, place - WINDOW + 1) : place + 1]
        signals, judged = _signals(baseline, month, window)
        limits, visible = baseline.limits(month.n), baseline.visible(month, window)
        found.append(Reading(month, baseline, False, limits, signals, started, judged, visible=visible))
    return found


def _signals(baseline: Baseline, month: Month, window: Sequence[Month]) -> tuple[tuple[Signal, ...], bool]:
    alone = baseline.moved(month)
    by_share, by_levels = baseline.moved_together(window)
    looked = (
        (Rule.TOGETHER, by_share, TOGETHER_AT),
        (Rule.LEVELS, by_levels, TOGETHER_AT),
        (Rule.MONTH, alone, MONTH_AT),
    )
    signals = tuple(
        Signal(rule, errors > 0, errors) for rule, errors, at in looked if errors is not None and abs(errors) > at
    )
    return signals, any(errors is not None for _, errors, _ in looked)


def _spread(months: Sequence[Month], share: float) -> float:
    """How much further apart the months lie than chance puts them: above 1 only when 99 in 100 chances say so."""
    rated = [month for month in months if month.n]
    if len(rated) < 3:
        return 1.0
    apart = sum((month.some - month.n * share) ** 2 / (month.n * share * (1 - share)) for month in rated)
    free = len(rated) - 1
    # The 99% point of chi-squared, by Wilson and Hilferty 1931 (within half a per cent from 2 degrees up).
    most = free * (1 - 2 / (9 * free) + NormalDist().inv_cdf(0.99) * sqrt(2 / (9 * free))) ** 3
    return sqrt(apart / free) if apart > most else 1.0
