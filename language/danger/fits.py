"""How the readers of a message and what weighs them are fitted: the same way every time, from the same rows.

The network is trained by Adam with decoupled weight decay (Loshchilov and Hutter 2019) and half of its hidden units
dropped at each step (Srivastava et al. 2014); its step falls to nothing by the end. The wording is logistic regression
found by L-BFGS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from language.danger.neighbours import DIRECTIONS, Neighbours, turn
from language.danger.weighing import Features, Weigher
from language.intents.fits import Table

# These are measured: see docs/decisions/2026-11-23-danger.md and 2026-11-26-danger.md.
HIDDEN = 128
ROUNDS = 20  # times that every row is seen
BATCH = 128
STEP = 2e-3
DROPPED = 0.4
DECAY = 0.1
SCALES = (20.0, 10.0)  # of the last layer's half of a vector and of the fourth's: a vector's numbers are about 0.04
WORDING_C = 20.0  # how freely the logistic regression may fit
WORDING_STEPS = 40
WEIGHING_C = 1.0  # how freely the weigher may fit its features, each scaled to a spread of 1

Array = NDArray[np.float32]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Network:
    """One hidden layer: `hidden` (768, HIDDEN), `out` (HIDDEN, labels), and their biases."""

    hidden: Array
    hidden_bias: Array
    out: Array
    out_bias: Array

    def scores(self, vectors: Array) -> Array:
        """Shape (texts, labels); a softmax makes chances of them."""
        return np.asarray(np.maximum(vectors @ self.hidden + self.hidden_bias, 0.0) @ self.out + self.out_bias)


@dataclass(frozen=True)
class Wording:
    """Logistic regression: `weights` (terms, groups), `bias` (groups,)."""

    weights: Array
    bias: Array

    def scores(self, table: Table) -> Array:
        """Shape (texts, groups)."""
        return np.asarray(table @ self.weights + self.bias)


def fit_network(vectors: Array, y: Places, labels: int, seed: int) -> Network:
    """Train one network on vectors of shape (texts, 768)."""
    chance = np.random.default_rng(seed)
    scale = np.repeat(np.array(SCALES, dtype=np.float32), vectors.shape[1] // 2)
    middle = (vectors * scale).mean(axis=0)
    x = vectors * scale - middle
    width = x.shape[1]
    weights = [
        chance.normal(0, np.sqrt(2 / width), (width, HIDDEN)).astype(np.float32),
        np.zeros(HIDDEN, np.float32),
        chance.normal(0, np.sqrt(1 / HIDDEN), (HIDDEN, labels)).astype(np.float32),
        np.zeros(labels, np.float32),
    ]
    mover = _Adam(weights, ROUNDS * -(-len(y) // BATCH))
    for _ in range(ROUNDS):
        order = chance.permutation(len(y))
        for start in range(0, len(y), BATCH):
            rows = order[start : start + BATCH]
            mover.step(_slopes(weights, x[rows], y[rows], chance))
    hidden, hidden_bias, out, out_bias = weights
    # The scale and the middle go into the weights, so that reading takes vectors as they are.
    return Network(scale[:, None] * hidden, hidden_bias - middle @ hidden, out, out_bias)


def _slopes(weights: list[Array], x: Array, y: Places, chance: np.random.Generator) -> list[Array]:
    hidden, hidden_bias, out, out_bias = weights
    raw = x @ hidden + hidden_bias
    kept = (raw > 0) * (chance.random(raw.shape, np.float32) > DROPPED) / np.float32(1 - DROPPED)
    seen = raw * kept
    scores = seen @ out + out_bias
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    error = raised / raised.sum(axis=1, keepdims=True)
    error[np.arange(len(y)), y] -= 1
    error /= len(y)
    back = (error @ out.T) * kept
    return [x.T @ back, back.sum(axis=0), seen.T @ error, error.sum(axis=0)]


class _Adam:
    """Moves the weights in place; matrices decay towards nothing, biases do not."""

    def __init__(self, weights: list[Array], steps: int) -> None:
        self._weights, self._steps, self._taken = weights, steps, 0
        self._mean = [np.zeros_like(each) for each in weights]
        self._square = [np.zeros_like(each) for each in weights]

    def step(self, slopes: list[Array]) -> None:
        self._taken += 1
        size = np.float32(STEP * (1 - self._taken / self._steps))
        for weight, slope, mean, square in zip(self._weights, slopes, self._mean, self._square, strict=True):
            mean += np.float32(0.1) * (slope - mean)
            square += np.float32(0.01) * (slope**2 - square)
            fair = np.float32(1 / (1 - 0.9**self._taken)), np.float32(1 / (1 - 0.99**self._taken))
            move = mean * fair[0] / (np.sqrt(square * fair[1]) + np.float32(1e-8))
            weight -= size * (move + np.float32(DECAY if weight.ndim == 2 else 0.0) * weight)


def fit_wording(table: Table, y: Places, groups: int) -> Wording:
    """Logistic regression on TF-IDF rows, shape (texts, terms): least mean surprise + |weights|^2 / (2 C rows)."""
    from scipy.optimize import minimize

    x: Any = table.astype(np.float32)
    turned = x.T.tocsr()
    terms, rows = x.shape[1], np.arange(len(y))
    pull = np.float32(1.0 / (WORDING_C * len(y)))

    def surprise(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        both = flat.reshape(terms + 1, groups).astype(np.float32)
        scores = x @ both[:terms] + both[terms]
        scores -= scores.max(axis=1, keepdims=True)
        raised = np.exp(scores)
        total = raised.sum(axis=1, keepdims=True)
        value = float((np.log(total[:, 0]) - scores[rows, y]).mean() + pull / 2 * (both[:terms] ** 2).sum())
        raised /= total
        raised[rows, y] -= 1.0
        raised /= len(y)
        slope = np.vstack([turned @ raised + pull * both[:terms], raised.sum(axis=0)])
        return value, slope.ravel().astype(np.float64)

    options = {"maxiter": WORDING_STEPS, "gtol": 1e-4, "ftol": 1e-7}
    found = minimize(surprise, np.zeros((terms + 1) * groups), jac=True, method="L-BFGS-B", options=options)
    both = found.x.reshape(terms + 1, groups).astype(np.float32)
    return Wording(both[:terms], both[terms])


def directions(vectors: Array) -> tuple[Array, Array]:
    """The middle of the vectors and the directions in which they differ most, shapes (768,) and (768, DIRECTIONS)."""
    middle = vectors.mean(axis=0)
    away = (vectors - middle).astype(np.float64)
    _, turned = np.linalg.eigh(away.T @ away)  # the greatest last
    return middle.astype(np.float32), np.asarray(turned[:, ::-1][:, :DIRECTIONS], dtype=np.float32)


def fit_neighbours(vectors: Array, grave: NDArray[np.bool_], middle: Array, axes: Array) -> Neighbours:
    """Keep the examples themselves: those for which an alarm is right, and the others."""
    turned = turn(vectors, middle, axes)
    return Neighbours(middle, axes, turned[grave], turned[~grave])


def fit_weigher(found: Features, alarm: NDArray[np.bool_], danger: NDArray[np.bool_]) -> Weigher:
    """Logistic regression of both answers on features, shape (messages, features)."""
    from scipy.optimize import minimize

    middle, spread = found.mean(axis=0), np.maximum(found.std(axis=0), 1e-6)
    x = np.hstack([(found - middle) / spread, np.ones((len(found), 1))])
    pull = np.append(np.full(found.shape[1], 1.0 / (WEIGHING_C * len(found))), 0.0)
    weights, bias = [], []
    for right in (alarm, danger):
        sign = np.where(right, 1.0, -1.0)

        def surprise(flat: Features, sign: Features = sign) -> tuple[float, Features]:
            margin = sign * (x @ flat)
            value = float(np.logaddexp(0.0, -margin).mean() + (pull * flat**2).sum() / 2)
            return value, x.T @ (-sign / (1.0 + np.exp(np.minimum(margin, 500.0)))) / len(x) + pull * flat

        fitted = minimize(surprise, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 500})
        # The scale and the middle go into the weights, so that weighing takes features as they are.
        weights.append(fitted.x[:-1] / spread)
        bias.append(fitted.x[-1] - middle @ weights[-1])
    return Weigher(np.column_stack(weights), np.array(bias))
