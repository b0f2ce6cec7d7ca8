"""What comes of the forms about who lives where, case by case, with the law that says so."""

import pytest

from tests.chat.outcome_words import TODAY, said
from triage.chat.outcomes import outcome_of

MOVE = {"way": "moving in", "hold": "rent", "moved": "2026-12-12", "starts": "skip", "ends": "not asked"}


@pytest.mark.parametrize(
    ("changed", "notes", "words"),
    [
        # FACTS C2, LGFA 1992 section 6: from the move or the tenancy, whichever is first.
        ({}, ("bill_starts", "sent_in"), "starts on Saturday 12 December 2026"),
        ({"starts": "2026-12-01"}, ("bill_starts", "sent_in"), "starts on Tuesday 1 December 2026"),
        ({"starts": "2026-12-20", "hold": "own"}, ("bill_starts", "sent_in"), "starts on Saturday 12 December 2026"),
        ({"hold": "not sure"}, ("bill_starts", "sent_in"), "starts on Saturday 12 December 2026"),
        ({"hold": "room", "starts": "not asked"}, ("room", "sent_checked"), "the owner usually pays"),
        ({"hold": "staying", "starts": "not asked"}, ("staying", "sent_checked"), "you may get no bill"),
    ],
)
def test_moving_in(changed: dict[str, str], notes: tuple[str, ...], words: str) -> None:
    outcome = outcome_of("moving", MOVE | changed, TODAY)
    assert (outcome.notes, outcome.place, outcome.files) == (notes, "new", True)
    assert words in said("moving", outcome)


@pytest.mark.parametrize(
    ("changed", "notes", "words"),
    [
        ({"ends": "skip"}, ("bill_ends", "sent_out"), "ends after Saturday 12 December 2026"),
        # Until the tenancy or the sale, when that is later.
        ({"ends": "2026-12-31"}, ("bill_ends", "sent_out"), "ends after Thursday 31 December 2026"),
        ({"ends": "2026-12-05"}, ("bill_ends", "sent_out"), "ends after Saturday 12 December 2026"),
        ({"hold": "own", "stay": "nobody"}, ("bill_ends", "left_empty", "sent_out"), "stays yours after that day"),
        ({"hold": "rent", "stay": "nobody"}, ("bill_ends", "sent_out"), "closes your account"),
        ({"stay": "somebody"}, ("bill_ends", "some_stay", "sent_out"), "If only one adult is left"),
        ({"stay": "not sure"}, ("bill_ends", "sent_out"), "closes your account"),
        ({"hold": "room", "stay": "somebody"}, ("room", "sent_checked"), "the owner usually pays"),
        ({"hold": "staying", "stay": "somebody"}, ("staying_left", "sent_checked"), "no bill to close"),
    ],
)
def test_moving_out(changed: dict[str, str], notes: tuple[str, ...], words: str) -> None:
    away = MOVE | {"way": "moving out", "starts": "not asked", "ends": "skip", "stay": "other people"} | changed
    outcome = outcome_of("moving", away, TODAY)
    assert (outcome.notes, outcome.place, outcome.files) == (notes, "old", True)
    assert words in said("moving", outcome)


@pytest.mark.parametrize(
    ("changed", "notes", "overlap"),
    [
        ({"ends": "skip"}, ("both_bills", "sent_within"), False),
        ({"ends": "2026-12-31"}, ("both_bills", "sent_within"), True),
        ({"hold": "room"}, ("bill_ends", "room", "sent_checked"), False),
    ],
)
def test_moving_within_the_area(changed: dict[str, str], notes: tuple[str, ...], overlap: bool) -> None:
    within = MOVE | {"way": "within", "starts": "not asked", "ends": "skip"} | changed
    outcome = outcome_of("moving", within, TODAY)
    assert (outcome.notes, outcome.place) == (notes, "new")
    assert ("Both homes are yours until Thursday 31 December 2026" in said("moving", outcome)) is overlap


@pytest.mark.parametrize(("moved", "large"), [("2026-09-25", True), ("2026-09-26", False), ("2026-12-12", False)])
def test_a_bill_that_starts_long_ago_can_be_spread(moved: str, large: bool) -> None:
    assert ("You can ask to spread it" in said("moving", outcome_of("moving", MOVE | {"moved": moved}, TODAY))) is large


def test_the_team_gets_the_dates_that_were_said() -> None:
    within = MOVE | {"way": "within", "starts": "not asked", "ends": "2026-12-31"}
    assert outcome_of("moving", within, TODAY).details == {
        "Bill may end after": "Thursday 31 December 2026",
        "Bill may start": "Saturday 12 December 2026",
    }


def home(adults: int, students: int = 0, illness: int = 0, carers: int = 0, young: int = 0) -> dict[str, str]:
    kinds = {"adults": adults, "students": students, "illness": illness, "carers": carers, "young": young}
    return {kind: str(count) for kind, count in kinds.items()} | {"send": "no"}


@pytest.mark.parametrize(
    ("answers", "notes", "words"),
    [
        # FACTS C3, LGFA 1992 section 11: one counted adult 25%, none usually 50%.
        (home(1), ("one_counts", "shown"), "25%"),
        (home(2, students=1), ("one_counts", "why", "shown"), "Students: 1"),
        (home(3, illness=1, carers=1), ("one_counts", "why", "shown"), "Live-in carers: 1"),
        (home(2, carers=1, young=1), ("nobody_counts", "why", "shown"), "50%"),
        (home(1, young=1), ("nobody_counts", "why", "shown"), "50%"),
        # FACTS C4, Council Tax (Exempt Dwellings) Order 1992, classes N and U.
        (home(4, students=4), ("all_students", "shown"), "class N"),
        (home(1, illness=1), ("all_ill", "shown"), "class U"),
        (home(2, students=1, illness=1), ("students_and_ill", "why", "shown"), "there may be nothing to pay"),
        (home(3, students=2, young=1), ("nobody_counts", "why", "shown"), "50%"),
        # Never a refusal: why, what else, and a person.
        (home(2), ("two_count", "shown_same"), "Council Tax Support"),
        (home(5, students=2, carers=1), ("two_count", "why", "shown_same"), "A person can look at it"),
        (home(1, students=1, carers=1), ("too_many", "shown_same"), "Count each person once"),
    ],
)
def test_who_counts(answers: dict[str, str], notes: tuple[str, ...], words: str) -> None:
    outcome = outcome_of("who_counts", answers, TODAY)
    assert (outcome.notes, outcome.files) == (notes, False)
    assert words in said("who_counts", outcome)


def test_only_the_kinds_that_live_there_are_named() -> None:
    text = said("who_counts", outcome_of("who_counts", home(3, illness=1), TODAY))
    assert "Severe mental impairment: 1" in text and "Students" not in text and "Live-in carers" not in text


@pytest.mark.parametrize(
    ("answers", "worked_out"),
    [
        (home(3, students=1, carers=1), "One counts: 25% off (students: 1, live-in carers: 1; adults: 3)"),
        (home(2), "2 count: no discount seen (nobody left out; adults: 2)"),
        (home(2, students=2), "All students: exempt, class N (students: 2; adults: 2)"),
    ],
)
def test_the_team_gets_what_was_worked_out(answers: dict[str, str], worked_out: str) -> None:
    outcome = outcome_of("who_counts", answers | {"send": "yes"}, TODAY)
    assert (outcome.files, outcome.notes[-1]) == (True, "sent_counts")
    assert outcome.details == {"Worked out": worked_out}
