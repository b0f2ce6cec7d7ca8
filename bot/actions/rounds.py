"""What to say about a bin's round before a missed bin is reported. Never a reason not to report it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.actions.lookups import CollectionFound

if TYPE_CHECKING:
    from bot.actions.form import Say

# Councils that publish a window take reports for one to three working days (Oxford 1, Norwich 2, Fareham 3).
# After the longest of these, a weekend between, the day is worth a word.
LONG_AGO_DAYS = 5


def say_about_round(found: CollectionFound, now: datetime, say: Say) -> None:
    """At most one note: a known trouble in the street, the crew may still come, or that it is another day's round."""
    today = now.date()
    if found.alert:
        say.note("street_alert", alert=found.alert)
    elif today in (found.next_date, found.last_date):
        if found.report_from is None or now.time() < found.report_from:
            say.note("too_early")
    elif found.last_date and found.next_date and (today - found.last_date).days > LONG_AGO_DAYS:
        say.note("not_collection_day", day=found.day, next_date=in_words(found.next_date))


def in_words(day: date) -> str:
    """A date as people say it: Tuesday 1 December."""
    return f"{day:%A} {day.day} {day:%B}"
