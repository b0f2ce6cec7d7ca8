"""A figure for a view: in all, over time and side by side. Groups of people are read in metrics/groups."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.metrics.figures import repository
from triage.metrics.figures.repository import Sum
from triage.metrics.figures.shapes import Column, Counted, Counts, Definition, Filter, Value
from triage.metrics.periods import By, Period, period_of, periods


async def figure(session: AsyncSession, definition: Definition, view: Filter) -> Value:
    """One figure's value for a view."""
    return (await figures(session, [definition], view))[definition.id]


async def figures(session: AsyncSession, definitions: Sequence[Definition], view: Filter) -> dict[str, Value]:
    """Several figures of one view, by id, from one reading of the facts."""
    rows = await repository.sums(
        session, view, _measures(definitions), by_channel=any(each.by_channel for each in definitions)
    )
    # Each is given its own measures, and their channels and months only where it is worked out by them: what costs need
    # of five years is tens of thousands of rows.
    by_measure: dict[str, list[Sum]] = {}
    for row in rows:
        by_measure.setdefault(row.measure, []).append(row)
    all_together = {measure: _levels(each) for measure, each in by_measure.items()}

    def counts(of: Definition) -> Counts:
        measures = [measure for measure in of.measures if measure in by_measure]
        if of.by_channel:
            return _counts(row for measure in measures for row in by_measure[measure])
        return Counts.of({key: n for measure in measures for key, n in all_together[measure].items()})

    return {each.id: _valued(each, counts(each), view.end) for each in definitions}


async def series(
    session: AsyncSession, definition: Definition, view: Filter, by: By = "month"
) -> list[tuple[Period, Value]]:
    """The figure of each month or quarter of a view, those in which nothing was counted too, oldest first."""
    rows = await repository.sums(session, view, definition.measures, by_channel=definition.by_channel, by_month=True)
    found: dict[Period, list[Sum]] = {}
    for row in rows:
        if row.month is not None:
            found.setdefault(period_of(row.month, by), []).append(row)
    return [
        (period, _valued(definition, _counts(found.get(period, ())), min(period.end, view.end)))
        for period in periods(period_of(view.start, by), period_of(view.end, by))
    ]


async def side_by_side(session: AsyncSession, definition: Definition, view: Filter, column: Column) -> dict[str, Value]:
    """The figure of each service, queue, partner or channel in view, by its code ('' where none is known)."""
    rows = await repository.sums(session, view, definition.measures, by=column, by_channel=definition.by_channel)
    return {code: _valued(definition, _counts(each), view.end) for code, each in _by_label(rows).items()}


def _measures(definitions: Iterable[Definition]) -> list[str]:
    return sorted({measure for each in definitions for measure in each.measures})


def _counts(rows: Iterable[Sum]) -> Counts:
    return Counts(tuple(Counted(row.measure, row.level, row.n, row.channel, row.month) for row in rows))


def _levels(rows: Iterable[Sum]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for row in rows:
        found[row.measure, row.level] = found.get((row.measure, row.level), 0) + row.n
    return found


def _by_label(rows: Iterable[Sum]) -> dict[str, list[Sum]]:
    found: dict[str, list[Sum]] = {}
    for row in rows:
        found.setdefault(row.label, []).append(row)
    return found


def _valued(definition: Definition, counts: Counts, end: date) -> Value:
    value = definition.figure(counts)
    if not (days := definition.settles_in):
        return value
    recent = clock.today() <= end + timedelta(days=days)
    return replace(value, provisional=recent or value.provisional)
