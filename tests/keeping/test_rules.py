"""Whose time is over, whose is not, and why somebody is not erased without being told twice. No database."""

from datetime import UTC, datetime, timedelta

import pytest

from triage.keeping.rules import Held, Talk, is_due, is_writing, why_not
from triage.keeping.schedule import schedule

NOW = datetime(2029, 1, 10, 3, tzinfo=UTC)
KEPT = schedule()


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def contact(days: float | None, longer: bool = False) -> Held:
    return Held("BN-1", None if days is None else ago(days), longer)


def talk(days: float, ended: bool = True) -> Talk:
    return Talk(ago(days), None, ended)


@pytest.mark.parametrize(
    ("contacts", "talks", "due"),
    [
        ([contact(731)], [], True),
        ([contact(729)], [], False),
        # The law's clocks and complaints are kept for longer, and hold what else is the same person's.
        ([contact(731, longer=True)], [], False),
        ([contact(2191, longer=True)], [], True),
        ([contact(2191), contact(800, longer=True)], [], False),
        ([contact(731), contact(None)], [], False),
        # A chat of which nothing came goes sooner; one that goes on goes later than its contact.
        ([], [talk(91)], True),
        ([], [talk(89)], False),
        ([contact(731)], [talk(3)], False),
    ],
)
def test_all_that_is_one_persons_goes_together(contacts: list[Held], talks: list[Talk], due: bool) -> None:
    assert is_due(contacts, talks, KEPT, NOW) is due


def test_nothing_goes_while_figures_still_look_at_it() -> None:
    hasty = KEPT.model_copy(update={"conversation": KEPT.conversation.model_copy(update={"days": 1})})
    assert not is_due([], [talk(21)], hasty, NOW)
    assert is_due([], [talk(23)], hasty, NOW)


def test_what_is_open_is_named() -> None:
    assert why_not([contact(None)], [], NOW) == ["BN-1 is open: somebody is still to deal with it."]
    assert why_not([contact(1)], [talk(0.01, ended=False)], NOW) != []
    assert why_not([contact(1)], [talk(0.01), talk(1, ended=False)], NOW) == []


def test_an_answer_that_is_being_written_is_waited_for() -> None:
    assert is_writing([Talk(NOW, NOW + timedelta(seconds=5), False)], NOW)
    assert not is_writing([Talk(NOW, NOW - timedelta(seconds=5), False), talk(1)], NOW)


def test_every_term_says_why_and_none_is_taken_for_law_before_somebody_looked() -> None:
    terms = KEPT.terms()
    assert {"contact", "longer_contact", "conversation", "file", "comment", "sign_in", "tally"} < set(terms)
    assert all(term.why and term.source.startswith("https://") and not term.verified for term in terms.values())
