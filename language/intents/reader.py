"""The reader: what a message means and what it is like, each scored by a linear model, weighed together.

A reader is arrays and a note (`reader.npz`, `reader.json`): reading is plain NumPy, and what is trained in one
environment reads the same in another. How it is trained is in `language.intents.training`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from language.encoder import Encoder
from language.intents import unseen
from language.intents.lexicon import Lexicon, Row
from language.intents.unseen import Line

FORMAT = 5
ARRAYS = "reader.npz"
MODEL_ARRAYS = ("meaning", "meaning_bias", "directions", "examples", "pulls", "words", "likeness_bias")
NOTE = "reader.json"
OUTSIDE = "outside"
RANKED = 5
RIGHT_WHEN_ANSWERED = 0.97  # of the messages answered, this share is to be answered rightly
# What ridge regression says of a label is about a chance, but may fall below nothing (measured:
# docs/decisions/2026-11-26-border-lines.md).
LEAST_CHANCE = 0.03
NEARNESS = 2.0  # likeness of two vectors is exp(NEARNESS * (cos - 1)): 1 for the same, 0.14 for unrelated


class ReaderMismatch(RuntimeError):
    """The saved reader is of another format, or was trained on another encoder's vectors."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message was taken to mean.

    `label` is the best guess, given even when `abstained`. `confidence` is the chance that `label` is right, as
    measured on training messages the reader had not seen. `ranking` holds the five likeliest labels, best first.
    """

    label: str
    confidence: float
    abstained: bool
    ranking: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Model:
    """All that training learns; `language.intents.fits` says what the two models are."""

    labels: tuple[str, ...]
    outside: str
    meaning: NDArray[np.float32]  # (768, labels)
    meaning_bias: NDArray[np.float32]  # (labels,)
    directions: NDArray[np.float32]  # (768, at most 256): those in which the training texts differ most
    examples: NDArray[np.float32]  # (training texts, directions)
    pulls: NDArray[np.float32]  # (training texts, labels): how far each example pulls towards each label
    words: NDArray[np.float32]  # (terms, labels)
    likeness_bias: NDArray[np.float32]  # (labels,)
    shares: tuple[float, float]  # what a unit of each score is worth, fitted so that confidence is calibrated
    threshold: float  # below this confidence the reader abstains


class Reader:
    """Reads one message in a few milliseconds, nearly all of them the encoder's."""

    def __init__(self, model: Model, lexicon: Lexicon, encoder: Encoder, lines: Sequence[Line] = ()) -> None:
        """`lines` are what it was trained on, as models without them read them; only training has them at hand."""
        self.model = model
        self.lexicon = lexicon
        self.encoder = encoder
        self.lines = tuple(lines)

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        encoder: Encoder,
        outside: str = OUTSIDE,
        right_when_answered: float = RIGHT_WHEN_ANSWERED,
    ) -> Reader:
        """Train on labelled messages; rows labelled `outside` show what belongs to no other label.

        It will abstain as often as it must for `right_when_answered` of its answers to be right, judged by
        cross-validation. Gives the same reader for the same rows. Raises `ValueError` for rows that cannot be
        trained on: fewer than two labels, more than 20,000 messages, or texts and labels of different number.
        """
        from language.intents.training import train  # it needs scipy, which reading does not

        model, lexicon, lines = train(texts, labels, encoder, outside, right_when_answered)
        return cls(model, lexicon, encoder, lines)

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label that can be read, in order."""
        return self.model.labels

    def read(self, text: str) -> Reading:
        """Read one message."""
        return self.read_many([text])[0]

    def read_many(self, texts: Sequence[str], vectors: NDArray[np.float32] | None = None) -> list[Reading]:
        """Read several messages, each as if it were alone.

        `vectors` are the encoder's vectors of the texts, shape (texts, 768), when the caller has them already.
        """
        if not texts:
            return []
        chances = self.chances(self.encoder.encode(texts) if vectors is None else vectors, self.lexicon.rows(texts))
        return [self._reading(row) for row in chances]

    def chances(self, vectors: NDArray[np.float32], rows: Sequence[Row]) -> NDArray[np.float64]:
        """The chance of each label, shape (texts, labels), each row summing to 1."""
        return softmax(scores(self.model, vectors, rows))

    def _reading(self, chances: NDArray[np.float64]) -> Reading:
        best = np.argsort(-chances, kind="stable")[:RANKED]
        ranking = tuple((self.model.labels[i], float(chances[i])) for i in best)
        label, confidence = ranking[0]
        abstained = confidence < self.model.threshold
        return Reading(label, confidence, abstained, ranking)

    def save(self, folder: Path) -> None:
        """Write `reader.json` and `reader.npz` into the folder, making it when needed; once trained, its lines too."""
        folder.mkdir(parents=True, exist_ok=True)
        m = self.model
        arrays = {name: getattr(m, name) for name in MODEL_ARRAYS}
        np.savez(folder / ARRAYS, rarity=self.lexicon.rarity, **arrays)
        note = {
            "format": FORMAT,
            "encoder": self.encoder.fingerprint,
            "labels": m.labels,
            "outside": m.outside,
            "shares": m.shares,
            "threshold": m.threshold,
            "terms": self.lexicon.terms,
        }
        (folder / NOTE).write_text(json.dumps(note, ensure_ascii=False), encoding="utf-8")
        if self.lines:
            unseen.save(self.lines, folder)

    @classmethod
    def load(cls, folder: Path, encoder: Encoder) -> Reader:
        """Open what `save` wrote; raises `ReaderMismatch` when it does not belong to this code and encoder."""
        note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        if note["format"] != FORMAT:
            raise ReaderMismatch(f"{folder} holds a reader of format {note['format']}, not {FORMAT}: train again.")
        if note["encoder"] != encoder.fingerprint:
            raise ReaderMismatch(f"{folder} was trained on another encoder ({note['encoder']}): train again.")
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            model = Model(
                labels=tuple(note["labels"]),
                outside=note["outside"],
                **{name: arrays[name] for name in MODEL_ARRAYS},
                shares=(note["shares"][0], note["shares"][1]),
                threshold=note["threshold"],
            )
            rarity = arrays["rarity"]
        return cls(model, Lexicon(note["terms"], rarity), encoder)


def scores(model: Model, vectors: NDArray[np.float32], rows: Sequence[Row]) -> NDArray[np.float64]:
    """The weighed sum of both models' scores, shape (texts, labels)."""
    by_meaning = vectors @ model.meaning + model.meaning_bias
    by_words = np.stack([weights @ model.words[places] for places, weights in rows])
    likeness = likeness_of_vectors(vectors @ model.directions, model.examples)
    by_likeness = likeness @ model.pulls + by_words + model.likeness_bias
    return np.asarray(model.shares[0] * by_meaning + model.shares[1] * as_logs(by_likeness), dtype=np.float64)


def as_logs(likeness: NDArray[Any]) -> NDArray[np.float64]:
    """What ridge regression says of each label, as logarithms.

    The meaning's scores are logarithms of chances but for a constant; two kinds of evidence add up only as such.
    """
    return np.asarray(np.log(np.maximum(likeness, LEAST_CHANCE)), dtype=np.float64)


def likeness_of_vectors(vectors: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """How like each vector is to each of the others, shape (vectors, others), about 1 for the same.

    Their lengths are 1, or a little less where only the main directions are kept.
    """
    return np.asarray(np.exp(NEARNESS * (vectors @ others.T - 1.0)), dtype=np.float32)


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scores as chances, row by row."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
