"""A button's own label, typed instead of pressed: whole, or most of its words in their order. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.actions.parsing import plain

# How what is written apart in a label is typed in a hurry: "its" for "it is".
_SHORT = {
    **{"its": "it is", "it s": "it is", "im": "i am", "i m": "i am", "theyre": "they are", "they re": "they are"},
    **{"dont": "do not", "don t": "do not", "cant": "can not", "can t": "can not", "cannot": "can not"},
    **{"ive": "i have", "i ve": "i have", "isnt": "is not", "isn t": "is not", "wasnt": "was not", "wasn t": "was not"},
}
_SHORTENED = re.compile(rf"\b({'|'.join(sorted(_SHORT, key=len, reverse=True))})\b")
_FEWEST = 2  # words; one word of a label is too little to go by


def spelt_out(text: str) -> str:
    """Plain words without short forms, so that "it's" and "it is" are alike."""
    return _SHORTENED.sub(lambda found: _SHORT[found[1]], plain(text))


def whole_label(text: str, labels: Mapping[str, str]) -> str | None:
    """The answer whose label is the whole text, in any case and without its punctuation."""
    # Without the gaps, "a childs" is "a child's".
    letters = spelt_out(text).replace(" ", "")
    fits = (answer for answer, label in labels.items() if spelt_out(label).replace(" ", "") == letters)
    return next(fits, None) if letters else None


def most_of_a_label(text: str, labels: Mapping[str, str]) -> str | None:
    """The one answer of whose label the text gives at least half the words, in their order and nothing else."""
    words = spelt_out(text).split()
    if len(words) < _FEWEST:
        return None
    fits = [
        answer
        for answer, label in labels.items()
        if _in_order(words, spelt_out(label).split()) and len(words) * 2 >= len(spelt_out(label).split())
    ]
    return fits[0] if len(fits) == 1 else None


def _in_order(words: list[str], label: list[str]) -> bool:
    rest = iter(label)
    return all(word in rest for word in words)
