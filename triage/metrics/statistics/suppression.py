"""What a table must not show, so that nobody can work out what fewer than ten people said. Pure.

Rows and columns hold each other up by subtraction, so hiding a small cell alone hides nothing: others go with it. A
cell of a two-way table with totals is exactly determined if and only if it is a bridge of the graph whose nodes are the
rows and columns and whose edges are the hidden cells (Gusfield 1988, SIAM Journal on Computing 17:552); totals are a
row and a column of their own here, so they are protected in the same way. And what is hidden in one row or column,
which a subtraction does give as a sum, is at least ten people together.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from heapq import heappop, heappush

FEWEST = 10
# The row and the column of totals, in what `two_way` returns.
TOTAL = ""

Place = tuple[str, str]


def one_way(ns: Sequence[int], fewest: int = FEWEST) -> frozenset[int]:
    """Which places of a list with a published total are hidden: those under `fewest`, and what would give them away.

    What is hidden adds up to `fewest` or more wherever the list has that many; a place with nobody hides nothing.
    """
    hidden = {place for place, n in enumerate(ns) if 0 < n < fewest}
    shown = sorted((n, place) for place, n in enumerate(ns) if n >= fewest)
    while hidden and shown and (len(hidden) == 1 or sum(ns[place] for place in hidden) < fewest):
        hidden.add(shown.pop(0)[1])
    return frozenset(hidden)


def two_way(cells: Mapping[Place, int], fewest: int = FEWEST) -> frozenset[Place]:
    """Which places of a (row, column) table with totals are hidden, totals included as (row, TOTAL) and so on.

    Places with nobody may be shown: that nobody answered says nothing that anybody said.
    """
    table = _with_totals(cells)
    hidden = {place for place, n in table.items() if 0 < n < fewest}
    while True:
        before = len(hidden)
        for place in sorted(hidden):
            hidden |= _cover(place, table, hidden)
        for line in _lines(table):
            inside = [place for place in line if TOTAL not in place and place in hidden]
            shown = sorted((table[place], place) for place in line if TOTAL not in place and place not in hidden)
            while inside and sum(table[place] for place in inside) < fewest and shown:
                _, place = shown.pop(0)
                inside.append(place)
                hidden.add(place)
        if len(hidden) == before:
            return frozenset(hidden)


def worked_out(statements: Iterable[Mapping[str, int]]) -> frozenset[str]:
    """The unknowns that published sums give away exactly, by solving them all at once: the attack itself.

    A statement says which unknowns add up to a published number, as unknown to how often it is in the sum; the numbers
    do not matter. With the statements of every period that was ever published, this finds what only the series shows.
    """
    rows = [{name: Fraction(times) for name, times in said.items() if times} for said in statements]
    pivots: dict[str, dict[str, Fraction]] = {}
    for row in rows:
        for name, pivot in pivots.items():
            if name in row:
                row = _less(row, pivot, row[name])
        if not row:
            continue
        lead = min(row)
        row = {name: value / row[lead] for name, value in row.items()}
        pivots = {name: _less(pivot, row, pivot[lead]) if lead in pivot else pivot for name, pivot in pivots.items()}
        pivots[lead] = row
    return frozenset(name for name, row in pivots.items() if len(row) == 1)


def may_correct(published: int, now: int, fewest: int = FEWEST) -> bool:
    """Whether a published number may be corrected: not when the two versions differ by a few people, who then show."""
    return now == published or abs(now - published) >= fewest


def _less(row: Mapping[str, Fraction], other: Mapping[str, Fraction], times: Fraction) -> dict[str, Fraction]:
    found = dict(row)
    for name, value in other.items():
        left = found.get(name, Fraction(0)) - times * value
        if left:
            found[name] = left
        else:
            found.pop(name, None)
    return found


def _with_totals(cells: Mapping[Place, int]) -> dict[Place, int]:
    table: dict[Place, int] = defaultdict(int)
    for (row, column), n in cells.items():
        if not row or not column:
            raise ValueError("a row and a column need names: the empty one is the total")
        for place in {(row, column), (row, TOTAL), (TOTAL, column), (TOTAL, TOTAL)}:
            table[place] += n
    # A place with nobody is known and holds nothing up.
    return {place: n for place, n in table.items() if n}


def _lines(table: Mapping[Place, int]) -> list[list[Place]]:
    rows, columns = defaultdict(list), defaultdict(list)
    for place in sorted(table):
        rows[place[0]].append(place)
        columns[place[1]].append(place)
    return [*rows.values(), *columns.values()]


def _cover(place: Place, table: Mapping[Place, int], hidden: set[Place]) -> set[Place]:
    """What else must be hidden so that `place` is no bridge: the cheapest way round, nothing when there is one."""
    goal = ("column", place[1])
    costs: dict[tuple[str, str], int] = {}
    # (cost, node, the places on the way): what is hidden already costs nothing, else as many as are lost to view.
    ways: list[tuple[int, tuple[str, str], tuple[Place, ...]]] = [(0, ("row", place[0]), ())]
    while ways:
        cost, node, way = heappop(ways)
        if node == goal:
            return set(way)
        if node in costs:
            continue
        costs[node] = cost
        kind, name = node
        for other, n in table.items():
            if other == place or other[0 if kind == "row" else 1] != name:
                continue
            onward = ("column", other[1]) if kind == "row" else ("row", other[0])
            if onward not in costs:
                heappush(ways, (cost + (0 if other in hidden else n), onward, (*way, other)))
    return set()
