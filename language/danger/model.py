"""A model beside the rules: sees danger that is worded in a way no rule foresaw, and may doubt a rule that is not sure.

Two readers (`language.danger.heads`) give each signal a chance; with the nearest examples and the length of the message
they are weighed into the chance that an alarm is right and that there is any danger (`language.danger.weighing`); of a
long message each piece also as if it had come alone, and the larger chances count. Three
thresholds on those two, chosen in `language.danger.train` on examples that no reader had seen, say what comes of it:

- `alarm`: the chance of an alarm reaches it: an alarm, for the likeliest signal of level "now" or "today";
- `ask`: the chance of any danger reaches it: no alarm, but the gentle question of `may_be_danger`, or the line of the
  likeliest signal where that one is itself of level "concern": either stands beside the answer and stops nothing;
- `doubt`: an alarm of a rule that is not `sure` becomes the gentle question when the chance of an alarm is below it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from language.danger import DangerRules, Help, Number, Sighting
from language.danger.heads import Heads, blend
from language.danger.judging import MAY_BE, Guess, Thresholds, judge
from language.danger.neighbours import Neighbours
from language.danger.pieces import pieces
from language.danger.signals import LEVELS, Level
from language.danger.weighing import Features, Said, Weigher, features, gathered
from language.encoder import Encoder
from language.intents.lexicon import Lexicon, Row

__all__ = ["MAY_BE", "NONE", "RULE", "DangerModel", "DangerModelMismatch", "Dangers", "Guess", "Thresholds", "judge"]

FORMAT = 4
NOTE = "danger.json"
ARRAYS = "danger.npz"
GATHERED = "gathered_"  # begins the names of the gatherer's arrays
NONE = "none"
RULE = "model"
ENCODED = 10
"""Pieces of one message that are encoded at most: those whose words alone speak most of danger."""
TOKENS = 128
"""Tokens of those pieces at most: signs and other alphabets have many more of them than English words."""

Vector = NDArray[np.float32]


class DangerModelMismatch(RuntimeError):
    """The saved model is of another format or encoder, or knows a signal that data/danger does not."""


class Piece(NamedTuple):
    """A piece of a long message, with its words and tokens: each is worth working out once only."""

    text: str
    row: Row
    tokens: list[int]


@dataclass(frozen=True)
class DangerModel:
    """The trained model: `levels` gives the level of each of `labels`, None for "none".

    `gatherer` weighs what the pieces of a long message say, each taken as if it had come alone.
    """

    labels: tuple[str, ...]
    levels: tuple[Level | None, ...]
    thresholds: Thresholds
    heads: Heads
    neighbours: Neighbours
    weigher: Weigher
    gatherer: Weigher
    lexicon: Lexicon
    encoder: Encoder

    def guess(self, text: str, vector: Vector | None = None) -> str | None:
        """The signal to raise for a message, `may_be_danger` to ask about it, or None.

        `vector` is the encoder's vector of the whole text, shape (WIDTH,) as in language.encoder, when the caller
        has it already.
        """
        return self.weigh_up(text, vector).signal

    def weigh_up(self, text: str, vector: Vector | None = None) -> Guess:
        """`guess`, and whether an alarm of a rule is to be doubted."""
        return self.weigh_up_many([text], None if vector is None else vector[None, :])[0]

    def weigh_up_many(self, texts: Sequence[str], vectors: Vector | None = None) -> list[Guess]:
        """`weigh_up` of each message, in fewer and larger steps; `vectors` has the shape (texts, WIDTH)."""
        guesses = []
        for said in self.read(texts, vectors):
            alarm, danger = self.chances(said)
            signal = judge(said.blended, alarm, danger, self.labels, self.levels, self.thresholds)
            guesses.append(Guess(signal, bool(alarm < self.thresholds.doubt)))
        return guesses

    def chances(self, said: Said) -> Features:
        """The chances of an alarm and of any danger: the larger of the message's as a whole and of its pieces'."""
        whole = self.weigher.weigh(features(said, self.levels))
        apart = gathered(said, whole, self.levels, self.weigher)
        return whole if apart is None else np.maximum(whole, self.gatherer.weigh(apart))

    def read(self, texts: Sequence[str], vectors: Vector | None = None) -> list[Said]:
        """What the readers say of each message and its pieces."""
        if not texts:
            return []
        # Half a surrogate pair is no text to the tokenizer.
        whole = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        parts = [self._gravest(list(dict.fromkeys(pieces(text)))) for text in whole]
        loose = [piece.tokens for part in parts for piece in part]
        rows = [*self.lexicon.rows(whole), *(piece.row for part in parts for piece in part)]
        known = self.encoder.encode(whole) if vectors is None else vectors
        every = np.vstack([known, self.encoder.encode_tokens(loose)]) if loose else known
        meaning, wording = self.heads.scores(every, rows)
        blended = blend(meaning, wording, self.levels)
        likeness = self.neighbours.likeness(every)
        found, start = [], len(whole)
        for at, part in enumerate(parts):
            own = np.r_[at, start : start + len(part)]
            words = np.array([len(text.split()) for text in (whole[at], *(piece.text for piece in part))])
            found.append(Said(blended[own], meaning[own], wording[own], likeness[own].astype(np.float64), words))
            start += len(part)
        return found

    def _gravest(self, found: Sequence[str]) -> list[Piece]:
        """The pieces worth encoding, with their words: where there are many, those whose words speak most of danger.

        Encoding is what takes time, so a long message is read in short pieces of which few are encoded
        (docs/decisions/2026-11-23-any-message.md).
        """
        if not found:
            return []
        rows = self.lexicon.rows(found)
        by_words = np.stack([weights @ self.heads.words[places] for places, weights in rows])
        lift = by_words[:, :-1].max(axis=1) - by_words[:, -1]  # the last of GROUPS is "no danger"
        gravest = np.argsort(-lift, kind="stable")[:ENCODED]
        kept: dict[int, Piece] = {}
        left = TOKENS
        for at in gravest:
            tokens = self.encoder.tokens(found[at])
            left -= len(tokens)
            if kept and left < 0:
                break
            kept[int(at)] = Piece(found[at], rows[at], tokens)
        return [kept[at] for at in sorted(kept)]

    def save(self, folder: Path) -> None:
        """Write the model into the folder, making it when needed; the note goes last."""
        folder.mkdir(parents=True, exist_ok=True)
        parts = (self.heads, self.neighbours, self.weigher)
        arrays = {field.name: getattr(part, field.name) for part in parts for field in fields(part)}
        arrays |= {f"{GATHERED}{field.name}": getattr(self.gatherer, field.name) for field in fields(Weigher)}
        np.savez(folder / ARRAYS, rarity=self.lexicon.rarity, **arrays)
        note = {
            "format": FORMAT,
            "encoder": self.encoder.fingerprint,
            "labels": self.labels,
            "levels": self.levels,
            "thresholds": asdict(self.thresholds),
            "terms": self.lexicon.terms,
        }
        (folder / NOTE).write_text(json.dumps(note, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, encoder: Encoder) -> DangerModel:
        """Open what `save` wrote. Raises DangerModelMismatch for another format or another encoder's vectors."""
        note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        if note.get("format") != FORMAT:
            raise DangerModelMismatch(f"{folder} holds a danger model of another format: train again.")
        if note["encoder"] != encoder.fingerprint:
            raise DangerModelMismatch(f"{folder} was trained on another encoder ({note['encoder']}): train again.")
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            heads = Heads(**{field.name: arrays[field.name] for field in fields(Heads)})
            neighbours = Neighbours(**{field.name: arrays[field.name] for field in fields(Neighbours)})
            weigher = Weigher(**{field.name: arrays[field.name] for field in fields(Weigher)})
            gatherer = Weigher(**{field.name: arrays[f"{GATHERED}{field.name}"] for field in fields(Weigher)})
            lexicon = Lexicon(note["terms"], arrays["rarity"])
        labels, levels = tuple(note["labels"]), tuple(note["levels"])
        thresholds = Thresholds(**note["thresholds"])
        return cls(labels, levels, thresholds, heads, neighbours, weigher, gatherer, lexicon, encoder)


