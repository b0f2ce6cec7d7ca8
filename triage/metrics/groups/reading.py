"""From facts to figures of groups: quarters that have ended and are counted no more, each a table of its own."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from triage.metrics.figures.shapes import Definition, Dimension
from triage.metrics.groups import repository
from triage.metrics.groups.cells import Crossing, Levels, counting
from triage.metrics.periods import Period


def back_from(newest: Period, most: int) -> list[Period]:
    """So many quarters that may be looked at by group, the newest first."""
    found = [newest]
    while len(found) < most:
        found.append(found[-1].before())
    return found


@dataclass(frozen=True)
class Everybody:
    """One figure of everybody by service, in quarters that follow each other: what groups are set beside."""

    definition: Definition
    quarters: Sequence[Period]
    by_service: Mapping[date, Mapping[str, Levels]]
    source: str = "live"

    @property
    def span(self) -> tuple[date, date]:
        """The first day and the last."""
        return min(self.quarters).start, max(self.quarters).end


async def everybody(
    session: AsyncSession, definition: Definition, quarters: Sequence[Period], source: str = "live"
) -> Everybody:
    """See Everybody. Raises ValueError for a figure that is not counted for groups of people."""
    if not definition.for_groups:
        raise ValueError(f"{definition.id} is not counted for groups of people")
    found = Everybody(definition, quarters, defaultdict(lambda: defaultdict(dict)), source)
    for start, _, service, *key, n in await repository.everybody(session, source, definition.measures, *found.span):
        found.by_service[start][service][*key] = n  # type: ignore[index]
    return found


async def crossings(
    session: AsyncSession,
    beside: Everybody,
    dimension: Dimension,
    *,
    member: str = "",
    service: str = "",
    by_service: bool = False,
) -> dict[Period, Crossing]:
    """The groups of a dimension beside everybody, in each quarter. Files know no groups.

    The counts are those of all groups or of one `member`, and of one service or of the whole council, and with
    `by_service` of each service as well. What may be shown of a quarter does not depend on the others: quarters do not
    overlap, and are never added up here.
    """
    of, span = beside.definition, beside.span
    counts = counting(of, {key for each in beside.by_service.values() for levels in each.values() for key in levels})
    if not counts:
        return {quarter: Crossing(of, dimension, {}, {}, {}) for quarter in beside.quarters}
    ns: dict[date, dict[tuple[str, str], int]] = defaultdict(dict)
    for start, group, label, n in await repository.numbers(session, beside.source, dimension, counts, *span):
        ns[start][group, label] = n
    levels: dict[date, dict[tuple[str, str | None], dict[tuple[str, str], int]]]
    levels = defaultdict(lambda: defaultdict(dict))
    for each in (False, True) if by_service else (False,):
        for start, group, label, measure, level, n in await repository.levels(
            session, beside.source, dimension, of.measures, *span, member=member, service=service, by_service=each
        ):
            levels[start][group, label if each else service or None][measure, level] = n
    return {
        quarter: Crossing(
            of, dimension, beside.by_service.get(quarter.start, {}), ns[quarter.start], levels[quarter.start]
        )
        for quarter in beside.quarters
    }
