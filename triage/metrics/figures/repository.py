"""Adding up facts for figures: whole months from the months' table, and the days at either end from the days'.

What is asked of the whole council is read from the totals of both, which are a thousandth of the rows.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Integer, Row, Select, cast, column, func, join, literal, null, or_, select, true, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from triage.metrics.figures.shapes import Filter
from triage.tables import Fact, FactMonth, FactTotal

# (measure, level, channel, month, label, n); what was not asked for is '' or None.
Sum = Row[str, str, str, date | None, str, int]
NAMES = ("measure", "level", "channel", "month", "label")


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def split(start: date, end: date) -> tuple[tuple[date, date] | None, list[tuple[date, date]]]:
    """The first and last whole month from `start` to `end` (by first day), and the spans of days that are left."""
    first = start if start.day == 1 else _next_month(start)
    last = (end + timedelta(days=1)).replace(day=1)
    if first >= last:
        return None, [(start, end)]
    spans = [(start, first - timedelta(days=1)), (last, end)]
    return (first, (last - timedelta(days=1)).replace(day=1)), [span for span in spans if span[0] <= span[1]]


async def sums(
    session: AsyncSession,
    view: Filter,
    measures: Iterable[str],
    *,
    by: str = "",
    dimension: str = "",
    by_channel: bool = False,
    by_month: bool = False,
) -> Sequence[Sum]:
    """The facts in view, added up by measure and level; and by `by` (service, queue, partner, channel, or member of a
    `dimension`), by channel, and by month where that is asked for."""
    group, member = (dimension, "") if dimension else view.group
    wanted = tuple(measures)
    whole, spans = split(view.start, view.end)
    # What is asked of the whole council has been added up already; groups of people by month only.
    council = not (view.service or view.queue or view.partner) and by not in ("service", "queue", "partner")
    days: type[Fact] | type[FactTotal] = FactTotal if council and not group else Fact
    asked = (view, wanted, group, member, by, by_channel, by_month)
    reads = []
    if whole:
        reads.append(_read(FactTotal if council else FactMonth, "month", [whole], *asked))
    if spans:
        reads.append(_read(days, "day", spans, *asked))
    return (await session.execute(union_all(*reads))).all()


def _read(
    table: type[Fact] | type[FactMonth] | type[FactTotal],
    span: str,
    times: Sequence[tuple[date, date]],
    view: Filter,
    measures: tuple[str, ...],
    dimension: str,
    member: str,
    by: str,
    by_channel: bool,
    by_month: bool,
) -> Select[Any]:
    columns: Any = table
    level, of, n, rows = columns.level, columns.member, columns.count, columns
    if table is Fact:
        # The name of each level and member is inside a row of a day.
        given = (Fact.dimension, Fact.level, Fact.member, Fact.count, Fact.levels)
        counted = func.fact_counts(*given).table_valued("level", "member", column("n", Integer)).lateral("counted")
        level, of, n = counted.c.level, counted.c.member, counted.c.n
        rows = join(Fact, counted, true())
    when = {Fact: "day", FactMonth: "month", FactTotal: "start"}[table]
    day = getattr(columns, when)
    month = day if span == "month" else cast(func.date_trunc("month", day), Date)
    keys: dict[str, Any] = {"measure": columns.measure, "level": level}
    keys |= {"channel": columns.channel} if by_channel else {}
    keys |= {"month": month} if by_month or by_channel else {}
    keys |= {"label": of if by == "member" else getattr(columns, by)} if by else {}
    empty = {"channel": literal(""), "month": cast(null(), Date), "label": literal("")}
    found = (
        select(*((empty | keys)[name].label(name) for name in NAMES), cast(func.sum(n), Integer).label("n"))
        .select_from(rows)
        .where(columns.source == view.source, columns.dimension == dimension, columns.measure.in_(measures))
        .where(or_(*(day.between(*each) for each in times)))
        .group_by(*keys.values())
    )
    if table is FactTotal:
        found = found.where(FactTotal.span == span)
    if member:
        found = found.where(of == member)
    for name in ("service", "queue", "partner", "channel"):
        if value := getattr(view, name):
            found = found.where(getattr(columns, name) == value)
    return found
