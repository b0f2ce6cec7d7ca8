"""The lists that names are read by. Written for this house from general knowledge; `lists/` says what each holds."""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_LISTS = Path(__file__).parent / "lists"
_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "’": "'", "ʼ": "'", "`": "'"})


def fold(word: str) -> str:
    """Lower case without accents, one apostrophe: "Ayşe" is "ayse", "O’Neill" is "o'neill"."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.lower().translate(_LETTERS))
    return "".join(c for c in plain if not unicodedata.combining(c))


@dataclass(frozen=True)
class Lexicon:
    """Given names and surnames that say so themselves, those that are words too, and words that are no name."""

    given: frozenset[str]
    given_also: frozenset[str]
    surnames: frozenset[str]
    surnames_also: frozenset[str]
    ordinary: frozenset[str]


@cache
def lexicon() -> Lexicon:
    """The lists, read once. A name that is also a word counts only as such."""
    given_also, surnames_also = _read("given_also_words"), _read("surnames_also_words")
    ordinary = _read("ordinary")
    given = _read("given") - given_also - ordinary
    surnames = _read("surnames") - surnames_also - ordinary
    # A given name that is somebody's surname and a word ("Hall") stays a word when it stands alone.
    return Lexicon(given - surnames_also, given_also, surnames, surnames_also, ordinary)


def _read(name: str) -> frozenset[str]:
    lines = (_LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(fold(word) for line in lines if not line.startswith("#") for word in line.split())


def group(name: str) -> frozenset[str]:
    """One group of words of lists/groups.toml. Raises KeyError for a name that it has not got."""
    return frozenset(_groups()[name].split())


@cache
def _groups() -> dict[str, str]:
    return tomllib.loads((_LISTS / "groups.toml").read_text(encoding="utf-8"))
