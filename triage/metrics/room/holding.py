"""What each month of the chart was held against and what came of it, in words, for who reads a table. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from triage.metrics.schemas import Row
from triage.metrics.statistics.charts import Reading
from triage.metrics.versions import NONE_KNOWN, Versions
from triage.metrics.versions import said as changed_said
from triage.shares import in_hundred


@dataclass(frozen=True, slots=True)
class Held:
    """What a month was held against, and what came of it, in words; '' where there was nothing yet."""

    usual: str
    limits: str
    said: str


def held_against(rows: Sequence[Row], readings: Sequence[Reading], asked: Versions = NONE_KNOWN) -> dict[str, Held]:
    """The chart's lines and signs of each month, by its code, for who reads the table in the picture's place."""
    return {row.code: _held(row, reading, asked) for row, reading in zip(rows, readings, strict=True)}


def _held(row: Row, reading: Reading, asked: Versions) -> Held:
    base, limits = reading.baseline, reading.limits
    return Held(
        usual=f"{in_hundred(base.share)}" if base else "",
        limits=f"{in_hundred(limits.low)} to {in_hundred(limits.high)}" if limits else "",
        said=said_of(row, reading, asked),
    )


def said_of(row: Row, reading: Reading, asked: Versions) -> str:
    """What came of a month in words: its verdict or why there is none, and that the question changed in it."""
    said = verdict(reading) if row.share else row.why
    if row.period is None:
        return said
    if row.share and reading.ended and asked.mixed(row.period):
        said = "answers to two questions, and so not judged"
    days = asked.changed_in(row.period)
    return f"{said}. {changed_said(days[-1])}" if days else said


def verdict(reading: Reading) -> str:
    """What a month is said to be, in a table."""
    if reading.direction:
        return "higher than chance explains" if reading.direction > 0 else "lower than chance explains"
    if not reading.ended:
        return "it has not ended"
    if reading.in_baseline:
        return "part of the baseline"
    return "no more than chance" if reading.judged else "too few to say"
