"""What the owner is told of change, from months of counts."""

from datetime import date

from triage.metrics.periods import Period
from triage.metrics.room.change import Verdict, readings, verdict
from triage.metrics.room.holding import verdict as in_table
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
    return verdict(of, readings(of, changes, today))


def test_too_early_to_say() -> None:
    found = told(*[USUAL] * 5)
    assert found.direction is None
    assert found.sentences[0].endswith("120 answers or more to compare with, and there are 5 with 750.")


def test_where_nothing_is_flagged_it_is_said_how_large_a_change_would_have_been() -> None:
    found = told(*[USUAL] * 28)
    assert (found.direction, found.since) == (0, None)
    # (3 + 0.8416) × √(0.76 × 0.24 × (1/600 + 1/3600)) = 3.8416 × 0.018832 = 7.2 points.
    assert found.sentences == (
        "We can't tell a change from chance yet: up to April 2026, nothing is further from its usual 76 in every 100 "
        "than chance would explain.",
        "With so many answers, a change of 8 in every 100 that stays for 4 months would most likely have shown; a "
        "smaller one may be there.",
    )


def test_with_few_answers_a_large_fall_is_not_called_no_change() -> None:
    # 11 of 15 a month, then 9 of 15: 73 to 60 in every 100, which 15 answers a month cannot tell from chance.
    found = told(*[Counts((1, 1, 2, 5, 6))] * 12, *[Counts((2, 2, 2, 4, 5))] * 4)
    assert found.direction == 0
    # 3.8416 × √(0.7333 × 0.2667 × (1/60 + 1/180)) = 3.8416 × 0.06592 = 25.3 points.
    assert found.sentences[0].startswith("We can't tell a change from chance yet")
    assert "a change of 26 in every 100" in found.sentences[1]


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
    assert found.sentences[2] == "It was last lower than chance would explain in February 2025."


def test_a_month_that_has_just_begun_says_nothing_and_hides_nothing() -> None:
    of = [*[USUAL] * 24, *[WORSE] * 4, Counts((1, 0, 0, 0, 1))]
    assert told(*of, today=date(2026, 5, 2)).direction == -1


def test_a_month_is_judged_when_it_has_ended_and_on_no_day_before() -> None:
    # Looked at each day, chance would have thirty tries at a month and not one.
    of = months(*[USUAL] * 24, BAD)
    for day in (date(2026, 1, 1), date(2026, 1, 20), date(2026, 1, 31)):
        found = readings(of, frozenset(), day)
        assert verdict(of, found).direction == 0
        assert (found[-1].direction, found[-1].judged, found[-1].ended, found[-1].limits) == (0, False, False, None)
        assert in_table(found[-1]) == "it has not ended"
    assert told(*[USUAL] * 24, BAD, today=date(2026, 2, 1)).direction == -1
    # Nor does a month that still runs make a baseline: with its first day the twelfth month would be a few answers.
    assert readings(of[:12], frozenset(), date(2024, 12, 2))[0].baseline is None


def test_a_declared_change_begins_with_its_month_whatever_the_day() -> None:
    better = Counts((6, 9, 10, 55, 70))
    counts = [*[USUAL] * 14, *[better] * 13]
    assert told(*counts).direction == 1
    assert told(*counts, changes=frozenset({date(2025, 3, 17)})).direction == 0


def test_no_months_and_empty_months() -> None:
    assert verdict([], ()).direction is None
    assert told(Counts()).direction is None
