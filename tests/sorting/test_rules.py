"""Where a contact goes, decided without a database."""

import itertools

import pytest

from triage.sorting.rules import Danger, Guess, Route, decide
from triage.timetable import HOLDING

BIN = Route("missed_bin", "Missed bin", "Q-WASTE", "P3")
TAX = Route("council_tax_bill", "Council tax bill", "Q-CTAX", "P3")
SURE = Guess(TAX, 0.95, False)
UNSURE = Guess(TAX, 0.31, True)
CHILD = Danger("child_at_risk", "A child may be at risk", "Q-SAFE-C", "P0", "child_at_risk.left")


def test_a_named_service_beats_a_guess() -> None:
    decision = decide(known=BIN, guess=SURE, danger=None, priority="P4", complaint=False)
    assert (decision.service, decision.queue, decision.holding) == ("missed_bin", "Q-WASTE", False)


def test_a_sure_guess_is_followed_and_says_how_sure() -> None:
    decision = decide(known=None, guess=SURE, danger=None, priority="P4", complaint=False)
    assert decision.queue == "Q-CTAX" and "95%" in decision.reasons[0]


def test_an_unsure_guess_is_held_for_a_person() -> None:
    decision = decide(known=None, guess=UNSURE, danger=None, priority="P4", complaint=False)
    assert decision.queue == HOLDING and decision.holding and decision.service == "council_tax_bill"


def test_words_of_no_service_go_to_general() -> None:
    decision = decide(known=None, guess=Guess(None, 0.9, False), danger=None, priority="P4", complaint=False)
    assert decision.queue == "Q-GENERAL" and not decision.holding


def test_danger_decides_the_queue_whatever_was_chosen() -> None:
    decision = decide(known=BIN, guess=SURE, danger=CHILD, priority="P3", complaint=True)
    assert (decision.queue, decision.priority, decision.service) == ("Q-SAFE-C", "P0", "missed_bin")


@pytest.mark.parametrize("priority", ["P0", "P1", "P2", "P3", "P4"])
def test_nothing_lowers_a_priority(priority: str) -> None:
    for known, guess, danger, complaint in itertools.product((None, BIN), (SURE, UNSURE), (None, CHILD), (False, True)):
        decision = decide(known=known, guess=guess, danger=danger, priority=priority, complaint=complaint)
        assert decision.priority <= priority
        assert decision.reasons
