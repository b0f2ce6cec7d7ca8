"""Days that a law or a code counts. Pure."""

from datetime import date, timedelta

from triage.hours import bank_holidays


def working_days_after(day: date, count: int) -> date:
    """The `count`th working day after `day`, which is not counted; weekends and England's bank holidays are none."""
    while count:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in bank_holidays("england", day.year):
            count -= 1
    return day
