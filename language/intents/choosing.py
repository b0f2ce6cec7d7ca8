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
    places: dict[int, int]  # of a term of the lexicon, its row in `words`
    words: Vectors  # (terms, names)
    bias: Vectors  # (names,)

    @classmethod
    def fit(cls, asks: Sequence[str], vectors: Vectors, rows: Sequence[Row]) -> Chooser:
        """Learn from examples: what each asks for, its vector (shape (examples, 768)) and its words."""
        names = tuple(dict.fromkeys(asks))
        places = {term: at for at, term in enumerate(sorted({int(term) for terms, _ in rows for term in terms}))}
        table = np.zeros((len(rows), len(places)), dtype=np.float32)
        for at, (terms, weights) in enumerate(rows):
            table[at, [places[int(term)] for term in terms]] = weights
        wanted = np.array([[ask == name for name in names] for ask in asks], dtype=np.float32)
        bias = wanted.mean(axis=0)
        alike = likeness_of_vectors(vectors, vectors) + WORDS_WORTH * (table @ table.T)
        alike[np.diag_indices_from(alike)] += RIDGE
        pulls = np.asarray(np.linalg.solve(alike, wanted - bias), dtype=np.float32)
        return cls(names, vectors, pulls, places, WORDS_WORTH * (table.T @ pulls), bias)

    def chances(self, vector: Vectors, row: Row) -> dict[str, float]:
        """About the chance that a message asks for each; they sum to about 1."""
        found = likeness_of_vectors(vector[None, :], self.examples)[0] @ self.pulls + self.bias
        for term, weight in zip(*row, strict=True):
            at = self.places.get(int(term))
            if at is not None:
                found = found + weight * self.words[at]
        return dict(zip(self.names, map(float, found), strict=True))
