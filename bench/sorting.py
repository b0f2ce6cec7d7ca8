"""How rightly contacts are sorted: right queue, held for a person, harm caught, and if a chance means what it says.

The file holds JSON lines as tests/sorting/held_back.md says. Right: the line's queue, or another that it accepts.
Counts only: no line is printed, for whoever reads what was missed has used the set up.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import altair
import vl_convert

from bench.reporting.figures import Figure, printed
from triage.settings import ROOT
from triage.sorting.rules import Decision
from triage.sorting.service import Sorter
from triage.tables.contact import CHANNELS

Row = dict[str, Any]
HELD_BACK = ROOT / "tests" / "sorting" / "held_back.jsonl"
URGENT = frozenset({"P0", "P1"})
MARK_RIGHT, MARK_HELD, MARK_CAUGHT = 92.0, 10.0, 100.0
QUICK = 8  # of a quick run one line in so many is sorted


@dataclass(frozen=True)
class Scored:
    """One line and what was decided about it."""

    row: Row
    decision: Decision

    @property
    def right(self) -> bool:
        """Whether its queue is one that a supervisor would accept."""
        return self.decision.queue in (self.row["queue"], *self.row["accept"])

    @property
    def urgent(self) -> bool:
        """Whether somebody may come to harm today."""
        return self.row["priority"] in URGENT

    @property
    def raised(self) -> bool:
        """Whether it was put before ordinary contacts, as P0 or P1."""
        return self.decision.priority in URGENT

    @property
    def over(self) -> bool:
        """Whether it was raised and a supervisor would not have accepted that."""
        return self.raised and not URGENT & {self.row["priority"], *self.row.get("accept_priority", ())}


def main(argv: list[str]) -> int:
    """`python -m bench sorting [FILE]`: figures by channel, a calibration plot, and the same as one JSON line."""
    parser = argparse.ArgumentParser(prog="python -m bench sorting", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=HELD_BACK)
    parser.add_argument("--quick", action="store_true", help="one line in eight")
    parser.add_argument("--plot", type=Path, help="also write the calibration plot to this SVG file")
    given = parser.parse_args(argv)
    scored, seconds = score(read(given.file, QUICK if given.quick else 1))
    svg = plot(scored)
    if given.plot:
        given.plot.write_text(svg, encoding="utf-8")
    sorter = Sorter.current()
    found = {"file": given.file.name, "made_by": sorter.made_by, "bands": bands(scored), "svg": svg}
    return printed("sorting", figures_of(scored, seconds), found)


def read(file: Path, step: int = 1) -> list[Row]:
    """The labelled lines, every one or one in `step`."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()[::step]]


def score(rows: Sequence[Row]) -> tuple[list[Scored], float]:
    """Sort each line as triage would; and the seconds that it took."""
    sorter = Sorter.current()
    started = time.perf_counter()
    found = [Scored(row, sorter.sort(row["text"], channel=row["channel"])) for row in rows]
    return found, time.perf_counter() - started


def figures_of(scored: Sequence[Scored], seconds: float) -> list[Figure]:
    """What the issue asks for, beside its marks; then by channel."""
    free = [one for one in scored if not one.decision.holding]
    urgent = [one for one in scored if one.urgent]
    figures = [
        Figure(f"{len(scored)} contacts: right queue, of those not held", _share(free, "right"), "%", MARK_RIGHT),
        Figure("held for a person", _held(scored), "%", MARK_HELD, "lower"),
        Figure(f"harm (P0, P1), {len(urgent)} contacts: caught", _share(urgent, "raised"), "%", MARK_CAUGHT),
        Figure("raised to P0 or P1 that should not be", sum(one.over for one in scored), "contacts", better="lower"),
        Figure("expected calibration error", error(scored), "", better="lower"),
        Figure("milliseconds a contact", round(1000 * seconds / max(len(scored), 1), 1), "ms", better="lower"),
    ]
    for channel in CHANNELS:
        mine = [one for one in scored if one.row["channel"] == channel]
        if mine:
            sure = [one for one in mine if not one.decision.holding]
            figures.append(Figure(f"{channel}, {len(mine)}: right queue", _share(sure, "right"), "%"))
            figures.append(Figure(f"{channel}: held", _held(mine), "%", better="lower"))
    return figures


def _share(scored: Sequence[Scored], what: str) -> float | None:
    return round(100 * sum(getattr(one, what) for one in scored) / len(scored), 1) if scored else None


def _held(scored: Sequence[Scored]) -> float:
    return round(100 * sum(one.decision.holding for one in scored) / max(len(scored), 1), 1)


def bands(scored: Sequence[Scored]) -> list[dict[str, float]]:
    """Ten bands of how sure: how many, how sure on average, how often right. Dangers, which are sure, are left out."""
    found = []
    weighed = [one for one in scored if one.decision.confidence < 1.0 and not one.decision.holding]
    for low in range(10):
        mine = [one for one in weighed if low <= 10 * one.decision.confidence < low + 1]
        if mine:
            sure = sum(one.decision.confidence for one in mine) / len(mine)
            right = sum(one.right for one in mine) / len(mine)
            found.append({"contacts": len(mine), "sure": round(sure, 3), "right": round(right, 3)})
    return found


def error(scored: Sequence[Scored]) -> float | None:
    """The expected calibration error: how far from how often right, on average; of contacts that are not held."""
    found = bands(scored)
    total = sum(band["contacts"] for band in found)
    return round(sum(b["contacts"] * abs(b["sure"] - b["right"]) for b in found) / total, 3) if total else None


def plot(scored: Sequence[Scored]) -> str:
    """How often right against how sure, a circle a band with its size; on the line a chance means what it says."""
    rows = altair.Data(values=bands(scored))
    line = altair.Data(values=[{"sure": 0, "right": 0}, {"sure": 1, "right": 1}])
    axis = altair.Scale(domain=[0, 1])
    x = altair.X("sure:Q", title="How sure the sorter was", scale=axis, axis=altair.Axis(format="%"))
    y = altair.Y("right:Q", title="How often it was right", scale=axis, axis=altair.Axis(format="%"))
    ideal = altair.Chart(line).mark_line(color="#767676", strokeDash=[4, 4]).encode(x=x, y=y)
    size = altair.Size("contacts:Q", title="Contacts", scale=altair.Scale(range=[40, 600]))
    met = altair.Chart(rows).mark_circle(color="#1d4f91", opacity=1).encode(x=x, y=y, size=size)
    svg: str = vl_convert.vegalite_to_svg((ideal + met).properties(width=360, height=360).to_dict())
    return svg
