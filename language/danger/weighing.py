"""Everything that the readers say of one message, weighed into two chances: of an alarm, and of any danger.

Multiplying the readers' chances and taking the gravest piece is right for most messages, and too grave for long ones:
of many pieces one will look bad. Logistic regression over what each reader says of the whole and of the gravest piece,
how like the message is to examples, and how long it is, learns how far each is to be trusted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from language.danger.heads import GROUPS, Chances
from language.danger.signals import LEVELS, Level
from language.intents.reader import softmax

_LEAST = 1e-5  # of a chance, so that its odds are a number

Features = NDArray[np.float64]


@dataclass(frozen=True)
class Said:
    """What the readers say of a message and its pieces, the message first: one row each.

    `blended` are the chances of each label, `meaning` and `wording` the two readers' own scores, `likeness` that to
    the nearest examples (three columns), `words` the words of the whole message.
    """

    blended: Chances
    meaning: Chances
    wording: Chances
    likeness: NDArray[np.float64]
    words: int


@dataclass(frozen=True)
class Weigher:
    """What each feature adds to the odds: `weights` (features, 2), `bias` (2,); an alarm first, then any danger."""

    weights: Features
    bias: Features

    def weigh(self, features: Features) -> Features:
        """The chances of an alarm and of any danger, shape (messages, 2)."""
        return np.asarray(1.0 / (1.0 + np.exp(-(features @ self.weights + self.bias))))


def features(said: Said, levels: Sequence[Level | None]) -> Features:
    """The features of one message, in a fixed order."""
    alarm = np.array([level in LEVELS[:2] for level in levels])
    danger = np.array([level is not None for level in levels])
    grave = np.array([group in LEVELS[:2] for group in GROUPS])
    every = (
        said.blended[:, alarm].sum(axis=1),
        softmax(said.meaning)[:, alarm].sum(axis=1),
        softmax(said.wording)[:, grave].sum(axis=1),
    )
    found = [part for chances in every for part in (_odds(chances.max()), _odds(chances[0]))]
    found.append(_odds(said.blended[:, danger].sum(axis=1).max()))
    found += [*map(float, said.likeness[0]), *map(float, said.likeness.max(axis=0))]
    found += [float(np.log(max(said.words, 1))), float(np.log(len(said.likeness)))]
    return np.array(found)


def _odds(chance: float) -> float:
    held = min(max(float(chance), _LEAST), 1.0 - _LEAST)
    return float(np.log(held / (1.0 - held)))
