"""How a reader is trained: two linear models, then what their scores are worth and when to abstain.

Five-fold cross-validation gives each training message scores from models that never saw it. On those, what a unit
of each score is worth is fitted by likelihood, which blends the two models and calibrates the confidence; and the
threshold is set so that of the messages answered, the share asked for are answered rightly.

A label's own name is one more example of it ("missed_bin" says "missed bin").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from language.encoder import Encoder
from language.intents.fits import (
    WORDS_WORTH,
    Table,
    as_table,
    fit_likeness,
    fit_meaning,
    kernel,
    main_directions,
)
from language.intents.lexicon import Lexicon
from language.intents.reader import RIGHT_WHEN_ANSWERED, Model, as_logs, softmax
from language.intents.unseen import Line

SEED = 20261122
FOLDS = 5
MOST_ROWS = 20_000  # the likeness is solved exactly in a square of this side

Scores = NDArray[np.float64]
Places = NDArray[np.int64]


def train(
    texts: Sequence[str],
    labels: Sequence[str],
    encoder: Encoder,
    outside: str,
    right_when_answered: float = RIGHT_WHEN_ANSWERED,
) -> tuple[Model, Lexicon, tuple[Line, ...]]:
    """Learn a model of the labelled texts, and how each text was read before it was learned from.

    Raises `ValueError` for rows that cannot be trained on.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    names = sorted(set(labels))
    _check(texts, labels, names)
    place = {name: index for index, name in enumerate(names)}
    named = [name for name in names if name != outside]
    every = [*texts, *(spoken(name) for name in named)]
    y = np.array([place[label] for label in labels] + [place[name] for name in named], dtype=np.int64)
    truth = y[: len(texts)]
    with threadpool_limits(1):  # two threads on matrices this small mostly wait for each other
        vectors = encoder.encode(every)
        lexicon = Lexicon.fit(every)
        table = as_table(lexicon.rows(every), len(lexicon.terms))
        directions = main_directions(vectors)
        examples = vectors @ directions
        square = kernel(examples, table, examples, table)
        by_meaning, by_likeness = unseen_scores(vectors, square, y, len(texts), len(names))
        shares = fit_shares(by_meaning, by_likeness, truth)
        chances = softmax(shares[0] * by_meaning + shares[1] * by_likeness)
        meaning = fit_meaning(vectors, y, len(names))
        likeness = fit_likeness(square, y, len(names))
        model = Model(
            labels=tuple(names),
            outside=outside,
            meaning=meaning.weights,
            meaning_bias=meaning.bias,
            directions=directions,
            examples=examples,
            pulls=likeness.pulls,
            words=_words(table, likeness.pulls),
            likeness_bias=likeness.bias,
            shares=shares,
            threshold=choose_threshold(chances, truth, place.get(outside), right_when_answered),
        )
    return model, lexicon, _unseen(texts, labels, chances, model)


def _unseen(texts: Sequence[str], labels: Sequence[str], chances: Scores, model: Model) -> tuple[Line, ...]:
    best, confidence = chances.argmax(axis=1), chances.max(axis=1)
    return tuple(
        Line(text, label, model.labels[guess], round(float(sure), 4), bool(sure < model.threshold))
        for text, label, guess, sure in zip(texts, labels, best, confidence, strict=True)
    )


def _check(texts: Sequence[str], labels: Sequence[str], names: Sequence[str]) -> None:
    if len(texts) != len(labels):
        raise ValueError(f"{len(texts)} texts but {len(labels)} labels.")
    if len(names) < 2:
        raise ValueError("A reader needs at least two labels to tell apart.")
    if len(texts) > MOST_ROWS:
        raise ValueError(f"A reader is trained on at most {MOST_ROWS} messages; {len(texts)} were given.")


def _words(table: Table, pulls: NDArray[np.float32]) -> NDArray[np.float32]:
    """What each term adds to each label: the words' part of the likeness, summed over the training texts."""
    return np.asarray(WORDS_WORTH * (table.T @ pulls), dtype=np.float32)


def spoken(label: str) -> str:
    """A label's name as words: `missed_bin` and `missedBin` become "missed bin"."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", label)
    return re.sub(r"[\W_]+", " ", apart).strip().lower()


def unseen_scores(
    vectors: NDArray[np.float32], square: NDArray[np.float32], y: Places, texts: int, labels: int
) -> tuple[Scores, Scores]:
    """Both models' scores of each real text from folds that left it out, each of shape (texts, labels).

    The likeness's are logarithms (`as_logs`). The rows after `texts` are label names: always trained on, never scored.
    """
    by_meaning = np.zeros((texts, labels))
    by_likeness = np.zeros((texts, labels))
    fold_of = folds(y[:texts])
    for fold in range(FOLDS):
        held = np.flatnonzero(fold_of == fold)
        kept = np.concatenate([np.flatnonzero(fold_of != fold), np.arange(texts, len(y))])
        if not len(held) or len(np.unique(y[kept])) < 2:
            continue
        meaning = fit_meaning(vectors[kept], y[kept], labels)
        by_meaning[held] = vectors[held] @ meaning.weights + meaning.bias
        likeness = fit_likeness(square[np.ix_(kept, kept)], y[kept], labels)
        by_likeness[held] = as_logs(square[np.ix_(held, kept)] @ likeness.pulls + likeness.bias)
    return by_meaning, by_likeness


def folds(y: Places) -> Places:
    """A fold for each row, each label spread as evenly as it goes; the same rows always get the same folds."""
    chance = np.random.default_rng(SEED)
    fold_of = np.zeros(len(y), dtype=np.int64)
    for label in np.unique(y):
        rows = np.flatnonzero(y == label)
        fold_of[chance.permutation(rows)] = (np.arange(len(rows)) + chance.integers(FOLDS)) % FOLDS
    return fold_of


def fit_shares(by_meaning: Scores, by_likeness: Scores, truth: Places) -> tuple[float, float]:
    """What a unit of each score is worth, by the likelihood of the truth."""
    from scipy.optimize import minimize

    rows = np.arange(len(truth))

    def surprise(logs: NDArray[np.float64]) -> float:
        a, b = np.exp(np.clip(logs, -4.0, 4.0))
        chances = softmax(a * by_meaning + b * by_likeness)
        return float(-np.log(np.maximum(chances[rows, truth], 1e-12)).mean())

    start = np.log([0.5, 2.0])
    found = minimize(surprise, x0=start, method="Nelder-Mead", options={"xatol": 1e-2, "fatol": 1e-5})
    a, b = np.exp(np.clip(found.x, -4.0, 4.0))
    return float(a), float(b)


def choose_threshold(
    chances: Scores, truth: Places, outside: int | None, right_when_answered: float = RIGHT_WHEN_ANSWERED
) -> float:
    """The lowest confidence at which the messages answered are rightly answered often enough.

    Messages read as outside are not answered, so they do not count; a message from outside that is read as
    something else counts as a wrong answer. 1.0, so abstaining always, when no threshold is good enough.
    """
    best = chances.argmax(axis=1)
    answered = np.ones(len(best), dtype=bool) if outside is None else best != outside
    confidence = chances.max(axis=1)[answered]
    right = (best == truth)[answered]
    order = np.argsort(-confidence, kind="stable")
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(share >= right_when_answered)
    return float(confidence[order[good[-1]]]) if len(good) else 1.0
