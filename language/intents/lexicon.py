"""The words and word parts of a text as weighted counts (TF-IDF), with nothing kept but a list and an array.

Two kinds of term: words and pairs of neighbouring words, and runs of 2 to 5 letters inside a word (edges marked
with a space), which survive misspelling. Each kind is weighted 1 + ln(count) times its rarity and scaled to
length 1, then both together to length 1. Kept here, rather than in scikit-learn, so that a reader trained in one
environment is read in another with any version of it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
LETTER_RUNS = range(2, 6)
MOST_CHARACTERS = 2000  # of one text; bounds the work of reading a very long message

Row = tuple[NDArray[np.int64], NDArray[np.float32]]  # which terms, and how much each weighs


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, without punctuation."""
    return _WORD.findall(text[:MOST_CHARACTERS].lower())


def word_terms(text: str) -> list[str]:
    """Words and neighbouring pairs, marked `w:` so that no word is taken for a run of letters."""
    words = words_of(text)
    return [f"w:{word}" for word in words] + [f"w:{a} {b}" for a, b in pairwise(words)]


def letter_terms(text: str) -> list[str]:
    """Runs of 2 to 5 characters inside each word, its edges marked with a space."""
    return [term for word in words_of(text) for term in letter_runs(word)]


def letter_runs(word: str) -> list[str]:
    """Runs of 2 to 5 characters inside one word, its edges marked with a space."""
    padded = f" {word} "
    return [padded[i : i + length] for length in LETTER_RUNS for i in range(len(padded) - length + 1)]


KINDS: tuple[Callable[[str], list[str]], ...] = (word_terms, letter_terms)


class Lexicon:
    """The known terms, in order, and how rare each is."""

    def __init__(self, terms: Sequence[str], rarity: NDArray[np.float32]) -> None:
        self.terms = list(terms)
        self.rarity = rarity
        self._place = {term: place for place, term in enumerate(self.terms)}

    @classmethod
    def fit(cls, texts: Sequence[str]) -> Lexicon:
        """Learn the terms of the texts; rarity is ln((1 + texts) / (1 + texts with the term)) + 1."""
        seen: Counter[str] = Counter()
        for text in texts:
            seen.update({term for kind in KINDS for term in kind(text)})
        terms = sorted(seen)
        total = len(texts)
        rarity = np.array([math.log((1 + total) / (1 + seen[term])) + 1 for term in terms], dtype=np.float32)
        return cls(terms, rarity)

    def row(self, text: str) -> Row:
        """The known terms of one text and their weights, the whole of length 1 (empty when none is known)."""
        return self.rows([text])[0]

    def rows(self, texts: Iterable[str]) -> list[Row]:
        """`row` of each text."""
        known: dict[str, list[int]] = {}  # Texts read together, such as a message and its pieces, share most words.
        return [self._row(text, known) for text in texts]

    def _row(self, text: str, known: dict[str, list[int]]) -> Row:
        letters: list[int] = []
        for word in words_of(text):
            if word not in known:
                known[word] = self._places(letter_runs(word))
            letters += known[word]
        parts = [self._part(self._places(word_terms(text))), self._part(letters)]
        places = np.concatenate([places for places, _ in parts])
        weights = np.concatenate([weights for _, weights in parts])
        length = float(np.linalg.norm(weights))
        return places, (weights / length if length else weights).astype(np.float32)

    def _places(self, terms: list[str]) -> list[int]:
        return [place for place in map(self._place.get, terms) if place is not None]

    def _part(self, found: list[int]) -> Row:
        counts = Counter(found)
        places = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        often = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        weights = (1 + np.log(often)) * self.rarity[places] if len(counts) else often
        length = float(np.linalg.norm(weights))
        return places, (weights / length if length else weights).astype(np.float32)
