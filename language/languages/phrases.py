"""Looks for phrases of many languages in a message, written in the pattern language of `language.danger.patterns`.

Accents, capitals and keyboards' variants of a letter are folded away first, in the phrase as in the message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from language.danger.patterns import Pattern, compile_pattern
from language.danger.reading import Reading, cut
from language.languages.folding import fold, words_of

_ENDS = re.compile(r"[.!?;\n\r:()\[\]|؟؛۔।]+")
_WINDOW = 40
"""Words in one stretch at most, as in `language.danger.reading`: patterns look within a stretch."""


@dataclass(frozen=True)
class Phrase:
    """Ways to say one thing: found when one of `say` is, outside the stretches in which one of `unless` is."""

    key: str
    say: tuple[Pattern, ...]
    unless: tuple[Pattern, ...] = ()


@dataclass(frozen=True)
class Phrases:
    """Phrases ready to be looked for; made once, shared freely (it never changes)."""

    phrases: tuple[Phrase, ...]
    _anchored: dict[str, frozenset[int]]
    _prefixes: frozenset[str]

    @classmethod
    def of(cls, phrases: Iterable[Phrase]) -> Phrases:
        """Index the phrases by the words without which they cannot be found, so that few need be tried."""
        listed = tuple(phrases)
        anchored: dict[str, set[int]] = {}
        needed: set[str] = set()
        for at, phrase in enumerate(listed):
            for pattern in phrase.say:
                for word in pattern.anchor:
                    anchored.setdefault(word, set()).add(at)
            needed.update(_needed((*phrase.say, *phrase.unless)))
        prefixes = frozenset(word[:-1] for word in needed if word.endswith("*"))
        return cls(listed, {word: frozenset(found) for word, found in anchored.items()}, prefixes)

    def look(self, text: str) -> Iterator[str]:
        """The keys of the phrases that a message holds, in the order in which they were given. Never raises."""
        reading = self._read(text)
        if not reading.words:
            return
        live = frozenset().union(*(self._anchored.get(word, ()) for word in reading.words))
        for at in sorted(live):
            if _said(self.phrases[at], reading):
                yield self.phrases[at].key

    def _read(self, text: str) -> Reading:
        stretches: list[str] = []
        words: set[str] = set()
        for sentence in _ENDS.split(fold(cut(text))):
            said = words_of(sentence)
            for start in range(0, max(len(said) - _WINDOW // 2, 1), _WINDOW // 2):
                if stretch := said[start : start + _WINDOW]:
                    stretches.append(" " + " ".join(stretch) + " ")
            words.update(said)
        beginnings = {
            word[:end] + "*"
            for word in words
            for end in range(2, min(len(word), 14) + 1)
            if word[:end] in self._prefixes
        }
        return Reading(tuple(stretches), frozenset(words | beginnings))


def compile_phrase(written: str, groups: dict[str, tuple[str, ...]]) -> Pattern:
    """Compile one pattern. Raises language.danger.patterns.PatternWrong."""
    return compile_pattern(written, groups, _words)


def _words(phrase: str) -> list[str]:
    """A pattern's words, folded as a message is; a star stays where it was written, at a word's end."""
    return [word for part in phrase.split() for word in _starred(part)]


def _starred(part: str) -> Iterator[str]:
    words = words_of(fold(part.rstrip("*")))
    for at, word in enumerate(words, 1):
        yield word + ("*" if part.endswith("*") and at == len(words) else "")


def _needed(patterns: Iterable[Pattern]) -> Iterator[str]:
    for pattern in patterns:
        for parts in (*pattern.together, *pattern.without):
            for part in parts:
                for need in part.needs:
                    yield from need


def _said(phrase: Phrase, reading: Reading) -> bool:
    if not any(pattern.found(reading) for pattern in phrase.say):
        return False
    left = -1
    for pattern in phrase.unless:
        left &= ~pattern.found_in(reading)
    return left == -1 or any(pattern.found(reading, left) for pattern in phrase.say)
