"""The sorter's model: how likely each service and queue is for a text of any length, and how likely harm is.

What learns from agents' corrections uses `Example`, `train` (triage/sorting/fitting.py), and the model's `version`,
`read`, `save` and `load`. A model is arrays and a note; nothing is pickled.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from language.danger import Sighting
from language.intents.lexicon import Row
from language.intents.reader import softmax
from triage.sorting.features import LEAST, Features, Readers
from triage.sorting.likeness import Fit, Parts, Scores
from triage.timetable import HOLDING

FORMAT = 2
ARRAYS = "sorting.npz"
NOTE = "sorting.json"
URGENCIES = ("P0", "P1", "")
"""The classes of urgency: a life or safety now, serious harm today, neither."""
LEAST_HEARD = -9.0
"""The least logarithm that is taken of the tuned head's chances, and that of a queue which it does not know."""
FEWEST_CHANCES = 0.02
"""Of the intent reader's chances, what a queue's services must have together for one of them to be named."""


@dataclass(frozen=True)
class Example:
    """A contact and where it belongs, as a person decided; `priority` where somebody judged that too."""

    text: str
    channel: str
    service: str | None
    queue: str
    priority: str | None = None


class ModelMismatch(RuntimeError):
    """The saved model is of another format, or was trained beside another reader. Run `frontdoor train`."""


@dataclass(frozen=True)
class Opinion:
    """What the model makes of one text: chances by (service, queue), the likeliest first, and those of harm."""

    chances: dict[tuple[str | None, str], float]
    urgency: dict[str, float]

    def queues(self) -> dict[str, float]:
        """The chance of each queue, the likeliest first."""
        found: dict[str, float] = {}
        for (_, queue), chance in self.chances.items():
            found[queue] = found.get(queue, 0.0) + chance
        return dict(sorted(found.items(), key=lambda one: -one[1]))

    def service(self, queue: str) -> str | None:
        """The likeliest service of a queue."""
        return next((service for (service, of), _ in self.chances.items() if of == queue), None)


@dataclass(frozen=True)
class Measured:
    """How the model did on examples that it had not seen: what is kept beside it and said on the pages."""

    examples: int
    right: float  # of those not held
    held: float
    error: float  # expected calibration error


