"""Points: the exact question answered first. A service was read; which of its own points does the message ask for?

A service's answer is general, and a resident who asks "what day does the direct debit go out" wants that one thing. The
points of a service (service.toml, `[points.<id>]`) hold questions of that kind, and the message is compared with them
by meaning. Everyday points are looked at only when nothing was understood, and must be closer.
"""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from language.redaction import without_placeholders
from triage import reading
from triage.catalogue import Catalogue
from triage.chat.engine import Turn
from triage.content import Point

# Likeness (cosine of sentence vectors) from which a message asks for a point. Set on questions of the odd half of
# tests/language/fresh_questions.jsonl; see docs/decisions/2026-11-26-points.md.
NEAR, NEAR_EVERYDAY = 0.62, 0.86

Vector = NDArray[np.float32]


@lru_cache(maxsize=8_000)
def _asked(question: str) -> Vector:
    """The vector of one of our own questions; what residents write is not kept."""
    return _vector(question)


def _vector(text: str) -> Vector:
    found: Vector = reading.reader().encoder.encode([text])[0]
    return found


def nearest(points: Mapping[str, Point], vector: Vector, least: float) -> str | None:
    """The id of the point whose questions are nearest to the message, None when none is near enough."""
    best, found = least, None
    for name, point in points.items():
        likeness = max(float(_asked(ask) @ vector) for ask in point.asks)
        if likeness >= best:
            best, found = likeness, name
    return found


def asked_for(catalogue: Catalogue, turn: Turn, text: str) -> str | None:
    """The point that a message asks for: one of the service that answers it, or, not understood, an everyday one.

    Takes some milliseconds of encoding, and only where there are points.
    """
    said = turn.says[0] if turn.says else {}
    if "answer" in said:
        service = catalogue.services.get(str(said["answer"]))
        points, least = (service.points if service else {}), NEAR
    elif said == {"do": "clarify"}:
        points, least = catalogue.everyday.points, NEAR_EVERYDAY
    else:
        return None
    return nearest(points, _vector(without_placeholders(text)), least) if points else None
