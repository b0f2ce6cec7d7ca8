"""From monthly counts to the rows of a view, and what is said of them. Pure.

Every month that was counted is read, judged and held back where it must be, whichever a view shows: only then it is cut
to the view. So a month is held against the same baseline wherever somebody looks at it from.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import dropwhile

from triage.metrics import service as figures
from triage.metrics.periods import By, Period, period_of, periods
from triage.metrics.room import change
from triage.metrics.room.change import Verdict
from triage.metrics.room.schemas import View
from triage.metrics.rules import NONE, Counts, withheld
from triage.metrics.schemas import Row, Tally
from triage.metrics.statistics.charts import Reading
from triage.metrics.versions import NONE_KNOWN, Versions

# What is said in place of a chart where three months were counted as one.
BY_QUARTER = (
    "Some of these past figures were counted by quarter, so all of them are shown by quarter and there is no chart by "
    "month. A quarter's answers would stand there as one month, with two empty ones after it."
)


@dataclass(frozen=True, slots=True)
class Judged:
    """The months of a view, each with its reading, what the newest of them says, and what they were asked."""

    rows: tuple[Row, ...]
    readings: tuple[Reading, ...]
    verdict: Verdict
    asked: Versions = NONE_KNOWN


def every_row(tallies: Mapping[Period, Tally], by: By, running: date | None) -> list[Row]:
    """One row a month or quarter from the first with an answer, gaps included, from the count of each month.

    They go on to the one in which `running` lies; without it, of what has come to an end, to the last with an answer.
    """
    added: dict[Period, Tally] = defaultdict(Tally)
    for month, tally in tallies.items():
        added[period_of(month.start, by)] += tally
    rated = [period for period, tally in added.items() if tally.counts.n]
    if not rated:
        return []
    last = max(rated) if running is None else max(*rated, period_of(running, by))
    every = periods(min(rated), last)
    hidden = _hidden(every, added) if by == "month" else {}
    return [
        figures.row(period.name, added.get(period, Tally()), hidden.get(period), period=period, code=period.code)
        for period in every
    ]


def _hidden(every: Sequence[Period], added: dict[Period, Tally]) -> dict[Period, str]:
    """Months that are not shown: with their quarter's figure published too, each quarter is a table with its total."""
    quarters: dict[Period, list[Period]] = defaultdict(list)
    for month in every:
        quarters[period_of(month.start, "quarter")].append(month)
    return {
        of_quarter[place]: reason
        for of_quarter in quarters.values()
        for place, reason in withheld([added[month].counts.n for month in of_quarter]).items()
        if reason != NONE
    }


def in_view(rows: Iterable[Row], view: View) -> list[Row]:
    """The rows that a view shows, from its first with an answer."""
    return list(dropwhile(lambda row: not row.n, (row for row in rows if row.period and view.has(row.period))))


def judged(
    every: Sequence[Row], view: View, changes: frozenset[date], today: date, asked: Versions = NONE_KNOWN
) -> Judged:
    """The months that a view shows, read with all the others.

    Each day of `changes` begins a new baseline, and so does each new version of the question by itself.
    """
    readings = change.readings(counted(every), changes | asked.starts, today)
    shown = in_view(every, view)
    if not shown:
        return Judged((), (), change.verdict((), ()), asked)
    first = next(place for place, row in enumerate(every) if row.code == shown[0].code)
    last = first + len(shown)
    # What came before the view is part of what its newest month says; what came after is not.
    verdict = change.verdict(counted(every[:last]), readings[:last], held_back(every[:last]))
    return Judged(tuple(shown), readings[first:last], verdict, asked)


def counted(rows: Iterable[Row]) -> list[tuple[Period, Counts]]:
    """The counts of each period, also of those that are not shown: for what is worked out over several."""
    return [(row.period, row.tally.counts) for row in rows if row.period]


def said_of(rows: Iterable[Row]) -> list[tuple[Period, Counts]]:
    """The counts of the periods that may be spoken of, one by one."""
    return counted(row for row in rows if row.share)


def held_back(rows: Iterable[Row]) -> frozenset[Period]:
    """The periods of which no figure is shown, because there are too few or because they would give such a one away."""
    return frozenset(row.period for row in rows if row.period and row.n and row.share is None)


def newest(rows: Sequence[Row], today: date) -> Row | None:
    """The row that the page is about: of those that have ended the newest that can be shown, else with an answer.

    One that still runs is it only where there is no other: looked at each day, chance would have many tries at it.
    """
    done = [row for row in rows if ended(row, today)]
    for some in (done, rows):
        shown, rated = [row for row in some if row.share], [row for row in some if row.n]
        if shown or rated:
            return shown[-1] if shown else rated[-1]
    return None


def ended(row: Row, today: date) -> bool:
    """Whether the period of a row is over."""
    return row.period is not None and row.period.end < today
