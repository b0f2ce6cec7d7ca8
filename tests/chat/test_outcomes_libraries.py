"""What comes of the forms about libraries."""

import pytest

from tests.chat.outcome_words import TODAY, said
from triage.chat.outcomes import outcome_of


@pytest.mark.parametrize(
    ("answers", "notes"),
    [
        ({"what": "join", "who": "pupil"}, ("pupil", "sent_join")),
        ({"what": "join", "who": "child"}, ("child", "sent_join")),
        ({"what": "join", "who": "adult"}, ("adult", "sent_join")),
        ({"what": "renew", "who": "not asked"}, ("sent_renew",)),
        ({"what": "lost", "who": "not asked"}, ("sent_lost",)),
        ({"what": "pin", "who": "not asked"}, ("sent_pin",)),
    ],
)
def test_library_help(answers: dict[str, str], notes: tuple[str, ...]) -> None:
    outcome = outcome_of("library_help", answers, TODAY)
    assert (outcome.notes, outcome.files) == (notes, True)


def test_a_pupil_most_likely_has_a_card_already() -> None:
    assert "through school" in said("library_help", outcome_of("library_help", {"what": "join", "who": "pupil"}, TODAY))


def test_a_lost_card_is_stopped_before_other_things() -> None:
    outcome = outcome_of("library_help", {"what": "lost"}, TODAY)
    assert outcome.priority == "P3" and "Stop" in outcome.details["To do first"]


@pytest.mark.parametrize(
    ("agreed", "note"), [("yes", "sent"), ("not asked", "sent"), ("no", "sent_unasked"), ("not sure", "sent_unasked")]
)
def test_whoever_does_not_know_of_it_is_asked_first(agreed: str, note: str) -> None:
    outcome = outcome_of("home_library_request", {"agreed": agreed}, TODAY)
    assert outcome.notes == (note,)
    assert bool(outcome.details) is (note == "sent_unasked")
