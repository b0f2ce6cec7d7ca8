"""Which of a few things a message asks for, learned from a hundred examples in a hundredth of a second.

The reader's second model alone (likeness: ridge regression on how like a message is to each example, by meaning and by
words; language.intents.fits), solved where it is used: what it learns from is content, which changes without training.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from language.intents.fits import RIDGE, WORDS_WORTH
from language.intents.lexicon import Row
from language.intents.reader import likeness_of_vectors

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Chooser:
    """A fitted choice: `names` of what can be asked for, and how far each example and each term pulls towards each."""

    names: tuple[str, ...]
    examples: Vectors  # (examples, 768)
    pulls: Vectors  # (examples, names)
    terms: NDArray[np.int64]  # (terms,): the lexicon's terms that any example has, in order
    words: Vectors  # (terms, names)
    bias: Vectors  # (names,)

    @classmethod
    def fit(cls, asks: Sequence[str], vectors: Vectors, rows: Sequence[Row]) -> Chooser:
        """Learn from examples: what each asks for, its vector (shape (examples, 768)) and its words."""
        names = tuple(dict.fromkeys(asks))
        known = np.unique(np.concatenate([terms for terms, _ in rows]))
        table = np.zeros((len(rows), len(known)), dtype=np.float32)
        for at, (terms, weights) in enumerate(rows):
            table[at, np.searchsorted(known, terms)] = weights
        wanted = np.array([[ask == name for name in names] for ask in asks], dtype=np.float32)
        bias = wanted.mean(axis=0)
        alike = likeness_of_vectors(vectors, vectors) + WORDS_WORTH * (table @ table.T)
        alike[np.diag_indices_from(alike)] += RIDGE
        pulls = np.asarray(np.linalg.solve(alike, wanted - bias), dtype=np.float32)
        return cls(names, vectors, pulls, known, WORDS_WORTH * (table.T @ pulls), bias)

    def chances(self, vector: Vectors, row: Row) -> dict[str, float]:
        """About the chance that a message asks for each; they sum to about 1."""
        found = likeness_of_vectors(vector[None, :], self.examples)[0] @ self.pulls + self.bias
        terms, weights = row
        at = np.searchsorted(self.terms, terms)
        there = (at < len(self.terms)) & (self.terms[np.minimum(at, len(self.terms) - 1)] == terms)
        found = found + weights[there] @ self.words[at[there]]
        return dict(zip(self.names, map(float, found), strict=True))
