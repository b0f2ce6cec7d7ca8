"""What was learned about comments, as arrays, and how they read a new one: NumPy alone, nothing is trained here.

A theme's score is a sum of two. *Wording*: each word, pair of words and run of letters adds its weight. *Meaning*: each
comment that was learned from adds its weight, the more the nearer the sentence vectors are. A theme is said when its
score reaches its own threshold. The sentiment is the one of five with the largest score.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from language.encoder import Encoder
from language.intents.lexicon import Lexicon
from language.themes.examples import SENTIMENTS

FORMAT = 1
NOTE = "themes.json"
ARRAYS = "themes.npz"
SHARES = (0.6, 0.4)
"""How much the last layer's half of a vector counts, and the fourth's: see docs/decisions/2026-11-26-themes.md."""
NARROW = 2.0  # how fast a comment's weight falls as vectors turn apart

Array = NDArray[np.float32]


class ThemeModelMismatch(RuntimeError):
    """The saved model is of another format or was made with another encoder. Run `frontdoor train`."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a comment is about, most certain first, and how it sounds: 1 very positive .. 5 very negative."""

    themes: tuple[str, ...]
    sentiment: int


@dataclass(frozen=True)
class Learned:
    """The learned arrays; a score's columns are the themes, then the five sentiments."""

    words: Array  # (terms, scores)
    middle: Array  # (768,), taken from a vector before it is turned
    vectors: Array  # (comments, 768), each half of length 1
    comments: Array  # (comments, scores)
    start: Array  # (scores,)


@dataclass(frozen=True)
class ThemeReader:
    """The trained model, ready to read; it never changes, so threads may share it."""

    themes: tuple[str, ...]
    thresholds: NDArray[np.float64]
    lexicon: Lexicon
    learned: Learned
    encoder: Encoder

    def read(self, text: str) -> Reading:
        """The themes and the sentiment of one comment. Never raises for what a person may write."""
        return self.read_many([text])[0]

    def read_many(self, texts: Sequence[str]) -> list[Reading]:
        """`read` of each comment."""
        found = []
        for row in self.scores(texts):
            above = row[: len(self.themes)] - self.thresholds
            said = [int(at) for at in np.argsort(-above, kind="stable") if above[at] >= 0]
            sentiment = SENTIMENTS[int(row[len(self.themes) :].argmax())]
            found.append(Reading(tuple(self.themes[at] for at in said), sentiment))
        return found

    def scores(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Shape (texts, themes + 5)."""
        whole = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        if not whole:
            return np.zeros((0, len(self.themes) + len(SENTIMENTS)))
        rows = self.lexicon.rows(whole)
        by_words = np.stack([weights @ self.learned.words[places] for places, weights in rows])
        turned = halves(self.encoder.encode(whole), self.learned.middle)
        by_meaning = nearness(turned, self.learned.vectors) @ self.learned.comments
        return np.asarray(by_words + by_meaning + self.learned.start, dtype=np.float64)

    def save(self, folder: Path) -> None:
        """Write the model into a folder that is not there yet."""
        folder.mkdir(parents=True)
        note = {
            "format": FORMAT,
            "encoder": self.encoder.fingerprint,
            "themes": self.themes,
            "thresholds": [round(float(one), 4) for one in self.thresholds],
            "terms": self.lexicon.terms,
        }
        (folder / NOTE).write_text(json.dumps(note, ensure_ascii=False), encoding="utf-8")
        np.savez(
            folder / ARRAYS,
            rarity=self.lexicon.rarity,
            words=self.learned.words.astype(np.float16),
            middle=self.learned.middle,
            vectors=self.learned.vectors.astype(np.float16),
            comments=self.learned.comments,
            start=self.learned.start,
        )

    @classmethod
    def load(cls, folder: Path, encoder: Encoder) -> ThemeReader:
        """Read what `save` wrote. Raises ThemeModelMismatch."""
        note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        if note.get("format") != FORMAT or note.get("encoder") != encoder.fingerprint:
            raise ThemeModelMismatch(f"{folder.name}: {ThemeModelMismatch.__doc__}")
        with np.load(folder / ARRAYS) as held:
            learned = Learned(
                *(held[name].astype(np.float32) for name in ("words", "middle", "vectors", "comments", "start"))
            )
            lexicon = Lexicon(note["terms"], held["rarity"])
        return cls(tuple(note["themes"]), np.array(note["thresholds"]), lexicon, learned, encoder)


def halves(vectors: Array, middle: Array) -> Array:
    """Vectors away from their middle, each half of length 1."""
    parts = np.split(vectors - middle, 2, axis=1)
    return np.hstack([part / np.maximum(np.linalg.norm(part, axis=1, keepdims=True), 1e-6) for part in parts])


def nearness(one: Array, other: Array) -> Array:
    """How near each is to each, 1 for the same; shape (rows of one, rows of other). Takes what `halves` gives."""
    near = [
        share * np.exp(np.float32(NARROW) * (a @ b.T - 1))
        for share, a, b in zip(SHARES, np.split(one, 2, axis=1), np.split(other, 2, axis=1), strict=True)
    ]
    return np.asarray(near[0] + near[1], dtype=np.float32)
