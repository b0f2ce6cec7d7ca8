"""Cuts a long message into pieces, so that one grave sentence is not drowned by the ordinary ones around it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from language.danger.reading import cut

_ENDS = re.compile(r"(?<=[.!?;\n])\s+|\n+")
FEWEST = 6
"""Words in a piece at least: "It hurts." alone says too little to be judged by."""
MOST = 30
"""Words in a piece at most: a page without a full stop is cut all the same."""
PIECES = 120
"""Pieces of one message at most, so that the longest message is read in bounded time."""


def pieces(text: str) -> list[str]:
    """The message in runs of whole sentences of 6 to 30 words; none at all when it would be one piece.

    A message longer than the rules read is cut where they cut it. Where there would be more than 120 pieces, they
    are made longer.
    """
    sentences = [sentence.split() for sentence in _ENDS.split(cut(text))]
    fewest = FEWEST
    while len(found := _runs(sentences, fewest, max(MOST, fewest))) > PIECES:
        fewest += fewest // 2
    return [" ".join(words) for words in found] if len(found) > 1 else []


def _runs(sentences: Iterable[list[str]], fewest: int, most: int) -> list[list[str]]:
    """Sentences joined until they have the fewest words, those with more than the most cut; a short end is joined."""
    found: list[list[str]] = [[]]
    for words in sentences:
        for start in range(0, len(words), most):
            if len(found[-1]) >= fewest:
                found.append([])
            found[-1] += words[start : start + most]
    if len(found) > 1 and len(found[-1]) < fewest:
        last = found.pop()
        found[-1] += last
    return found
