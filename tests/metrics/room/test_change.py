"""What the owner is told of change, from months of counts."""

from datetime import date

from triage.metrics.periods import Period
from triage.metrics.room.change import Verdict, readings, verdict
from triage.metrics.rules import Counts

USUAL, WORSE, BAD = Counts((9, 13, 14, 54, 60)), Counts((12, 16, 17, 53, 52)), Counts((30, 25, 15, 40, 40))
FIRST = Period(date(2024, 1, 1), "month")


def months(*counts: Counts) -> list[tuple[Period, Counts]]:
    """Months from January 2024 on."""
    every = [FIRST]
    while len(every) < len(counts):
        every.append(every[-1].next())
    return list(zip(every, counts, strict=True))


def told(*counts: Counts, changes: frozenset[date] = frozenset(), today: date = date(2030, 1, 1)) -> Verdict:
    """The verdict on these months."""
    of = months(*counts)
    return verdict(of, readings(of, changes), today)


def test_too_early_to_say() -> None:
    found = told(*[USUAL] * 5)
    assert found.direction is None
    assert found.sentences[0].endswith("120 answers or more to compare with, and there are 5 with 750.")


def test_nothing_has_changed() -> None:
    found = told(*[USUAL] * 15)
    assert (found.direction, found.since) == (0, None)
    assert found.sentences == (
        "It is not changing: up to March 2025, nothing is further from its usual 76 in every 100 than chance would "
        "explain.",
    )


def test_a_fall_that_stays() -> None:
    # 420 of 600 in the last four months, 76% before.
    found = told(*[USUAL] * 24, *[WORSE] * 4)
    assert found.direction == -1
    assert found.sentences[:2] == (
        "It is going down: in the 4 months to April 2026 together, 70 in every 100 were satisfied, against its usual "
        "76 in every 100.",
        "That is more than chance would explain.",
    )


def test_one_bad_month() -> None:
    found = told(*[USUAL] * 13, BAD)
    assert found.direction == -1 and found.since == Period(date(2025, 2, 1), "month")


def test_a_flag_of_the_past_is_still_told() -> None:
    found = told(*[USUAL] * 13, BAD, *[USUAL] * 4)
    assert found.direction == 0
    assert found.sentences[1] == "It was last lower than chance would explain in February 2025."


def test_a_month_that_has_just_begun_says_nothing_and_hides_nothing() -> None:
    of = [*[USUAL] * 24, *[WORSE] * 4, Counts((1, 0, 0, 0, 1))]
    assert told(*of, today=date(2026, 5, 2)).direction == -1
    # One that is flagged before it has ended is told of at once.
    assert told(*[USUAL] * 24, BAD, today=date(2026, 1, 20)).direction == -1


def test_a_declared_change_begins_with_its_month_whatever_the_day() -> None:
    better = Counts((6, 9, 10, 55, 70))
    counts = [*[USUAL] * 14, *[better] * 13]
    assert told(*counts).direction == 1
    assert told(*counts, changes=frozenset({date(2025, 3, 17)})).direction == 0


def test_no_months_and_empty_months() -> None:
    assert verdict([], (), date(2030, 1, 1)).direction is None
    assert told(Counts()).direction is None
