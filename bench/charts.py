"""What the p-chart of satisfaction sees, and how often it cries wolf, on simulated years.

`python -m bench charts`. Each run is two years of history, of which the baseline is made as in service, and a year to
watch. Everybody's answer moves in proportional odds until the satisfied share has moved by six points, up or down, in a
month drawn between the first and the ninth of the year; it is seen when a month of the four from there on is flagged
in that direction. A false alarm is any flag in a year in which nothing changed. Months are judged when they have ended,
so it does not matter on which days the page is looked at; that is measured too, with a look every day, beside what a
look every day would find were the month that runs judged as well. Run rules that are in use elsewhere are measured on
the same years.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from bench.reporting.figures import Figure, printed
from triage.metrics.periods import Period
from triage.metrics.room.change import readings
from triage.metrics.rules import Counts
from triage.metrics.statistics.charts import LAST_BASELINE, WINDOW, Month, Reading, read

# How the answers of the brief's 76% lie, from very dissatisfied to very satisfied.
LEVELS = (0.06, 0.09, 0.09, 0.36, 0.40)
YEAR = 12
ANSWERS = 150
POINTS = 0.06
SEED = 20261126

Years = NDArray[np.int64]


@dataclass(frozen=True)
class Found:
    """Parts of the runs: flagged though nothing changed, and flagged in time when it rose and when it fell."""

    false_alarms: float
    rises: float
    falls: float

    @property
    def seen(self) -> float:
        """Of all changes, how many were flagged in time."""
        return (self.rises + self.falls) / 2


def with_share(share: float, levels: Sequence[float] = LEVELS) -> list[float]:
    """The levels moved in proportional odds until the best two hold `share`."""
    below = [sum(levels[: place + 1]) for place in range(4)]
    moved = log((1 - share) / share) - log(below[2] / (1 - below[2]))
    now = [0.0, *(1 / (1 + exp(-(log(part / (1 - part)) + moved))) for part in below), 1.0]
    return [now[place + 1] - now[place] for place in range(5)]


def simulate(share: float, runs: int, answers: int = ANSWERS, points: float = POINTS, seed: int = SEED) -> Found:
    """What `read` finds on `runs` years without a change, and on as many with a rise and with a fall."""
    dice = np.random.default_rng(seed)
    calm = sum(any(flags(months)) for months in _years(dice, share, 0.0, runs, answers)[0])
    seen = []
    for by in (points, -points):
        years, begins = _years(dice, share, by, runs, answers)
        seen.append(
            sum(
                any((flag > 0) == (by > 0) for flag in flags(months)[at : at + WINDOW] if flag)
                for months, at in zip(years, begins, strict=True)
            )
        )
    return Found(calm / runs, seen[0] / runs, seen[1] / runs)


def flags(months: Sequence[Sequence[int]]) -> list[int]:
    """The year's flags: 1 up, -1 down, 0 none."""
    read_months = read([Month("", tuple(levels)) for levels in months])
    return [reading.direction for reading in read_months[LAST_BASELINE:]]


def looked_at_daily(share: float, runs: int, answers: int = ANSWERS, seed: int = SEED) -> tuple[float, float, float]:
    """Parts of the same calm years in which something is flagged: at a month's end, on any day, were days judged too.

    A look every day is slow, so these are few years: what they are for is the three beside each other.
    """
    dice = np.random.default_rng(seed)
    periods = [Period(date(2024, 1, 1), "month")]
    while len(periods) < LAST_BASELINE + YEAR:
        periods.append(periods[-1].next())
    at_ends = as_it_is = judged_at_once = 0
    for months in _years(dice, share, 0.0, runs, answers)[0]:
        at_ends += any(flags(months))
        looks = [look for place in range(LAST_BASELINE, len(months)) for look in _looks(dice, periods, months, place)]
        as_it_is += any(reading.direction for seen, today in looks for reading in _newest(seen, today))
        judged_at_once += any(read([Month("", counts.levels) for _, counts in seen])[-1].direction for seen, _ in looks)
    return at_ends / runs, as_it_is / runs, judged_at_once / runs


def _looks(
    dice: np.random.Generator, periods: Sequence[Period], months: Sequence[Sequence[int]], place: int
) -> list[tuple[list[tuple[Period, Counts]], date]]:
    """What is known on each day of a month, its answers spread evenly by chance, and which day it is."""
    month = periods[place]
    days = [dice.multinomial(count, [1 / month.end.day] * month.end.day).cumsum() for count in months[place]]
    before = [(period, _counts(levels)) for period, levels in zip(periods[:place], months[:place], strict=True)]
    # The last look is the one on the morning after.
    return [
        ([*before, (month, _counts([each[day] for each in days]))], month.start + timedelta(days=day + 1))
        for day in range(month.end.day)
    ]


