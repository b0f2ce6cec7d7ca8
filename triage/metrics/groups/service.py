"""From figures of groups to what their page shows."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.catalogue import catalogue
from triage.errors import Invalid, NotFound
from triage.metrics.figures import ALL, Definition
from triage.metrics.figures.shapes import Dimension
from triage.metrics.groups import judging, reading, repository
from triage.metrics.groups.cells import REST, Crossing
from triage.metrics.groups.names import MEANING, TITLES, group_name
from triage.metrics.groups.schemas import Gaps, GroupLine, GroupTable, GroupView
from triage.metrics.periods import Period, period_of, quarter
from triage.metrics.service import service_name
from triage.metrics.settling import last_settled, settles_on
from triage.shares import in_hundred

DIMENSIONS: tuple[Dimension, ...] = ("language", "need", "ward")
# So many quarters back can be chosen; an address may name an older one.
QUARTERS = 12


def definition_of(figure: str) -> Definition:
    """A figure that is counted for groups of people. Raises NotFound."""
    found = ALL.get(figure)
    if found is None or not found.for_groups:
        raise NotFound("This figure is not counted for groups of people. Those that are can be chosen at /owner/gaps.")
    return found


def quarter_of(view: GroupView, newest: Period) -> Period:
    """The quarter of a view: the newest that there is unless it names one. Raises Invalid for one after that.

    While a quarter is still counted, two looks at it can be subtracted, and one person's answer is left.
    """
    if not view.quarter:
        return newest
    year, _, number = view.quarter.partition("-q")
    found = quarter(int(year), int(number))
    if found > newest and view.source == "demo":
        raise Invalid(f"The demonstration ends with {newest.name}.")
    if found > newest:
        raise Invalid(
            f"Groups of people are shown when a quarter is counted no more: {found.name} on "
            f"{settles_on(found):%-d %B %Y}."
        )
    return found


async def gaps(session: AsyncSession, view: GroupView) -> Gaps:
    """Every group of every dimension beside everybody else. Raises NotFound and Invalid."""
    newest = await _newest(session, view.source)
    definition, period = definition_of(view.figure), quarter_of(view, newest)
    everybody = await reading.everybody(session, definition, [period], view.source)
    crossings = [
        (await reading.crossings(session, everybody, dimension, service=view.service))[period]
        for dimension in DIMENSIONS
    ]
    tables = tables_of(crossings, view.service or None)
    known = catalogue().services
    return Gaps(
        definition=definition,
        quarter=period,
        quarters=tuple(sorted({*reading.back_from(newest, QUARTERS), period}, reverse=True)),
        sentences=_sentences(definition, period, tables),
        tables=tuple(tables),
        figures=tuple((one.id, one.name) for one in ALL.values() if one.for_groups),
        services=tuple(
            sorted(((code, service_name(code)) for code in {*known, view.service} if code), key=lambda one: one[1])
        ),
    )


async def _newest(session: AsyncSession, source: str) -> Period:
    """The newest quarter that has settled; of the demonstration, which does not go on, its last."""
    month = await repository.last_month(session, source) if source == "demo" else None
    return period_of(month, "quarter") if month else last_settled(clock.today())


def tables_of(crossings: Sequence[Crossing], service: str | None) -> list[GroupTable]:
    """The tables of one page, of the dimensions that have a group: they share what is allowed to chance."""
    judged = sum(table(crossing, service).judged for crossing in crossings)
    made = [table(crossing, service, judged) for crossing in crossings]
    return [one for one in made if one.lines]


def table(crossing: Crossing, service: str | None, among: int | None = None) -> GroupTable:
    """The groups of one dimension, in all or of one service, the ones without a group last.

    `among`: how many groups are judged on the page, if there are others.
    """
    dimension = crossing.dimension
    codes = [*crossing.members, REST] if crossing.members else []
    cells = [crossing.cell(code, service) for code in codes]
    # Whoever is in no group is everybody else seen from the other side, and is not judged once more.
    said = [*judging.verdicts(cells[:-1], among), ""]
    lines = tuple(
        GroupLine(code, group_name(dimension, code), cell, verdict)
        for code, cell, verdict in zip(codes, cells, said, strict=False)
    )
    return GroupTable(
        dimension,
        TITLES[dimension],
        MEANING[dimension],
        lines,
        unknown_said(crossing, service) if lines else "",
        sum(judging.may_judge(cell) for cell in cells[:-1]),
    )


def unknown_said(crossing: Crossing, service: str | None) -> str:
    """Of how many it is not known in which ward they are; '' for the other dimensions."""
    if crossing.dimension != "ward":
        return ""
    whole, n = crossing.all_of(service), crossing.unknown(service)
    if n is None:
        why = crossing.why(REST, service)
        return f"Of {whole:,} in all, it cannot be said here how many are of no known ward: {why}."
    return f"Of {whole:,} in all, {n:,} are of no known ward ({in_hundred(n / whole if whole else 0)} in every 100)."


def _sentences(definition: Definition, period: Period, tables: Sequence[GroupTable]) -> tuple[str, ...]:
    judged = sum(one.judged for one in tables)
    if not tables:
        return (f"Nothing was counted of groups of people in {period.name}.",)
    if not judged:
        return (
            f"In {period.name} no group has enough people to be compared: it needs {judging.FEWEST_TO_JUDGE}, and as "
            "many who are not in it.",
        )
    worse, better = judging.LESS, judging.MORE
    if definition.better == "lower":
        worse, better = better, worse
    found = [_named(tables, verdict) for verdict in (worse, better)]
    said = [f"In {period.name} {judged} group{'s' if judged != 1 else ''} can be compared with everybody else."]
    if found[0]:
        said.append(f"Worse for them, by more than chance explains: {found[0]}.")
    if found[1]:
        said.append(f"Better for them, by more than chance explains: {found[1]}.")
    if not any(found):
        said.append("None is further from everybody else than chance explains.")
    return tuple(said)


def _named(tables: Sequence[GroupTable], verdict: str) -> str:
    lines = [line for one in tables for line in one.lines if line.verdict == verdict and line.points is not None]
    lines.sort(key=lambda line: -abs(line.points or 0))
    return ", ".join(f"{line.label} ({line.points:+.0f})" for line in lines)
