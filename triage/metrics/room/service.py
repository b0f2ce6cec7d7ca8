"""From counts to the owner's page."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import cast

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.catalogue import catalogue
from triage.errors import Invalid
from triage.metrics import repository as counts
from triage.metrics import sentences
from triage.metrics import service as figures
from triage.metrics.groups import repository as groups
from triage.metrics.periods import Period, period_of
from triage.metrics.room import drawing, repository, weighing, why
from triage.metrics.room.change import Verdict
from triage.metrics.room.holding import held_against
from triage.metrics.room.rows import BY_QUARTER, Judged, ended, every_row, held_back, in_view, judged, newest, said_of
from triage.metrics.room.schemas import KINDS, Answering, Kind, Numbered, Room, Table, View
from triage.metrics.room.weighing import Corrected
from triage.metrics.rules import FEWEST, HELD_BACK
from triage.metrics.schemas import Row, Tally
from triage.metrics.statistics.nonresponse import Group, compare
from triage.metrics.versions import Versions, days_of
from triage.roles import ROLES
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
# Who "wrote" a note that follows from the record.
BY_ITSELF = "Frontdoor, from the answers"
# Summaries go out in the first week of the month, as journey.summarise says.
LAST_SENDING_DAY = 7


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
    today, quarterly = clock.today(), await repository.by_quarter(session, view)
    tallies, asked = await _tallies(session, view), await counts.versions(session, view.source)
    notes = await _notes(session, view, asked)
    months = Judged((), (), Verdict(None, (BY_QUARTER,))) if quarterly else _judged(tallies, view, notes, asked)
    seen = view.model_copy(update={"by": "quarter"}) if quarterly else view
    every = every_row(tallies, seen.by, _running(view))
    rows = in_view(every, seen)
    top = newest(rows, today)
    side_by_side: tuple[Table, ...] = ()
    moved: tuple[why.Mover, ...] = ()
    compared = 0
    answering: Answering | None = None
    corrected: Corrected | None = None
    spoken: list[str] = []
    if top and top.period:
        answering = await _answering(session, view, top.period)
        spoken = _sentences(view, every, rows, top, asked)
        # The parts of a period that is held back would add up to it, and so would the same corrected.
        if top.why != HELD_BACK:
            side_by_side = await _tables(session, view, top.period)
            corrected = await _corrected(session, view, top.period)
        # Of a period that still runs nothing is judged: it is said how it stands, and no more.
        if not ended(top, today):
            answering = answering and Answering(answering.rate, (), ())
        elif top.why != HELD_BACK and top.period.year_before() not in held_back(every):
            moved, compared = await _moved(session, view, side_by_side, top.period, asked)
    over = top is not None and ended(top, today)
    services = next((table.rows for table in side_by_side if over and table.kind in ("service", "queue")), ())
    gaps = [*answering.services, *answering.channels] if answering else []
    drawn = [(note.day, note.change) for note in notes]
    return Room(
        sentences=tuple(spoken),
        verdict=months.verdict,
        drawings=tuple(
            one
            for shape in ("wide", "narrow")
            if (one := drawing.draw(months.rows, months.readings, drawn, shape, asked)) is not None
        ),
        months=months.rows,
        held=held_against(months.rows, months.readings, asked),
        by=seen.by,
        quarterly=quarterly,
        periods=tuple(rows),
        headline=top,
        movers=moved,
        compared=compared > 0,
        advice=why.advice(months.verdict, moved, services, answering.rate if answering and over else None, gaps),
        judged=why.anything_to_go_by(months.verdict, compared, services),
        tables=side_by_side,
        answering=answering,
        corrected=corrected,
        notes=await numbered(session, notes),
        views=tuple(await repository.views(session, owner.id)),
        subscription=await session.get(OwnerSubscription, owner.id),
        counted_up_to=await figures.counted_up_to(session) if view.source == "live" else None,
        past=await repository.brought_in(session) if view.source != "demo" else None,
        choices=await choices(session, view),
    )


async def _notes(session: AsyncSession, view: View, asked: Versions) -> Sequence[Annotation]:
    """What owners wrote on the chart, and each change of the question, which is known from the answers: by day.

    Nobody has to declare that, and nobody can take it off: it is stored nowhere.
    """
    known = [
        Annotation(day=day, words=asked.words(day), kind="question", change=True, source=view.source)
        for day in asked.changed
    ]
    return sorted((*await repository.notes(session, view), *known), key=lambda note: note.day)


async def numbered(session: AsyncSession, notes: Sequence[Annotation]) -> tuple[Numbered, ...]:
    """Notes with their number on the chart, what kind each is, and the role of whoever wrote it."""
    roles = await repository.writers(session, [note for note in notes if note.id])
    return tuple(
        Numbered(
            number,
            note,
            KINDS.get(cast(Kind, note.kind), note.kind),
            role_name(roles.get(note.made_by, "")) if note.id else BY_ITSELF,
        )
        for number, note in enumerate(notes, start=1)
    )


async def notes_of(session: AsyncSession, view: View, start: date, end: date) -> tuple[Numbered, ...]:
    """The notes of a view in some months, for the pages of its other figures: their numbers begin with 1 there."""
    notes = await _notes(session, view, await counts.versions(session, view.source))
    return await numbered(session, [note for note in notes if start <= note.day <= end])


def role_name(role: str) -> str:
    """A role as people read it within a sentence: 'service owner'."""
    return ROLES[role].name.lower() if role in ROLES else "somebody who has left"


async def months(session: AsyncSession, view: View) -> tuple[Judged, Sequence[Annotation]]:
    """The months that a view shows, as they are read, and the notes on its chart.

    Raises Invalid where some of them were counted by quarter.
    """
    if await repository.by_quarter(session, view):
        raise Invalid(BY_QUARTER)
    asked = await counts.versions(session, view.source)
    notes = await _notes(session, view, asked)
    return _judged(await _tallies(session, view), view, notes, asked), notes


async def by_period(session: AsyncSession, view: View) -> list[Row]:
    """One row a month or quarter, as the view asks, from the first with an answer, gaps included."""
    if await repository.by_quarter(session, view):
        view = view.model_copy(update={"by": "quarter"})
    return in_view(every_row(await _tallies(session, view), view.by, _running(view)), view)


async def tables(session: AsyncSession, view: View) -> tuple[Table, ...]:
    """The tables of the newest period of a view."""
    top = newest(await by_period(session, view), clock.today())
    return await _tables(session, view, top.period) if top and top.period and top.why != HELD_BACK else ()


def _running(view: View) -> date | None:
    """Today, where people are asked still."""
    return clock.today() if view.source == "live" else None


def _judged(tallies: dict[Period, Tally], view: View, notes: Iterable[Annotation], asked: Versions) -> Judged:
    changes = frozenset(note.day for note in notes if note.change)
    return judged(every_row(tallies, "month", _running(view)), view, changes, clock.today(), asked)


async def _tallies(session: AsyncSession, view: View) -> dict[Period, Tally]:
    tallies: dict[Period, Tally] = defaultdict(Tally)
    for month, measure, level, count in await repository.by_month(session, view):
        tallies[period_of(month, "month")] += _one(measure, level, count)
    return tallies


def _one(measure: str, level: str, count: int) -> Tally:
    return figures.one(measure, level, count)


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


async def _moved(
    session: AsyncSession, view: View, tables: Sequence[Table], period: Period, asked: Versions
) -> tuple[tuple[why.Mover, ...], int]:
    """What moved in a year, of how many that could be compared: none where another question was asked then."""
    first = next((table for table in tables if table.kind in ("service", "queue")), None)
    if first is None or not asked.comparable(days_of(period), days_of(period.year_before())):
        return (), 0
    before = await _labelled(session, view, first.kind, period, years_before=1)
    return why.movers(first.rows, before), why.comparable(first.rows, before)


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


def _sentences(view: View, every: Sequence[Row], rows: Sequence[Row], top: Row, asked: Versions) -> list[str]:
    period, today = top.period, clock.today()
    assert period is not None
    hidden = top.why == HELD_BACK
    said = [sentences.headline(period, period.end < today, about(view), top.tally, held_back=hidden)]
    if not hidden and period.end < today:
        said += sentences.compared(top.tally.counts, said_of(every), period, asked)
    if not hidden:
        said.append(sentences.question(period, asked))
        said.append(sentences.got_it(top.tally) or "")
    said.append(sentences.contacts(top.tally) or "")
    # What came after, and how it stands in the period that runs: without a verdict.
    for row in rows:
        if row.period and row.period > period and row.n:
            over, hidden = row.period.end < today, row.why == HELD_BACK
            said.append(sentences.headline(row.period, over, about(view), row.tally, held_back=hidden))
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


def summaries_end(month: date) -> datetime:
    """From when the summary of a month is sent no more: journey.summarise runs for the last time in that hour."""
    return datetime.combine(Period(month, "month").next().start.replace(day=LAST_SENDING_DAY), time(17), clock.LONDON)
