"""Logistic regression on how like a text is to the examples, beginning from what the readers say already.

The score of each class is a weighed sum of the readers' own logarithms (the offsets), the class's bias, and what each
example pulls towards it by its likeness: of meaning, of what the intent reader makes of the pieces, of cues, of danger
and of words. Each part is scaled to about 1 for the same text. Reading is plain NumPy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from language.intents.reader import softmax
from triage.sorting.features import Array, Features

Scores = NDArray[np.float64]
Places = NDArray[np.int64]

# How much each part of the likeness is worth; measured, see docs/decisions/2026-11-26-sorting.md.
MEANING, READING, CUES, DANGER, WORDS, HEARD = 2.0, 2.0, 1.0, 1.0, 2.0, 2.0
NEARNESS = 4.0  # likeness of two vectors is exp(NEARNESS * (cos - 1))
STIFF = 0.3  # how much the pulls are held back
_LEAST = 1e-6


@dataclass(frozen=True)
class Parts:
    """What is compared of each text, one row a text."""

    meaning: Array
    reading: Array
    cues: Array
    danger: Array
    heard: Array

    @classmethod
    def of(cls, features: Features) -> Parts:
        """The parts of each text, each of length 1."""
        read = (features.read_whole, features.read_mean, features.read_most)
        return cls(
            meaning=_unit(features.mean + 0.7 * features.whole),
            reading=_unit(np.hstack([np.sqrt(chances) for chances in read])),
            cues=_unit(np.sqrt(features.cues) + _LEAST),
            danger=_unit(np.tanh(features.dangers / 4.0)),
            heard=_unit(features.heard),
        )

    def like(self, others: Parts) -> Array:
        """How like each text is to each of the others, words aside; shape (texts, others)."""
        total = MEANING * np.exp(NEARNESS * (self.meaning @ others.meaning.T - 1.0))
        total += READING * (self.reading @ others.reading.T) + CUES * (self.cues @ others.cues.T)
        total += DANGER * np.exp(2.0 * (self.danger @ others.danger.T - 1.0))
        total += HEARD * np.exp(NEARNESS * (self.heard @ others.heard.T - 1.0))
        return np.asarray(total, dtype=np.float32)


def _unit(rows: NDArray[Any]) -> Array:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), _LEAST), dtype=np.float32)


def square(features: Features, terms: int) -> Scores:
    """How like each text is to each other of the same texts, words too."""
    from language.intents.fits import as_table

    parts = Parts.of(features)
    table = as_table(features.rows, terms)
    return np.asarray(parts.like(parts) + WORDS * (table @ table.T).toarray(), dtype=np.float64)


@dataclass(frozen=True)
class Fit:
    """What was learned: what a unit of each offset is worth, each class's bias, and each example's pulls."""

    worth: Scores  # (offsets,)
    bias: Scores  # (classes,)
    pulls: Scores  # (examples, classes)

    def chances(self, like: Any, offsets: Sequence[Scores]) -> Scores:
        """The chance of each class, shape (texts, classes); `like` is to each example, `offsets` of the same texts."""
        return softmax(self.scores(offsets) + like @ self.pulls)

    def scores(self, offsets: Sequence[Scores]) -> Scores:
        """What is said before any example pulls, shape (texts, classes)."""
        return np.asarray(self.bias + sum(w * o for w, o in zip(self.worth, offsets, strict=True)), dtype=np.float64)


def fit(like: Scores, offsets: Sequence[Scores], y: Places, classes: int, stiff: float = STIFF) -> Fit:
    """The likeliest worth, bias and pulls, held back by `stiff`; the same examples always give the same."""
    from scipy.optimize import minimize

    rows, count, wanted = np.arange(len(y)), len(offsets), np.eye(classes)[y]

    def surprise(flat: Scores) -> tuple[float, Scores]:
        worth, bias, pulls = _apart(flat, count, classes)
        pulled = like @ pulls
        chances = softmax(bias + pulled + sum(w * o for w, o in zip(worth, offsets, strict=True)))
        value = -np.log(np.maximum(chances[rows, y], 1e-12)).sum() + stiff / 2 * ((pulls * pulled).sum() + bias @ bias)
        off = chances - wanted
        slopes = [float((off * offset).sum()) for offset in offsets]
        return float(value), np.concatenate([slopes, off.sum(0) + stiff * bias, (like @ (off + stiff * pulls)).ravel()])

    start = np.concatenate([np.full(count, 0.3), np.zeros(classes * (1 + len(y)))])
    bounds = [(0.0, None)] * count + [(None, None)] * (len(start) - count)
    found = minimize(surprise, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 150})
    return Fit(*_apart(found.x, count, classes))


def _apart(flat: Scores, offsets: int, classes: int) -> tuple[Scores, Scores, Scores]:
    return flat[:offsets], flat[offsets : offsets + classes], flat[offsets + classes :].reshape(-1, classes)
