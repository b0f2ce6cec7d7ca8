"""From facts to figures of groups: quarters that have ended and are counted no more, each a table of its own."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from triage.metrics.figures.shapes import Definition, Dimension
from triage.metrics.groups import repository
from triage.metrics.groups.cells import Crossing
from triage.metrics.periods import Period
from triage.metrics.settling import last_settled

Counted = dict[tuple[str, str], int]


def settled(today: date, most: int) -> list[Period]:
    """The newest quarters that may be looked at by group, the newest first."""
    found = [last_settled(today)]
    while len(found) < most:
        found.append(found[-1].before())
    return found


async def crossings(
    session: AsyncSession, definition: Definition, dimension: Dimension, quarters: Sequence[Period]
) -> dict[Period, Crossing]:
    """One figure by group and service in each of these quarters, which follow each other.

    Raises ValueError for a figure that is not counted by group. Files and the demonstration know no groups.
    What may be shown of each does not depend on the others: quarters do not overlap, and are never added up here.
    """
    if not definition.for_groups:
        raise ValueError(f"{definition.id} is not counted for groups of people")
    everybody: dict[date, dict[str, Counted]] = defaultdict(lambda: defaultdict(dict))
    groups: dict[date, dict[tuple[str, str], Counted]] = defaultdict(lambda: defaultdict(dict))
    first, last = min(quarters).start, max(quarters).end
    for start, of, member, service, measure, level, n in await repository.crossed(
        session, dimension, definition.measures, first, last
    ):
        if of:
            groups[start][member, service][measure, level] = n
        else:
            everybody[start][service][measure, level] = n
    return {
        quarter: Crossing(definition, dimension, everybody[quarter.start], groups[quarter.start])
        for quarter in quarters
    }
