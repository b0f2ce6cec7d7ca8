"""How the reader of comments is fitted: kernel ridge regression on all themes and sentiments at once.

One kernel is the sum of wording (the inner product of two comments' weighted terms) and meaning (`model.nearness`). All
scores come from one factorisation, so fitting 4,000 comments takes seconds. Thresholds are chosen on scores of
comments that the fit had not seen, for the largest micro-F1: a common one, then each theme's own where it has enough
comments, and only as far as its own comments speak for it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from language.encoder import Encoder
from language.intents.fits import Table, as_table
from language.intents.lexicon import Lexicon
from language.themes.examples import SENTIMENTS, Comment
from language.themes.likeness import plain, tenth
from language.themes.model import Array, Learned, ThemeReader, halves, nearness

# These are measured: see docs/decisions/2026-11-26-themes.md.
RIDGE = 0.5
RIDGE_SENTIMENT = 2.0  # sentiment is told by less of a comment, so it is learned more smoothly
FOLDS = 5
COMMON = np.arange(0.1, 0.7, 0.01)
ENOUGH = 40  # comments of a theme, for a threshold of its own
AWAY = 0.12  # how far it may be from the common one

Scores = NDArray[np.float64]
Marks = NDArray[np.bool_]


def fit(comments: Sequence[Comment], encoder: Encoder) -> ThemeReader:
    """Learn from comments, the same way every time from the same ones."""
    texts = [one.text for one in comments]
    lexicon = Lexicon.fit(texts)
    table = as_table(lexicon.rows(texts), len(lexicon.terms))
    vectors = encoder.encode(texts)
    middle = vectors.mean(axis=0)
    turned = halves(vectors, middle)
    kernel = np.asarray((table @ table.T).todense(), dtype=np.float32) + nearness(turned, turned)
    themes = tuple(sorted({theme for one in comments for theme in one.themes}))
    wanted = targets(comments, themes)
    # A comment said twice is in one fold, or its score would be known and not learned.
    fold = np.array([tenth(f"fold {plain(text)}") % FOLDS for text in texts])
    unseen = np.zeros_like(wanted)
    for one in range(FOLDS):
        held = fold == one
        if held.any() and not held.all():
            weights, start = _both(kernel[np.ix_(~held, ~held)], wanted[~held], len(themes))
            unseen[held] = kernel[np.ix_(held, ~held)] @ weights + start
    thresholds = choose(unseen[:, : len(themes)].astype(np.float64), wanted[:, : len(themes)] > 0.5)
    weights, start = _both(kernel, wanted, len(themes))
    learned = Learned(_by_term(table, weights), middle, turned, weights, start)
    return ThemeReader(themes, thresholds, lexicon, learned, encoder)


def targets(comments: Sequence[Comment], themes: Sequence[str]) -> Array:
    """What each comment's scores should be: 1 or 0; a sentiment nobody could tell counts as the average one."""
    place = {theme: at for at, theme in enumerate(themes)}
    wanted = np.zeros((len(comments), len(themes) + len(SENTIMENTS)), dtype=np.float32)
    for row, one in enumerate(comments):
        wanted[row, [place[theme] for theme in one.themes]] = 1.0
        if one.sentiment is not None:
            wanted[row, len(themes) + one.sentiment - 1] = 1.0
    told = np.array([one.sentiment is not None for one in comments])
    if told.any():
        wanted[np.ix_(~told, np.arange(len(themes), wanted.shape[1]))] = wanted[told, len(themes) :].mean(axis=0)
    return wanted


def _both(kernel: Array, wanted: Array, themes: int) -> tuple[Array, Array]:
    parts = [_ridge(kernel, wanted[:, :themes], RIDGE), _ridge(kernel, wanted[:, themes:], RIDGE_SENTIMENT)]
    return np.hstack([weights for weights, _ in parts]), np.concatenate([start for _, start in parts])


def _ridge(kernel: Array, wanted: Array, ridge: float) -> tuple[Array, Array]:
    """The weight of each comment for each score, and where each score starts."""
    from scipy.linalg import cho_factor, cho_solve

    start = wanted.mean(axis=0)
    ridged = kernel + np.float32(ridge) * np.eye(len(kernel), dtype=np.float32)
    return cho_solve(cho_factor(ridged, overwrite_a=True), wanted - start).astype(np.float32), start


def _by_term(table: Table, weights: Array) -> Array:
    return np.asarray(table.T @ weights, dtype=np.float32)


def choose(unseen: Scores, right: Marks) -> Scores:
    """A threshold for each theme: the common one, or its own where that makes more comments right."""
    common = float(max(COMMON, key=lambda at: micro_f1(unseen >= at, right)))
    chosen = np.full(unseen.shape[1], common)
    said = unseen >= common
    for theme in range(unseen.shape[1]):
        if right[:, theme].sum() < ENOUGH:
            continue
        best = micro_f1(said, right)
        for at in np.arange(common - AWAY, common + AWAY, 0.02):
            tried = said.copy()
            tried[:, theme] = unseen[:, theme] >= at
            if (found := micro_f1(tried, right)) > best + 1e-4:
                best, chosen[theme] = found, at
        said[:, theme] = unseen[:, theme] >= chosen[theme]
    return chosen


def micro_f1(said: Marks, right: Marks) -> float:
    """Of all themes said and all that should be, the share in which both agree."""
    both = int((said & right).sum())
    return 2 * both / max(int(said.sum()) + int(right.sum()), 1)


def macro_f1(said: Marks, right: Marks) -> float:
    """The mean of each theme's own F1, of the themes that any comment has."""
    both, of = (said & right).sum(axis=0), said.sum(axis=0) + right.sum(axis=0)
    each = 2 * both / np.maximum(of, 1)
    return float(each[right.any(axis=0)].mean()) if right.any() else 0.0
