"""Mends typing errors in the words that the danger rules know, and splits words that were run together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations

_MENDED_FROM = 5
"""Letters a word must have before one error in it is mended; shorter ones are too like each other."""
_TWICE_FROM = 8
"""Letters a word must have before two errors are mended."""
_LONGEST = 16
_TWO_LETTERS = frozenset(
    [
        "am",
        "an",
        "as",
        "at",
        "be",
        "by",
        "do",
        "go",
        "he",
        "hi",
        "if",
        "im",
        "in",
        "is",
        "it",
        "me",
        "my",
        "no",
        "of",
        "on",
        "or",
        "so",
        "to",
        "up",
        "us",
        "we",
    ]
)
"""Words of two letters that people run together with others; "de" is not, so "dependant" holds no "pendant"."""


@dataclass(frozen=True)
class Spelling:
    """The words that the rules know (`known`) and ordinary words that only look like them (`ordinary`)."""

    known: frozenset[str] = frozenset()
    ordinary: frozenset[str] = frozenset()
    _shortened: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    _by_length: dict[int, tuple[str, ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, known: Iterable[str], ordinary: Iterable[str]) -> Spelling:
        """Index `known` by every way of leaving out one letter (two, of a long word)."""
        words = frozenset(known)
        shortened: dict[str, set[str]] = {}
        for word in words:
            for short in _shorter(word) if word.isalpha() and len(word) >= _MENDED_FROM else ():
                shortened.setdefault(short, set()).add(word)
        index = {short: tuple(sorted(found)) for short, found in shortened.items()}
        by_length = {size: tuple(sorted(w for w in words if len(w) == size)) for size in {len(w) for w in words}}
        return cls(words, frozenset(ordinary), index, by_length)

    def knows(self, word: str) -> bool:
        """Whether the word is spelled as the rules, or ordinary English, would have it."""
        return word in self.known or word in self.ordinary

    def mend(self, word: str) -> str:
        """Return the known word that this is a typing error for, or the word as it is.

        One letter left out, put in, wrong or swapped with the next is mended; the first letter must be right,
        except that it may be swapped with the second. Two errors are mended in words of eight letters or more.
        """
        if self.knows(word) or not word.isalpha() or not 4 <= len(word) <= _LONGEST:
            return word
        if len(word) == 4:
            return next((w for w in _swapped(word) if w in self.known), word)
        best = 3, word  # Of words equally near, the first of the alphabet: the same in every process.
        for short in _shorter(word):
            for found in self._shortened.get(short, ()):
                errors = distance(word, found)
                allowed = 2 if min(len(found), len(word)) >= _TWICE_FROM else 1
                same_start = found[0] == word[0] or found[:2] == word[1::-1]
                if errors <= allowed and same_start:
                    best = min(best, (errors, found))
        return best[1]

    def guess_starred(self, word: str) -> str:
        """Read "k*ll" as the known word of the same length that fits it, if there is one; else drop the stars."""
        bare = word.strip("*")
        if "*" in bare and len(bare.replace("*", "")) >= 2:
            at, letter = next((at, sign) for at, sign in enumerate(bare) if sign != "*")
            for known in self._by_length.get(len(bare), ()):
                if known[at] == letter and all(a in ("*", b) for a, b in zip(bare, known, strict=True)):
                    return known
        return word.replace("*", "")

    def split(self, word: str) -> tuple[str, ...]:
        """Split "killmyself" into known words, each of two letters or more; () if it is one word or none."""
        if word in self.known or word in self.ordinary or not 7 <= len(word) <= 40 or not word.isalpha():
            return ()
        ways: list[tuple[str, ...] | None] = [()] + [None] * len(word)
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - _LONGEST), end):
                before = ways[start]
                part = word[start:end]
                if before is not None and part in self.known and _may_stand(part):
                    way = (*before, part)
                    best = ways[end]
                    if best is None or len(way) < len(best):
                        ways[end] = way
        found = ways[-1]
        # Three short words can be found in almost anything; a split must leave words that say something.
        return found if found and len(word) / len(found) >= 3.5 else ()


def _may_stand(part: str) -> bool:
    return len(part) > 2 or part == "i" or part in _TWO_LETTERS


def _shorter(word: str) -> set[str]:
    """The word itself and each way of leaving out one letter, or up to two of a long word."""
    out = {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}
    if len(word) >= _TWICE_FROM and len(word) <= _LONGEST:
        out |= {word[:i] + word[i + 1 : j] + word[j + 1 :] for i, j in combinations(range(len(word)), 2)}
    return out


def _swapped(word: str) -> list[str]:
    return [word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)]


def distance(a: str, b: str) -> int:
    """How many letters must be put in, left out, changed or swapped with the next to make `a` into `b`."""
    two_ago: list[int] = []
    last = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        row = [i]
        for j, other in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, two_ago[j - 2] + 1)
            row.append(cost)
        two_ago, last = last, row
    return last[-1]
