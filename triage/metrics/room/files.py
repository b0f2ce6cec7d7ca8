"""The chart's table as a file: each month with its figure, what it was held against, and what was flagged."""

from collections.abc import Iterable, Sequence
from datetime import date

from triage.metrics.exports import FIGURES, Cell, as_csv, figures, percent
from triage.metrics.room.holding import verdict
from triage.metrics.room.schemas import Numbered
from triage.metrics.schemas import Row
from triage.metrics.statistics.charts import Reading

CHART = ("usual %", "lower limit %", "upper limit %", "verdict", "evidence", "notes", "kinds of note", "written by")


def months_as_csv(rows: Sequence[Row], readings: Sequence[Reading], notes: Iterable[Numbered], source: str) -> str:
    """One line a month."""
    said: dict[date, list[tuple[str, str, str]]] = {}
    for one in notes:
        mark = " (a new baseline begins)" if one.note.change else ""
        said.setdefault(one.note.day.replace(day=1), []).append((one.note.words + mark, one.kind, one.by))
    lines: list[list[Cell]] = []
    for row, reading in zip(rows, readings, strict=True):
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
                verdict(reading) if row.share else row.why,
                "; ".join(signal.rule.value for signal in reading.signals) if row.share else "",
                *("; ".join(each[column] for each in noted) for column in range(3)),
                source,
            ]
        )
    return as_csv(["month", "code", *FIGURES, *CHART, "source"], lines)
