"""Which version of the questions people answered, and when: answers to different ones are never held together. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from triage.metrics.periods import Period, period_of

# From a first to a last day.
Days = tuple[date, date]


def said(day: date) -> str:
    """A change of the question in words: 'The question changed on 1 December 2026'."""
    return f"The question changed on {day.day} {day:%B %Y}"


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions that were answered in each month, by its first day, with the first day of each in that month.

    A month of which nothing is known (past figures from files, days that were counted before this was) is of no version
    of its own, and changes nothing.
    """

    months: Mapping[date, Mapping[str, date]] = field(default_factory=dict)

    @classmethod
    def of(cls, answered: Iterable[tuple[str, date]]) -> "Versions":
        """From the days on which each version was answered."""
        months: dict[date, dict[str, date]] = {}
        for version, day in sorted(answered, key=lambda one: one[1]):
            months.setdefault(day.replace(day=1), {}).setdefault(version, day)
        return cls(months)

    @property
    def changed(self) -> tuple[date, ...]:
        """The days on which the first answer to another version came, the oldest first."""
        return tuple(
            min(day for version, day in now.items() if version not in before)
            for (_, before), (_, now) in pairwise(sorted(self.months.items()))
            if set(now) - set(before)
        )

    @property
    def starts(self) -> frozenset[date]:
        """The months with which a new baseline begins: other versions were answered in them than in the month before.

        A month in which two versions were answered stands by itself, so it is in the baseline of neither.
        """
        every = sorted(self.months.items())
        return frozenset(
            month for (_, before), (month, now) in pairwise(every) if set(now) != set(before) or len(now) > 1
        )

    def asked(self, days: Days) -> frozenset[str]:
        """The versions that were answered in some months; `days`: their first and last day."""
        first, last = days[0].replace(day=1), days[1]
        return frozenset(version for month, found in self.months.items() if first <= month <= last for version in found)

    def mixed(self, period: Period) -> bool:
        """Whether more than one version was answered in it."""
        return len(self.asked((period.start, period.end))) > 1

    def comparable(self, one: Days, two: Days) -> bool:
        """Whether the answers of two times are to the same questions, as far as is known."""
        return len(self.asked(one) | self.asked(two)) <= 1

    def last_change(self, one: Days, two: Days) -> date | None:
        """The newest day on which the question changed, from the beginning of the earlier to the end of the later."""
        first, last = min(one[0], two[0]), max(one[1], two[1])
        return max((day for day in self.changed if first <= day <= last), default=None)

    def words(self, day: date) -> str:
        """A change as a note on the chart says it, with the months in which people still answered the one before."""
        both, month = [], period_of(day, "month")
        while self.mixed(month):
            both.append(month.name)
            month = month.next()
        still = f" In {' and '.join(both)} people answered both, which is in no baseline." if both else ""
        return f"{said(day)}.{still}"

    def changed_in(self, period: Period) -> tuple[date, ...]:
        """The days on which it changed in a month or quarter."""
        return tuple(day for day in self.changed if period_of(day, period.by) == period)


NONE_KNOWN = Versions()


def days_of(period: Period) -> Days:
    """A period's first and last day."""
    return period.start, period.end
