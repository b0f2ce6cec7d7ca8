"""Where a result of ours is of answers, and those of the same quarter of last year were to another question."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from triage.metrics import repository
from triage.metrics.figures import ALL
from triage.metrics.periods import Period
from triage.metrics.reporting.fields import COUNTED
from triage.metrics.versions import Versions, days_of, said


async def marked(session: AsyncSession, period: Period, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """A report's rows, each with why its direction of travel is not told (`other_question`), '' where it may be."""
    asked = await repository.versions(session, "live")
    return [row | {"other_question": why_not(period, row, asked)} for row in rows]


def why_not(period: Period, row: Mapping[str, Any], asked: Versions) -> str:
    """Why a result and that of last year are not compared; '' where they are, or where we did not count them. Pure."""
    figure = ALL.get(row["key"].partition("-")[0])
    if figure is None or not figure.of_answers or not row["source"].startswith(COUNTED):
        return ""
    now, then = days_of(period), days_of(period.year_before())
    if asked.comparable(now, then):
        return ""
    day = asked.last_change(then, now)
    changed = said(day) if day else "The question changed"
    return f"{changed}: this compares different questions, so no direction is given."
