"""The line of satisfaction with its interval, as SVG drawn on the server.

It is served as a picture, so the page's content security policy stays strict; the words that stand for it and the
table beside it are the page's. Two shapes: wide, and narrow for phones, as text in a picture does not wrap.
"""

import asyncio
import json
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any, Literal

from triage.metrics.schemas import Row

Shape = Literal["wide", "narrow"]

# Government Analysis Function: the first colour of the categorical palette, and its tint for the band.
BLUE = "#12436D"
BAND = "#A3BFD9"
INK = "#0B0C0C"
GRID = "#D9DCDE"
FONT = "Arial, sans-serif"
# Labels that fit side by side on the axis.
_FIT = {"wide": 9, "narrow": 4}
_SIZE = {"wide": (820, 340), "narrow": (300, 260)}
_drawing = Lock()


@dataclass(frozen=True, slots=True)
class Point:
    """One period on the axis; `share` and its interval are per cent, or None where nothing can be shown."""

    first: str
    second: str
    share: float | None
    low: float | None
    high: float | None


def points(rows: tuple[Row, ...]) -> tuple[Point, ...]:
    """The rows of a series (each with its period) as points, gaps included."""
    found = []
    for row in rows:
        if row.period is None:
            continue
        low, high = row.share.interval if row.share else (None, None)
        found.append(
            Point(
                *row.period.short,
                row.share.value * 100 if row.share else None,
                low * 100 if low is not None else None,
                high * 100 if high is not None else None,
            )
        )
    return tuple(found)


def in_words(rows: tuple[Row, ...]) -> str:
    """What the picture shows, for who cannot see it; the table has every figure. '' when there is nothing to draw."""
    shown = [row for row in rows if row.share and row.period]
    if not shown:
        return ""
    first, last = shown[0], shown[-1]
    assert first.share and last.share
    start = f"{first.share.hundred} in every 100 in {first.label}"
    if len(shown) == 1:
        return f"Chart with one point: {start}."
    values = [row.share.hundred for row in shown if row.share]
    return (
        f"Line chart of the people satisfied in every 100, {len(shown)} points with their intervals: from {start} "
        f"to {last.share.hundred} in {last.label}. Lowest {min(values)}, highest {max(values)}."
    )


async def draw(drawn: tuple[Point, ...], shape: Shape) -> str:
    """The chart as SVG. Drawing takes tenths of a second of processor time, so it is done in a thread and kept."""
    return await asyncio.to_thread(_draw_once, drawn, shape)


def _draw_once(drawn: tuple[Point, ...], shape: Shape) -> str:
    # One at a time: requests for the same chart then wait for the first instead of drawing it again.
    with _drawing:
        return _draw(drawn, shape)


@lru_cache(maxsize=128)
def _draw(drawn: tuple[Point, ...], shape: Shape) -> str:
    # Imported here: these two take seconds to load, and only this page needs them.
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(_spec(drawn, shape))
    # The words are in the page, beside the picture; in the picture they would be read twice.
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)


def _spec(drawn: tuple[Point, ...], shape: Shape) -> dict[str, Any]:
    import altair as alt

    width, height = _SIZE[shape]
    every = -(-len(drawn) // _FIT[shape])
    # Counted back from the newest, which always has its label.
    labelled = [place for place in range(len(drawn)) if (len(drawn) - 1 - place) % every == 0]
    words = [[point.first, point.second] for point in drawn]
    values = [
        {
            "place": place,
            "share": point.share,
            "low": point.low,
            "high": point.high,
            # A point without neighbours has no band, so it carries its interval as a bar.
            "alone": point.share is not None
            and (place == 0 or drawn[place - 1].share is None)
            and (place == len(drawn) - 1 or drawn[place + 1].share is None),
        }
        for place, point in enumerate(drawn)
    ]
    across = alt.X(
        "place:Q",
        title=None,
        scale=alt.Scale(domain=[-0.4, len(drawn) - 0.6], nice=False, zero=False),
        axis=alt.Axis(
            values=labelled,
            labelExpr=f"{json.dumps(words)}[datum.value]",
            labelOverlap=False,
            grid=False,
            labelFlush=False,
        ),
    )
    up = alt.Y(
        "share:Q",
        title="Satisfied in every 100",
        scale=alt.Scale(domain=[0, 100], nice=False),
        axis=alt.Axis(values=[0, 25, 50, 75, 100], titleAngle=0, titleAlign="left", titleX=0, titleY=-14),
    )
    base = alt.Chart(alt.Data(values=values))
    band = base.mark_area(color=BAND, opacity=0.75).encode(across, alt.Y("low:Q"), alt.Y2("high:Q"))
    bars = (
        base.transform_filter("datum.alone")
        .mark_rule(color=BLUE, strokeWidth=3)
        .encode(across, alt.Y("low:Q"), alt.Y2("high:Q"))
    )
    line = base.mark_line(color=BLUE, strokeWidth=3).encode(across, up)
    dots = (
        base.transform_filter("datum.share !== null")
        .mark_point(color=BLUE, fill=BLUE, filled=True, size=70 if len(drawn) <= 24 else 25, opacity=1)
        .encode(across, up)
    )
    ends = (
        base.transform_filter(f"datum.place === {_last_shown(drawn)}")
        .transform_calculate(words='format(datum.share, ".0f")')
        .mark_text(color=INK, fontSize=18, fontWeight="bold", align="left", dx=10)
        .encode(across, up, alt.Text("words:N"))
    )
    chart = (
        alt.layer(band, line, bars, dots, ends)
        .properties(
            width=width, height=height, background="white", padding={"left": 8, "top": 8, "right": 28, "bottom": 8}
        )
        .configure(font=FONT)
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=15,
            labelColor=INK,
            titleFontSize=15,
            titleColor=INK,
            titleFontWeight="normal",
            gridColor=GRID,
            domainColor=INK,
            tickColor=INK,
            labelPadding=6,
        )
    )
    spec: dict[str, Any] = chart.to_dict()
    return spec


def _last_shown(drawn: tuple[Point, ...]) -> int:
    return max((place for place, point in enumerate(drawn) if point.share is not None), default=-1)
