"""From figures to what their pages show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.catalogue import catalogue
from triage.content import Target
from triage.errors import NotFound
from triage.metrics import figures
from triage.metrics import repository as counts
from triage.metrics.figure_pages import drawing, repository, spans
from triage.metrics.figure_pages.drawing import Chart
from triage.metrics.figure_pages.showing import Shown, change, codes_hidden, months_hidden, shown, target_said
from triage.metrics.figure_pages.spans import Span
from triage.metrics.figures import ALL, GROUPS, Definition
from triage.metrics.figures.shapes import Column
from triage.metrics.figures.targets import target_on
from triage.metrics.periods import By, Period, period_of
from triage.metrics.room import repository as room_repository
from triage.metrics.room.schemas import Numbered, View
from triage.metrics.room.service import CHANNELS, NAMES, notes_of


@dataclass(frozen=True, slots=True)
class Goal:
    """A target in words: what it is, of what, and who says so."""

    target: Target
    said: str
    about: str
    source: str
    url: str


@dataclass(frozen=True, slots=True)
class Card:
    """One figure of the list: now, in as many months before, and whether that is more than chance."""

    definition: Definition
    now: Shown
    before: Shown
    change: str
    goal: Goal | None


@dataclass(frozen=True, slots=True)
class Everything:
    """The page of all figures."""

    span: Span
    groups: tuple[tuple[str, tuple[Card, ...]], ...]

    @property
    def empty(self) -> bool:
        """Whether nothing at all was counted."""
        return not any(card.now.n or card.before.n for _, cards in self.groups for card in cards)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: a month or a part of the council, what is shown of it, and its target."""

    label: str
    code: str
    shown: Shown
    target: float | None = None


@dataclass(frozen=True, slots=True)
class One:
    """The page of one figure."""

    card: Card
    group: str
    span: Span
    charts: tuple[Chart, ...]
    months: tuple[Line, ...]
    # By service, channel and partner, where the figure is of more than one.
    sides: tuple[tuple[str, tuple[Line, ...]], ...]
    parts: tuple[tuple[str, int], ...]
    # What owners wrote on the chart of satisfaction of the same view, of these months.
    notes: tuple[Numbered, ...]
    # Whether it is by quarter, as some of it was counted so.
    by: By


def definition_of(figure: str) -> Definition:
    """A figure's definition. Raises NotFound."""
    if figure not in ALL:
        raise NotFound("There is no figure at this address. The list of all figures is at /owner/figures.")
    return ALL[figure]


async def span_of(session: AsyncSession, view: View) -> Span:
    """The months that a view asks for: whole quarters where some of it was counted so."""
    newest = await repository.newest_month(session, view.source)
    earlier = None
    if newest is not None and not (view.since or view.until):
        earlier = await repository.newest_month(session, view.source, period_of(newest, "quarter").start)
    found = spans.span(view, newest, earlier, clock.today())
    every = sorted({measure for definition in ALL.values() for measure in definition.measures})
    return found.whole_quarters() if await room_repository.by_quarter(session, view, every) else found


async def everything(session: AsyncSession, view: View) -> Everything:
    """Every figure of one view, each with the months before."""
    span = await span_of(session, view)
    every = list(ALL.values())
    now = await figures.figures(session, every, span.view(view))
    before = await figures.figures(session, every, span.before().view(view))
    same = await _same_question(session, view, span)

    def card(definition: Definition) -> Card:
        one, two = shown(definition, now[definition.id]), shown(definition, before[definition.id])
        said = change(one, two, same_question=same or not definition.of_answers)
        return Card(definition, one, two, said, _goal(definition, view, span.last.end))

    return Everything(span, tuple((name, tuple(map(card, group))) for name, group in GROUPS))


async def one(session: AsyncSession, figure: str, view: View) -> One:
    """One figure of a view: over time, side by side, and what it is made of. Raises NotFound."""
    definition = definition_of(figure)
    span = await span_of(session, view)
    now = shown(definition, await figures.figure(session, definition, span.view(view)))
    before = shown(definition, await figures.figure(session, definition, span.before().view(view)))
    same = not definition.of_answers or await _same_question(session, view, span)
    by = await rows_by(session, definition, view)
    months = await series(session, definition, view, span, by)
    drawn = [(period, line.shown, line.target) for period, line in months]
    sides = [(column, await side(session, definition, view, span, column)) for column in columns(definition, view)]
    return One(
        card=Card(
            definition, now, before, change(now, before, same_question=same), _goal(definition, view, span.last.end)
        ),
        group=next(name for name, group in GROUPS if definition in group),
        span=span,
        charts=tuple(
            chart
            for shape in ("wide", "narrow")
            if by == "month" and (chart := drawing.draw(definition, drawn, shape)) is not None
        ),
        months=tuple(line for _, line in months),
        sides=tuple((column, lines) for column, lines in sides if len(lines) > 1),
        parts=tuple((part_name(word), n) for word, n in now.parts),
        notes=await notes_of(session, view, span.first.start, span.last.end),
        by=by,
    )


