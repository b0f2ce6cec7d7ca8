"""Where everything of a figure's chart lies: month by month, with its interval and its target. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from triage.metrics.figure_pages.showing import DAY, HOUR, Shown
from triage.metrics.figures.shapes import Definition
from triage.metrics.periods import Period
from triage.metrics.plotting import MONTHS, Plane, Shape
from triage.metrics.room.drawing import LEAST_SPAN


@dataclass(frozen=True, slots=True)
class Scale:
    """From what to what the chart goes, by which steps, in units of `size`, and what a unit is called."""

    low: float
    high: float
    step: float
    size: int
    # How many parts of a unit the newest month's number is rounded to.
    digits: int
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything with a place. Paths are SVG path data."""

    plane: Plane
    grid: tuple[tuple[float, str], ...]
    labels: tuple[tuple[float, str, str], ...]
    band: str
    line: str
    target: str
    spots: tuple[tuple[float, float], ...]
    # What stands beside the newest month.
    newest: str
    scale: str
    title: str
    words: str


Month = tuple[Period, Shown, float | None]


def draw(definition: Definition, months: Sequence[Month], shape: Shape) -> Chart | None:
    """The chart of (month, what is shown of it, its target); None when no month may be shown."""
    months = months[-MONTHS[shape] :]
    values = [_value(definition, shown) for _, shown, _ in months]
    ends = [_ends(definition, shown) for _, shown, _ in months]
    targets = [target for *_, target in months]
    scale = scale_of(definition, values, ends, targets)
    if scale is None:
        return None
    plane = Plane(shape, len(months), scale.low, scale.high)
    newest = next((value for value in reversed(values) if value is not None), None)
    return Chart(
        plane=plane,
        grid=tuple(
            (plane.y(at), _number(at / scale.size))
            for at in (
                scale.low + step * scale.step for step in range(round((scale.high - scale.low) / scale.step) + 1)
            )
        ),
        labels=plane.axis([period for period, *_ in months]),
        band=plane.band([each and (each[0], min(each[1], scale.high)) for each in ends]),
        line=plane.line(values),
        target=plane.steps(targets),
        spots=tuple((plane.x(place), plane.y(value)) for place, value in enumerate(values) if value is not None),
        newest="" if newest is None else _number(floor(newest / scale.size * scale.digits + 0.5) / scale.digits),
        scale=scale.words,
        title=f"{definition.name}, month by month",
        words=in_words(definition, months),
    )


def scale_of(
    definition: Definition,
    values: Sequence[float | None],
    ends: Sequence[tuple[float, float] | None],
    targets: Sequence[float | None],
) -> Scale | None:
    """A share shows 40 points or more, or noise looks like news; everything else begins at nothing."""
    there = [value for value in values if value is not None]
    lows, highs = [each[0] for each in ends if each], [each[1] for each in ends if each]
    if not there and not highs:
        return None
    marks = there + [target for target in targets if target is not None]
    if definition.unit == "share":
        low = floor(min(marks + lows) / 10) * 10
        high = min(100, ceil(max(marks + highs) / 10) * 10)
        while high - low < LEAST_SPAN:
            low, high = max(0, low - 10), min(100, high + 10)
        return Scale(low, high, 20 if high - low > 60 else 10, 1, 1, "In every 100")
    # One very wide interval must not press everything else flat: it is cut off at the top.
    top = max([*marks, min(max(highs, default=0), 2 * max(marks)) if marks else max(highs)]) or 1
    size, digits, words = 1, 1, "How many"
    if definition.unit == "minutes":
        size, digits, words = next(
            ((size, 10, words) for size, words in ((DAY, "Days"), (HOUR, "Hours")) if top >= 2 * size),
            (1, 1, "Minutes"),
        )
    elif definition.unit == "pounds":
        words = "Pounds"
    step = _nice(top / size / 5) * size
    step = max(step, 1) if definition.unit == "count" else step
    return Scale(0, ceil(top / step) * step, step, size, digits, words)


def _number(value: float) -> str:
    """A number of the chart without needless zeros: 1,200, 2.5."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def _nice(step: float) -> float:
    """The first of 1, 2, 5, 10, 20 … and of 0.5, 0.2 … that is not smaller."""
    ten: float = 10.0 ** floor(log10(step))
    return next(ten * each for each in (1, 2, 5, 10) if ten * each >= step * 0.999)


def _value(definition: Definition, shown: Shown) -> float | None:
    """A month's value as the chart has it: a share in per cent."""
    if not shown.value or shown.figure is None:
        return None
    if definition.unit == "count":
        return float(shown.figure.n)
    value = shown.figure.value
    return value * 100 if value is not None and definition.unit == "share" else value


def _ends(definition: Definition, shown: Shown) -> tuple[float, float] | None:
    found = shown.figure
    if not shown.value or found is None or found.low is None or found.high is None:
        return None
    times = 100 if definition.unit == "share" else 1
    return found.low * times, found.high * times


def in_words(definition: Definition, months: Sequence[Month]) -> str:
    """What the picture shows, for who cannot see it; the table has every figure."""
    there = [(period, shown) for period, shown, _ in months if shown.value]
    first, last = there[0], there[-1]
    said = (
        f"Line chart by month of: {definition.name.lower()}. From {first[1].value} in {first[0].name} to "
        f"{last[1].value} in {last[0].name}."
        if len(there) > 1
        else f"Chart of: {definition.name.lower()}. {last[1].value} in {last[0].name}, the only month that is shown."
    )
    missing = len(months) - len(there)
    if missing:
        said += f" {missing} of {len(months)} months are not shown."
    return said
