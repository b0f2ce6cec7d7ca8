"""What a message amounts to, once its chances are known: an alarm, the gentle question, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from language.danger.heads import Chances
from language.danger.signals import LEVELS, Level

MAY_BE = "may_be_danger"
NOW_SHARE = 0.3
"""Of an alarm's chances, the share that signals of level "now" must hold for the alarm to be of that level."""
SURE_PIECE = 0.93
"""Of an alarm, the chance by the readers alone from which one piece is asked about, however calm all around it is."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The chances from which something is said; each between 0 and 1, and above 1 for never."""

    alarm: float
    ask: float
    doubt: float


@dataclass(frozen=True, slots=True)
class Guess:
    """What the model makes of a message: the `signal` to raise, if any, and whether it sees too little for an alarm."""

    signal: str | None
    doubts: bool


def judge(
    chances: Chances,
    alarm: float,
    danger: float,
    labels: Sequence[str],
    levels: Sequence[Level | None],
    thresholds: Thresholds,
) -> str | None:
    """What a message amounts to: its chances of an alarm and of any danger say whether, the gravest row says which.

    `chances` are those of the message and its pieces, shape (1 + pieces, labels).
    """
    urgent = np.array([level in LEVELS[:2] for level in levels])
    by_row = chances[:, urgent].sum(axis=1)
    worst = int(by_row.argmax())
    if alarm >= thresholds.alarm:
        grave = np.array([level == LEVELS[0] for level in levels])
        now = float(chances[worst, grave].sum()) >= NOW_SHARE * by_row[worst]
        meant = grave if now else np.array([level == LEVELS[1] for level in levels])
        return labels[int(np.where(meant, chances[worst], -1.0).argmax())]
    if danger < thresholds.ask and by_row[worst] < SURE_PIECE:
        return None
    any_danger = np.array([level is not None for level in levels])
    worst = int(chances[:, any_danger].sum(axis=1).argmax())
    likeliest = int(np.where(any_danger, chances[worst], -1.0).argmax())
    return labels[likeliest] if levels[likeliest] == "concern" else MAY_BE
