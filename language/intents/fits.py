"""The two linear models of a reader, each fitted exactly and the same way every time.

*Meaning* is logistic regression on sentence vectors. *Likeness* is ridge regression of "is it this label?" on how
like a text is to each training text: exp(2 (cos - 1)) of their sentence vectors plus 0.3 times the product of
their TF-IDF rows. Texts are few, so the likeness is solved exactly through the square of training texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from language.intents.lexicon import Row
from language.intents.reader import likeness_of_vectors

# These three are measured: see docs/decisions/2026-11-22-reading.md.
MEANING_C = 20.0  # how freely the logistic regression may fit
MEANING_LEANS = (1.0, 0.25)  # how much the logistic regression is shown of the last layer and of the fourth
WORDS_WORTH = 0.3  # beside a likeness of vectors of at most 1
# Comparing with thousands of examples is memory to read: 256 directions are a third of it, and cost no accuracy.
MOST_DIRECTIONS = 256
RIDGE = 0.1  # added to each text's likeness to itself
MOST_STEPS = 300  # of the logistic regression; it takes 40 to 100
STEEP = 1e-4  # stop when no slope is steeper

Table = Any  # a scipy sparse matrix, shape (texts, terms)


@dataclass(frozen=True)
class Meaning:
    """Logistic regression: `weights` (768, labels), `bias` (labels,)."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]


@dataclass(frozen=True)
class Likeness:
    """Ridge regression: `pulls` (training texts, labels), `bias` (labels,)."""

    pulls: NDArray[np.float32]
    bias: NDArray[np.float32]


def as_table(rows: Sequence[Row], terms: int) -> Table:
    """TF-IDF rows as one sparse matrix, shape (texts, terms)."""
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *(len(places) for places, _ in rows)])
    places = np.concatenate([places for places, _ in rows])
    weights = np.concatenate([weights for _, weights in rows])
    return csr_matrix((weights, places, ends), shape=(len(rows), terms))


def main_directions(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The directions, shape (768, at most 256), in which the vectors lie most, the first the most of all.

    Principal components without centring, so that a product of two shortened vectors is nearly that of the whole ones.
    """
    spread = vectors.T.astype(np.float64) @ vectors
    _, found = np.linalg.eigh(spread)
    return np.ascontiguousarray(found[:, ::-1][:, :MOST_DIRECTIONS], dtype=np.float32)


def kernel(
    vectors: NDArray[np.float32], table: Table, others: NDArray[np.float32], other_table: Table
) -> NDArray[np.float32]:
    """How like each text is to each of the others, shape (texts, others)."""
    by_words = (table @ other_table.T).toarray()
    return np.asarray(likeness_of_vectors(vectors, others) + WORDS_WORTH * by_words, dtype=np.float32)


def fit_meaning(vectors: NDArray[np.float32], y: NDArray[np.int64], labels: int) -> Meaning:
    """Logistic regression over all labels; a label missing from `y` is never expected.

    It looks mostly at the last layer (`MEANING_LEANS`); the weights returned are for the vectors as they are.
    The least of mean surprise + |weights|^2 / (2 C rows), found from zero by L-BFGS. Ours, because scikit-learn's
    stops at different places in different versions, and the assistant's environment has an old one.
    """
    from scipy.optimize import minimize

    rows = np.arange(len(y))
    width = vectors.shape[1]
    leans = np.repeat(MEANING_LEANS, width // 2) * np.sqrt(2.0)  # the last layer's half has length 1 again
    x = vectors * leans
    pull = 1.0 / (MEANING_C * len(y))

    def surprise(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        both = flat.reshape(width + 1, labels)
        scores = x @ both[:width] + both[width]
        scores -= scores.max(axis=1, keepdims=True)
        raised = np.exp(scores)
        total = raised.sum(axis=1, keepdims=True)
        value = float((np.log(total[:, 0]) - scores[rows, y]).mean() + pull / 2 * (both[:width] ** 2).sum())
        raised /= total
        raised[rows, y] -= 1.0
        raised /= len(y)
        slope = np.vstack([x.T @ raised + pull * both[:width], raised.sum(axis=0)])
        return value, slope.ravel()

    options = {"maxiter": MOST_STEPS, "gtol": STEEP, "ftol": 1e-9}
    found = minimize(surprise, np.zeros((width + 1) * labels), jac=True, method="L-BFGS-B", options=options)
    both = found.x.reshape(width + 1, labels)
    weights = np.asarray(both[:width] * leans[:, None], dtype=np.float32)
    return Meaning(weights, both[width].astype(np.float32))


def fit_likeness(square: NDArray[np.float32], y: NDArray[np.int64], labels: int) -> Likeness:
    """Ridge regression; `square` is the kernel of the training texts with themselves."""
    from scipy.linalg import cho_factor, cho_solve

    wanted = np.zeros((len(y), labels), dtype=np.float32)
    wanted[np.arange(len(y)), y] = 1.0
    bias = wanted.mean(axis=0)
    ridged = square.copy()
    ridged[np.diag_indices_from(ridged)] += RIDGE
    factor = cho_factor(ridged, lower=True, overwrite_a=True, check_finite=False)
    return Likeness(np.asarray(cho_solve(factor, wanted - bias), dtype=np.float32), bias)
