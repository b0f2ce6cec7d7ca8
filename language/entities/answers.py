"""What words mean as the answer to one question of a form: one value, or None when they name none or several."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from language.entities.council import CouncilWords
from language.entities.emails import emails
from language.entities.phones import typed_phones
from language.entities.places import without_places
from language.entities.postcodes import postcodes
from language.entities.references import references
from language.entities.streams import streams

# How people call a bin where only a bin can be meant; in a longer message these words mean other things.
_SAID_SHORTLY = {
    "grey": "black",
    "gray": "black",
    "general": "black",
    "household": "black",
    "waste bin": "black",
}
_SHORT = 5  # words; in a longer message a near miss is more likely another word
_ALIKE = 0.82
# Real words that lie close to a colour; they must never be taken for a misspelt one.
_NOT_MISSPELT = frozenset(
    ["back", "block", "blocked", "good", "been", "seen", "greet", "queen", "crown", "grown", "flood", "wood"]
)


def one_stream(text: str, council: CouncilWords, *, asked: bool = False) -> str | None:
    """The one bin meant, short and misspelt ways to say it included ("the grey one", "gren bin").

    `asked`: the resident was asked which bin, so that a colour alone means one wherever it stands.
    """
    rest = without_places(text, council.areas, council.roads)
    words = _plain(rest)
    bare = [stream for stream in council.streams if re.search(rf"\b{re.escape(stream)}\b", words)]
    named = list(dict.fromkeys(streams(rest, council.streams)))
    if not named and asked:
        named = bare
    if not named and len(words.split()) <= _SHORT:
        named = list(dict.fromkeys(_shortly(words) or _misspelt(words, council)))
    if len(named) != 1 or any(_beside(named[0], other, words) for other in bare if other != named[0]):
        return None
    return named[0]


def one_postcode(text: str) -> str | None:
    """The first postcode in its written form."""
    return next(iter(postcodes(text)), None)


def one_reference(text: str, council: CouncilWords) -> str | None:
    """The first reference of this council's contacts in its written form."""
    return next(iter(references(text, council.reference_prefix)), None)


def reply_address(text: str) -> str | None:
    """Where to answer: the first email address in small letters, else the first telephone number as it was typed."""
    return next(iter(emails(text)), None) or next(iter(typed_phones(text)), None)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9|]+", text.lower()))


def _beside(one: str, other: str, words: str) -> bool:
    """Whether two bins are named in one breath: "the blue or the black"."""
    pair = rf"\b(?:{one}\W(?:or|and)\W(?:the\W)?{other}|{other}\W(?:or|and)\W(?:the\W)?{one})\b"
    return re.search(pair, words) is not None


def _shortly(words: str) -> list[str]:
    return [stream for way, stream in _SAID_SHORTLY.items() if re.search(rf"\b{way}\b", words)]


def _misspelt(words: str, council: CouncilWords) -> list[str]:
    ways = {way: stream for stream, others in council.streams.items() for way in (stream, *others) if " " not in way}
    return [
        ways[nearest]
        for word in words.split()
        if len(word) >= 3 and word not in _NOT_MISSPELT
        for nearest in [max(ways, key=lambda way: SequenceMatcher(None, word, way).ratio())]
        if SequenceMatcher(None, word, nearest).ratio() >= _ALIKE
    ]
