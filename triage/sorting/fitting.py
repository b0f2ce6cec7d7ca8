"""How the sorter's model is fitted: cross-validated, calibrated, with thresholds chosen on what it had not seen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from triage.sorting.features import Features, Readers
from triage.sorting.likeness import WORDS, Fit, Parts, Places, Scores, fit, square
from triage.sorting.model import FORMAT, URGENCIES, Example, Measured, Model, fingerprint, offsets
from triage.timetable import HOLDING

FOLDS = 5
SEED = 20261126
MOST_HELD = 0.11
"""The share of the examples, unseen, that is held for a person. The mark is one in ten at most of what is met: there
dangers, which are never held, are some of them, and 0.09 held 8.2% of the wider set and 4.0% of the held-back one."""
CAUGHT = 0.9
"""Of the examples of serious harm, the share that the model raises by itself, where no danger signal was seen. As many
others are raised as at 0.85 before the encoder was tuned."""
CALM = 0.01
"""Of the examples of serious harm, the share at most whose chance of it may lie below `calm`."""


def train(examples: Sequence[Example], readers: Readers, queue_of: Mapping[str, str]) -> Model:
    """A model of the examples, on top of what the readers know. `queue_of` is the queue of each service.

    The same examples in the same order give the same model. Raises ValueError when there are too few to learn from.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    if len(examples) < 10 * FOLDS or len({one.queue for one in examples}) < 2:
        raise ValueError(f"A sorter needs at least {10 * FOLDS} examples of two queues; {len(examples)} were given.")
    with threadpool_limits(1):
        features = readers.features([one.text for one in examples], [one.channel for one in examples])
        return fitted(examples, features, readers, queue_of)


def fitted(examples: Sequence[Example], features: Features, readers: Readers, queue_of: Mapping[str, str]) -> Model:
    """`train` with the features at hand."""
    queues = tuple(sorted({*queue_of.values(), *(one.queue for one in examples)}))
    place = {queue: at for at, queue in enumerate(queues)}
    y = np.array([place[one.queue] for one in examples], dtype=np.int64)
    harm = np.array([URGENCIES.index(one.priority) if one.priority in URGENCIES else 2 for one in examples])
    judged = np.array([one.priority is not None for one in examples])
    lexicon = readers.reader.lexicon
    like = square(features, len(lexicon.terms))
    known = offsets(features, readers, queues, queue_of)
    chances, harms = unseen(like, known, y, len(queues)), unseen(like, (), harm, len(URGENCIES))
    sort, urge = fit(like, known, y, len(queues)), fit(like, (), harm, len(URGENCIES))
    threshold = _hold_below(chances, queues)
    alarm, calm = _alarms(harms[judged], harm[judged])
    terms, words = _words(features, np.hstack([sort.pulls, urge.pulls]))
    return Model(
        version=_version(examples, readers),
        queues=queues,
        queue_of=dict(queue_of),
        parts=Parts.of(features),
        terms=terms,
        words=words,
        sort=sort,
        urge=urge,
        threshold=threshold,
        alarm=alarm,
        calm=calm,
        measured=_measured(chances, y, queues, threshold),
        readers=readers,
    )


def unseen(like: Scores, known: Sequence[Scores], y: Places, classes: int) -> Scores:
    """The chances of each example's classes by models that had not seen it."""
    fold = np.random.default_rng(SEED).permutation(len(y)) % FOLDS
    chances = np.zeros((len(y), classes))
    for part in range(FOLDS):
        kept, held = np.flatnonzero(fold != part), np.flatnonzero(fold == part)
        inside, across = like[np.ix_(kept, kept)], like[np.ix_(held, kept)]
        made: Fit = fit(inside, [one[kept] for one in known], y[kept], classes)
        chances[held] = made.chances(across, [one[held] for one in known])
    return chances


def _hold_below(chances: Scores, queues: Sequence[str]) -> float:
    """The chance below which one in eleven is held, with those that are best held whatever the chance."""
    best = chances.argmax(axis=1)
    sure = chances.max(axis=1)
    if HOLDING in queues:
        sure = np.where(best == queues.index(HOLDING), 0.0, sure)
    return float(np.quantile(sure, MOST_HELD))


def _alarms(harms: Scores, harm: Places) -> tuple[float, float]:
    """The chances of harm from which it is raised, and below which a rule that is not sure is doubted."""
    found = np.sort(harms[harm < 2, :2].sum(axis=1))
    if not len(found):
        return 1.0, 0.0
    return float(np.quantile(found, 1.0 - CAUGHT)), float(np.quantile(found, CALM) * 0.9)


def _words(features: Features, pulls: Scores) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """What each word adds to each class: the words' part of the likeness, summed over the examples."""
    known = np.unique(np.concatenate([places for places, _ in features.rows]))
    table = np.zeros((len(known), pulls.shape[1]))
    for (places, weights), pull in zip(features.rows, pulls, strict=True):
        table[np.searchsorted(known, places)] += WORDS * weights[:, None] * pull[None, :]
    return known, table.astype(np.float32)


def _measured(chances: Scores, y: Places, queues: Sequence[str], threshold: float) -> Measured:
    best, sure = chances.argmax(axis=1), chances.max(axis=1)
    right = best == y
    held = sure < threshold
    if HOLDING in queues:
        held |= best == queues.index(HOLDING)
    return Measured(
        len(y), round(float(right[~held].mean()), 4), round(float(held.mean()), 4), calibration_error(sure, right)
    )


def calibration_error(sure: Scores, right: NDArray[np.bool_]) -> float:
    """The mean distance between how sure and how often right, over ten bands of equal width."""
    band = np.minimum((sure * 10).astype(int), 9)
    parts = [(band == at) for at in range(10) if (band == at).any()]
    return round(float(sum(part.mean() * abs(right[part].mean() - sure[part].mean()) for part in parts)), 4)


def _version(examples: Sequence[Example], readers: Readers) -> str:
    total = hashlib.sha256(f"{FORMAT}/{fingerprint(readers)}".encode())
    for one in examples:
        total.update(json.dumps([one.text, one.channel, one.service, one.queue, one.priority]).encode())
    return total.hexdigest()[:16]
