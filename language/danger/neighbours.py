"""How like a message is to examples of danger and to examples of none: NumPy alone, nothing is trained here.

A network smooths over what few examples say. The nearest examples themselves remember it: "how many of those would do
it" stands beside one hint among thousands of messages.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DIRECTIONS = 192
"""Of a sentence vector's 768, the directions in which examples differ most; measured: 2026-11-26-danger.md."""
NEAREST = (1, 5, 15)
"""How many of the nearest examples are looked at: the very nearest, and the company it keeps."""

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Neighbours:
    """Examples of danger (for which an alarm is right) and all others, in few directions, each of length 1."""

    middle: Array  # (768,)
    directions: Array  # (768, DIRECTIONS)
    grave: Array  # (dangers, DIRECTIONS)
    calm: Array  # (others, DIRECTIONS)

    def likeness(self, vectors: Array) -> Array:
        """Of each vector, its likeness to the nearest dangers less that to the nearest others: shape (texts, 3)."""
        turned = turn(vectors, self.middle, self.directions)
        return nearest(turned, self.grave) - nearest(turned, self.calm)


def turn(vectors: Array, middle: Array, directions: Array) -> Array:
    """Vectors in few directions, each of length 1."""
    turned = (vectors - middle) @ directions
    return np.asarray(turned / np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-6), dtype=np.float32)


def nearest(turned: Array, others: Array) -> Array:
    """The mean likeness of each row to each of NEAREST rows of `others` most like it; 0 where there are none."""
    most = min(NEAREST[-1], len(others))
    if not most:
        return np.zeros((len(turned), len(NEAREST)), dtype=np.float32)
    likeness = np.sort(np.partition(turned @ others.T, -most, axis=1)[:, -most:], axis=1)
    return np.stack([likeness[:, -min(count, most) :].mean(axis=1) for count in NEAREST], axis=1).astype(np.float32)
