"""What a table must not show, so that nobody can work out what fewer than ten people said. Pure.

Rows and columns hold each other up by subtraction, so hiding a small cell alone hides nothing: others go with it. A
cell of a two-way table with totals is exactly determined if and only if it is a bridge of the graph whose nodes are the
rows and columns and whose edges are the hidden cells (Gusfield 1988, SIAM Journal on Computing 17:552); totals are a
row and a column of their own here, so they are protected in the same way. And what is hidden in one row or column,
which a subtraction does give as a sum, is at least ten people together.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from heapq import heappop, heappush

FEWEST = 10
# The row and the column of totals, in what `two_way` returns.
TOTAL = ""

Place = tuple[str, str]
# A row or a column: ("row", its name).
Node = tuple[str, str]


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
    return _hidden(table, [_parts(line) for line in _lines(table)], (), fewest)


def beside_known(cells: Mapping[Place, int], also: Collection[Place] = (), fewest: int = FEWEST) -> frozenset[Place]:
    """The same where the totals of the columns, and of everything, are known from elsewhere whatever is hidden here.

    So no total of a column holds anything up, nor does a place that is alone in its column; a column must have `fewest`
    or more for that to be harmless. The rows' totals are a column like the others: what is hidden of them is `fewest`
    people or more as well. `also` are places that are hidden for another reason.
    """
    return _beside_known(frozenset(cells.items()), frozenset(also), fewest)


# The same numbers give the same answer whenever they are asked, and a page of a ward asks for four settled quarters at
# a time, at a tenth of a second each for a whole council. What is counted anew has other numbers: it is worked out.
@lru_cache(maxsize=24)
def _beside_known(cells: frozenset[tuple[Place, int]], also: frozenset[Place], fewest: int) -> frozenset[Place]:
    table = _with_totals(dict(sorted(cells)))
    columns = [line for line in _lines(table) if line[0][1] == line[-1][1]]
    alone = {place for line in columns if len(line) == 2 for place in line}
    ours = {place: n for place, n in table.items() if place[0] != TOTAL and place not in alone}
    lines = [[place for place in line if place in ours] for line in _lines(table)]
    # A row's own total is no part of what the row has; of the column of totals each is a part.
    lines = [line if all(TOTAL in place for place in line) else _parts(line) for line in lines]
    return _hidden(ours, lines, also, fewest)


def _hidden(
    table: Mapping[Place, int],
    lines: Sequence[Sequence[Place]],
    also: Collection[Place],
    fewest: int,
) -> frozenset[Place]:
    """Hide what is small, then what would give it away, until nothing is added; nothing outside `table` is."""
    hidden = {place for place, n in table.items() if 0 < n < fewest or place in also}
    around = _around(table)
    while True:
        before = len(hidden)
        for place in _bridges(hidden):
            hidden |= _cover(place, table, around, hidden)
        for line in lines:
            inside = [place for place in line if place in hidden]
            shown = sorted((table[place], place) for place in line if place not in hidden)
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
    """Every row and column with its total."""
    rows, columns = defaultdict(list), defaultdict(list)
    for place in sorted(table):
        rows[place[0]].append(place)
        columns[place[1]].append(place)
    return [*rows.values(), *columns.values()]


def _parts(line: Iterable[Place]) -> list[Place]:
    return [place for place in line if TOTAL not in place]


def _around(places: Iterable[Place]) -> dict[Node, list[Place]]:
    """The places that meet in each row and column."""
    found: dict[Node, list[Place]] = defaultdict(list)
    for place in places:
        found["row", place[0]].append(place)
        found["column", place[1]].append(place)
    return found


def _bridges(hidden: Collection[Place]) -> list[Place]:
    """The hidden places with no way round, in order: those that the rest of the table gives away (Tarjan 1974)."""
    around = _around(hidden)
    reached: dict[Node, int] = {}
    lowest: dict[Node, int] = {}
    found = []
    for start in around:
        if start in reached:
            continue
        reached[start] = lowest[start] = len(reached)
        # (node, the place by which it was reached, the places that are still to be looked at).
        path: list[tuple[Node, Place | None, Iterator[Place]]] = [(start, None, iter(around[start]))]
        while path:
            node, came, rest = path[-1]
            place = next(rest, None)
            if place is None:
                path.pop()
                if path and came is not None:
                    before = path[-1][0]
                    lowest[before] = min(lowest[before], lowest[node])
                    if lowest[node] > reached[before]:
                        found.append(came)
                continue
            if place == came:
                continue
            onward: Node = ("column", place[1]) if node[0] == "row" else ("row", place[0])
            if onward in reached:
                lowest[node] = min(lowest[node], reached[onward])
            else:
                reached[onward] = lowest[onward] = len(reached)
                path.append((onward, place, iter(around[onward])))
    return sorted(found)


def _cover(
    place: Place, table: Mapping[Place, int], around: Mapping[Node, Sequence[Place]], hidden: set[Place]
) -> set[Place]:
    """What else must be hidden so that `place` is no bridge: the cheapest way round, nothing when there is one."""
    goal = ("column", place[1])
    costs: dict[Node, int] = {}
    # (cost, node, the places on the way): what is hidden already costs nothing, else as many as are lost to view.
    ways: list[tuple[int, Node, tuple[Place, ...]]] = [(0, ("row", place[0]), ())]
    while ways:
        cost, node, way = heappop(ways)
        if node == goal:
            return set(way)
        if node in costs:
            continue
        costs[node] = cost
        for other in around[node]:
            onward: Node = ("column", other[1]) if node[0] == "row" else ("row", other[0])
            if other != place and onward not in costs:
                heappush(ways, (cost + (0 if other in hidden else table[other]), onward, (*way, other)))
    return set()
