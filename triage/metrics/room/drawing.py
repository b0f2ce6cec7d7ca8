"""Where everything of the chart lies: the p-chart as plain numbers, which the template draws as SVG. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from triage.metrics.plotting import MONTHS, Plane, Shape
from triage.metrics.schemas import Row
from triage.metrics.statistics.charts import Reading
from triage.metrics.versions import NONE_KNOWN, Versions
from triage.metrics.versions import said as changed_said

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
    rows: Sequence[Row],
    readings: Sequence[Reading],
    notes: Sequence[tuple[date, bool]],
    shape: Shape,
    asked: Versions = NONE_KNOWN,
) -> Drawing | None:
    """The chart of monthly `rows` with their readings; notes are (day, begins a baseline), numbered from 1 in order.

    None when no month may be shown.
    """
    start = max(0, len(rows) - MONTHS[shape])
    rows, readings = rows[start:], readings[start:]
    shown = [(place, row.share) for place, row in enumerate(rows) if row.share]
    if not shown:
        return None
    low, high = _span(rows, readings)
    plane = Plane(shape, len(rows), low / 100, high / 100)
    every = 20 if high - low > 60 else 10
    places = {row.period.start: place for place, row in enumerate(rows) if row.period}
    marks = tuple(
        # A change begins with its month, as the months before it count to the old baseline.
        Mark(round(plane.x(places[day.replace(day=1)]) - (plane.step / 2 if change else 0), 1), number, change)
        for number, (day, change) in enumerate(notes, start=1)
        if day.replace(day=1) in places
    )
    return Drawing(
        shape=shape,
        width=plane.width,
        height=plane.height,
        left=plane.left,
        right=plane.right,
        top=plane.top,
        bottom=plane.bottom,
        grid=tuple((plane.y(value / 100), str(value)) for value in range(low, high + 1, every)),
        labels=plane.axis([row.period for row in rows]),
        band=plane.band([row.share.interval if row.share else None for row in rows]),
        line=plane.line([row.share.value if row.share else None for row in rows]),
        middle=plane.steps([reading.baseline.share if reading.baseline else None for reading in readings]),
        limits=" ".join(
            plane.steps([reading.limits[end] if reading.limits else None for reading in readings]) for end in (0, 1)
        ).strip(),
        baselines=plane.runs([reading.in_baseline and reading.baseline is not None for reading in readings]),
        spots=tuple(
            Spot(plane.x(place), plane.y(share.value), share.hundred, readings[place].direction, rows[place].label)
            for place, share in shown
        ),
        marks=marks,
        title="Is satisfaction changing?",
        words=in_words(rows, readings, asked),
    )


def in_words(rows: Sequence[Row], readings: Sequence[Reading], asked: Versions = NONE_KNOWN) -> str:
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
    for day in (day for row in rows if row.period for day in asked.changed_in(row.period)):
        said += f" {changed_said(day)}."
    return said


def _span(rows: Sequence[Row], readings: Sequence[Reading]) -> tuple[int, int]:
    ends = [end * 100 for row in rows if row.share for end in row.share.interval]
    ends += [end * 100 for reading in readings if reading.limits for end in reading.limits]
    low, high = int(min(ends) // 10 * 10), min(100, int(-(-max(ends) // 10) * 10))
    while high - low < LEAST_SPAN:
        low, high = max(0, low - 10), min(100, high + 10)
    return low, high