@dataclass(frozen=True)
class Model:
    """The trained model. `threshold` is the chance below which a person decides; `alarm` that of harm."""

    version: str
    queues: tuple[str, ...]
    queue_of: Mapping[str, str]
    parts: Parts
    terms: NDArray[np.int64]
    words: NDArray[np.float32]  # (terms, queues and urgencies)
    sort: Fit
    urge: Fit
    threshold: float
    alarm: float
    calm: float
    measured: Measured
    readers: Readers

    def read(self, text: str, channel: str) -> dict[tuple[str | None, str], float]:
        """The chance of each (service, queue), the likeliest first; they sum to 1."""
        return self.opinion(text, channel).chances

    def opinion(self, text: str, channel: str, seen: Sighting | None = None) -> Opinion:
        """`read`, and the chances of harm. `seen` is what the danger rules saw, when the caller has it already."""
        return self.opinions([text], [channel], None if seen is None else [seen])[0]

    def opinions(
        self, texts: Sequence[str], channels: Sequence[str], seen: Sequence[Sighting | None] | None = None
    ) -> list[Opinion]:
        """`opinion` of each text."""
        if not texts:
            return []
        features = self.readers.features(texts, channels, seen)
        like = Parts.of(features).like(self.parts)
        said = np.stack([self._said(row) for row in features.rows])
        count = len(self.queues)
        by_queue = softmax(self.sort.scores(self.offsets(features)) + like @ self.sort.pulls + said[:, :count])
        by_harm = softmax(self.urge.bias + like @ self.urge.pulls + said[:, count:])
        return [
            Opinion(self._by_service(by_queue[at], features, at), dict(zip(URGENCIES, map(float, harm), strict=True)))
            for at, harm in enumerate(by_harm)
        ]

    def offsets(self, features: Features) -> list[Scores]:
        """What the readers and the cues say of each queue by themselves, as logarithms."""
        return offsets(features, self.readers, self.queues, self.queue_of)

    def _said(self, row: Row) -> Scores:
        places, weights = row
        at = np.searchsorted(self.terms, places)
        there = (at < len(self.terms)) & (self.terms[np.minimum(at, len(self.terms) - 1)] == places)
        return np.asarray(weights[there] @ self.words[at[there]], dtype=np.float64)

    def _by_service(self, by_queue: Scores, features: Features, at: int) -> dict[tuple[str | None, str], float]:
        read = features.read_whole[at] + 0.5 * features.read_mean[at]
        of: dict[str, dict[str, float]] = {queue: {} for queue in self.queues}
        for label, chance in zip(self.readers.reader.labels, read, strict=True):
            if (queue := self.queue_of.get(label, "")) in of:
                of[queue][label] = float(chance)
        found: dict[tuple[str | None, str], float] = {}
        for queue, chance in zip(self.queues, by_queue, strict=True):
            services, total = of[queue], sum(of[queue].values())
            if total < FEWEST_CHANCES:
                found[None, queue] = float(chance)
                continue
            for service, share in services.items():
                found[service, queue] = float(chance * share / total)
        return dict(sorted(found.items(), key=lambda one: -one[1]))

    def save(self, folder: Path) -> None:
        """Write the model into the folder, making it when needed; the note goes last."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays = {name: getattr(self.parts, name) for name in PARTS}
        arrays |= {f"{kind}_{name}": getattr(getattr(self, kind), name) for kind in FITS for name in FIT}
        np.savez(folder / ARRAYS, terms=self.terms, words=self.words, **arrays)
        note = {
            "format": FORMAT,
            "version": self.version,
            "readers": fingerprint(self.readers),
            "queues": self.queues,
            "queue_of": dict(self.queue_of),
            "threshold": self.threshold,
            "alarm": self.alarm,
            "calm": self.calm,
            "measured": asdict(self.measured),
        }
        (folder / NOTE).write_text(json.dumps(note, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, readers: Readers) -> Model:
        """Open what `save` wrote. Raises ModelMismatch for another format or other readers."""
        note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        if note.get("format") != FORMAT:
            raise ModelMismatch(f"{folder} holds a sorting model of another format. {ModelMismatch.__doc__}")
        if note["readers"] != fingerprint(readers):
            raise ModelMismatch(f"{folder} was trained beside other readers. {ModelMismatch.__doc__}")
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            return cls(
                version=note["version"],
                queues=tuple(note["queues"]),
                queue_of=note["queue_of"],
                parts=Parts(**{name: arrays[name] for name in PARTS}),
                terms=arrays["terms"],
                words=arrays["words"],
                **{kind: Fit(*(arrays[f"{kind}_{name}"] for name in FIT)) for kind in FITS},
                threshold=note["threshold"],
                alarm=note["alarm"],
                calm=note["calm"],
                measured=Measured(**note["measured"]),
                readers=readers,
            )


PARTS = ("meaning", "reading", "cues", "danger", "heard")
FITS = ("sort", "urge")
FIT = ("worth", "bias", "pulls")


def fingerprint(readers: Readers) -> str:
    """Which encoder, intents, signals and cues the features come from: another of any is another shape."""
    model = readers.dangers.model
    return "/".join(
        str(part)
        for part in (
            readers.reader.encoder.fingerprint,
            readers.tuned.fingerprint,
            len(readers.reader.labels),
            len(readers.reader.lexicon.terms),
            len(readers.dangers.signals),
            len(model.labels) if model else 0,
            len(readers.words.cues.queues),
        )
    )


def offsets(features: Features, readers: Readers, queues: Sequence[str], queue_of: Mapping[str, str]) -> list[Scores]:
    """By queue, the logarithms of what the intent reader says of whole and pieces, of the cues, and the tuned head."""
    place = {queue: at for at, queue in enumerate(queues)}
    by_label = np.zeros((len(readers.reader.labels), len(queues)), dtype=np.float32)
    for at, label in enumerate(readers.reader.labels):
        # What belongs to no service, such as a greeting, speaks for asking.
        queue = queue_of.get(label, HOLDING)
        if queue in place:
            by_label[at, place[queue]] = 1.0
    by_cue = np.zeros((len(readers.words.cues.queues), len(queues)), dtype=np.float32)
    for at, code in enumerate(readers.words.cues.queues):
        if code in place:
            by_cue[at, place[code]] = 1.0
    cues = features.cues @ by_cue + 0.3
    heard = np.full((len(features), len(queues)), LEAST_HEARD, dtype=np.float64)
    for at, code in enumerate(readers.tuned.queues):
        if code in place:
            heard[:, place[code]] = np.maximum(features.heard_queues[:, at], LEAST_HEARD)
    said = [features.read_whole @ by_label, features.read_mean @ by_label, features.read_most @ by_label]
    return [
        *(np.log(np.maximum(chances, 10 * LEAST)).astype(np.float64) for chances in said),
        np.log(cues / cues.sum(axis=1, keepdims=True)).astype(np.float64),
        heard,
    ]
