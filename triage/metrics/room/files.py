"""The chart's table, on the page and as a file: each month, what it was held against, and what was flagged. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from triage.metrics.exports import FIGURES, Cell, as_csv, figures, percent
from triage.metrics.schemas import Row
from triage.metrics.statistics.charts import Reading
from triage.shares import in_hundred
from triage.tables import Annotation

CHART = ("usual %", "lower limit %", "upper limit %", "verdict", "evidence", "notes")


@dataclass(frozen=True, slots=True)
class Held:
    """What a month was held against, and what came of it, in words; '' where there was nothing yet."""

    usual: str
    limits: str
    said: str


def held_against(rows: Sequence[Row], readings: Sequence[Reading]) -> dict[str, Held]:
    """The chart's lines and signs of each month, by its code, for who reads the table in the picture's place."""
    return {row.code: _held(row, reading) for row, reading in zip(rows, readings, strict=True)}


def _held(row: Row, reading: Reading) -> Held:
    base, limits = reading.baseline, reading.limits
    return Held(
        usual=f"{in_hundred(base.share)}" if base else "",
        limits=f"{in_hundred(limits.low)} to {in_hundred(limits.high)}" if limits else "",
        said=verdict(reading) if row.share else row.why,
    )


def months_as_csv(rows: Sequence[Row], readings: Sequence[Reading], notes: Iterable[Annotation], source: str) -> str:
    """One line a month."""
    said: dict[date, list[str]] = {}
    for note in notes:
        mark = " (a new baseline begins)" if note.change else ""
        said.setdefault(note.day.replace(day=1), []).append(note.words + mark)
    lines: list[list[Cell]] = []
    for row, reading in zip(rows, readings, strict=True):
        base, limits = reading.baseline, reading.limits
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
                "; ".join(said.get(row.period.start, ())) if row.period else "",
                source,
            ]
        )
    return as_csv(["month", "code", *FIGURES, *CHART, "source"], lines)


def verdict(reading: Reading) -> str:
    """What a month is said to be, in a table."""
    if reading.direction:
        return "higher than chance explains" if reading.direction > 0 else "lower than chance explains"
    if not reading.ended:
        return "it has not ended"
    if reading.in_baseline:
        return "part of the baseline"
    return "no more than chance" if reading.judged else "too few to say"
