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
NEAREST = 5

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Neighbours:
    """Examples of danger (for which an alarm is right) and all others, in few directions, each of length 1."""

    middle: Array  # (768,)
    directions: Array  # (768, DIRECTIONS)
    grave: Array  # (dangers, DIRECTIONS)
    calm: Array  # (others, DIRECTIONS)

    def likeness(self, vectors: Array) -> Array:
        """Of each vector, shape (texts, 768): its likeness to the nearest dangers less that to the nearest others."""
        turned = turn(vectors, self.middle, self.directions)
        return nearest(turned, self.grave) - nearest(turned, self.calm)


def turn(vectors: Array, middle: Array, directions: Array) -> Array:
    """Vectors in few directions, each of length 1."""
    turned = (vectors - middle) @ directions
    return np.asarray(turned / np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-6), dtype=np.float32)


def nearest(turned: Array, others: Array) -> Array:
    """The mean likeness of each row to the NEAREST rows of `others` most like it; 0 where there are none."""
    count = min(NEAREST, len(others))
    if not count:
        return np.zeros(len(turned), dtype=np.float32)
    likeness = turned @ others.T
    return np.asarray(np.partition(likeness, -count, axis=1)[:, -count:].mean(axis=1), dtype=np.float32)
