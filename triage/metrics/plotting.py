"""Where points, bands and labels of a chart by month lie, as plain numbers and SVG path data. Pure.

Two shapes: wide, and narrow for phones with the newest months, as text in a picture neither wraps nor grows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from triage.metrics.periods import Period

Shape = Literal["wide", "narrow"]
# Width, height, and room for the labels at the left, right, top and bottom.
_SIZE = {"wide": (900, 380, 48, 44, 30, 48), "narrow": (320, 320, 38, 32, 28, 46)}
# So many months are drawn, the newest, and so many of them have a label.
MONTHS = {"wide": 120, "narrow": 15}
_LABELS = {"wide": 12, "narrow": 4}


@dataclass(frozen=True, slots=True)
class Plane:
    """A surface for `months` months, from the value `low` at its bottom to `high` at its top."""

    shape: Shape
    months: int
    low: float
    high: float

    @property
    def width(self) -> int:
        """The picture's width."""
        return _SIZE[self.shape][0]

    @property
    def height(self) -> int:
        """The picture's height."""
        return _SIZE[self.shape][1]

    @property
    def left(self) -> int:
        """Where the surface begins at the left."""
        return _SIZE[self.shape][2]

    @property
    def right(self) -> int:
        """Where it ends at the right."""
        return self.width - _SIZE[self.shape][3]

    @property
    def top(self) -> int:
        """Where it begins at the top."""
        return _SIZE[self.shape][4]

    @property
    def bottom(self) -> int:
        """Where it ends at the bottom."""
        return self.height - _SIZE[self.shape][5]

    @property
    def step(self) -> float:
        """From one month to the next."""
        return (self.right - self.left) / max(1, self.months - 1)

    def x(self, place: float) -> float:
        """Across, for the month at a place from 0; a month alone stands in the middle."""
        return round(self.left + (place * self.step if self.months > 1 else (self.right - self.left) / 2), 1)

    def y(self, value: float) -> float:
        """Down, for a value."""
        return round(self.top + (self.high - value) / (self.high - self.low) * (self.bottom - self.top), 1)

    def axis(self, periods: Sequence[Period | None]) -> tuple[tuple[float, str, str], ...]:
        """(x, month, year) of the months with a label, counted back from the newest, which always has one."""
        every = -(-len(periods) // _LABELS[self.shape])
        return tuple(
            (self.x(place), *period.short)
            for place, period in enumerate(periods)
            if period and (len(periods) - 1 - place) % every == 0
        )

    def line(self, values: Sequence[float | None]) -> str:
        """A line through the months that have a value, broken where one has none."""
        path, drawing = [], False
        for place, value in enumerate(values):
            if value is not None:
                path.append(f"{'L' if drawing else 'M'}{self.x(place)} {self.y(value)}")
            drawing = value is not None
        return "".join(path)

    def band(self, intervals: Sequence[tuple[float, float] | None]) -> str:
        """The surface between the lower and the upper end of each month; a month without neighbours is a bar."""
        path, run = [], list[tuple[float, float, float]]()
        for place, ends in enumerate([*intervals, None]):
            if ends is not None:
                run.append((self.x(place), self.y(ends[0]), self.y(ends[1])))
                continue
            if len(run) == 1:
                across, low, high = run[0]
                path.append(f"M{across - 3} {high}H{across + 3}V{low}H{across - 3}Z")
            elif run:
                there = "L".join(f"{across} {high}" for across, _, high in run)
                back = "L".join(f"{across} {low}" for across, low, _ in reversed(run))
                path.append(f"M{there}L{back}Z")
            run = []
        return "".join(path)

    def steps(self, values: Sequence[float | None]) -> str:
        """Each value as a level stroke over its month, joined to the next only where they are the same."""
        path, before = [], None
        for place, value in enumerate(values):
            if value is None:
                before = None
                continue
            if before != value:
                path.append(f"M{round(self.x(place) - self.step / 2, 1)} {self.y(value)}")
            path.append(f"H{round(self.x(place) + self.step / 2, 1)}")
            before = value
        return "".join(path)

    def runs(self, inside: Sequence[bool]) -> tuple[tuple[float, float], ...]:
        """(x, width) of every run of months that are inside."""
        found, start = [], None
        for place, yes in enumerate([*inside, False]):
            if yes and start is None:
                start = place
            elif not yes and start is not None:
                found.append((round(self.x(start) - self.step / 2, 1), round((place - start) * self.step, 1)))
                start = None
        return tuple(found)
