"""Which answers are published together, so that no subtraction finds what fewer than ten people said. Pure.

A quarter's answers are parted once, into groups of FEWEST or more, and every published number is a sum of whole groups.
So whatever is added to and taken from whatever, only sums of whole groups can come out, and never a part of one. What
everybody in a group said, or nobody, is known of each in it: that is a fact about ten people or more.

The groups lie inside the rows of the public report (queue and partner; see `rules.withheld`), so that the two together
say no more than these groups do.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from triage.metrics.rules import FEWEST, withheld

# How many chose each level.
Levels = tuple[int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """Answers about one service, in one queue, while one partner ran it."""

    service: str
    queue: str
    partner: str


@dataclass(frozen=True, slots=True)
class Group:
    """Cells that are only published together, and how many in them chose each level."""

    cells: tuple[Cell, ...]
    levels: Levels

    @property
    def n(self) -> int:
        """All answers."""
        return sum(self.levels)


Cells = Mapping[Cell, Levels]


def together(many: Sequence[Levels]) -> Levels:
    """The sum, level by level. Raises ValueError for none."""
    return tuple(sum(column) for column in zip(*many, strict=True))


def _group(cells: Sequence[Cell], counts: Cells) -> Group:
    return Group(tuple(sorted(cells)), together([counts[cell] for cell in cells]))


def grouped(counts: Cells, order: Callable[[str, str], tuple[str, str]]) -> tuple[Group, ...]:
    """The groups of a quarter; none when it has fewer than FEWEST answers.

    `order` is the place of (queue, partner) in the report: its rows are hidden by the same rule in the same order.
    """
    counts = {cell: levels for cell, levels in counts.items() if sum(levels)}
    if sum(map(sum, counts.values())) < FEWEST:
        return ()
    rows: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in sorted(counts):
        rows[cell.queue, cell.partner].append(cell)
    keys = sorted(rows, key=lambda key: (*order(*key), *key))
    why = withheld([sum(sum(counts[cell]) for cell in rows[key]) for key in keys])
    hidden = [cell for place, key in enumerate(keys) if place in why for cell in rows[key]]
    groups = [_group(hidden, counts)] if hidden else []
    for place, key in enumerate(keys):
        if place not in why:
            groups += _parted(rows[key], counts)
    return tuple(groups)


def _parted(cells: Sequence[Cell], counts: Cells) -> list[Group]:
    """A row of FEWEST or more in groups: each large cell alone, the small ones together and with large ones if need be.

    The small ones stay together until they are two or more cells, FEWEST or more answers, and not all of one level.
    """
    large = sorted((cell for cell in cells if sum(counts[cell]) >= FEWEST), key=lambda cell: (sum(counts[cell]), cell))
    small = [cell for cell in cells if sum(counts[cell]) < FEWEST]
    while small and large and _tells(small, counts):
        small.append(large.pop(0))
    return [_group([cell], counts) for cell in large] + ([_group(small, counts)] if small else [])


def _tells(cells: Sequence[Cell], counts: Cells) -> bool:
    levels = together([counts[cell] for cell in cells])
    return len(cells) < 2 or sum(levels) < FEWEST or max(levels) == sum(levels)


def regrouped(editions: Sequence[Sequence[Group]], counts: Cells) -> tuple[Group, ...] | None:
    """The groups of a later edition, or None when it may not be published: two editions can be subtracted as well.

    Every earlier edition was parted in the same way, and this one is too; what no earlier one had may stand in groups
    of its own. A group may differ from each earlier edition by nothing, or by FEWEST or more people.
    """
    counts = {cell: levels for cell, levels in counts.items() if sum(levels)}
    parted = {cells for edition in editions for cells in (group.cells for group in edition)}
    known = {cell: cells for cells in parted for cell in cells}
    if len(known) != sum(map(len, parted)):
        return None
    groups = []
    for cells in sorted(parted):
        there = [cell for cell in cells if cell in counts]
        if not there:
            # All of it has gone: ten people or more.
            continue
        levels = together([counts[cell] for cell in there])
        if sum(levels) < FEWEST:
            return None
        before = [group.levels for edition in editions for group in edition if group.cells == cells]
        if any(0 < _changed(levels, then) < FEWEST for then in before):
            return None
        groups.append(Group(cells, levels))
    rows: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in sorted(counts):
        if cell not in known:
            rows[cell.queue, cell.partner].append(cell)
    for new in rows.values():
        if sum(sum(counts[cell]) for cell in new) < FEWEST:
            return None
        groups += _parted(new, counts)
    return tuple(groups)


def _changed(now: Levels, then: Levels) -> int:
    """How many people at least were added or taken away, or now count at another level."""
    gone = sum(max(0, before - after) for after, before in zip(now, then, strict=True))
    new = sum(max(0, after - before) for after, before in zip(now, then, strict=True))
    return max(gone, new)


def rows_of(groups: Sequence[Group], key: Callable[[Cell], str]) -> dict[str, Levels | None]:
    """A table's rows by `key`: the levels where they are a sum of whole groups, None where the row is withheld."""
    touched: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        for value in sorted({key(cell) for cell in group.cells}):
            touched[value].append(group)
    return {
        value: together([group.levels for group in of_it])
        if all(key(cell) == value for group in of_it for cell in group.cells)
        else None
        for value, of_it in sorted(touched.items())
    }


def total(groups: Sequence[Group]) -> Levels | None:
    """All answers of the quarter; None when it has too few."""
    return together([group.levels for group in groups]) if groups else None
