"""What comes of the forms about council tax, case by case, with the law that says so."""

from datetime import date
from decimal import Decimal

import pytest

from tests.chat.outcome_words import TODAY, said
from triage.chat.outcomes import outcome_of
from triage.chat.outcomes.council_tax import plan, year_end

# SI 1992/613, schedule 1, paragraphs 2(5), 2(6), 2(7) and 3: (total, payments, first, rest, how many).
PLANS = [
    ("1500.00", 10, "150.00", "150", 10),
    ("1836.16", 10, "180.16", "184", 10),  # 183.616 is 184 to the nearest pound; the first is what is left
    ("1250.40", 12, "106.40", "104", 12),
    ("1250.40", 6, "210.40", "208", 6),
    ("100.00", 3, "34.00", "33", 3),
    ("842.37", 1, "842.37", "842", 1),
    ("60.00", 12, "5.00", "5", 12),
    ("48.00", 12, "8.00", "5", 9),  # no payment under £5: nine of them
    ("55.00", 10, "7.00", "6", 9),  # ten would leave a first payment of £1: it is put on the second
    ("3.20", 10, "3.20", "3", 1),
    ("0.01", 10, "0.01", "0", 1),
]


@pytest.mark.parametrize(("total", "count", "first", "rest", "number"), PLANS)
def test_a_plan_to_the_penny(total: str, count: int, first: str, rest: str, number: int) -> None:
    worked = plan(Decimal(total), count, 1, TODAY)
    assert (worked.first, worked.rest, len(worked.days)) == (Decimal(first), Decimal(rest), number)


@pytest.mark.parametrize("count", range(1, 25))
@pytest.mark.parametrize("pence", [1, 499, 500, 501, 999, 1049, 9999, 123456, 183616, 400001])
def test_every_plan_adds_up_and_no_payment_is_small(pence: int, count: int) -> None:
    total = Decimal(pence) / 100
    worked = plan(total, count, 15, TODAY)
    assert worked.first + (len(worked.days) - 1) * worked.rest == total
    assert len(worked.days) == 1 or min(worked.first, worked.rest) >= 5
    assert 1 <= len(worked.days) <= count


@pytest.mark.parametrize(
    ("today", "count", "day", "first", "last", "number"),
    [
        (date(2026, 11, 25), 2, 15, date(2026, 12, 15), date(2027, 1, 15), 2),
        (date(2026, 11, 25), 2, 1, date(2027, 1, 1), date(2027, 2, 1), 2),  # 1 December is in less than 14 days
        (date(2026, 11, 25), 2, 9, date(2026, 12, 9), date(2027, 1, 9), 2),  # in 14 days exactly
        (date(2026, 11, 25), None, 1, date(2027, 1, 1), date(2027, 3, 1), 3),
        (date(2026, 11, 25), None, 31, date(2026, 12, 31), date(2027, 3, 31), 4),  # February's last day between
        (date(2026, 4, 1), None, 28, date(2026, 4, 28), date(2027, 3, 28), 12),
        (date(2027, 3, 25), None, 1, date(2027, 5, 1), date(2027, 5, 1), 1),  # no month is left
    ],
)
def test_when_a_plan_is_paid(today: date, count: int | None, day: int, first: date, last: date, number: int) -> None:
    days = plan(Decimal(1200), count, day, today).days
    assert (days[0], days[-1], len(days)) == (first, last, number)


def test_a_day_that_a_month_does_not_have_is_its_last() -> None:
    assert date(2027, 2, 28) in plan(Decimal(1200), None, 31, TODAY).days


@pytest.mark.parametrize(
    ("day", "end"), [(date(2026, 11, 25), 2027), (date(2027, 3, 31), 2027), (date(2027, 4, 1), 2028)]
)
def test_the_council_tax_year_ends_on_31_march(day: date, end: int) -> None:
    assert year_end(day) == date(end, 3, 31)


BILL = {"total": "1250.40", "stage": "bill", "spread": "10 payments", "day": "15", "send": "no"}


def test_a_plan_is_said_in_words() -> None:
    text = said("instalments", outcome_of("instalments", BILL, TODAY))
    assert "a plan for £1,250.40, if the council agrees" in text
    assert "First payment: £125.40 on Tuesday 15 December 2026." in text
    assert "Then 9 payments of £125, one a month. The last is on Wednesday 15 September 2027." in text
    assert "after Wednesday 31 March 2027" in text
    assert "Nothing was sent" in text
    assert "One payment" not in text and "Second" not in text


@pytest.mark.parametrize(
    ("changed", "words", "not_said"),
    [
        ({"spread": "another number", "payments": "1"}, "One payment: £1,250.40 on", "First payment"),
        ({"spread": "another number", "payments": "2"}, "Second and last payment: £625 on", "Then"),
        ({"spread": "to march"}, "Then 3 payments of £313", "It goes on after"),
        ({"spread": "to march", "day": "31"}, "The last is on Wednesday 31 March 2027", "It goes on after"),
    ],
)
def test_a_plan_says_only_what_fits(changed: dict[str, str], words: str, not_said: str) -> None:
    text = said("instalments", outcome_of("instalments", BILL | changed, TODAY))
    assert words in text and not_said not in text


@pytest.mark.parametrize(
    ("changed", "notes", "files", "priority"),
    [
        ({}, ("plan", "shown"), False, None),
        ({"send": "not sure"}, ("plan", "shown"), False, None),
        ({"send": "yes"}, ("plan", "sent_plan"), True, None),
        ({"send": "yes", "stage": "court"}, ("plan", "too_late_for_a_plan", "sent_plan"), True, "P2"),  # FACTS C7
        ({"stage": "enforcement"}, ("plan", "too_late_for_a_plan", "shown"), False, "P2"),
        ({"total": "0.00"}, ("nothing_to_pay",), False, None),
    ],
)
def test_instalments(changed: dict[str, str], notes: tuple[str, ...], files: bool, priority: str | None) -> None:
    outcome = outcome_of("instalments", BILL | changed, TODAY)
    assert (outcome.notes, outcome.files, outcome.priority) == (notes, files, priority)


def test_the_team_gets_the_plan_that_was_shown() -> None:
    asked = outcome_of("instalments", BILL | {"send": "yes"}, TODAY).details["Plan asked for"]
    assert asked == "£125.40 on Tuesday 15 December 2026, then 9 of £125, to Wednesday 15 September 2027"


@pytest.mark.parametrize(
    ("counted", "notes", "files"),
    [
        # FACTS C3, Local Government Finance Act 1992 section 11: one counted adult 25%, none usually 50%.
        ("one", ("likely_one", "sent_discount"), True),
        ("nobody", ("likely_nobody", "sent_discount"), True),
        ("not sure", ("not_clear", "sent_discount"), True),
        ("two", ("two_count",), False),
    ],
)
def test_single_person(counted: str, notes: tuple[str, ...], files: bool) -> None:
    outcome = outcome_of("single_person", {"adults": "two", "counted": counted}, TODAY)
    assert (outcome.notes, outcome.files) == (notes, files)


def test_the_discounts_are_those_of_the_facts() -> None:
    assert "25%" in said("single_person", outcome_of("single_person", {"counted": "one"}, TODAY))
    assert "50%" in said("single_person", outcome_of("single_person", {"counted": "nobody"}, TODAY))
