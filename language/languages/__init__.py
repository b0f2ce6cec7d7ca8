"""Says in which language a short message is written, when it is one that we know and it is plainly so.

>>> languages = Languages.load(Path("data/languages"))
>>> languages.detect("nie odebrali naszych śmieci").code
'pl'
>>> languages.detect("my bin was not emptied") is None
True

By script and by words, with lists in data/languages. It knows nothing of triage. English, an unknown language and doubt
are all None: residents who write in English must never be answered in something else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from language.languages.folding import CAP, fold, words_of
from language.languages.lexicon import LanguageDataWrong, Lexicon

__all__ = ["Heard", "LanguageDataWrong", "Languages"]

_ARABIC = re.compile(r"[\u0600-\u06ff]")
_GUJARATI = re.compile(r"[\u0a80-\u0aff]")
_RUN = re.compile(r"[^\W_]+")
# Letters of Urdu, Pashto, Kurdish and Uyghur, which share the Arabic script and which we do not speak.
_NEITHER = re.compile("[ٹڈڑںےہھټډړښځڅۍێۆڕڵەۇۈۋ]")
_FARSI_LETTERS = re.compile("[پچژگ]")
_ARABIC_MARKS = re.compile(r"[ةىأإ]|\bال\w{2}")
# Letters that only one of our languages in Latin script has; each is worth as much as half a word of its list.
_MARKS = {
    "pl": "ąęłńśźżćĄĘŁŃŚŹŻĆ",
    "ro": "ăşșţțĂŞȘŢȚ",
    "tr": "ğıİĞ",
    "es": "ñ¿¡Ñ",
    "pt": "ãõÃÕ",
}

FEWEST = 2.0
"""Words of its language that a message must have at least (a letter that only one has counts half)."""
SHARE = 0.34
"""The share of the message's words that must be of the language."""
AGAINST = 1.25
"""How much words of the language must outweigh English ones."""
AHEAD = 0.35
"""How far the likeliest language must be ahead of the next, in worth."""
SHORT = 3
"""Words in a message at most for one telling word ("pomocy") to be enough."""


@dataclass(frozen=True)
class Heard:
    """A language that was heard: its code, such as "pl", and how many words the message has."""

    code: str
    words: int


@dataclass(frozen=True)
class Languages:
    """Detects languages; made once, shared freely (it never changes)."""

    lexicon: Lexicon

    @classmethod
    def load(cls, folder: Path) -> Languages:
        """Read data/languages. Raises LanguageDataWrong."""
        return cls(Lexicon.load(folder))

    @property
    def codes(self) -> tuple[str, ...]:
        """The languages that can be heard."""
        return self.lexicon.languages

    def detect(self, text: str) -> Heard | None:
        """The language of a message, or None for English, another language or doubt. Never raises; under 1 ms."""
        text = text[:CAP]
        words = words_of(fold(text))
        if not words:
            return None
        letters = sum(map(str.isalpha, text)) or 1
        if _GUJARATI.search(text) and 2 * len(_GUJARATI.findall(text)) > letters:
            return self._heard("gu", words)
        if 2 * len(_ARABIC.findall(text)) > letters:
            return self._arabic_or_farsi(text, words)
        return self._latin(text, words)

    def without(self, text: str, code: str) -> str:
        """The text with the words of one language put out, as a full stop each, so that what is left stays apart."""
        at = self.codes.index(code)

        def put_out(match: re.Match[str]) -> str:
            return "." if all(self._has(word, at) for word in words_of(fold(match[0]))) else match[0]

        return _RUN.sub(put_out, text)

    def _heard(self, code: str, words: list[str]) -> Heard | None:
        return Heard(code, len(words)) if code in self.codes else None

    def _arabic_or_farsi(self, text: str, words: list[str]) -> Heard | None:
        if _NEITHER.search(text):
            return None
        worth = dict(zip(self.codes, self._worth(words), strict=True))
        farsi = worth.get("fa", 0.0) + 0.5 * min(len(_FARSI_LETTERS.findall(text)), 4)
        arabic = worth.get("ar", 0.0) + 0.5 * min(len(_ARABIC_MARKS.findall(text)), 4)
        if farsi == arabic:
            # The letters as typed: only Farsi keyboards write these forms of yeh and kaf.
            return self._heard("fa" if re.search("[یک]", text) else "ar", words)
        return self._heard("fa" if farsi > arabic else "ar", words)

    def _latin(self, text: str, words: list[str]) -> Heard | None:
        worth = self._worth(words)
        marks = [0.5 * min(sum(map(text.count, _MARKS.get(code, ""))), 4) for code in self.codes]
        worth = [one + mark for one, mark in zip(worth, marks, strict=True)]
        best = max(range(len(worth)), key=worth.__getitem__)
        others = max((w for at, w in enumerate(worth) if at != best), default=0.0)
        hits = marks[best] + sum(self._has(word, best) for word in words)
        against = sum(word in self.lexicon.english and not self._has(word, best, shared=True) for word in words)
        telling = len(words) <= SHORT and against == 0 and any(best in self.lexicon.alone.get(w, ()) for w in words)
        # Initials and small words that many languages share are no evidence by themselves.
        solid = marks[best] > 0 or any(len(word) > 2 and self._has(word, best) for word in words)
        if (hits < FEWEST or not solid) and not telling:
            return None
        if worth[best] - others < AHEAD and not (telling and worth[best] > others):
            return None
        if hits < SHARE * len(words) or hits < AGAINST * against:
            return None
        return self._heard(self.codes[best], words)

    def _worth(self, words: list[str]) -> list[float]:
        """The worth of a message's words for each language; a word that is said again counts once more at most."""
        worth = [0.0] * len(self.codes)
        said: dict[str, int] = {}
        for word in words:
            said[word] = said.get(word, 0) + 1
            if word in self.lexicon.english or said[word] > 2:
                continue
            for at, weight in self.lexicon.worth.get(word, ()):
                worth[at] += weight
        return worth

    def _has(self, word: str, language: int, *, shared: bool = False) -> bool:
        """Whether a word is in a language's list; one that is English too counts only when `shared`."""
        if word in self.lexicon.english and not shared:
            return False
        return any(at == language for at, _ in self.lexicon.worth.get(word, ()))
