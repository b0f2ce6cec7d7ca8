"""Making editions of ended quarters, once each, and the rows of every file from them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.catalogue import catalogue
from triage.metrics.exports import percent
from triage.metrics.opendata import repository
from triage.metrics.opendata.datasets import SHOWN, SOURCES, WITHHELD, Dataset
from triage.metrics.opendata.grouping import Cell, Group, Levels, grouped, regrouped, rows_of, total
from triage.metrics.periods import Period, period_of
from triage.metrics.rules import Share
from triage.metrics.service import queue_name, service_name
from triage.metrics.settling import last_settled
from triage.tables import OpenDataEdition

Value = str | int | float | None
Line = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Edition:
    """A quarter as it was published. `withheld`: what earlier editions had, where this one may show nothing of it."""

    period: Period
    source: str
    number: int
    made_on: date
    groups: tuple[Group, ...]
    withheld: tuple[Cell, ...] = ()


async def standing(session: AsyncSession, source: str, dataset: Dataset) -> list[Edition]:
    """The editions that stand of every settled quarter, oldest first; those that are missing are made now.

    One that would have told too much is kept too, without groups, and not worked out for each visitor: the rows that
    its quarter had say withheld, with its number, so that nobody looks for them in vain.
    """
    until = last_settled(clock.today()).end
    wanted = await repository.quarters(session, source, dataset.measure, until)
    held = await repository.editions(session, source, dataset.measure)
    missing = set(wanted) - {one.quarter for one in held if one.withdrawn_at is None}
    if missing:
        await repository.lock(session)
        held = await repository.editions(session, source, dataset.measure)
        missing = set(wanted) - {one.quarter for one in held if one.withdrawn_at is None}
        for quarter in sorted(missing):
            before = [one for one in held if one.quarter == quarter]
            held.append(await _made(session, source, dataset, quarter, before))
    stand = [one for one in held if one.withdrawn_at is None]
    return [_edition(one, held) for one in sorted(stand, key=lambda one: one.quarter)]


async def next_edition(session: AsyncSession, source: str, dataset: Dataset, quarter: date) -> tuple[int, bool] | None:
    """The number of a quarter's next edition and whether it may be shown, if it were made now; None: nothing counts.

    Nothing is stored.
    """
    before = [one for one in await repository.editions(session, source, dataset.measure) if one.quarter == quarter]
    counts = await _cells(session, source, dataset, period_of(quarter, "quarter"))
    return (len(before) + 1, bool(_parted(counts, before))) if counts else None


async def _made(
    session: AsyncSession, source: str, dataset: Dataset, quarter: date, before: list[OpenDataEdition]
) -> OpenDataEdition:
    """The next edition of a quarter; without groups when it would tell too much beside the earlier ones."""
    groups = _parted(await _cells(session, source, dataset, period_of(quarter, "quarter")), before)
    return await repository.add(
        session,
        source=source,
        measure=dataset.measure,
        quarter=quarter,
        number=len(before) + 1,
        groups=[
            {"cells": [[cell.service, cell.queue, cell.partner] for cell in group.cells], "levels": list(group.levels)}
            for group in groups
        ],
    )


def _parted(counts: Mapping[Cell, Levels], before: list[OpenDataEdition]) -> tuple[Group, ...]:
    if before:
        return regrouped([_groups(one) for one in before], counts) or ()
    return grouped(counts, lambda queue, partner: (queue_name(queue), _partner_name(partner)))


def _refused(held: OpenDataEdition) -> bool:
    # A first edition without groups is of a quarter with too few answers, and says so.
    return held.number > 1 and not held.groups


def _groups(held: OpenDataEdition) -> tuple[Group, ...]:
    return tuple(Group(tuple(Cell(*cell) for cell in group["cells"]), tuple(group["levels"])) for group in held.groups)


def _edition(one: OpenDataEdition, held: Iterable[OpenDataEdition]) -> Edition:
    made_on = one.made_at.astimezone(clock.LONDON).date()
    earlier = [each for each in held if each.quarter == one.quarter and _refused(one)]
    withheld = sorted({cell for each in earlier for group in _groups(each) for cell in group.cells})
    return Edition(period_of(one.quarter, "quarter"), one.source, one.number, made_on, _groups(one), tuple(withheld))


async def _cells(session: AsyncSession, source: str, dataset: Dataset, period: Period) -> Mapping[Cell, Levels]:
    """What a quarter holds, by service, queue and whoever ran it; made-up answers are set against no partner.

    Who ran it is as in the report: what was counted says it, or else the council's partners on the month's first day.
    """
    counts: dict[Cell, list[int]] = defaultdict(lambda: [0] * len(dataset.levels))
    found = await repository.held(session, source, dataset.measure, period.start, period.end)
    for month, service, queue, said, level, count in found:
        partner = said if said in catalogue().partners else catalogue().partner_id(queue, month) or ""
        cell = Cell(service, queue, "" if source == "demo" else partner)
        counts[cell][dataset.levels.index(level)] += count
    return {cell: tuple(levels) for cell, levels in counts.items()}


def _partner_name(partner: str) -> str:
    known = catalogue().partners.get(partner)
    return known.name if known else "Not recorded"


def rows(editions: Iterable[Edition], dataset: Dataset) -> list[Line]:
    """The rows of a file: oldest quarter first, each with its numbers or withheld."""
    found: list[Line] = []
    for edition in editions:
        if dataset.by == "quarter":
            found.append(_line(edition, dataset, total(edition.groups), None))
            continue
        name = {"service": service_name, "queue": queue_name, "partner": _partner_name}[dataset.by]
        # What an earlier edition named is known already: that it is withheld now tells nothing of anybody.
        table = {str(getattr(cell, dataset.by)): None for cell in edition.withheld} | rows_of(
            edition.groups, lambda cell: str(getattr(cell, dataset.by))
        )
        found += [_line(edition, dataset, levels, (code, name(code))) for code, levels in table.items()]
    return found


def _line(edition: Edition, dataset: Dataset, levels: Levels | None, about: tuple[str, str] | None) -> Line:
    values: list[Value] = [
        edition.period.code,
        edition.period.start.isoformat(),
        edition.period.end.isoformat(),
        SOURCES[edition.source],
        *(about or ()),
    ]
    if levels is None:
        values += [None] * (len(dataset.levels) + 4)
    else:
        some = levels[0] + levels[1] if dataset.measure == "satisfaction" else levels[0]
        share = Share(some, sum(levels))
        low, high = share.interval
        values += [share.n, *levels, percent(share.value), percent(low), percent(high)]
    values += [SHOWN if levels else WITHHELD, edition.number, edition.made_on.isoformat()]
    return dict(zip((column.name for column in dataset.columns), values, strict=True))
