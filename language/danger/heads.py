"""What the danger model has learned, as arrays, and how they score a message: NumPy alone, nothing is trained here.

Two readers of one message, weighed together. *Meaning*: a network with one hidden layer over the sentence vector says
how likely each signal is. *Wording*: logistic regression over words and letter runs says how likely each level is;
it knows words that the vector blurs. Their chances of each level are multiplied, each raised to its share, and the
network alone divides a level's chance among its signals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from language.danger.signals import LEVELS, Level
from language.intents.lexicon import Row
from language.intents.reader import softmax

GROUPS: tuple[Level | None, ...] = (*LEVELS, None)
"""What wording tells apart, in the order of its columns: the levels, then no danger."""
WORDING_SHARE = 0.4
"""Of the two readers' logarithms, what share is wording's; measured, see docs/decisions/2026-11-23-danger.md."""
_LEAST = 1e-6  # of a chance, so that its logarithm is a number

Array = NDArray[np.float32]
Chances = NDArray[np.float64]


@dataclass(frozen=True)
class Heads:
    """The learned arrays. Several networks trained apart stand side by side in one: H is their hidden width summed."""

    hidden: Array  # (768, H)
    hidden_bias: Array  # (H,)
    out: Array  # (H, labels)
    out_bias: Array  # (labels,)
    words: Array  # (terms, 4): what each term adds to each of GROUPS
    words_bias: Array  # (4,)

    def scores(self, vectors: Array, rows: Sequence[Row]) -> tuple[Chances, Chances]:
        """What meaning and wording say, shapes (texts, labels) and (texts, 4); a softmax makes chances of each."""
        meaning = np.maximum(vectors @ self.hidden + self.hidden_bias, 0.0) @ self.out + self.out_bias
        wording = np.stack([weights @ self.words[places] for places, weights in rows]) + self.words_bias
        return meaning.astype(np.float64), wording.astype(np.float64)


def blend(meaning: Chances, wording: Chances, levels: Sequence[Level | None]) -> Chances:
    """Scores of both, shapes (texts, labels) and (texts, 4), as chances of each label."""
    by_label = softmax(meaning)
    member = np.array([[level == group for group in GROUPS] for level in levels], dtype=np.float64)
    of_group = by_label @ member
    logs = (1.0 - WORDING_SHARE) * np.log(of_group + _LEAST) + WORDING_SHARE * np.log(softmax(wording) + _LEAST)
    chance = softmax(logs) * member.any(axis=0)
    within = by_label / np.maximum(of_group @ member.T, _LEAST**2)
    blended = within * (chance @ member.T)
    return np.asarray(blended / blended.sum(axis=1, keepdims=True), dtype=np.float64)
