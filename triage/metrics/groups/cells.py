"""What is known of groups of people in one quarter, and what of it may be shown. Pure.

One quarter is one table: a row for each group and one for whoever is in none, a column for each service, and the
council as the total. What is small is hidden, and so is what would give it away together with the services' own
figures, which are shown elsewhere (docs/decisions/2026-11-27-groups-of-people.md).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
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
SMALL_SERVICE = "too few in this service to look at groups of people"


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


@dataclass(frozen=True)
class Crossing:
    """One figure of one quarter by group and service: `everybody` by service, `groups` by (member, service)."""

    definition: Definition
    dimension: Dimension
    everybody: Mapping[str, Levels]
    groups: Mapping[tuple[str, str], Levels]

    @cached_property
    def members(self) -> tuple[str, ...]:
        """The groups of whom anything was counted; of needs, whoever told of any comes first."""
        return tuple(sorted({member for member, _ in self.groups}, key=lambda member: (member != ANY, member)))

    def cell(self, member: str, service: str | None = None) -> Cell:
        """What may be shown of a group, or of whoever is in none (REST); of one service, or of the whole council."""
        if service is not None and self._columns.get(service) == _OTHERS:
            return Cell(why=SMALL_SERVICE)
        levels = self._levels(member, service)
        n = self._n(levels)
        if n == 0:
            return Cell(why=NOTHING)
        row = REST if self.dimension == "need" and member == ANY else member
        if n < FEWEST:
            return Cell(why=TOO_FEW)
        if (row, TOTAL if service is None else self._columns[service]) in self._hidden:
            return Cell(why=HELD_BACK)
        rest = _less(self._everybody(service), levels)
        return Cell(self.definition.figure(Counts.of(levels)), self.definition.figure(Counts.of(rest)))

    def all_of(self, service: str | None = None) -> Value:
        """Everybody in the council or in one service, whatever their group."""
        return self.definition.figure(Counts.of(self._everybody(service)))

    def _n(self, levels: Levels) -> int:
        return self.definition.figure(Counts.of(levels)).n

    def _everybody(self, service: str | None) -> Levels:
        return _sum(self.everybody.values()) if service is None else self.everybody.get(service, {})

    def _levels(self, member: str, service: str | None) -> Levels:
        if member != REST:
            if service is not None:
                return self.groups.get((member, service), {})
            return _sum(levels for (one, _), levels in self.groups.items() if one == member)
        # Needs overlap: whoever told of none is everybody less whoever told of any.
        inside = [ANY] if self.dimension == "need" else list(self.members)
        return _less(self._everybody(service), _sum(self._levels(one, service) for one in inside))

    @cached_property
    def _columns(self) -> dict[str, str]:
        """The column of each service. Small ones are one column together, which has ten people or more."""
        totals = {service: self._n(levels) for service, levels in self.everybody.items()}
        order = sorted(totals, key=lambda service: (totals[service], service))
        small = [service for service in order if totals[service] < FEWEST_OF_SERVICE]
        while small and len(small) < len(order) and sum(totals[service] for service in small) < FEWEST:
            small.append(order[len(small)])
        return {service: _OTHERS if service in small else f"service {service}" for service in order}

    @cached_property
    def _hidden(self) -> frozenset[Place]:
        rows = [member for member in self.members if not (self.dimension == "need" and member == ANY)] + [REST]
        cells: dict[Place, int] = defaultdict(int)
        every: dict[str, int] = defaultdict(int)
        any_need: dict[str, int] = defaultdict(int)
        for service, column in self._columns.items():
            every[column] += self._n(self.everybody[service])
            any_need[column] += self._n(self._levels(ANY, service))
            for row in rows:
                cells[row, column] += self._n(self._levels(row, service))
        every[TOTAL], any_need[TOTAL] = sum(every.values()), sum(any_need.values())
        also = set()
        for row in rows:
            for column in every:
                n = cells[row, column] if column != TOTAL else sum(cells[row, each] for each in every if each != TOTAL)
                # Everybody less a group, and any need less one of them, must not be a few people either.
                few = [every[column] - n] + ([any_need[column] - n] if self.dimension == "need" and row != REST else [])
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
