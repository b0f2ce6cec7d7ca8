"""Writes a message the one way that word lists are compared in: no capitals, no accents, one form of each letter.

People drop accents on phones, and keyboards differ in how they write the same Arabic letter. Gujarati keeps its vowel
signs, which are marks too and without which its words would run together.
"""

from __future__ import annotations

import re
import unicodedata

CAP = 1_000
"""Characters read of one message: a language shows in its first sentences, and time stays bounded."""

# Letters that decomposition leaves alone, and Arabic letters that one keyboard or another writes differently.
_SAME = str.maketrans(
    {
        "ł": "l",
        "ı": "i",
        "ø": "o",
        "đ": "d",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "’": "'",
        "‘": "'",
        "`": "'",
        "´": "'",
        "ي": "ی",
        "ى": "ی",
        "ك": "ک",
        "ة": "ه",
        "ۀ": "ه",
        "ؤ": "و",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ئ": "ی",
        "ـ": None,
        "\u200c": None,
        "\u200d": None,
        "\u200e": None,
        "\u200f": None,
        "\u2066": None,
        "\u2067": None,
        "\u2069": None,
    }
)
# Letters and figures (romanised Arabic writes 3, 7 and 2 for letters), and the marks that Gujarati vowels are.
_WORDS = re.compile(r"(?:[^\W_]|[\u0a80-\u0aff])+")
# "می زند" is one verb however the half space between its parts is typed.
_FARSI_VERB = re.compile(r"\b(ن?می)\s+(?=\w)")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")


def fold(text: str) -> str:
    """The text folded; as long as the text at most (a few letters become two)."""
    composed = unicodedata.normalize("NFKC", text).casefold().translate(_SAME)
    apart = unicodedata.normalize("NFKD", composed)
    kept = "".join(c for c in apart if unicodedata.category(c) != "Mn" or "\u0a80" <= c <= "\u0aff")
    # NFKD takes letters with a hamza apart, and the same letters must come out as went in.
    return _STRETCHED.sub(r"\1", _FARSI_VERB.sub(r"\1", kept.translate(_SAME)))


def words_of(folded: str) -> list[str]:
    """The words of folded text, in order; apostrophes and hyphens inside a word part it, as French and Arabic use them.

    >>> words_of(fold("Aidez-moi, j'ai peur !"))
    ['aidez', 'moi', 'j', 'ai', 'peur']
    """
    return _WORDS.findall(folded)
