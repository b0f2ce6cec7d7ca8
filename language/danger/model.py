"""A model beside the rules: sees danger that is worded in a way no rule foresaw. It may only raise the alarm.

The model is the intent reader's two linear models (`language.intents.fits`) with dangers for labels, and three
thresholds on its chances, chosen in `language.danger.train` on examples the model had not seen:

- `now`: the chances of all signals of level "now" together reach it: an alarm, for the likeliest of those;
- `alarm`: the chances of all signals together reach it: an alarm, for the likeliest of all;
- `ask`: they reach this lower one: no alarm, but the gentle question of `may_be_danger`, or the line of the
  likeliest signal where that one is itself of level "concern": either stands beside the answer and stops nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from language.danger import DangerRules, Help, Number, Sighting
from language.danger.pieces import pieces
from language.danger.signals import LEVELS, Level
from language.encoder import Encoder
from language.intents.lexicon import Row
from language.intents.reader import Reader

FORMAT = 1
NOTE = "danger.json"
NONE = "none"
MAY_BE = "may_be_danger"
RULE = "model"
ENCODED = 12
"""Pieces of one message that are encoded at most: those whose words alone speak most of danger."""
TOKENS = 192
"""Tokens of those pieces at most: signs and other alphabets have many more of them than English words."""

Vector = NDArray[np.float32]


class DangerModelMismatch(RuntimeError):
    """The saved model is of another format, or knows a signal that data/danger does not."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The chances from which something is said; each between 0 and 1, and above 1 for never."""

    now: float
    alarm: float
    ask: float


@dataclass(frozen=True)
class DangerModel:
    """The trained model: `levels` gives the level of each of the reader's labels, None for "none"."""

    reader: Reader
    levels: tuple[Level | None, ...]
    thresholds: Thresholds

    def guess(self, text: str, vector: Vector | None = None) -> str | None:
        """The signal to raise for a message, `may_be_danger` to ask about it, or None.

        `vector` is the encoder's vector of the whole text, shape (WIDTH,) as in language.encoder, when the caller
        has it already.
        """
        return self.guess_many([text], None if vector is None else vector[None, :])[0]

    def guess_many(self, texts: Sequence[str], vectors: Vector | None = None) -> list[str | None]:
        """`guess` of each message, in fewer and larger steps; `vectors` has the shape (texts, WIDTH)."""
        if not texts:
            return []
        # Half a surrogate pair is no text to the tokenizer.
        whole = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        parts = [self._gravest(list(dict.fromkeys(pieces(text)))) for text in whole]
        loose = [piece for part in parts for piece, _ in part]
        rows = [*self.reader.lexicon.rows(whole), *(row for part in parts for _, row in part)]
        known = self.reader.encoder.encode(whole) if vectors is None else vectors
        chances = self.reader.chances(np.vstack([known, self.reader.encoder.encode(loose)]), rows)
        guesses, start = [], len(whole)
        for at, part in enumerate(parts):
            own = np.vstack([chances[at : at + 1], chances[start : start + len(part)]])
            guesses.append(judge(own, self.reader.labels, self.levels, self.thresholds))
            start += len(part)
        return guesses

    def _gravest(self, found: Sequence[str]) -> list[tuple[str, Row]]:
        """The pieces worth encoding, with their words: where there are many, those whose words speak most of danger.

        Encoding is what takes time, so a long message is read in short pieces of which few are encoded: in 60 messages
        of 4,500 characters, one of whose sentences was a danger, that noticed 53, and 24 longer pieces noticed 15.
        """
        if not found:
            return []
        rows = self.reader.lexicon.rows(found)
        by_words = np.stack([weights @ self.reader.model.words[places] for places, weights in rows])
        danger = np.array([level is not None for level in self.levels])
        lift = by_words[:, danger].max(axis=1) - by_words[:, ~danger].max(axis=1)
        gravest = np.argsort(-lift, kind="stable")[:ENCODED]
        tokens = np.cumsum([self.reader.encoder.tokens(found[at]) for at in gravest])
        fit = max(1, int((tokens <= TOKENS).sum()))
        return [(found[at], rows[at]) for at in sorted(gravest[:fit])]

    def save(self, folder: Path) -> None:
        """Write the model into the folder, making it when needed; the note goes last."""
        self.reader.save(folder)
        t = self.thresholds
        note = {"format": FORMAT, "levels": self.levels, "now": t.now, "alarm": t.alarm, "ask": t.ask}
        (folder / NOTE).write_text(json.dumps(note) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, encoder: Encoder) -> DangerModel:
        """Open what `save` wrote. Raises DangerModelMismatch, or ReaderMismatch for another encoder's vectors."""
        note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        if note.get("format") != FORMAT:
            raise DangerModelMismatch(f"{folder} holds a danger model of another format: train again.")
        thresholds = Thresholds(note["now"], note["alarm"], note["ask"])
        return cls(Reader.load(folder, encoder), tuple(note["levels"]), thresholds)


