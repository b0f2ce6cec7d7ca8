"""The last and the next day of each bin's round, from the days that a feed gives. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from connectors.shapes import Collection

WEEK = timedelta(days=7)
# Beyond these a feed's day is a mistake, or says nothing about today.
FAR = timedelta(days=400)


def rounds_of(uprn: str, days: Mapping[str, Iterable[date]], today: date) -> list[Collection]:
    """One round a stream, in the order of `days`. A stream with no day to come has none.

    Feeds mostly give days to come alone. Then the last day is taken to be as long ago as the next two are apart, or a
    week before the next.
    """
    found = []
    for stream, given in days.items():
        ordered = sorted({day for day in given if abs(day - today) < FAR})
        coming = [day for day in ordered if day > today]
        if not coming:
            continue
        gone = [day for day in ordered if day <= today]
        apart = coming[1] - coming[0] if len(coming) > 1 else WEEK
        last = gone[-1] if gone else coming[0] - apart
        # Two rounds in a week, or one moved for a holiday, can leave even that ahead of today.
        while last > today:
            last -= WEEK
        found.append(Collection(uprn, stream, f"{coming[0]:%A}", last, coming[0]))
    return found
