"""Figures as CSV files that open safely: no cell that came from content can start a formula (PROMISES 16)."""

import csv
import io
from collections.abc import Iterable

from fastapi import Response

from connectors.sheets import shown
from triage.metrics.rules import Share
from triage.metrics.schemas import Report, Row

Cell = str | int | float

LEVELS = ("very satisfied", "satisfied", "neither", "dissatisfied", "very dissatisfied")
FIGURES = (*LEVELS, "answers", "satisfied %", "low %", "high %", "asked", "of those asked %")


def safe(cell: Cell) -> Cell:
    """The cell, with an apostrophe before text that a spreadsheet would run. Numbers are left alone."""
    return shown(cell) if isinstance(cell, str) else cell


def as_csv(head: Iterable[Cell], rows: Iterable[Iterable[Cell]]) -> str:
    """A table as CSV (RFC 4180), every cell safe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([safe(cell) for cell in head])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def percent(share: float) -> float:
    """A share (0 to 1) in per cent, to one decimal place."""
    return round(share * 100, 1)


def figures(row: Row) -> list[Cell]:
    """The columns of FIGURES; where the row may not be shown, the reason stands in place of its counts and share."""
    counts = row.tally.counts.levels
    said: list[Cell] = list(reversed(counts)) if row.share else [row.why] * len(LEVELS)
    said.append(row.n)
    said += _with_interval(row.share) if row.share else [row.why, "", ""]
    rate = row.tally.reply_rate
    return [*said, row.tally.invited or "", percent(rate.value) if rate else ""]


def _with_interval(share: Share) -> list[Cell]:
    low, high = share.interval
    return [percent(share.value), percent(low), percent(high)]


def rows_as_csv(rows: Iterable[Row], kind: str, source: str) -> str:
    """One line a row: what it is about (`kind`: period, service or queue), its code, the figures, and the source."""
    head = [kind, "code", *FIGURES, "source"]
    return as_csv(head, ([row.label, row.code, *figures(row), source] for row in rows))


def report_as_csv(report: Report) -> str:
    """The quarter's table: queue, who runs it, the figures; the last line is all queues."""
    head = ["quarter", "queue", "code", "partner", *FIGURES, "source"]
    return as_csv(
        head,
        (
            [report.period.name, row.label, row.code, row.partner, *figures(row), report.source]
            for row in (*report.rows, report.total)
        ),
    )


def download(text: str, name: str) -> Response:
    """A CSV file to keep, under `name`."""
    return Response(
        text,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
