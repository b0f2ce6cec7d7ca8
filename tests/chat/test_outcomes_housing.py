"""What comes of the forms about a home, case by case, with the law or the FACTS row that says so."""

from datetime import date

import pytest

from tests.chat.outcome_words import TODAY, said
from triage.chat.outcomes import outcome_of
from triage.chat.outcomes.days import working_days_after


@pytest.mark.parametrize(
    ("answers", "note", "priority"),
    [
        # Government guidance on Awaab's Law names these as emergency hazards (FACTS H4): 24 hours.
        ({"kind": "leak", "water": "near electrics", "who": "nobody"}, "emergency", "P1"),
        ({"kind": "leak", "water": "pouring", "who": "nobody"}, "emergency", "P1"),
        ({"kind": "heating", "missing": "taps", "who": "nobody"}, "emergency", "P1"),
        ({"kind": "electrics", "wires": "exposed", "who": "nobody"}, "emergency", "P1"),
        ({"kind": "electrics", "wires": "power off", "who": "nobody"}, "emergency", "P1"),
        ({"kind": "door", "locks": "no", "who": "nobody"}, "emergency", "P1"),
        ({"kind": "damp", "breathing": "yes", "who": "nobody"}, "emergency", "P1"),
        ({"kind": "something else", "harm": "yes", "who": "nobody"}, "emergency", "P1"),
        # FACTS 3, Q-REPAIR: P1 when there is no heat or water and somebody vulnerable.
        ({"kind": "heating", "missing": "heating", "who": "baby"}, "emergency", "P1"),
        ({"kind": "heating", "missing": "hot water", "who": "over 65"}, "emergency", "P1"),
        ({"kind": "heating", "missing": "both", "who": "several"}, "emergency", "P1"),
        ({"kind": "heating", "missing": "both", "who": "nobody"}, "ordinary", "P2"),
        ({"kind": "heating", "missing": "partly", "who": "baby"}, "ordinary", None),
        # Damp and mould: 10 working days, and at once with a baby or an illness.
        ({"kind": "damp", "breathing": "no", "who": "nobody"}, "damp", "P2"),
        ({"kind": "damp", "breathing": "not sure", "who": "nobody"}, "damp", "P2"),
        ({"kind": "damp", "breathing": "no", "who": "baby"}, "emergency", "P1"),
        ({"kind": "damp", "breathing": "no", "who": "illness"}, "emergency", "P1"),
        ({"kind": "leak", "water": "slow", "who": "baby"}, "ordinary", None),
        ({"kind": "door", "locks": "yes", "who": "nobody"}, "ordinary", None),
        ({"kind": "door", "locks": "not sure", "who": "nobody"}, "ordinary", "P2"),
        ({"kind": "something else", "harm": "not sure", "who": "nobody"}, "ordinary", "P2"),
    ],
)
def test_repair(answers: dict[str, str], note: str, priority: str | None) -> None:
    outcome = outcome_of("repair", answers, TODAY)
    assert (outcome.notes, outcome.priority) == ((note,), priority)
    assert ("Legal clock" in outcome.details) is (note != "ordinary")
    assert outcome.statutory == (None if note == "ordinary" else "hazard")


@pytest.mark.parametrize(
    ("told", "by"),
    [
        (date(2026, 11, 25), date(2026, 12, 9)),  # the day it is told is not counted
        (date(2026, 11, 28), date(2026, 12, 11)),  # a Saturday
        (date(2026, 12, 18), date(2027, 1, 6)),  # Christmas, Boxing Day's substitute and New Year's Day do not count
        (date(2027, 3, 19), date(2027, 4, 6)),  # Good Friday and Easter Monday do not either
    ],
)
def test_ten_working_days_of_awaabs_law(told: date, by: date) -> None:
    assert working_days_after(told, 10) == by


def test_the_clock_of_damp_is_said_as_a_date() -> None:
    text = said("repair", outcome_of("repair", {"kind": "damp", "breathing": "no", "who": "nobody"}, TODAY))
    assert "10 working days" in text and "Wednesday 9 December 2026" in text


@pytest.mark.parametrize(
    ("answers", "notes", "priority"),
    [
        # Housing Act 1996 as in FACTS H1: relief now, prevention within 56 days, advice always.
        ({"when": "tonight", "why": "family", "who": "alone"}, ("duty_tonight", "sent"), "P1"),
        ({"when": "soon", "why": "family", "who": "alone"}, ("duty_prevention", "sent"), "P2"),
        ({"when": "weeks", "why": "other place", "who": "other adults"}, ("duty_prevention", "sent"), "P2"),
        ({"when": "later", "why": "something else", "who": "alone"}, ("duty_advice", "sent"), "P2"),
        ({"when": "not sure", "why": "family", "who": "alone"}, ("duty_unsure", "sent"), "P2"),
        # FACTS 3, Q-HOMELESS: P1 tonight, for abuse, and for children.
        ({"when": "later", "why": "family", "who": "kids"}, ("duty_advice", "sent"), "P1"),
        ({"when": "weeks", "why": "family", "who": "pregnant"}, ("duty_prevention", "sent"), "P1"),
        # Never wait for bailiffs.
        ({"when": "weeks", "why": "renting", "who": "alone"}, ("duty_prevention", "stay", "sent"), "P2"),
        ({"when": "tonight", "why": "renting", "who": "alone"}, ("duty_tonight", "sent"), "P1"),
        # Section 177: who leaves abuse is homeless now, and may ask any council.
        (
            {"when": "later", "why": "abuse", "safe": "safe", "who": "alone"},
            ("duty_relief", "any_council", "sent"),
            "P1",
        ),
        (
            {"when": "tonight", "why": "abuse", "safe": "no", "who": "kids"},
            ("duty_tonight", "any_council", "sent_unsafe"),
            "P1",
        ),
    ],
)
def test_homeless_assessment(answers: dict[str, str], notes: tuple[str, ...], priority: str) -> None:
    outcome = outcome_of("homeless_assessment", answers, TODAY)
    assert (outcome.notes, outcome.priority, outcome.files) == (notes, priority, True)


@pytest.mark.parametrize(
    ("answer", "safe", "told"),
    [("no", False, True), ("sometimes", False, True), ("safe", True, False), ("not asked", None, False)],
)
def test_who_may_not_be_called_is_marked_for_the_team(answer: str, safe: bool | None, told: bool) -> None:
    outcome = outcome_of("homeless_assessment", {"when": "soon", "why": "abuse", "safe": answer}, TODAY)
    assert outcome.safe is safe and ("Safe to contact" in outcome.details) is told
