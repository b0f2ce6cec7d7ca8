"""Where everything of the chart lies: the p-chart as plain numbers, which the template draws as SVG. Pure.

Two shapes: wide, and narrow for phones with the newest months, as text in a picture neither wraps nor grows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from triage.metrics.periods import Period
from triage.metrics.schemas import Row
from triage.metrics.statistics.charts import Reading

Shape = Literal["wide", "narrow"]
_Across = Callable[[float], float]
_Up = Callable[[float], float]
# Width, height, and room for the labels at the left, right, top and bottom.
_SIZE = {"wide": (900, 380, 48, 44, 30, 48), "narrow": (320, 320, 38, 32, 28, 46)}
_MONTHS = {"wide": 120, "narrow": 15}
_LABELS = {"wide": 12, "narrow": 4}
# A chart never shows less than this many points of satisfaction from top to bottom, or noise looks like news.
LEAST_SPAN = 40


@dataclass(frozen=True, slots=True)
class Spot:
    """A month that is drawn: where, its share in every 100, and 1, 0 or -1 for flagged up, not flagged, down."""

    x: float
    y: float
    hundred: int
    direction: int
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A note at its month, by its number in the list under the chart; `change`: a new baseline begins there."""

    x: float
    number: int
    change: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything with a place. Paths are SVG path data."""

    shape: Shape
    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    # (y, what it says), and (x, month, year) of the labelled months.
    grid: tuple[tuple[float, str], ...]
    labels: tuple[tuple[float, str, str], ...]
    band: str
    line: str
    middle: str
    limits: str
    # (x, width) of the months that made a baseline.
    baselines: tuple[tuple[float, float], ...]
    spots: tuple[Spot, ...]
    marks: tuple[Mark, ...]
    title: str
    words: str


def draw(
    rows: Sequence[Row], readings: Sequence[Reading], notes: Sequence[tuple[date, bool]], shape: Shape
) -> Drawing | None:
    """The chart of monthly `rows` with their readings; notes are (day, begins a baseline), numbered from 1 in order.

    None when no month may be shown.
    """
    start = max(0, len(rows) - _MONTHS[shape])
    rows, readings = rows[start:], readings[start:]
    shown = [(place, row.share) for place, row in enumerate(rows) if row.share]
    if not shown:
        return None
    width, height, left, right, top, bottom = _SIZE[shape]
    low, high = _span(rows, readings)
    step = (width - left - right) / max(1, len(rows) - 1)

    def x(place: float) -> float:
        return round(left + (place * step if len(rows) > 1 else (width - left - right) / 2), 1)

    def y(share: float) -> float:
        return round(top + (high - share * 100) / (high - low) * (height - top - bottom), 1)

    every = 20 if high - low > 60 else 10
    places = {row.period.start: place for place, row in enumerate(rows) if row.period}
    marks = tuple(
        # A change begins with its month, as the months before it count to the old baseline.
        Mark(round(x(places[day.replace(day=1)]) - (step / 2 if change else 0), 1), number, change)
        for number, (day, change) in enumerate(notes, start=1)
        if day.replace(day=1) in places
    )
    return Drawing(
        shape=shape,
        width=width,
        height=height,
        left=left,
        right=width - right,
        top=top,
        bottom=height - bottom,
        grid=tuple((y(value / 100), str(value)) for value in range(low, high + 1, every)),
        labels=_axis([row.period for row in rows], x, shape),
        band=_band(rows, x, y),
        line=_line([(x(place), y(row.share.value)) if row.share else None for place, row in enumerate(rows)]),
        middle=_steps([reading.baseline.share if reading.baseline else None for reading in readings], x, y, step),
        limits=" ".join(
            _steps([reading.limits[end] if reading.limits else None for reading in readings], x, y, step)
            for end in (0, 1)
        ).strip(),
        baselines=_runs([reading.in_baseline and reading.baseline is not None for reading in readings], x, step),
        spots=tuple(
            Spot(x(place), y(share.value), share.hundred, readings[place].direction, rows[place].label)
            for place, share in shown
        ),
        marks=marks,
        title="Is satisfaction changing?",
        words=in_words(rows, readings),
    )


def in_words(rows: Sequence[Row], readings: Sequence[Reading]) -> str:
    """What the picture shows, for who cannot see it; the table has every figure."""
    shown = [row for row in rows if row.share]
    first, last = shown[0], shown[-1]
    assert first.share and last.share
    values = [row.share.hundred for row in shown if row.share]
    said = (
        f"Line chart by month of the people satisfied in every 100, with the range of chance around each. From "
        f"{first.share.hundred} in {first.label} to {last.share.hundred} in {last.label}; lowest {min(values)}, "
        f"highest {max(values)}."
    )
    for direction, way in ((1, "higher"), (-1, "lower")):
        flagged = [row.label for row, r in zip(rows, readings, strict=True) if r.direction == direction and row.share]
        if flagged:
            when = flagged[0] if len(flagged) == 1 else f"{len(flagged)} months, the last {flagged[-1]}"
            said += f" Flagged as {way} than chance would explain: {when}."
    return said


def _span(rows: Sequence[Row], readings: Sequence[Reading]) -> tuple[int, int]:
    ends = [end * 100 for row in rows if row.share for end in row.share.interval]
    ends += [end * 100 for reading in readings if reading.limits for end in reading.limits]
    low, high = int(min(ends) // 10 * 10), min(100, int(-(-max(ends) // 10) * 10))
    while high - low < LEAST_SPAN:
        low, high = max(0, low - 10), min(100, high + 10)
    return low, high


def _axis(periods: Sequence[Period | None], x: _Across, shape: Shape) -> tuple[tuple[float, str, str], ...]:
    every = -(-len(periods) // _LABELS[shape])
    # Counted back from the newest, which always has its label.
    return tuple(
        (x(place), *period.short)
        for place, period in enumerate(periods)
        if period and (len(periods) - 1 - place) % every == 0
    )


def _line(points: Sequence[tuple[float, float] | None]) -> str:
    path, drawing = [], False
    for point in points:
        if point:
            path.append(f"{'L' if drawing else 'M'}{point[0]} {point[1]}")
        drawing = point is not None
    return "".join(path)


def _band(rows: Sequence[Row], x: _Across, y: _Up) -> str:
    path, run = [], list[tuple[float, float, float]]()
    for place, row in enumerate([*rows, None]):
        if row is not None and row.share:
            low, high = row.share.interval
            run.append((x(place), y(low), y(high)))
            continue
        if len(run) == 1:
            # A month without neighbours has its interval as a bar.
            across, low, high = run[0]
            path.append(f"M{across - 3} {high}H{across + 3}V{low}H{across - 3}Z")
        elif run:
            there = "L".join(f"{across} {high}" for across, _, high in run)
            back = "L".join(f"{across} {low}" for across, low, _ in reversed(run))
            path.append(f"M{there}L{back}Z")
        run = []
    return "".join(path)


def _steps(shares: Sequence[float | None], x: _Across, y: _Up, step: float) -> str:
    """Each share as a level stroke over its month, joined to the next only where they are the same."""
    path, before = [], None
    for place, share in enumerate(shares):
        if share is None:
            before = None
            continue
        if before != share:
            path.append(f"M{round(x(place) - step / 2, 1)} {y(share)}")
        path.append(f"H{round(x(place) + step / 2, 1)}")
        before = share
    return "".join(path)


def _runs(inside: Sequence[bool], x: _Across, step: float) -> tuple[tuple[float, float], ...]:
    found, start = [], None
    for place, yes in enumerate([*inside, False]):
        if yes and start is None:
            start = place
        elif not yes and start is not None:
            found.append((round(x(start) - step / 2, 1), round((place - start) * step, 1)))
            start = None
    return tuple(found)
