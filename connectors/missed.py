"""Whether a missed bin would be taken now. Each council decides from when and how long; these are its settings."""

from datetime import date, datetime, time, timedelta

from connectors.shapes import MissedBin


def missed_bin(collected_on: date, now: datetime, report_from: time, days: int) -> MissedBin:
    """`now` in the council's own time. `days` are days on which crews work (Monday to Friday) after the round's day.

    Never a refusal: `likely` is what the round says, and a person may take it all the same.
    """
    today = now.date()
    if today < collected_on or (today == collected_on and now.time() < report_from):
        return MissedBin(False, f"the crew may still come, until {report_from:%H:%M} on {collected_on:%A}")
    last, left = collected_on, days
    while left:
        last += timedelta(days=1)
        left -= last.weekday() < 5
    if today > last:
        return MissedBin(False, f"the last day to report it was {last:%A}; the next round takes it, or ask a person")
    return MissedBin(True, f"it was to be collected on {collected_on:%A}, and can be reported until {last:%A}")
