"""Raking: weights that make those who answered look like everybody who had a contact, one margin after another.

Iterative proportional fitting (Deming and Stephan 1940, Annals of Mathematical Statistics 11:427), with weights held
between two bounds (Kalton and Flores-Cervantes 2003, Journal of Official Statistics 19:81). A cell is one value of each
dimension, such as ("missed_bin", "chat", "closed"). Only margins are fitted, so most empty cells need nothing; a value
of a dimension that too few people answered for is put together with others first, and that is said.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

Cell = tuple[str, ...]

# With fewer answers than this one value of a dimension is not weighted by itself (our choice; 20 to 50 is usual).
FEWEST = 20
# No answer counts for less than 0.3 or more than 3 of an average one (our choice; DeBell and Krosnick 2009 stop at 5).
LOWEST, HIGHEST = 0.3, 3.0
# A margin fits when no share of it is out by more than a hundredth of a point.
TOLERANCE = 1e-4
# It ends after this many rounds, or when one brings the gap no nearer (the bounds stand in its way).
ROUNDS = 200
STANDS_STILL = 1e-7


@dataclass(frozen=True, slots=True)
class Together:
    """Values of one dimension that are weighted as one, because too few people answered for one of them at least."""

    dimension: int
    values: tuple[str, ...]
    answers: int
    contacts: int


@dataclass(frozen=True, slots=True)
class Raked:
    """A weight for every cell with answers (their mean over answers is 1), and how well they fit."""

    weights: Mapping[Cell, float]
    rounds: int
    fits: bool
    # The largest gap that is left between a weighted margin and the population's, as a part of 1.
    gap: float
    together: tuple[Together, ...]
    # Dimensions that could not be weighted by at all: everything in them had to be put together.
    unused: tuple[int, ...]
    # Answers whose weight is at a bound, and contacts in cells where nobody answered.
    at_bounds: int
    unheard: int

    def notes(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """What a reader must know about these weights, in sentences; `names` are the dimensions' ("service", …)."""
        said = [
            f"{', '.join(group.values)} are weighted as one {names[group.dimension]}: "
            f"too few people answered about one of them ({group.answers:,} answers together)."
            for group in self.together
            if group.dimension not in self.unused
        ]
        said += [f"There are too few answers to weight by {names[dimension]}." for dimension in self.unused]
        if self.unheard:
            said.append(
                f"{self.unheard:,} contacts are of kinds about which nobody answered; answers of like kinds stand for "
                "them."
            )
        if self.at_bounds:
            said.append(f"{self.at_bounds:,} answers count for as much, or as little, as they may.")
        if not self.fits:
            said.append(
                f"The weights do not fit fully: a share is still out by up to {self.gap * 100:.1f} points, because no "
                f"answer counts for more than {HIGHEST:g} or less than {LOWEST:g}."
            )
        return tuple(said)


def rake(
    answered: Mapping[Cell, int],
    contacts: Mapping[Cell, int],
    *,
    fewest: int = FEWEST,
    lowest: float = LOWEST,
    highest: float = HIGHEST,
    rounds: int = ROUNDS,
) -> Raked:
    """Weights that bring `answered` to the margins of `contacts`. Raises ValueError when either is empty."""
    heard = {cell: n for cell, n in sorted(answered.items()) if n > 0}
    every = {cell: n for cell, n in sorted(contacts.items()) if n > 0}
    if not heard or not every:
        raise ValueError("weights need answers and contacts")
    if len({len(cell) for cell in (*heard, *every)}) != 1:
        raise ValueError("every cell needs one value of each dimension")
    groups, together, unused = [], [], []
    for dimension in range(len(next(iter(heard)))):
        named, joined = _groups(dimension, heard, every, fewest)
        groups.append(named)
        together += joined
        if len(set(named.values())) == 1:
            unused.append(dimension)
    weights = dict.fromkeys(heard, 1.0)
    targets = [_shares(every, dimension, named) for dimension, named in enumerate(groups)]
    done, gap = 0, _gap(weights, heard, groups, targets)
    while gap > TOLERANCE and done < rounds:
        for dimension, named in enumerate(groups):
            now = _shares({cell: n * weights[cell] for cell, n in heard.items()}, dimension, named)
            for cell in weights:
                group = named[cell[dimension]]
                weights[cell] *= targets[dimension][group] / now[group]
        before, weights = gap, _bounded(weights, heard, lowest, highest)
        done, gap = done + 1, _gap(weights, heard, groups, targets)
        if abs(before - gap) < STANDS_STILL:
            break
    near = 1e-6
    return Raked(
        weights=weights,
        rounds=done,
        fits=gap <= TOLERANCE,
        gap=gap,
        together=tuple(together),
        unused=tuple(unused),
        at_bounds=sum(n for cell, n in heard.items() if not lowest + near < weights[cell] < highest - near),
        unheard=sum(n for cell, n in every.items() if cell not in heard),
    )


