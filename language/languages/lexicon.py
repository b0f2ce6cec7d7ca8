"""The words that speak for each language, read from data/languages/<code>/words.txt."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from language.languages.folding import fold, words_of

ENGLISH = "en"


class LanguageDataWrong(ValueError):
    """Something in data/languages cannot be used; names the file and what is wrong."""


@dataclass(frozen=True)
class Lexicon:
    """What a word says of its language.

    `languages` are the codes, in a fixed order. `worth[word]` holds (index of language, weight) for each language
    that has the word: 1.0 when no other has it, less when several share it. `english` words speak against all of them,
    save a language that has the word too. `alone` are words that are enough by themselves in a very short message.
    """

    languages: tuple[str, ...]
    worth: dict[str, tuple[tuple[int, float], ...]]
    english: frozenset[str]
    alone: dict[str, frozenset[int]]

    @classmethod
    def load(cls, folder: Path) -> Lexicon:
        """Read every language's list. Raises LanguageDataWrong for a missing or empty list."""
        codes = sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name != ENGLISH)
        lists = {code: _read(folder / code / "words.txt") for code in codes}
        english = frozenset(word for word, _ in _read(folder / ENGLISH / "words.txt"))
        shared = Counter(word for words in lists.values() for word in {word for word, _ in words})
        worth: dict[str, list[tuple[int, float]]] = {}
        alone: dict[str, set[int]] = {}
        for at, code in enumerate(codes):
            for word in {word for word, _ in lists[code]}:
                worth.setdefault(word, []).append((at, 1.0 if shared[word] == 1 else 0.6))
            for word in {word for word, enough in lists[code] if enough}:
                alone.setdefault(word, set()).add(at)
        return cls(
            tuple(codes),
            {word: tuple(found) for word, found in worth.items()},
            english,
            {word: frozenset(found) for word, found in alone.items()},
        )


def _read(file: Path) -> list[tuple[str, bool]]:
    """Words and whether each is marked as enough alone ("!"). An entry with a hyphen or apostrophe is two words."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LanguageDataWrong(f"{file}: {error}") from error
    found = [
        (word, entry.endswith("!"))
        for line in lines
        if not line.startswith("#")
        for entry in line.split()
        for word in words_of(fold(entry))
    ]
    if not found:
        raise LanguageDataWrong(f"{file}: there are no words")
    return found
