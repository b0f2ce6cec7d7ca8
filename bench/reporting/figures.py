"""One figure with its mark, and the one way in which a comparison prints what it found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Figure:
    """What was measured, beside what it is held to.

    `mark` is None where nobody has published one and we hold ourselves to none; `source` says whose the mark is, "ours"
    unless it is said; `better` says on which side of the mark it is reached. On the mark is reached.
    """

    name: str
    value: float | None
    unit: str = ""
    mark: float | None = None
    better: Literal["higher", "lower"] = "higher"
    source: str = "ours"

    @property
    def reached(self) -> bool | None:
        """Whether the mark is reached; None without a mark or without a value."""
        if self.mark is None or self.value is None:
            return None
        return self.value >= self.mark if self.better == "higher" else self.value <= self.mark

    def as_row(self) -> dict[str, Any]:
        """The figure as JSON holds it."""
        return {**asdict(self), "reached": self.reached}


def printed(bench: str, figures: Sequence[Figure], result: dict[str, Any] | None = None) -> int:
    """Print the figures as a table, then everything as one JSON line, which is the last; always 0."""
    for figure in figures:
        value = "-" if figure.value is None else f"{figure.value:g}"
        mark = (
            ""
            if figure.mark is None
            else f"  mark {figure.mark:g} ({figure.source}){'' if figure.reached else '  NOT REACHED'}"
        )
        print(f"{figure.name:<60}{value:>12} {figure.unit}{mark}")
    print(json.dumps({"bench": bench, "figures": [figure.as_row() for figure in figures], **(result or {})}))
    return 0