def judge(
    chances: NDArray[np.float64], labels: Sequence[str], levels: Sequence[Level | None], thresholds: Thresholds
) -> str | None:
    """What the chances of a message and its pieces, shape (1 + pieces, labels), amount to: the gravest of them."""
    now, any_danger = weigh(chances, levels)
    danger = np.array([level is not None for level in levels])
    if now.max() >= thresholds.now:
        grave = np.array([level == "now" for level in levels])
        return labels[int(np.where(grave, chances[int(now.argmax())], -1.0).argmax())]
    worst = int(any_danger.argmax())
    if any_danger[worst] < thresholds.ask:
        return None
    likeliest = int(np.where(danger, chances[worst], -1.0).argmax())
    gentle = any_danger[worst] < thresholds.alarm and levels[likeliest] != "concern"
    return MAY_BE if gentle else labels[likeliest]


def weigh(
    chances: NDArray[np.float64], levels: Sequence[Level | None]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The chance of a danger of level "now", and of any danger, for each row of chances."""
    now = np.array([level == "now" for level in levels])
    danger = np.array([level is not None for level in levels])
    return chances[:, now].sum(axis=1), chances[:, danger].sum(axis=1)


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
        for label, level in zip(self.model.reader.labels, self.model.levels, strict=True):
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

        The model only adds: what the rules saw is returned unless the model sees something graver, and then it is
        named in `also`. When the rules see level "now" the model is not asked.
        """
        return self.look_again(text, self.rules.look(text), vector)

    def look_again(self, text: str, seen: Sighting | None, vector: Vector | None = None) -> Sighting | None:
        """The second half of `look`, for a caller who has what the rules saw: some milliseconds of encoding.

        Safe to call in a thread: nothing is written, and the encoder may be shared.
        """
        if self.model is None or not _asks(text, seen):
            return seen
        return self._with(self.model.guess(text, vector), seen)

    def look_many(self, texts: Sequence[str], vectors: Vector | None = None) -> list[Sighting | None]:
        """`look` of each message; `vectors`, shape (texts, WIDTH), when the caller has them already."""
        sightings = [self.rules.look(text) for text in texts]
        asked = [row for row, text in enumerate(texts) if _asks(text, sightings[row])]
        if self.model is None or not asked:
            return sightings
        guesses = self.model.guess_many([texts[row] for row in asked], None if vectors is None else vectors[asked])
        for row, signal in zip(asked, guesses, strict=True):
            sightings[row] = self._with(signal, sightings[row])
        return sightings

    def _with(self, signal: str | None, seen: Sighting | None) -> Sighting | None:
        """What the rules saw and the model guessed, taken together."""
        if signal is None:
            return seen
        found = self.rules.sighting(signal)
        if seen is not None and LEVELS.index(found.level) >= LEVELS.index(seen.level):
            return seen
        also = (seen.signal, *(other for other in seen.also if other != signal)) if seen is not None else ()
        return Sighting(found.signal, found.level, found.priority, found.queue, RULE, also)

    def sighting(self, signal: str) -> Sighting:
        """What is known of a signal that was seen before. Raises KeyError for an unknown one."""
        return self.rules.sighting(signal)

    def help(self, signal: str, council: str) -> Help:
        """What to show for a signal in this council. Raises KeyError for an unknown one."""
        return self.rules.help(signal, council)


def _asks(text: str, seen: Sighting | None) -> bool:
    """Whether the model could add anything to what the rules saw in a message."""
    return bool(text.strip()) and not (seen is not None and seen.level == LEVELS[0])
