"""What is known of groups of people in one quarter, and what of it may be shown. Pure.

One quarter is one table: a row for each group and one for whoever is in none, a column for each service, and the
council as the total. What is small is hidden, and so is what would give it away together with the services' own
figures, which are shown elsewhere (docs/decisions/2026-11-27-groups-of-people.md).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from triage.metrics.figures.shapes import NOTHING, Counts, Definition, Dimension, Value
from triage.metrics.rules import FEWEST, HELD_BACK, TOO_FEW, Interval, Share, difference
from triage.metrics.statistics.suppression import TOTAL, Place, beside_known

Levels = Mapping[tuple[str, str], int]

# Whoever is in no group of a dimension, and whoever told of any need: a group that holds the others.
REST, ANY = "~rest", "any"
# A service with fewer in a quarter is not looked at by group (our choice): nearly all of its groups would be hidden.
FEWEST_OF_SERVICE = 30
_OTHERS = "~others"
SMALL_SERVICE = "too few in this service, or all of one group"


@dataclass(frozen=True, slots=True)
class Cell:
    """A group's figure beside everybody else's, in the whole council or in one service; or why it is not shown."""

    group: Value | None = None
    others: Value | None = None
    why: str = ""

    @property
    def shares(self) -> tuple[Share, Share] | None:
        """The group's share and everybody else's, where both have one."""
        one, two = self.group, self.others
        if one is None or two is None or one.numerator is None or two.numerator is None:
            return None
        return Share(one.numerator, one.n), Share(two.numerator, two.n)

    @property
    def difference(self) -> Interval | None:
        """Where the group's share less everybody else's may well lie: 95 times in 100."""
        return difference(*self.shares) if self.shares else None


def counting(definition: Definition, keys: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Which (measure, level) are in a figure's `n`: of clocks it counts one kind, of ratings all.

    A figure that is counted for groups counts each row or does not, so that rows add up.
    """
    return frozenset(key for key in keys if definition.figure(Counts.of({key: 1})).n)


@dataclass(frozen=True)
class Crossing:
    """One figure of one quarter by group and service.

    What may be shown is decided by how many there are of each (member, service), `ns`; the counts themselves are here
    for those alone that were asked for, `levels` of (member, service or None: the council). `everybody` is by service.
    """

    definition: Definition
    dimension: Dimension
    everybody: Mapping[str, Levels]
    ns: Mapping[tuple[str, str], int]
    levels: Mapping[tuple[str, str | None], Levels]

    @cached_property
    def members(self) -> tuple[str, ...]:
        """The groups of whom anything was counted; of needs, whoever told of any comes first."""
        return tuple(sorted({member for member, _ in self.ns}, key=lambda member: (member != ANY, member)))

    def why(self, member: str, service: str | None = None) -> str:
        """Why a group, or whoever is in none (REST), is not shown: of one service, or of the council; '' when it is."""
        if service is not None and self._columns.get(service) == _OTHERS:
            return SMALL_SERVICE
        n = self._n(member, service)
        if 0 < self.all_of() < FEWEST:
            # That the other groups are empty would say whose all of them are.
            return TOO_FEW
        if self._all_in_one:
            return HELD_BACK
        if n == 0:
            return NOTHING
        if n < FEWEST:
            return TOO_FEW
        row = REST if self.dimension == "need" and member == ANY else member
        column = TOTAL if service is None else self._columns[service]
        return HELD_BACK if (row, column) in self._hidden else ""

    def cell(self, member: str, service: str | None = None) -> Cell:
        """What may be shown of a group, or of whoever is in none: of one service, or of the council."""
        if why := self.why(member, service):
            return Cell(why=why)
        all_ = self._everybody(service)
        levels = _less(all_, self._inside(service)) if member == REST else self.levels.get((member, service), {})
        rest = _less(all_, levels)
        return Cell(self.definition.figure(Counts.of(levels)), self.definition.figure(Counts.of(rest)))

    def all_of(self, service: str | None = None) -> int:
        """How many everybody is in the council or in one service, whatever their group."""
        return sum(self._every.values()) if service is None else self._every.get(service, 0)

    def unknown(self, service: str | None = None) -> int | None:
        """How many are in no group; None where that is not shown."""
        return None if self.why(REST, service) not in ("", NOTHING) else self._n(REST, service)

    def _everybody(self, service: str | None) -> Levels:
        return _sum(self.everybody.values()) if service is None else self.everybody.get(service, {})

    def _inside(self, service: str | None) -> Levels:
        return _sum(self.levels.get((member, service), {}) for member in self._parts)

    @cached_property
    def _parts(self) -> tuple[str, ...]:
        """The groups that together are whoever is in one. Needs overlap, so that of them one says who is."""
        return (ANY,) if self.dimension == "need" else self.members

    @cached_property
    def _every(self) -> dict[str, int]:
        counts = counting(self.definition, {key for levels in self.everybody.values() for key in levels})
        return {
            service: sum(n for key, n in levels.items() if key in counts) for service, levels in self.everybody.items()
        }

    def _n(self, member: str, service: str | None) -> int:
        if service is None:
            return sum(self._n(member, each) for each in self._every)
        if member != REST:
            return self.ns.get((member, service), 0)
        return self._every.get(service, 0) - sum(self.ns.get((each, service), 0) for each in self._parts)

    def _of_one_group(self, services: Sequence[str]) -> bool:
        """Whether everybody of these services is in one group."""
        every = sum(self._every[each] for each in services)
        return bool(every) and any(sum(self._n(member, each) for each in services) == every for member in self.members)

    @cached_property
    def _all_in_one(self) -> bool:
        return self._of_one_group(tuple(self._every))

    @cached_property
    def _columns(self) -> dict[str, str]:
        """The column of each service. Small ones are one column together, which has ten people or more.

        So are services of which everybody is in one group: their months and channels would say where each person is.
        """
        order = sorted(self._every, key=lambda service: (self._every[service], service))
        small = [each for each in order if self._every[each] < FEWEST_OF_SERVICE or self._of_one_group((each,))]
        others = [each for each in order if each not in small]
        while small and others and (sum(self._every[each] for each in small) < FEWEST or self._of_one_group(small)):
            small.append(others.pop(0))
        return {service: _OTHERS if service in small else f"service {service}" for service in order}

    @cached_property
    def _hidden(self) -> frozenset[Place]:
        rows = [member for member in self.members if not (self.dimension == "need" and member == ANY)] + [REST]
        every, any_need = dict.fromkeys((*self._columns.values(), TOTAL), 0), defaultdict[str, int](int)
        cells: dict[Place, int] = defaultdict(int)
        totals: dict[Place, int] = defaultdict(int)
        for service, column in self._columns.items():
            for place in (column, TOTAL):
                every[place] += self._every[service]
                any_need[place] += self._n(ANY, service)
            for row in rows:
                n = self._n(row, service)
                cells[row, column] += n
                totals[row, TOTAL] += n
        also = set()
        for (row, column), n in (cells | totals).items():
            # Everybody less a group, and any need less one of them, must not be a few people either.
            few = [every[column] - n]
            if self.dimension == "need" and row != REST:
                few.append(any_need[column] - n)
            if any(0 < rest < FEWEST for rest in few):
                also.add((row, column))
        return beside_known(cells, also)


def _sum(parts: Iterable[Levels]) -> Levels:
    found: dict[tuple[str, str], int] = defaultdict(int)
    for levels in parts:
        for key, n in levels.items():
            found[key] += n
    return found


def _less(levels: Levels, part: Levels) -> Levels:
    return {key: n - part.get(key, 0) for key, n in levels.items()}
