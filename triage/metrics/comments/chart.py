"""Where the points of a trend stand in its picture. Pure: the page draws them as SVG, and the table says the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from triage.metrics.comments.rules import Line

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 12, 44
STEPS = (10, 20, 50, 100)  # tops of the scale, in every hundred


@dataclass(frozen=True, slots=True)
class Point:
    """One month: its middle, its interval and its name, in the picture's own units. `y` None: not shown."""

    x: float
    y: float | None
    low: float
    high: float
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    """All that the page draws: points, one path for each unbroken run of months, and the scale's lines."""

    points: tuple[Point, ...]
    paths: tuple[str, ...]
    scale: tuple[tuple[float, int], ...]


def picture(lines: Sequence[Line]) -> Picture | None:
    """The picture of a trend, None when fewer than two months can be shown."""
    shares = [one.share for one in lines]
    if sum(one is not None for one in shares) < 2:
        return None
    highest = max(100 * one.interval.high for one in shares if one is not None)
    top = next(step for step in STEPS if highest <= step)
    high = HEIGHT - TOP - BOTTOM

    def y(share: float) -> float:
        return round(TOP + high * (1 - 100 * share / top), 1)

    step = (WIDTH - LEFT - RIGHT) / len(lines)
    # Names of months that would run into one another are left out, never the newest.
    every = -(-len(lines) // 8)
    points = []
    for at, (line, share) in enumerate(zip(lines, shares, strict=True)):
        x = round(LEFT + step * (at + 0.5), 1)
        named = (len(lines) - 1 - at) % every == 0 and line.month is not None
        label = f"{line.month:%b %y}" if named and line.month else ""
        if share is None:
            points.append(Point(x, None, 0, 0, label))
        else:
            points.append(Point(x, y(share.value), y(share.interval.low), y(share.interval.high), label))
    return Picture(
        tuple(points), tuple(_paths(points)), tuple((y(part * top / 200), part * top // 2) for part in range(3))
    )


def _paths(points: Sequence[Point]) -> list[str]:
    runs: list[list[Point]] = [[]]
    for point in points:
        if point.y is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return ["M" + " L".join(f"{one.x} {one.y}" for one in run) for run in runs if len(run) > 1]
