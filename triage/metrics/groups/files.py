"""Groups of people as a CSV file: what the page shows and no more. Every cell is safe (exports.as_csv)."""

from collections.abc import Iterable

from triage.metrics.exports import Cell as Field
from triage.metrics.exports import as_csv, percent
from triage.metrics.figures.shapes import Definition
from triage.metrics.groups.schemas import GroupLine

NUMBERS = ("value %", "low %", "high %", "numerator", "of", "others %", "others numerator", "others of")
DIFFERENCE = ("difference in points", "difference low", "difference high", "verdict", "why not shown")
MEANING = ("what is counted", "numerator is", "of is", "what it leaves out")

# (dimension, quarter's code, service or '', line)
Lines = Iterable[tuple[str, str, str, GroupLine]]


def as_file(definition: Definition, lines: Lines, source: str = "live") -> str:
    """One line a group."""
    head = ["groups", "group", "code", "quarter", "service", "figure", *NUMBERS, *DIFFERENCE, *MEANING, "source"]
    meaning = [definition.sentence, definition.numerator, definition.denominator, definition.caveat, source]
    return as_csv(
        head,
        (
            [
                dimension,
                line.label,
                line.code.strip("~"),
                quarter,
                service,
                definition.id,
                *_numbers(line),
                *meaning,
            ]
            for dimension, quarter, service, line in lines
        ),
    )


def _numbers(line: GroupLine) -> list[Field]:
    if line.cell.group is None:
        return [*[""] * (len(NUMBERS) + len(DIFFERENCE) - 1), line.cell.why]
    shares, gap = line.cell.shares, line.cell.difference
    group = line.cell.group
    said: list[Field] = [
        *(_percent(each) for each in (group.value, group.low, group.high)),
        group.numerator or 0,
        group.n,
    ]
    if shares is None or gap is None or line.points is None:
        return [*said, "", "", "", "", "", "", "", ""]
    others = shares[1]
    ends = [round(100 * end, 1) for end in gap]
    return [*said, percent(others.value), others.some, others.n, round(line.points, 1), *ends, line.verdict, ""]


def _percent(share: float | None) -> Field:
    return "" if share is None else percent(share)