async def _same_question(session: AsyncSession, view: View, span: Span) -> bool:
    """Whether people answered the same version of the questions in the months of a span and in those before."""
    asked, before = await counts.versions(session, view.source), span.before()
    return asked.comparable((span.first.start, span.last.end), (before.first.start, before.last.end))


async def rows_by(session: AsyncSession, definition: Definition, view: View) -> By:
    """By what a figure goes over time: by quarter where some of it was counted so, as a quarter is no month."""
    return "quarter" if await room_repository.by_quarter(session, view, definition.measures) else "month"


async def series(
    session: AsyncSession, definition: Definition, view: View, span: Span, by: By = "month"
) -> Sequence[tuple[Period, Line]]:
    """Each month or quarter of the span, the oldest first."""
    values = await figures.series(session, definition, span.view(view), by)
    hidden = months_hidden(definition, values)

    def line(month: Period, value: figures.Value) -> Line:
        target = target_on(month.end, definition.id, view.service, view.partner)
        said = shown(definition, value, hidden.get(month, ""))
        return Line(month.name, month.code, said, target.value if target else None)

    return [(month, line(month, value)) for month, value in values]


def columns(definition: Definition, view: View) -> tuple[Column, ...]:
    """By what a figure is set side by side in a view: not by what it is narrowed to.

    What was made up for a demonstration is never set against the name of whoever really does the work.
    """
    left_out = "partner" if view.source == "demo" else ""
    return tuple(column for column in definition.side_by if column != left_out and not getattr(view, column))


async def side(
    session: AsyncSession, definition: Definition, view: View, span: Span, column: Column
) -> tuple[Line, ...]:
    """The figure of each service, channel or partner of which something was counted, by name."""
    found = await figures.side_by_side(session, definition, span.view(view), column)
    name = NAMES[column]
    found = {code: found[code] for code in sorted(found, key=lambda code: (name(code), code)) if found[code].n}
    hidden = codes_hidden(definition, found)
    return tuple(
        Line(
            name(code),
            code,
            shown(definition, value, hidden.get(code, "")),
            goal.value if (goal := _target_of(definition, view, span.last.end, column, code)) else None,
        )
        for code, value in found.items()
    )


def _target_of(definition: Definition, view: View, day: date, column: Column, code: str) -> Target | None:
    return target_on(
        day,
        definition.id,
        code if column == "service" else view.service,
        code if column == "partner" else view.partner,
    )


def _goal(definition: Definition, view: View, day: date) -> Goal | None:
    target = target_on(day, definition.id, view.service, view.partner)
    if target is None:
        return None
    about = " and ".join(NAMES[kind](code) for kind in ("service", "partner") if (code := getattr(target, kind)))
    source = catalogue().source(target.source)
    return Goal(target, target_said(definition, target.value), about or "the whole council", source.name, source.url)


def part_name(word: str) -> str:
    """What a part is called: channels and time limits are counted by their id."""
    limit, _, end = word.partition(":")
    if end in ("within", "late"):
        law = catalogue().laws.get(limit)
        return f"{law.name if law else limit}: {'in time' if end == 'within' else 'late'}"
    return CHANNELS.get(word, "The assistant alone" if word == "assistant" else word)


def choices(view: View) -> dict[str, list[tuple[str, str]]]:
    """(value, label) of everything that a figure can be narrowed to, and of what it is narrowed to already."""
    known = catalogue()
    # What was made up for the demonstration is nobody's work, so it is not offered under a partner's name.
    partners = set(known.partners) if view.source != "demo" else set()
    codes = {"service": set(known.services), "channel": set(CHANNELS), "partner": partners}
    return {
        kind: sorted(((code, NAMES[kind](code)) for code in every | {getattr(view, kind)} if code), key=lambda c: c[1])
        for kind, every in codes.items()
    }
