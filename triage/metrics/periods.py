"""Calendar months and calendar quarters. Report quarters are the same: q1 is January to March."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

By = Literal["month", "quarter"]


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A month or a quarter, by its first day."""

    start: date
    by: By

    @property
    def end(self) -> date:
        """The last day in it."""
        return self.next().start - timedelta(days=1)

    @property
    def name(self) -> str:
        """To read aloud: 'July 2016', 'July to September 2016'."""
        if self.by == "month":
            return f"{self.start:%B %Y}"
        return f"{self.start:%B} to {self.end:%B %Y}"

    @property
    def short(self) -> tuple[str, str]:
        """For an axis, in two lines: ('Jul', '2016'), ('Jul–Sep', '2016')."""
        months = f"{self.start:%b}" if self.by == "month" else f"{self.start:%b}–{self.end:%b}"
        return months, f"{self.start:%Y}"

    @property
    def code(self) -> str:
        """For files and addresses: '2016-07', '2016-q3'."""
        if self.by == "month":
            return f"{self.start:%Y-%m}"
        return f"{self.start.year}-q{(self.start.month + 2) // 3}"

    def next(self) -> "Period":
        """The period that follows."""
        return self._months(1 if self.by == "month" else 3)

    def before(self) -> "Period":
        """The period that came before."""
        return self._months(-1 if self.by == "month" else -3)

    def year_before(self) -> "Period":
        """The same months of the year before."""
        return self._months(-12)

    def _months(self, by: int) -> "Period":
        months = self.start.year * 12 + self.start.month - 1 + by
        return Period(date(months // 12, months % 12 + 1, 1), self.by)


def period_of(day: date, by: By) -> Period:
    """The period that a day falls in."""
    month = day.month if by == "month" else (day.month - 1) // 3 * 3 + 1
    return Period(date(day.year, month, 1), by)


def quarter(year: int, number: int) -> Period:
    """A report's quarter. Raises ValueError unless `number` is 1 to 4 and the year has four figures."""
    if not 1 <= number <= 4 or not 1000 <= year <= 9998:
        raise ValueError(f"{year}-q{number} is not a quarter")
    return Period(date(year, number * 3 - 2, 1), "quarter")


def of_code(code: str) -> Period:
    """The quarter that is written as '2016-q4'. Raises ValueError for what is none."""
    year, _, number = code.partition("-q")
    return quarter(int(year), int(number))


def periods(first: Period, last: Period) -> list[Period]:
    """Every period from `first` to `last`, both included, whether or not anything happened in it."""
    found = [first]
    while found[-1].start < last.start:
        found.append(found[-1].next())
    return found
