"""From counts to the owner's page."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.catalogue import catalogue
from triage.metrics import sentences
from triage.metrics import service as figures
from triage.metrics.groups import repository as groups
from triage.metrics.periods import By, Period, period_of, periods
from triage.metrics.room import change, drawing, repository, weighing, why
from triage.metrics.room.schemas import Answering, Numbered, Room, Table, View
from triage.metrics.room.weighing import Corrected
from triage.metrics.rules import FEWEST, HELD_BACK, NONE, Counts, withheld
from triage.metrics.schemas import Row, Tally
from triage.metrics.statistics.charts import Reading
from triage.metrics.statistics.nonresponse import Group, compare
from triage.tables import Agent, Annotation, OwnerSubscription

CHANNELS = {
    "chat": "Chat",
    "web": "Web form",
    "email": "Email",
    "phone": "Phone",
    "api": "Connected site",
    "face_to_face": "Face to face",
    "post": "Post",
    "sms": "Text message",
}


def channel_name(channel: str) -> str:
    """A channel as people read it; one that we do not know keeps its id."""
    return CHANNELS.get(channel, channel or "No channel")


def partner_name(partner: str) -> str:
    """A partner's name; one that has gone keeps its id."""
    known = catalogue().partners.get(partner)
    return known.name if known else partner or "Not recorded"


NAMES = {
    "service": figures.service_name,
    "queue": figures.queue_name,
    "channel": channel_name,
    "partner": partner_name,
}


async def room(session: AsyncSession, view: View, owner: Agent) -> Room:
    """Everything on the owner's page for one view."""
    tallies = await _months(session, view)
    months = _rows(tallies, "month", view)
    rows = _rows(tallies, view.by, view)
    notes = await repository.notes(session, view)
    read = read_months(months, notes)
    said = change.verdict(counted(months), read, held_back(months))
    top = newest(rows)
    side_by_side: tuple[Table, ...] = ()
    moved: tuple[why.Mover, ...] = ()
    answering: Answering | None = None
    corrected: Corrected | None = None
    spoken: list[str] = []
    if top and top.period:
        answering = await _answering(session, view, top.period)
        spoken = _sentences(view, rows, top)
        # The parts of a period that is held back would add up to it, and so would the same corrected.
        if top.why != HELD_BACK:
            side_by_side = await _tables(session, view, top.period)
            corrected = await _corrected(session, view, top.period)
            if top.period.year_before() not in held_back(rows):
                moved = await _moved(session, view, side_by_side, top.period)
    services = next((table.rows for table in side_by_side if table.kind in ("service", "queue")), ())
    gaps = [*answering.services, *answering.channels] if answering else []
    drawn = [(note.day, note.change) for note in notes]
    return Room(
        sentences=tuple(spoken),
        verdict=said,
        drawings=tuple(
            one for shape in ("wide", "narrow") if (one := drawing.draw(months, read, drawn, shape)) is not None
        ),
        months=tuple(months),
        periods=tuple(rows),
        headline=top,
        movers=moved,
        advice=why.advice(said, moved, services, answering.rate if answering else None, gaps),
        tables=side_by_side,
        answering=answering,
        corrected=corrected,
        notes=tuple(Numbered(number, note) for number, note in enumerate(notes, start=1)),
        views=tuple(await repository.views(session, owner.id)),
        subscription=await session.get(OwnerSubscription, owner.id),
        counted_up_to=await figures.counted_up_to(session) if view.source == "live" else None,
        choices=await choices(session, view),
    )


def read_months(months: Sequence[Row], notes: Iterable[Annotation]) -> tuple[Reading, ...]:
    """The p-chart's reading of each monthly row, from the changes that were declared."""
    changes = frozenset(note.day for note in notes if note.change)
    return change.readings(counted(months), changes, clock.today())


def counted(rows: Iterable[Row]) -> list[tuple[Period, Counts]]:
    """The counts of each period, also of those that are not shown: for what is worked out over several."""
    return [(row.period, row.tally.counts) for row in rows if row.period]


