"""How a reader is trained: two linear models, then their weights and the threshold from messages not seen.

1. Sentence vectors: logistic regression over all labels at once.
2. Words: ridge regression on TF-IDF, solved exactly through the texts' products (texts are few, terms many).
3. Five-fold cross-validation gives each training message scores from models that never saw it. On those, what a
   unit of each score is worth is fitted by likelihood, which blends the two and calibrates the confidence, and
   the threshold is set so that of the messages answered, `RIGHT_WHEN_ANSWERED` are answered rightly.

A label's own name is one more example of it ("missed_bin" says "missed bin").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from language.encoder import Encoder
from language.intents.lexicon import Lexicon, Row
from language.intents.reader import Model, softmax

SEED = 20261122
FOLDS = 5
MEANING_C = 20.0  # how freely the logistic regression may fit; chosen by cross-validation, see the decision
WORDS_RIDGE = 0.3
RIGHT_WHEN_ANSWERED = 0.97
MOST_ROWS = 20_000  # the exact ridge holds a square of this side

Halves = tuple[NDArray[np.float32], NDArray[np.float32]]  # weights, bias


def train(texts: Sequence[str], labels: Sequence[str], encoder: Encoder, outside: str) -> tuple[Model, Lexicon]:
    """Learn a model of the labelled texts; raises `ValueError` for rows that cannot be trained on."""
    names = sorted(set(labels))
    if len(texts) != len(labels):
        raise ValueError(f"{len(texts)} texts but {len(labels)} labels.")
    if len(names) < 2:
        raise ValueError("A reader needs at least two labels to tell apart.")
    if len(texts) > MOST_ROWS:
        raise ValueError(f"A reader is trained on at most {MOST_ROWS} messages; {len(texts)} were given.")
    place = {name: index for index, name in enumerate(names)}
    named = [name for name in names if name != outside]
    all_texts = [*texts, *(spoken(name) for name in named)]
    y = np.array([place[label] for label in labels] + [place[name] for name in named], dtype=np.int64)
    vectors = encoder.encode(all_texts)
    lexicon = Lexicon.fit(all_texts)
    table = as_table(lexicon.rows(all_texts), len(lexicon.terms))
    by_meaning, by_words = unseen_scores(vectors, table, y, len(texts), len(names))
    truth = y[: len(texts)]
    shares = fit_shares(by_meaning, by_words, truth)
    chances = softmax(shares[0] * by_meaning + shares[1] * by_words)
    threshold = choose_threshold(chances, truth, place.get(outside))
    meaning, meaning_bias = fit_meaning(vectors, y, len(names))
    words, words_bias = fit_words(table, y, len(names))
    model = Model(tuple(names), outside, meaning, meaning_bias, words, words_bias, shares, threshold)
    return model, lexicon


def spoken(label: str) -> str:
    """A label's name as words: `missed_bin` and `missedBin` become "missed bin"."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", label)
    return re.sub(r"[\W_]+", " ", apart).strip().lower()


def as_table(rows: Sequence[Row], terms: int) -> Any:
    """The rows as one sparse matrix, shape (texts, terms)."""
    from scipy.sparse import csr_matrix

    ends = np.cumsum([0, *(len(places) for places, _ in rows)])
    places = np.concatenate([places for places, _ in rows])
    weights = np.concatenate([weights for _, weights in rows])
    return csr_matrix((weights, places, ends), shape=(len(rows), terms))


def fit_meaning(vectors: NDArray[np.float32], y: NDArray[np.int64], labels: int) -> Halves:
    """Logistic regression on sentence vectors: weights (384, labels) and bias (labels,)."""
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=MEANING_C, max_iter=400, tol=1e-3).fit(vectors.astype(np.float64), y)
    weights, bias = fitted.coef_.T, fitted.intercept_
    if weights.shape[1] == 1:  # two labels share one line: give each its side
        weights, bias = np.hstack([-weights, weights]) / 2, np.array([-bias[0], bias[0]]) / 2
    full = np.zeros((vectors.shape[1], labels), dtype=np.float32)
    full_bias = np.full(labels, -20.0, dtype=np.float32)  # a label missing from these rows is not expected
    full[:, fitted.classes_], full_bias[fitted.classes_] = weights, bias
    return full, full_bias


