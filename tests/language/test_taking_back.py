"""Whole messages that take the last thing back, and sentences that only hold such a word."""

import pytest

from language.taking_back import takes_back


@pytest.mark.parametrize(
    "text",
    [
        "undo",
        "UNDO THAT",
        "go back",
        "oops!",
        "oh no, that was a mistake",
        "sorry i pressed the wrong one",
        "can i go back a step please",
        "I made a mistake",
        "take that back",
        "I didn't mean that",
        "previous question",
    ],
)
def test_taken_back(text: str) -> None:
    assert takes_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "go back to school",
        "you made a mistake with my bill",
        "I made a mistake on my form",
        "when do the kids go back",
        "undo my direct debit",
        "back garden",
        "no",
        "wrong bin",
    ],
)
def test_not_taken_back(text: str) -> None:
    assert not takes_back(text)
