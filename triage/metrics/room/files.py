"""The chart's table as a file: each month with its figure, what it was held against, and what was flagged."""

from collections.abc import Iterable
from datetime import date

from triage.metrics.exports import FIGURES, Cell, as_csv, figures, percent
from triage.metrics.room.holding import said_of
from triage.metrics.room.rows import Judged
from triage.metrics.room.schemas import Numbered

CHART = ("usual %", "lower limit %", "upper limit %", "verdict", "evidence", "notes", "kinds of note", "written by")


def months_as_csv(months: Judged, notes: Iterable[Numbered], source: str) -> str:
    """One line a month."""
    said: dict[date, list[tuple[str, str, str]]] = {}
    for one in notes:
        mark = " (a new baseline begins)" if one.note.change else ""
        said.setdefault(one.note.day.replace(day=1), []).append((one.note.words + mark, one.kind, one.by))
    lines: list[list[Cell]] = []
    for row, reading in zip(months.rows, months.readings, strict=True):
        base, limits = reading.baseline, reading.limits
        noted = said.get(row.period.start, []) if row.period else []
        lines.append(
            [
                row.label,
                row.code,
                *figures(row),
                percent(base.share) if base else "",
                percent(limits.low) if limits else "",
                percent(limits.high) if limits else "",
                said_of(row, reading, months.asked),
                "; ".join(signal.rule.value for signal in reading.signals) if row.share else "",
                *("; ".join(each[column] for each in noted) for column in range(3)),
                source,
            ]
        )
    return as_csv(["month", "code", *FIGURES, *CHART, "source"], lines)
