"""Turns what a resident typed into plain words, so that a rule need only know one way to write a thing.

The steps, each small and each linear in the length of the text: cut to a cap, fold look-alike letters, drop what
cannot be seen, join spelled-out words, take the apostrophes out, undo text-speak, mend typing errors in words the
rules know, and drop words that carry nothing ("really", "the"). The same steps read the rules' own patterns.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from language.danger.spelling import Spelling

CAP = 5_000
"""Characters read of one message. A longer one is read at its start and its end, where people say what matters."""
_TAIL = 1_000
_WINDOW = 40
"""Words in one stretch at most: a page without a full stop is read as overlapping stretches."""
_LONGEST_WORD = 40

# Letters of other alphabets (and signs) that look like Latin ones. NFKC folds full-width and styled letters; these
# it leaves alone.
_LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕһԁвкмнтгԛԝьαοενικρτυχβγπσωηℓıøłđßɡɩʟɑƖǀ",
    "aeopcyxijshdbkmhtrqwbaoevikptuxbypsonlioldsgilall",
)
_CURLY = re.compile(r"['’‘ʼ`´′＇ʹ]")
_APOSTROPHES = re.compile(r"(?<=\w)'(?=\w)")
# "The boiler's broken", "my neighbour's kid": of either sort only the noun is kept. Of "he's", "there's" the verb is.
_NOUN_S = re.compile(r"(?<=[a-z])(?<!\bhe)(?<!\bshe)(?<!\bit)(?<!here)(?<!\bthat)(?<!\bwhat)(?<!\bwho)(?<!one)'s\b")
_ENDS = re.compile(r"[.!?;\n\r:()\[\]{}•|]+")
_WORDS = re.compile(r"[a-z0-9£*@$!]+")
_LETTERS_FOR_SIGNS = str.maketrans("0134578@$!", "oieastbasi")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_SIGN_BETWEEN_LETTERS = re.compile(r"(?<=[a-z])[0134578@$!](?=[a-z])")
_NOT_AN_AGE = frozenset(
    [
        "day",
        "days",
        "week",
        "weeks",
        "month",
        "months",
        "hour",
        "hours",
        "minute",
        "minutes",
        "min",
        "mins",
        "pound",
        "pounds",
        "percent",
        "metre",
        "metres",
        "mile",
        "miles",
        "of",
        "bins",
        "am",
        "pm",
        "st",
        "nd",
        "rd",
        "th",
        "people",
        "bedroom",
        "bed",
    ]
)
_AGE_WORDS = frozenset(["year", "years", "yr", "yrs", "yo", "yrold"])
_BEFORE_AGE = frozenset(["am", "is", "about", "only", "aged", "age", "nearly", "turned", "just"])


@dataclass(frozen=True)
class Reading:
    """A message made plain: `stretches` are runs of words (" i smell gas "), `words` all that occur in them."""

    stretches: tuple[str, ...]
    words: frozenset[str]

    def where(self, some: frozenset[str]) -> int:
        """In which stretches one of some words stands, a bit for each; a word's beginning is said to stand in all."""
        known = self._looked_for.get(some)
        if known is None:
            known = 0
            for word in some & self.words:
                known |= self._places.get(word, 0)
            self._looked_for[some] = known
        return known

    @cached_property
    def _places(self) -> dict[str, int]:
        everywhere = (1 << len(self.stretches)) - 1
        places = {word: everywhere for word in self.words if word.endswith("*")}
        for at, stretch in enumerate(self.stretches):
            bit = 1 << at
            for word in stretch.split():
                places[word] = places.get(word, 0) | bit
        return places

    @cached_property
    def _looked_for(self) -> dict[frozenset[str], int]:
        return {}