def said_of(rows: Iterable[Row]) -> list[tuple[Period, Counts]]:
    """The counts of the periods that may be spoken of, one by one."""
    return counted(row for row in rows if row.share)


def held_back(rows: Iterable[Row]) -> frozenset[Period]:
    """The periods of which no figure is shown, because there are too few or because they would give such a one away."""
    return frozenset(row.period for row in rows if row.period and row.n and row.share is None)


def newest(rows: Sequence[Row]) -> Row | None:
    """The row that the page is about: the newest that can be shown, else the newest with an answer."""
    shown, rated = [row for row in rows if row.share], [row for row in rows if row.n]
    return shown[-1] if shown else rated[-1] if rated else None


async def months(session: AsyncSession, view: View) -> list[Row]:
    """One row a month from the first with an answer, gaps included."""
    return _rows(await _months(session, view), "month", view)


async def by_period(session: AsyncSession, view: View) -> list[Row]:
    """One row a month or quarter, as the view asks, from the first with an answer, gaps included."""
    return _rows(await _months(session, view), view.by, view)


async def tables(session: AsyncSession, view: View) -> tuple[Table, ...]:
    """The tables of the newest period of a view."""
    top = newest(await by_period(session, view))
    return await _tables(session, view, top.period) if top and top.period and top.why != HELD_BACK else ()


async def _months(session: AsyncSession, view: View) -> dict[Period, Tally]:
    tallies: dict[Period, Tally] = defaultdict(Tally)
    for month, measure, level, count in await repository.by_month(session, view):
        tallies[period_of(month, "month")] += _one(measure, level, count)
    return tallies


def _one(measure: str, level: str, count: int) -> Tally:
    return figures.one(measure, level, count)