def _groups(
    dimension: int, heard: Mapping[Cell, int], every: Mapping[Cell, int], fewest: int
) -> tuple[dict[str, str], list[Together]]:
    """The group that each value belongs to, and the group that was put together, if one was."""
    answers, contacts = _margin(heard, dimension), _margin(every, dimension)
    values = sorted({*answers, *contacts}, key=lambda value: (answers.get(value, 0), value))
    # A value with answers and no contacts has nothing to be weighted to either.
    pool = [value for value in values if answers.get(value, 0) < fewest or not contacts.get(value)]
    rest = [value for value in values if value not in pool]

    def weak() -> bool:
        return sum(answers.get(v, 0) for v in pool) < fewest or not sum(contacts.get(v, 0) for v in pool)

    while pool and rest and weak():
        pool.append(rest.pop(0))
    name = "+".join(sorted(pool))
    groups = {value: value for value in rest} | dict.fromkeys(pool, name)
    if len(pool) < 2:
        return groups, []
    return groups, [
        Together(
            dimension,
            tuple(sorted(pool)),
            int(sum(answers.get(value, 0) for value in pool)),
            int(sum(contacts.get(value, 0) for value in pool)),
        )
    ]


def _margin(counts: Mapping[Cell, float], dimension: int) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for cell, n in counts.items():
        found[cell[dimension]] += n
    return found


def _shares(counts: Mapping[Cell, float], dimension: int, groups: Mapping[str, str]) -> dict[str, float]:
    total = sum(counts.values())
    found: dict[str, float] = defaultdict(float)
    for cell, n in counts.items():
        found[groups[cell[dimension]]] += n / total
    return found


def _gap(
    weights: Mapping[Cell, float],
    heard: Mapping[Cell, int],
    groups: list[dict[str, str]],
    targets: list[dict[str, float]],
) -> float:
    weighted = {cell: n * weights[cell] for cell, n in heard.items()}
    return max(
        abs(target - _shares(weighted, dimension, groups[dimension]).get(group, 0.0))
        for dimension, shares in enumerate(targets)
        for group, target in shares.items()
    )


def _bounded(
    weights: Mapping[Cell, float], heard: Mapping[Cell, int], lowest: float, highest: float
) -> dict[Cell, float]:
    """The weights, times whatever makes their mean over answers 1 once each is held between the bounds."""
    n = sum(heard.values())

    average = sum(heard[cell] * weight for cell, weight in weights.items()) / n
    plain = {cell: weight / average for cell, weight in weights.items()}
    if lowest <= min(plain.values()) and max(plain.values()) <= highest:
        return plain

    def held(scale: float) -> dict[Cell, float]:
        return {cell: min(highest, max(lowest, weight * scale)) for cell, weight in weights.items()}

    def mean(scale: float) -> float:
        return sum(heard[cell] * weight for cell, weight in held(scale).items()) / n

    low, high = 0.0, highest / min(weights.values())
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if mean(middle) < 1 else (low, middle)
    return held(high)
