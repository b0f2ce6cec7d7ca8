"""From when a quarter's figures may be published: not while they can still change. Pure.

Two looks at figures that change can be subtracted, and what lies between them may be one person's answer.
"""

from datetime import date, timedelta

from triage.metrics.counting.measures import SETTLES
from triage.metrics.periods import Period, period_of


def settles_on(period: Period) -> date:
    """The first day on which nothing changes the figures of a period any more."""
    return period.end + SETTLES


def last_settled(today: date) -> Period:
    """The newest quarter that may be published on `today`."""
    period = period_of(today, "quarter")
    while settles_on(period) > today:
        period = period_of(period.start - timedelta(days=1), "quarter")
    return period
