"""What comes of the forms about council tax: a plan to pay a bill, and the discount for one adult."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from triage.chat.outcomes.shape import Answers, Outcome
from triage.chat.rendering import plain_date, pounds

# A first payment is asked for no sooner than this after a notice (SI 1992/613, regulation 21): time to agree a plan.
EARLIEST = timedelta(days=14)
# No payment of a plan is less (SI 1992/613, schedule 1, paragraph 3).
SMALLEST = Decimal(5)


@dataclass(frozen=True)
class Plan:
    """Monthly payments of a bill: the first differs by what does not divide, so that all add up to it."""

    first: Decimal
    rest: Decimal
    days: tuple[date, ...]


def year_end(day: date) -> date:
    """The last day of the council tax year that `day` is in: 31 March."""
    return date(day.year + (day.month > 3), 3, 31)


def _on(year: int, month: int, day: int) -> date:
    """`day` of a month, `month` counting on past 12; the month's last day when it has no such day."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def plan(total: Decimal, count: int | None, day: int, today: date) -> Plan:
    """`total` pounds (more than 0) in `count` payments on `day` of each month; None for as many as fit to 31 March.

    Council Tax (Administration and Enforcement) Regulations 1992, schedule 1, paragraphs 2 and 3: all but the first
    are the total divided by the number, to the nearest pound; the first is what is left; none is under £5.
    """
    start = _on(today.year, today.month, day)
    months = 0
    while start < today + EARLIEST:
        months += 1
        start = _on(today.year, today.month + months, day)
    if count is None:
        end = year_end(today)
        count = max(1, (end.year - start.year) * 12 + end.month - start.month + 1)
    count = max(1, min(count, int(total // SMALLEST)))
    rest = (total / count).quantize(Decimal(1), ROUND_HALF_UP)
    first = total - (count - 1) * rest
    # Of many small payments, rounding up can leave the first under £5, or under nothing.
    while count > 1 and first < SMALLEST:
        count, first = count - 1, first + rest
    days = tuple(_on(today.year, today.month + months + number, day) for number in range(count))
    return Plan(first, rest, days)


def instalments(answers: Answers, today: date) -> Outcome:
    """A plan for the sum that the resident typed, "if the council agrees"; nothing of an account is read or said.

    A final notice, a summons or a bailiff takes the right to pay monthly away (FACTS C7), so that a person must act
    soon on a plan that is sent then.
    """
    total = Decimal(answers["total"])
    if total <= 0:
        return Outcome(("nothing_to_pay",), files=False)
    counts = {"10 payments": 10, "12 payments": 12, "another number": _number(answers.get("payments"))}
    worked = plan(total, counts.get(answers["spread"]), int(answers["day"]), today)
    late = answers.get("stage") in ("court", "enforcement")
    sends = answers.get("send") == "yes"
    return Outcome(
        ("plan", *(("too_late_for_a_plan",) if late else ()), "sent_plan" if sends else "shown"),
        _in_words(total, worked, year_end(today)),
        files=sends,
        priority="P2" if late else None,
        details={"Plan asked for": _for_the_team(worked)},
    )


def _number(given: str | None) -> int | None:
    return int(given) if given and given.isdigit() else None


def _in_words(total: Decimal, worked: Plan, end: date) -> dict[str, str]:
    """What fills the note: of several ways to say it, only the fitting one gets its values."""
    days = worked.days
    words = {"total": pounds(total)}
    if len(days) == 1:
        words |= {"only": pounds(worked.first), "only_on": plain_date(days[0])}
    else:
        words |= {"first": pounds(worked.first), "starts": plain_date(days[0])}
        words |= {"ends": plain_date(days[-1])}
        rest = pounds(worked.rest)
        words |= {"times": str(len(days) - 1), "rest": rest} if len(days) > 2 else {"second": rest}
    return words | ({"past": plain_date(end)} if days[-1] > end else {})


def _for_the_team(worked: Plan) -> str:
    rest = f", then {len(worked.days) - 1} of {pounds(worked.rest)}" if len(worked.days) > 1 else ""
    return f"{pounds(worked.first)} on {plain_date(worked.days[0])}{rest}, to {plain_date(worked.days[-1])}"


def single_person(answers: Answers, today: date) -> Outcome:
    """Whether a discount is likely by how many adults count (FACTS C3, C4; Local Government Finance Act 1992, s. 11).

    One: 25%. None: usually 50%, or nothing to pay when all are students or severely mentally impaired. Two or more:
    none that we see, and who does not count may still change that. A person decides; nobody is turned away here.
    """
    left = answers.get("counted")
    if left == "two":
        return Outcome(("two_count",), files=False)
    note = {"one": "likely_one", "nobody": "likely_nobody"}.get(str(left), "not_clear")
    return Outcome((note, "sent_discount"))