@dataclass(frozen=True)
class Reader:
    """Reads text into words with the lists of `signals.toml`.

    `meanings` maps a word as typed to the words it stands for ("wanna" to "want to"); `fillers` are dropped;
    `prefixes` are the word beginnings that rules ask for ("stab*").
    """

    meanings: dict[str, tuple[str, ...]]
    fillers: frozenset[str]
    spelling: Spelling = field(default_factory=Spelling)
    prefixes: frozenset[str] = frozenset()

    def read(self, text: str) -> Reading:
        """Read a resident's message. Never raises, whatever the text holds."""
        stretches: list[str] = []
        words: set[str] = set()
        known: dict[str, tuple[str, ...]] = {}  # What a word means is the same wherever it stands.
        for sentence in _ENDS.split(_fold(cut(text))):
            said = self._sentence(sentence, known)
            if not said:
                continue
            for start in range(0, max(len(said) - _WINDOW // 2, 1), _WINDOW // 2):
                stretch = said[start : start + _WINDOW]
                stretches.append(" " + " ".join(stretch) + " ")
            words.update(said)
        return Reading(tuple(stretches), frozenset(words) | self._beginnings(words))

    def pattern_words(self, phrase: str) -> list[str]:
        """Read words of a rule with the same steps, less typing errors and ages."""
        words = _APOSTROPHES.sub("", phrase.lower()).split()
        return [plain for word in words for plain in self._mean(word) if plain not in self.fillers]

    def _sentence(self, sentence: str, known: dict[str, tuple[str, ...]]) -> list[str]:
        typed = [word.strip("!") for word in _WORDS.findall(sentence)]
        if not typed:
            return []
        plain: list[str] = []
        for word in _joined([word for word in typed if word.strip("*@$")], self.spelling.split):
            meant = known.get(word)
            if meant is None:
                meant = known[word] = tuple(self._mean(self._mended(word[:_LONGEST_WORD])))
            plain += meant
        return [word for word in _aged(plain) if word not in self.fillers]

    def _mended(self, word: str) -> str:
        if word in self.meanings or self.spelling.knows(word):
            return word
        if "*" in word:
            return self.spelling.guess_starred(word)
        word = _SIGN_BETWEEN_LETTERS.sub(lambda sign: sign.group().translate(_LETTERS_FOR_SIGNS), word)
        if _STRETCHED.search(word):
            for kept in (r"\1\1", r"\1"):
                short = _STRETCHED.sub(kept, word)
                if short in self.meanings or self.spelling.knows(short):
                    return short
            word = _STRETCHED.sub(r"\1", word)
        return self.spelling.mend(word)

    def _mean(self, word: str) -> Iterator[str]:
        for meant in self.meanings.get(word, (word,)):
            yield from self.spelling.split(meant) or (meant,)

    def _beginnings(self, words: set[str]) -> set[str]:
        return {
            word[:end] + "*"
            for word in words
            for end in range(2, min(len(word), 14) + 1)
            if word[:end] in self.prefixes
        }


def cut(text: str) -> str:
    """The part of a message that is read: all of it, or of a long one its first 4,000 and last 1,000 characters."""
    return text if len(text) <= CAP else text[: CAP - _TAIL] + "\n" + text[-_TAIL:]


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    seen = "".join(map(_seen, decomposed))
    plain = _CURLY.sub("'", seen)
    return _APOSTROPHES.sub("", _NOUN_S.sub("", plain))


@lru_cache(4_096)
def _seen(sign: str) -> str:
    """One sign of a decomposed text as it looks: nothing for what cannot be seen, a Latin letter for one like it."""
    kind = unicodedata.category(sign)
    if kind in ("Mn", "Cf", "Me"):
        return ""
    return " " if kind == "Cc" and sign not in "\n\r" else sign.translate(_LOOK_ALIKES)


def _joined(words: list[str], split: Callable[[str], tuple[str, ...]]) -> Iterator[str]:
    """Join letters typed apart ("k i l l m e") when four or more stand in a row and make words that we know."""
    run: list[str] = []
    for word in [*words, ""]:
        if len(word) == 1 and word.isalpha():
            run.append(word)
            continue
        if len(run) >= 4:
            whole = "".join(run[:_LONGEST_WORD])
            yield from split(whole) or (whole,)
            run = []
        elif run:
            yield from run
            run = []
        if word:
            yield word


def _aged(words: list[str]) -> Iterator[str]:
    """Say an age as what it means here: `agechild` (under 18), `ageold` (65 or more), else `ageadult`."""
    skip = 0
    for at, word in enumerate(words):
        if skip:
            skip -= 1
            continue
        digits = word.rstrip("yo") if word[-2:] == "yo" else word
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 3):
            yield word
            continue
        after = words[at + 1] if at + 1 < len(words) else ""
        told = after in _AGE_WORDS or digits != word
        if told or (words[at - 1 : at] and words[at - 1] in _BEFORE_AGE and after not in _NOT_AN_AGE):
            age = int(digits)
            yield "agechild" if age < 18 else "ageold" if 65 <= age < 115 else "ageadult"
            skip = (after in _AGE_WORDS) + (words[at + 1 : at + 3][1:] == ["old"] and after in _AGE_WORDS)
        else:
            yield word