def _rows(tallies: dict[Period, Tally], by: By, view: View) -> list[Row]:
    added: dict[Period, Tally] = defaultdict(Tally)
    for month, tally in tallies.items():
        added[period_of(month.start, by)] += tally
    rated = [period for period, tally in added.items() if tally.counts.n]
    if not rated:
        return []
    last = max(rated)
    if view.source == "live":
        last = max(last, period_of(min(view.last or clock.today(), clock.today()), by))
    every = periods(min(rated), last)
    hidden = _hidden(every, added) if by == "month" else {}
    return [
        figures.row(period.name, added.get(period, Tally()), hidden.get(period), period=period, code=period.code)
        for period in every
        if view.has(period)
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


async def _labelled(
    session: AsyncSession, view: View, kind: str, period: Period, years_before: int = 0
) -> tuple[Row, ...]:
    tallies: dict[str, Tally] = defaultdict(Tally)
    for _ in range(years_before):
        period = period.year_before()
    days = period.start, period.end
    if kind == "partner":
        for month, queue, held, measure, level, count in await repository.by_partner_and_queue(session, view, *days):
            # A history from a file may not say who answered for it: then whoever ran the queue as the month began.
            tallies[held or catalogue().partner_id(queue, month) or ""] += _one(measure, level, count)
    else:
        for label, measure, level, count in await repository.by_label(session, view, kind, *days):
            tallies[label] += _one(measure, level, count)
    name = NAMES[kind]
    return figures.breakdown((code, name(code), "", tally) for code, tally in tallies.items())


async def _tables(session: AsyncSession, view: View, period: Period) -> tuple[Table, ...]:
    # Made-up answers are never set against the name of whoever really does the work.
    kinds = [kind for kind in ("service", "queue", "partner", "channel") if not getattr(view, kind)]
    found = []
    for kind in kinds:
        if kind == "partner" and view.source == "demo":
            continue
        rows = await _labelled(session, view, kind, period)
        if len(rows) > 1:
            found.append(Table(kind, f"By {kind}, {period.name}", rows))
    return tuple(found)


async def _moved(session: AsyncSession, view: View, tables: Sequence[Table], period: Period) -> tuple[why.Mover, ...]:
    first = next((table for table in tables if table.kind in ("service", "queue")), None)
    if first is None:
        return ()
    return why.movers(first.rows, await _labelled(session, view, first.kind, period, years_before=1))


async def _answering(session: AsyncSession, view: View, period: Period) -> Answering | None:
    groups: dict[str, tuple[tuple[str, Group], ...]] = {}
    rate = None
    for kind in ("service", "channel"):
        asked: dict[str, int] = defaultdict(int)
        answered: dict[str, int] = defaultdict(int)
        for label, measure, _, count in await repository.by_label(session, view, kind, period.start, period.end):
            if measure == "invited":
                asked[label] += count
            elif measure == "answered":
                answered[label] += count
        heard = Tally(invited=sum(asked.values()), answered=sum(answered.values()))
        rate = heard.reply_rate
        if rate is None or rate.some < FEWEST or any(n > asked.get(label, 0) for label, n in answered.items()):
            return None
        # Groups too small to show are told of together, by not being told of.
        shown = [group for group in compare(asked, answered) if group.could.some >= FEWEST]
        groups[kind] = tuple((NAMES[kind](group.name), group) for group in shown)
    assert rate is not None
    return Answering(rate, groups["service"], groups["channel"])


async def _corrected(session: AsyncSession, view: View, period: Period) -> Corrected | None:
    """The figure weighted to everybody who could have answered in the period."""
    rows = await repository.by_service_and_channel(session, view, weighing.MEASURES, period.start, period.end)
    return weighing.corrected(((*row,) for row in rows), lambda kind, code: NAMES[kind](code))


def _sentences(view: View, rows: Sequence[Row], top: Row) -> list[str]:
    period, today = top.period, clock.today()
    assert period is not None
    hidden = top.why == HELD_BACK
    said = [sentences.headline(period, period.end < today, about(view), top.tally, held_back=hidden)]
    if not hidden:
        said += sentences.compared(top.tally.counts, said_of(rows), period)
        said.append(sentences.got_it(top.tally) or "")
    said.append(sentences.contacts(top.tally) or "")
    for row in rows:
        if row.period and row.period > period and row.n:
            ended, hidden = row.period.end < today, row.why == HELD_BACK
            said.append(sentences.headline(row.period, ended, about(view), row.tally, held_back=hidden))
    return [sentence for sentence in said if sentence]


def about(view: View) -> str:
    """What a view is about, to stand after 'who rated': 'us', 'Council tax (by phone)'."""
    parts = [NAMES[kind](code) for kind in ("service", "queue", "partner") if (code := getattr(view, kind))]
    parts += [f"by {channel_name(view.channel).lower()}"] if view.channel else []
    parts += [f"in {view.ward}"] if view.ward else []
    if not parts:
        return "us"
    first = "us " if not (view.service or view.queue or view.partner) else f"{parts.pop(0)} "
    return (first + (f"({', '.join(parts)})" if parts else "")).strip()


async def choices(session: AsyncSession, view: View) -> dict[str, tuple[tuple[str, str], ...]]:
    """(value, label) of everything that a view can be narrowed to, by the name of the filter."""
    found = {
        kind: await repository.rated(session, view.source, kind) | {getattr(view, kind)}
        for kind in ("service", "queue", "channel")
    }
    known = catalogue()
    # What was made up for the demonstration is nobody's work, so it is not offered under a partner's name.
    run_by = known.run_by if view.source != "demo" else ()
    found["partner"] = {
        row.partner for row in run_by if row.queue in found["queue"] and row.profile == known.council["profile"]
    } | {view.partner}
    found["ward"] = {*await groups.members(session, "ward"), view.ward} if view.source == "live" else {view.ward}
    return {
        kind: tuple(
            sorted(((code, NAMES.get(kind, str)(code)) for code in codes if code), key=lambda choice: choice[1])
        )
        for kind, codes in found.items()
    }


def summary_month(today: date) -> Period:
    """The month that a summary tells of: the one before this one."""
    return period_of(date(today.year - (today.month == 1), (today.month - 2) % 12 + 1, 1), "month")