def _counts(levels: Sequence[int]) -> Counts:
    one, two, three, four, five = (int(count) for count in levels)
    return Counts((one, two, three, four, five))


def _newest(months: Sequence[tuple[Period, Counts]], today: date) -> list[Reading]:
    """The month that the page's verdict is about, if it is one of the year that is watched."""
    judged = [reading for reading in readings(months, frozenset(), today)[LAST_BASELINE:] if reading.judged]
    return judged[-1:]


def _years(
    dice: np.random.Generator, share: float, by: float, runs: int, answers: int
) -> tuple[list[list[list[int]]], list[int]]:
    before, after = with_share(share), with_share(share + by)
    begins = dice.integers(0, YEAR - WINDOW + 1, size=runs).tolist()
    years = []
    for at in begins:
        calm = dice.multinomial(answers, before, size=LAST_BASELINE + at)
        years.append([*calm.tolist(), *dice.multinomial(answers, after, size=YEAR - at).tolist()])
    return years, begins


def elsewhere(share: float, runs: int, answers: int = ANSWERS, seed: int = SEED) -> dict[str, tuple[float, float]]:
    """(False alarms a year, falls seen in four months) of rules that others use, with the true share known to them."""
    dice = np.random.default_rng(seed)
    begins = dice.integers(0, YEAR - WINDOW + 1, size=runs)
    error = (share * (1 - share) / answers) ** 0.5
    calm = (dice.binomial(answers, share, size=(runs, YEAR)) / answers - share) / error
    fallen = np.where(np.arange(YEAR) < begins[:, None], share, share - POINTS)
    falls = (dice.binomial(answers, fallen) / answers - share) / error
    rules = {"3 standard errors alone": _beyond, "Western Electric, all four": _western_electric}
    found = {}
    for name, rule in rules.items():
        late = np.arange(YEAR) - begins[:, None]
        in_time = (late >= 0) & (late < WINDOW)
        found[name] = (
            float((rule(calm) | rule(-calm)).any(axis=1).mean()),
            float((rule(-falls) & in_time).any(axis=1).mean()),
        )
    return found


def _beyond(z: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray(z > 3)


def _western_electric(z: NDArray[np.float64]) -> NDArray[np.bool_]:
    """One beyond 3, two of three beyond 2, four of five beyond 1, eight in a row above 0."""
    hit = z > 3
    for of, need, at in ((3, 2, 2), (5, 4, 1), (8, 8, 0)):
        for last in range(of - 1, z.shape[1]):
            hit[:, last] |= (z[:, last - of + 1 : last + 1] > at).sum(axis=1) >= need
    return np.asarray(hit)


def main(argv: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench charts", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few runs, to see that it runs")
    runs = 40 if parser.parse_args(argv).quick else 2000
    figures = []
    for share in (0.76, 0.8, 0.7, 0.6, 0.52):
        found = simulate(share, runs)
        # Nearer to 50% chance moves a month more, and no rule could see as much in 4 × 150 answers: the decision says.
        mark = 80 if share >= 0.76 else None
        figures += [
            Figure(f"{share:.0%}: years with a false alarm", _per_cent(found.false_alarms), "%", 5, "lower"),
            Figure(f"{share:.0%}: rises of 6 points seen in 4 months", _per_cent(found.rises), "%", mark),
            Figure(f"{share:.0%}: falls of 6 points seen in 4 months", _per_cent(found.falls), "%", mark),
        ]
    for share, answers in ((0.7, 180), (0.6, 220), (0.52, 235)):
        found = simulate(share, runs, answers)
        figures.append(Figure(f"{share:.0%} with {answers} answers a month: seen", _per_cent(found.seen), "%", 80))
    at_ends, daily, at_once = looked_at_daily(0.76, runs // 8)
    figures += [
        Figure(f"76%: {runs // 8} other calm years, looked at when a month ends", _per_cent(at_ends), "%"),
        Figure("the same, looked at every day", _per_cent(daily), "%"),
        Figure("the same, were the month that runs judged too", _per_cent(at_once), "%"),
    ]
    for name, (false, seen) in elsewhere(0.76, 20 * runs).items():
        figures += [
            Figure(f"{name}: years with a false alarm", _per_cent(false), "%"),
            Figure(f"{name}: falls seen in 4 months", _per_cent(seen), "%"),
        ]
    return printed("charts", figures, {"runs": runs, "answers_a_month": ANSWERS, "seed": SEED})


def _per_cent(part: float) -> float:
    return round(100 * part, 1)
