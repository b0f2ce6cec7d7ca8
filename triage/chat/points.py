"""Points: the exact question answered first. A service was read; which of its own points does the message ask for?

A service's answer is general, and a resident who asks "what day does the direct debit go out" wants that one thing. The
points of a service (service.toml, `[points.<id>]`) hold questions of that kind, and its examples (nlu.yml) say which
point each asks for, or none. From both it is learned which of them a message asks for, or the service in general
(docs/decisions/2026-11-26-points.md): in a hundredth of a second, so that a change needs no training.

Everyday points are looked at only when nothing was understood, and must be close as they are.
"""

import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from language.intents.choosing import Chooser
from language.intents.examples import read_examples
from language.redaction import without_placeholders
from triage import reading
from triage.catalogue import DATA, Catalogue
from triage.chat.engine import Turn
from triage.content import Point, Service

# How much likelier than the general question the likeliest point must be. Of labelled examples held out in turn 77 in
# 100 then get the reply that is labelled (docs/decisions/2026-11-26-points.md); 12 get a point that is not.
NEAR = 0.10
# Likeness from which a message that was not understood asks for an everyday point: of the nearest question as it is.
NEAR_EVERYDAY = 0.86
GENERAL = ""

Vectors = NDArray[np.float32]
Asks = tuple[tuple[str, tuple[str, ...]], ...]


@lru_cache(maxsize=256)
def _chooser(asks: Asks, plain: tuple[str, ...], examples: Path, changed_ns: int) -> Chooser:
    """What is learned from a service's own words; what residents write is kept nowhere.

    Of each point its questions (`asks`), its name and the first sentence of its answer.
    `plain` is what the service says in general: in place of examples where none says yet what it asks for.
    """
    rows = [(point, text) for point, texts in asks for text in texts]
    known = {point for point, _ in asks}
    intent = examples.parent.name
    own = [one for one in read_examples(examples) if one.intent == intent] if changed_ns else []
    if any(one.point in known for one in own):
        rows += [(one.point if one.point in known else GENERAL, one.text) for one in own]
    else:
        rows += [(GENERAL, text) for text in plain]
    texts = tuple(text for _, text in rows)
    return Chooser.fit([point for point, _ in rows], _vectors(texts), reading.reader().lexicon.rows(texts))


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
    examples = DATA / "services" / service.id / "nlu.yml"
    changed_ns = examples.stat().st_mtime_ns if examples.exists() else 0
    asks = tuple(
        (name, (*point.asks, name.replace("_", " "), point.say[0].text)) for name, point in service.points.items()
    )
    plain = (service.name, service.summary, *(sentence.text for sentence in service.answer.say))
    chooser = _chooser(asks, plain, examples, changed_ns)
    row = reading.reader().lexicon.row(text)
    chances = chooser.chances(_vectors((text,))[0] if vector is None else vector, row)
    general = chances.pop(GENERAL)
    best = max(chances, key=lambda point: chances[point])
    return best if chances[best] - general >= NEAR else None


def of_everyday(points: dict[str, Point], text: str, vector: Vectors | None = None) -> str | None:
    """The everyday point that a message asks for which was not understood."""
    vector = _vectors((text,))[0] if vector is None else vector
    likeness = {name: float((rows @ vector).max()) for name, rows in _everyday(_asks(points)).items()}
    best = max(likeness, key=lambda name: likeness[name], default=None)
    return best if best is not None and likeness[best] >= NEAR_EVERYDAY else None


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold().replace("'", "").replace("’", "")))


@lru_cache(maxsize=8)
def _word_for_word(asks: Asks) -> frozenset[str]:
    return frozenset(_words(ask) for _, texts in asks for ask in texts)


def left_open(catalogue: Catalogue, turn: Turn, text: str) -> Turn:
    """`turn`, unless its message is an everyday question word for word ("licence"): that is asked back about.

    Whatever service such a message reads like, it could be any of several, and we wrote down which.
    """
    if turn.form or len(turn.says) != 1 or "answer" not in turn.says[0]:
        return turn
    if _words(text) not in _word_for_word(_asks(catalogue.everyday.points)):
        return turn
    return replace(turn, says=({"do": "clarify"},))


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
