"""Everything that the readers say of one message, weighed into two chances: of an alarm, and of any danger.

Multiplying the readers' chances and taking the gravest piece is right for most messages, and too grave for long ones:
of many pieces one will look bad. Logistic regression over what each reader says of the whole and of the gravest piece,
how like the message is to examples, and how long it is, learns how far each is to be trusted.

That drowns one grave sentence in a page of ordinary ones: a long message is never like an example. So its pieces are
also weighed each as if it had come alone, and a second regression over the gravest of them and how many there are
(`gathered`) learns how much worse one of many must be than one that comes alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from language.danger.heads import GROUPS, Chances
from language.danger.signals import LEVELS, Level
from language.intents.reader import softmax

FEWEST_PIECES = 4
"""Pieces from which a message is long: in a shorter one the whole says enough."""
GATHERED = 10
"""Features of `gathered`."""
GATHERED_WORDS = 8
"""Which of them says how long the message is."""
_LEAST = 1e-5  # of a chance, so that its odds are a number

Features = NDArray[np.float64]


@dataclass(frozen=True)
class Said:
    """What the readers say of a message and its pieces, the message first: one row each.

    `blended` are the chances of each label, `meaning` and `wording` the two readers' own scores, `likeness` that to
    the nearest examples (three columns), `words` how many words each has.
    """

    blended: Chances
    meaning: Chances
    wording: Chances
    likeness: NDArray[np.float64]
    words: NDArray[np.int64]


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
    *every, danger = _chances(said, levels)
    odds = [_odds(part) for chances in every for part in (chances.max(), chances[0])]
    size = [np.log(max(said.words[0], 1)), np.log(len(said.likeness))]
    return np.concatenate([odds, [_odds(danger.max())], said.likeness[0], said.likeness.max(axis=0), size])


def alone(said: Said, levels: Sequence[Level | None]) -> Features:
    """The `features` that each piece would have if it were a whole message, shape (pieces, features)."""
    *every, danger = (_odds(chances[1:]) for chances in _chances(said, levels))
    likeness = said.likeness[1:]
    words = np.log(np.maximum(said.words[1:], 1))
    columns = [each for chances in every for each in (chances, chances)]
    return np.column_stack([*columns, danger, likeness, likeness, words, np.zeros(len(words))])


def gathered(said: Said, whole: Features, levels: Sequence[Level | None], weigher: Weigher) -> Features | None:
    """What the pieces of a long message say, each taken as if it had come alone; None for a shorter one.

    The odds of an alarm and of any danger in the two gravest pieces, in the whole (its chances are `whole`) and in the
    middling piece, and how long the message is.
    """
    if len(said.likeness) <= FEWEST_PIECES:
        return None
    each = weigher.weigh(alone(said, levels))
    gravest = _odds(np.sort(each, axis=0)[:-3:-1])
    size = [np.log(max(said.words[0], 1)), np.log(len(said.likeness))]
    return np.concatenate([gravest.ravel(), _odds(whole), _odds(each.mean(axis=0)), size])


def _chances(said: Said, levels: Sequence[Level | None]) -> tuple[Chances, Chances, Chances, Chances]:
    """Of each row the chance of an alarm by both readers, by meaning and by wording, and of any danger by both."""
    alarm = np.array([level in LEVELS[:2] for level in levels])
    danger = np.array([level is not None for level in levels])
    grave = np.array([group in LEVELS[:2] for group in GROUPS])
    return (
        said.blended[:, alarm].sum(axis=1),
        softmax(said.meaning)[:, alarm].sum(axis=1),
        softmax(said.wording)[:, grave].sum(axis=1),
        said.blended[:, danger].sum(axis=1),
    )


def _odds(chance: Chances) -> Features:
    """The logarithm of the odds of a chance, or of each of many."""
    held = np.clip(chance, _LEAST, 1.0 - _LEAST)
    return np.asarray(np.log(held / (1.0 - held)))