def fit_words(table: Any, y: NDArray[np.int64], labels: int) -> Halves:
    """Ridge regression of "is it this label?" on TF-IDF: weights (terms, labels) and bias (labels,)."""
    from scipy.linalg import cho_factor, cho_solve

    wanted = np.zeros((len(y), labels), dtype=np.float32)
    wanted[np.arange(len(y)), y] = 1.0
    base = wanted.mean(axis=0)
    products = (table @ table.T).toarray().astype(np.float32)
    products[np.diag_indices_from(products)] += WORDS_RIDGE
    solved = cho_solve(cho_factor(products, lower=True, overwrite_a=True, check_finite=False), wanted - base)
    return np.asarray(table.T @ solved, dtype=np.float32), base


def unseen_scores(
    vectors: NDArray[np.float32], table: Any, y: NDArray[np.int64], texts: int, labels: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Both models' scores of each real text from folds that left it out, each of shape (texts, labels).

    The rows after `texts` are label names: always trained on, never scored.
    """
    by_meaning = np.zeros((texts, labels))
    by_words = np.zeros((texts, labels))
    fold_of = folds(y[:texts])
    for fold in range(FOLDS):
        held = np.flatnonzero(fold_of == fold)
        if not len(held):
            continue
        kept = np.concatenate([np.flatnonzero(fold_of != fold), np.arange(texts, len(y))])
        weights, bias = fit_meaning(vectors[kept], y[kept], labels)
        by_meaning[held] = vectors[held] @ weights + bias
        weights, bias = fit_words(table[kept], y[kept], labels)
        by_words[held] = table[held] @ weights + bias
    return by_meaning, by_words


def folds(y: NDArray[np.int64]) -> NDArray[np.int64]:
    """A fold for each row, each label spread as evenly as it goes; the same rows always get the same folds."""
    chance = np.random.default_rng(SEED)
    fold_of = np.zeros(len(y), dtype=np.int64)
    for label in np.unique(y):
        rows = np.flatnonzero(y == label)
        fold_of[chance.permutation(rows)] = (np.arange(len(rows)) + chance.integers(FOLDS)) % FOLDS
    return fold_of


def fit_shares(
    by_meaning: NDArray[np.float64], by_words: NDArray[np.float64], truth: NDArray[np.int64]
) -> tuple[float, float]:
    """What a unit of each score is worth, by likelihood of the truth; never less than a little of each."""
    from scipy.optimize import minimize

    rows = np.arange(len(truth))

    def surprise(logs: NDArray[np.float64]) -> float:
        a, b = np.exp(logs)
        chances = softmax(a * by_meaning + b * by_words)
        return float(-np.log(np.maximum(chances[rows, truth], 1e-12)).mean())

    found = minimize(surprise, x0=np.log([0.7, 7.0]), method="Nelder-Mead", options={"xatol": 1e-2, "fatol": 1e-5})
    a, b = np.exp(np.clip(found.x, -5.0, 5.0))
    return float(a), float(b)


def choose_threshold(chances: NDArray[np.float64], truth: NDArray[np.int64], outside: int | None) -> float:
    """The lowest confidence at which the messages answered are rightly answered often enough.

    Messages read as outside are not answered, so they do not count; a message from outside that is read as
    something else counts as a wrong answer.
    """
    best = chances.argmax(axis=1)
    answered = np.ones(len(best), dtype=bool) if outside is None else best != outside
    confidence = chances.max(axis=1)[answered]
    right = (best == truth)[answered]
    order = np.argsort(-confidence, kind="stable")
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(share >= RIGHT_WHEN_ANSWERED)
    return float(confidence[order[good[-1]]]) if len(good) else 1.0
