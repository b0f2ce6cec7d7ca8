"""Points: the exact question answered first. A service was read; which of its own points does the message ask for?

A service's answer is general, and a resident who asks "what day does the direct debit go out" wants that one thing. The
points of a service (service.toml, `[points.<id>]`) hold questions of that kind, and the message is compared with them
by meaning. All that is said of one service is alike, so what its words have in common is taken away first: what is
left is what tells one point from another and from the general question (docs/decisions/2026-11-26-points.md).

Everyday points are looked at only when nothing was understood, and must be close as they are.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from language.redaction import without_placeholders
from triage import reading
from triage.catalogue import Catalogue
from triage.chat.engine import Turn
from triage.content import Point, Service

# Likeness from which a message asks for a point: of the mean of the two nearest questions, without what the service's
# words have in common; and, for an everyday point, of the nearest question as it is.
NEAR, NEAR_EVERYDAY = 0.43, 0.86

Vectors = NDArray[np.float32]
Asks = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Nearby:
    """A service's points by meaning: what all of its words have in common, and each point's questions without it."""

    common: Vectors
    questions: dict[str, Vectors]

    def nearest(self, vector: Vectors, least: float) -> str | None:
        """The id of the point whose questions are nearest to the message, None when none is near enough."""
        apart = _apart(vector[None, :], self.common)[0]
        likeness = {name: float(np.sort(rows @ apart)[-2:].mean()) for name, rows in self.questions.items()}
        best = max(likeness, key=lambda name: likeness[name])
        return best if likeness[best] >= least else None


def _apart(vectors: Vectors, common: Vectors) -> Vectors:
    rest = vectors - common
    return np.asarray(rest / np.maximum(np.linalg.norm(rest, axis=1, keepdims=True), 1e-6), dtype=np.float32)


@lru_cache(maxsize=256)
def _nearby(asks: Asks, said: tuple[str, ...]) -> Nearby:
    """Our own questions and words as vectors; what residents write is kept nowhere."""
    questions = {name: _vectors(texts) for name, texts in asks}
    common = np.vstack([*questions.values(), _vectors(said)]).mean(axis=0)
    return Nearby(common, {name: _apart(rows, common) for name, rows in questions.items()})


@lru_cache(maxsize=8)
def _everyday(asks: Asks) -> dict[str, Vectors]:
    return {name: _vectors(texts) for name, texts in asks}


def _vectors(texts: tuple[str, ...]) -> Vectors:
    found: Vectors = reading.reader().encoder.encode(list(texts))
    return found


def _asks(points: dict[str, Point]) -> Asks:
    return tuple((name, point.asks) for name, point in points.items())


def of_service(service: Service, text: str, vector: Vectors | None = None) -> str | None:
    """The point of a service that a message asks for, None for the general question. `vector` is the text's."""
    if not service.points:
        return None
    said = [sentence.text for sentence in service.answer.say]
    details = [wording.say[0].text for wording in service.details.values()]
    nearby = _nearby(_asks(service.points), (service.name, service.summary, *said, *details))
    return nearby.nearest(_vectors((text,))[0] if vector is None else vector, NEAR)


def of_everyday(points: dict[str, Point], text: str, vector: Vectors | None = None) -> str | None:
    """The everyday point that a message asks for which was not understood."""
    vector = _vectors((text,))[0] if vector is None else vector
    likeness = {name: float((rows @ vector).max()) for name, rows in _everyday(_asks(points)).items()}
    best = max(likeness, key=lambda name: likeness[name], default=None)
    return best if best is not None and likeness[best] >= NEAR_EVERYDAY else None


def asked_for(catalogue: Catalogue, turn: Turn, text: str, vector: Vectors | None = None) -> str | None:
    """The point that a message asks for: one of the service that answers it, or, not understood, an everyday one.

    `vector` is the encoder's of the whole text, when the caller has it already; without it this takes some
    milliseconds of encoding.
    """
    said = turn.says[0] if turn.says else {}
    plain = without_placeholders(text)
    known = vector if plain == text else None
    if "answer" in said:
        service = catalogue.services.get(str(said["answer"]))
        return of_service(service, plain, known) if service else None
    return of_everyday(catalogue.everyday.points, plain, known) if said == {"do": "clarify"} else None