@dataclass(frozen=True)
class Dangers:
    """The rules and, when it is trained, the model: made once, shared freely (it never changes).

    Raises DangerModelMismatch when the model knows a signal or level that the rules' data does not.
    """

    rules: DangerRules
    model: DangerModel | None = None

    def __post_init__(self) -> None:
        if self.model is None:
            return
        for label, level in zip(self.model.labels, self.model.levels, strict=True):
            if label != NONE and (label not in self.rules.signals or self.rules.sighting(label).level != level):
                raise DangerModelMismatch(f"The danger model's signal {label} is not that of data/danger: train again.")

    @property
    def signals(self) -> tuple[str, ...]:
        """The ids of all signals, gravest first."""
        return self.rules.signals

    @property
    def numbers(self) -> dict[str, Number]:
        """Every telephone number, by its key."""
        return self.rules.numbers

    def look(self, text: str, vector: Vector | None = None) -> Sighting | None:
        """The gravest danger that the rules or the model see in a message, or None.

        What the rules saw is returned unless the model sees something graver, and then it is named in `also`; or
        unless the rule may be doubted and the model sees next to nothing: then the gentle question is asked instead,
        and what the rules saw is named in `also`. When a sure rule sees level "now" the model is not asked.
        """
        return self.look_again(text, self.first_look(text), vector)

    def first_look(self, text: str) -> Sighting | None:
        """The first half of `look`: what the rules see, in half a millisecond."""
        return self.rules.look(text)

    def may_lower(self, seen: Sighting | None) -> bool:
        """Whether `look_again` may make less of what the rules saw: an alarm of a rule that is not sure."""
        return self.model is not None and seen is not None and seen.level != "concern" and not seen.sure

    def look_again(self, text: str, seen: Sighting | None, vector: Vector | None = None) -> Sighting | None:
        """The second half of `look`, for a caller who has what the rules saw: some milliseconds of encoding.

        Safe to call in a thread: nothing is written, and the encoder may be shared.
        """
        if self.model is None or not self._asks(text, seen):
            return seen
        return self._with(self.model.weigh_up(text, vector), seen)

    def vector(self, text: str, seen: Sighting | None) -> Vector | None:
        """The vector that `look_again` would make for itself, None when it makes none; others may have use of it."""
        if self.model is None or not self._asks(text, seen):
            return None
        return np.asarray(self.model.encoder.encode([text])[0])

    def look_many(self, texts: Sequence[str], vectors: Vector | None = None) -> list[Sighting | None]:
        """`look` of each message; `vectors`, shape (texts, WIDTH), when the caller has them already."""
        sightings = [self.first_look(text) for text in texts]
        asked = [row for row, text in enumerate(texts) if self._asks(text, sightings[row])]
        if self.model is None or not asked:
            return sightings
        guesses = self.model.weigh_up_many([texts[at] for at in asked], None if vectors is None else vectors[asked])
        for row, guess in zip(asked, guesses, strict=True):
            sightings[row] = self._with(guess, sightings[row])
        return sightings

    def _asks(self, text: str, seen: Sighting | None) -> bool:
        """Whether the model could change anything: not for silence, nor where a sure rule saw the gravest level."""
        return bool(text.strip()) and not (seen is not None and seen.level == LEVELS[0] and seen.sure)

    def _with(self, guess: Guess, seen: Sighting | None) -> Sighting | None:
        """What the rules saw and what the model makes of the message, taken together."""
        if seen is not None and self.may_lower(seen) and guess.doubts:
            return self._by_model(MAY_BE, seen)
        signal = guess.signal
        if signal is None:
            return seen
        if seen is not None and LEVELS.index(self.rules.sighting(signal).level) >= LEVELS.index(seen.level):
            return seen
        return self._by_model(signal, seen)

    def _by_model(self, signal: str, seen: Sighting | None) -> Sighting:
        found = self.rules.sighting(signal)
        named = (seen.signal, *seen.also) if seen is not None else ()
        also = tuple(other for other in named if other != signal)
        return Sighting(found.signal, found.level, found.priority, found.queue, RULE, also)

    def gentler(self, seen: Sighting) -> Sighting:
        """The gentle question in place of what was seen, which stays named in `also`."""
        return self._by_model(MAY_BE, seen) if seen.signal != MAY_BE else seen

    def sighting(self, signal: str) -> Sighting:
        """What is known of a signal that was seen before. Raises KeyError for an unknown one."""
        return self.rules.sighting(signal)

    def help(self, signal: str, council: str) -> Help:
        """What to show for a signal in this council. Raises KeyError for an unknown one."""
        return self.rules.help(signal, council)
