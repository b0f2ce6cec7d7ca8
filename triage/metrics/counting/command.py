"""Counting days again from the command line, after an upgrade or when the record was mended."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from triage import clock, database
from triage.errors import FrontdoorError, Invalid
from triage.metrics import steps

# Ten years: a date that was mistyped is told, instead of counting for a day.
MOST = 3_660


class DaysLeft(FrontdoorError):
    """Some days could not be counted."""


def days(first: date, last: date) -> list[date]:
    """The days from `first` to `last`, both included. Raises Invalid for none, too many, or one to come."""
    if first > last:
        raise Invalid(f"{first} is after {last}: write the first day first.")
    if last > clock.today():
        raise Invalid(f"{last} has not come yet. The last day that can be counted is {clock.today()}.")
    if (last - first).days >= MOST:
        raise Invalid(f"That is more than {MOST:,} days. Count them in parts.")
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


async def recount(wanted: Sequence[date], tell: Callable[[date], None]) -> list[str]:
    """Count days again; what to print. Raises DaysLeft, naming them, when some could not be counted; the rest were."""
    try:
        failed = await steps.recount(wanted, tell)
    finally:
        await database.close()
    if failed:
        named = ", ".join(str(day) for day in failed[:10]) + (", …" if len(failed) > 10 else "")
        raise DaysLeft(f"{len(failed):,} of {len(wanted):,} days could not be counted: {named}. The log says why.")
    return [f"{len(wanted):,} day{'' if len(wanted) == 1 else 's'} counted."]
