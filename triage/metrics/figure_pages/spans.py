"""Which months a page of figures is about, and which it sets beside them. Pure."""

from dataclasses import dataclass
from datetime import date

from triage.metrics.figures import Filter
from triage.metrics.periods import Period, period_of
from triage.metrics.room.schemas import View

# Ten years of months are a chart that can still be read, and a bound for what one page asks of the database.
MOST_MONTHS = 120
MONTHS_OF_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Span:
    """Whole months, from the first to the last, both included."""

    first: Period
    last: Period

    @property
    def months(self) -> int:
        """How many they are."""
        one, two = self.first.start, self.last.start
        return (two.year - one.year) * 12 + two.month - one.month + 1

    @property
    def name(self) -> str:
        """To read aloud: 'July 2016', 'July to September 2016', 'July 2015 to March 2016'."""
        if self.months == 1:
            return self.first.name
        same = self.first.start.year == self.last.start.year
        return f"{self.first.start:%B}{'' if same else f' {self.first.start.year}'} to {self.last.name}"

    @property
    def year(self) -> tuple[str, str] | None:
        """The first and last of the twelve months that end with it, to choose instead; None for so many already."""
        return (
            None if self.months >= MONTHS_OF_A_YEAR else (_back(self.last, MONTHS_OF_A_YEAR - 1).code, self.last.code)
        )

    def before(self) -> "Span":
        """As many months, up to the one before the first."""
        last = self.first.before()
        return Span(_back(last, self.months - 1), last)

    def whole_quarters(self) -> "Span":
        """The quarters in which it begins and ends, whole: for what was counted by quarter."""
        first, last = period_of(self.first.start, "quarter"), period_of(self.last.start, "quarter")
        return Span(Period(first.start, "month"), period_of(last.end, "month"))

    def view(self, view: View) -> Filter:
        """The facts of these months in a view."""
        return Filter(
            self.first.start,
            self.last.end,
            view.source,
            service=view.service,
            queue=view.queue,
            partner=view.partner,
            channel=view.channel,
        )


def _back(month: Period, months: int) -> Period:
    for _ in range(months):
        month = month.before()
    return month


def span(view: View, newest: date | None, earlier: date | None, today: date) -> Span:
    """The months that a view asks for.

    Without any it is the newest quarter that has ended and of which something was counted, or the one that is running
    when there is none before it: `newest` is the newest month with a fact, `earlier` the newest before its quarter.
    Months that are asked for the wrong way round are turned, and of too many the last are kept.
    """
    usual = period_of(newest or today, "quarter")
    if usual.end >= today and earlier is not None and earlier >= usual.before().start:
        usual = usual.before()
    asked = sorted(day for day in (view.first, view.last) if day)
    if not asked:
        return Span(Period(usual.start, "month"), period_of(usual.end, "month"))
    if view.first and view.last:
        first, last = (period_of(day, "month") for day in asked)
    elif view.first:
        first = period_of(view.first, "month")
        last = max(first, period_of(newest or today, "month"))
    else:
        last = period_of(asked[0], "month")
        first = _back(last, 2)
    return Span(max(first, _back(last, MOST_MONTHS - 1)), last)
