"""Whether what a report took from our figures is final, and is still what they say: counted again, set beside it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from triage.metrics.figures import ALL
from triage.metrics.periods import Period
from triage.metrics.reporting import drawn
from triage.metrics.reporting.approving import Missing
from triage.metrics.reporting.content import both_said, counts_said
from triage.metrics.reporting.fields import COUNTED
from triage.metrics.settling import settles_on

# What is counted of the quarter; and what else is, where nobody has typed in the row since.
NUMBERS = ("result", "numerator", "denominator")
ALSO = ("prior", "year_before", "source")


async def outdated(session: AsyncSession, period: Period, rows: Sequence[dict[str, Any]]) -> list[Missing]:
    """The rows that say they were counted by Frontdoor and are not what it counts today.

    A draft may take them before its quarter is final, and satisfaction is told anew when it is published: without this
    one report could hold two numbers of one thing.
    """
    counted = [row for row in rows if row["source"].startswith(COUNTED) and row["result"] is not None]
    figures = {row["key"].partition("-")[0] for row in counted}
    chosen = [figure for figure in ALL if figure in figures and ALL[figure].can_be_judged]
    now = {row["key"]: row for row in await drawn.indicators(session, period, chosen)} if chosen else {}
    return [Missing(says, row["id"]) for row in counted if (says := differs(row, now.get(row["key"])))]


def unsettled(period: Period, today: date, rows: Sequence[dict[str, Any]]) -> list[Missing]:
    """The rows of our figures of which it is known on which day they change no more, and that day has not come. Pure.

    A quarter's days are counted no more after three weeks, and some figures wait longer for people's answers. What can
    change for as long as a contact is open has no such day: its source says that some of it could still change.
    """
    found = []
    for row in rows:
        figure = ALL.get(row["key"].partition("-")[0])
        if figure is None or row["result"] is None or not row["source"].startswith(COUNTED):
            continue
        final = period.end + timedelta(days=figure.settles_in + 1)
        if today < final and settles_on(period) < final:
            says = f"{row['key']}, {row['name']}: it can still change, and is final on {final.day} {final:%B %Y}."
            found.append(Missing(f"{says} Approve the report from then on, or take it out.", row["id"]))
    return found


def differs(held: Mapping[str, Any], now: Mapping[str, Any] | None) -> str:
    """Why a row is not what is counted `now`, and what to do; '' when it is. Pure."""
    name = f"{held['key']}, {held['name']}"
    if now is None:
        return (
            f"{name}: nothing that may be shown is counted for it now. Take it out, or type a result with its source."
        )
    if any(held[column] != now[column] for column in NUMBERS):
        before, result = both_said(held["result"], now["result"], held["unit"])
        return (
            f"{name}: it was counted as {before}{_counts(held)}, and now it is {result}{_counts(now)}. "
            "Take our figures again."
        )
    if held["origin"] == "figures" and any(held[column] != now[column] for column in ALSO):
        return f"{name}: what was counted beside its result has changed. Take our figures again."
    return ""


def _counts(row: Mapping[str, Any]) -> str:
    said = counts_said(row["numerator"], row["denominator"])
    return f" ({said})" if said else ""
