"""What comes of a child's birth date: which school year when, which application, and whether it is in time."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from triage.chat.outcomes.shape import Answers, Outcome
from triage.chat.rendering import plain_date
from triage.hours import bank_holidays

Step = Literal["reception", "junior", "secondary"]
Stage = Literal["early", "open", "late"]
# Years after the September of reception in which each step begins; juniors only where a school ends after year 2.
AFTER: dict[Step, int] = {"reception": 0, "junior": 3, "secondary": 7}
CLASSES = {"nursery": -1, "reception": 0}
# Year 11 is the last that everybody is in; year 13 the last at school.
LAST_COMPULSORY, LAST_CLASS = 11, 13


@dataclass(frozen=True)
class Application:
    """One application for a place in `september`: the days between which it is made, and when answers come."""

    step: Step
    september: int

    @property
    def begins(self) -> date:
        """The first day on which it can be made (FACTS E1: 1 September of the year before)."""
        return date(self.september - 1, 9, 1)

    @property
    def closes(self) -> date:
        """The last day, fixed by law: 31 October for secondary school, 15 January for reception and juniors.

        School Admissions (Admission Arrangements and Co-ordination of Admission Arrangements) (England) Regulations
        2012 (FACTS E1, E2). It stays the same day at a weekend.
        """
        return date(self.september - 1, 10, 31) if self.step == "secondary" else date(self.september, 1, 15)

    @property
    def offers(self) -> date:
        """When answers come, by the same law: 1 March or 16 April, or the next working day."""
        day = date(self.september, 3, 1) if self.step == "secondary" else date(self.september, 4, 16)
        while day.weekday() >= 5 or day in bank_holidays("england", day.year):
            day += timedelta(days=1)
        return day

    def stage(self, today: date) -> Stage:
        """Whether `today` is before, within or after the days in which to apply."""
        return "early" if today < self.begins else "open" if today <= self.closes else "late"


def school_year(day: date) -> int:
    """The September in which the school year of `day` began."""
    return day.year - (day.month < 9)


def reception_september(born: date) -> int:
    """The September in which a child starts reception: the first after turning 4 (FACTS E2, Education Act 1996).

    Who is born on 31 August is the youngest of a year, and on 1 September the oldest of the next.
    """
    return school_year(born) + 5


def summer_born(born: date) -> bool:
    """Whether a child may ask for reception a year later: born 1 April to 31 August (School Admissions Code 2.18)."""
    return 4 <= born.month <= 8


def next_application(september: int, today: date) -> Application | None:
    """What comes next for a child whose reception is in `september`: for reception, else for year 7, else nothing."""
    steps: tuple[Step, ...] = ("reception", "secondary")
    found = (Application(step, september + AFTER[step]) for step in steps)
    return next((one for one in found if today < date(one.september, 9, 1)), None)


def _not_at_school_yet(born: date, september: int, today: date, values: dict[str, str]) -> list[str]:
    """What to do for a child of reception age who is not at school: ask for a place, or in summer wait a year.

    School Admissions Code 2.17 and 2.18 (FACTS E2): compulsory school age begins after the fifth birthday.
    """
    if not summer_born(born):
        return ["not_at_school"]
    later = Application("reception", september + 1)
    values |= {"later": f"September {later.september}", "later_closes": plain_date(later.closes)}
    return ["a_year_later_late" if later.stage(today) == "late" else "a_year_later", "not_at_school"]


def school_dates(answers: Answers, today: date) -> Outcome:
    """The school year and the application that come next, and what to do when it is late (FACTS E1 to E3).

    An answer such as "year 6" stands for the children who are in it in the school year of `today`.
    """
    told = answers["born"]
    born = None if told in CLASSES or told.startswith("year ") else date.fromisoformat(told)
    if born and born > today:
        return Outcome(("to_come",), {"born": plain_date(born)}, files=False)
    in_class = CLASSES[told] if told in CLASSES else int(told.removeprefix("year ")) if not born else None
    september = reception_september(born) if born else school_year(today) - (in_class or 0)
    group = school_year(today) - september
    comes = next_application(september, today)
    if comes is None:
        note = "older" if group <= LAST_COMPULSORY else "sixth_form" if group <= LAST_CLASS else "grown"
        return Outcome((note,), {"group": f"year {group}"}, files=False)
    values = {
        "group": "reception" if group == 0 else f"year {group}" if group > 0 else "",
        "september": f"September {comes.september}",
        "begins_year": str(comes.begins.year),
        "closes": plain_date(comes.closes),
        "offers" if today < comes.offers else "offered": plain_date(comes.offers),
    }
    notes = [f"{comes.step}_{comes.stage(today)}"]
    if born and group == 0:
        # By age in reception, but the law lets parents wait until the term after the fifth birthday.
        notes = [*_not_at_school_yet(born, september, today, values), "secondary_later"]
    if comes.step == "reception" and born and summer_born(born):
        notes.append("summer_born")
    juniors = Application("junior", september + AFTER["junior"])
    if comes.step == "secondary" and today < date(juniors.september, 9, 1):
        notes.append("junior_late" if juniors.stage(today) == "late" else "junior")
        values["junior_closes"] = plain_date(juniors.closes)
    return Outcome((*notes, "where"), values, files=False)
