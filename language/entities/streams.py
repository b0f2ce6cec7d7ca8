"""Which bin is meant. A council's own words are passed in; a bin that is ruled out does not count."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from language.redaction.prechecks import holds

# How people in Barnet call each bin. The colour is the stream's id and its surest name.
COLOURS: Mapping[str, tuple[str, ...]] = {
    "black": ("grey bin", "gray bin", "rubbish", "refuse", "general waste", "household waste", "landfill", "trash"),
    "blue": ("recycling", "recycle", "recyclables", "recycled"),
    "brown": ("food waste", "food", "caddy", "caddie", "food bin"),
    "green": ("garden waste", "garden", "grass cuttings", "grass"),
}
_RULED_OUT = re.compile(
    r"\b(?:not|isn't|isnt|wasn't|wasnt|instead of|rather than)\s(?:the\s|my\s|a\s|our\s)?([\w']+(?:\s(?:bin|"
    r"waste|one))?)"
)
_RULING_OUT = ("not", "isn't", "isnt", "wasn't", "wasnt", "instead", "rather")
_BIN = (
    r"\s(?:wheelie\s|recycling\s|food\s|garden\s|rubbish\s)?(?:bins?|caddy|caddies|box|boxes|one|lid|sacks?|"
    r"bags?)\b"
)


def streams(text: str, words: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The streams that `text` names. A colour beside "bin", or said alone, wins over what goes in it.

    A colour beside anything else ("a green van") counts for nothing.
    """
    plain = text.lower().replace("’", "'")
    if holds(plain, _RULING_OUT):
        plain = _RULED_OUT.sub(lambda found: " " if _names_one(found.group(1), words) else found.group(), plain)
    short = len(plain.split()) <= 4
    colours = [
        (found.start(), stream)
        for stream in words
        if stream in plain
        for found in _colour(stream, short=short).finditer(plain)
    ]
    others = [
        (found.start(), stream)
        for stream, ways in words.items()
        if holds(plain, ways)
        for found in _any_of(ways).finditer(plain)
    ]
    if colours:
        # "the green bin with food in it" is green; "food caddy and green bin" are two.
        others = [(at, stream) for at, stream in others if re.match(r"(?:food )?cadd", plain[at:])]
    return [stream for _, stream in sorted([*colours, *others])]


@cache
def _colour(stream: str, *, short: bool) -> re.Pattern[str]:
    return re.compile(
        rf"\b{re.escape(stream)}\b" + ("" if short else rf"(?:{_BIN}|(?=\s(?:and|or|&)\s\w+{_BIN})|(?=[,.!?]|$))")
    )


def _names_one(said: str, words: Mapping[str, tuple[str, ...]]) -> bool:
    return any(said.split()[0] == stream or said in ways or said.split()[0] in ways for stream, ways in words.items())


@cache
def _any_of(ways: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, ways))})\b")
