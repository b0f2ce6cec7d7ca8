"""The small language that rules are written in, and how it becomes something that can be searched for.

    word          that word                     word*      a word that begins so
    a/b/two_words one of these                  {group}    any phrase of that group (also inside a/b)
    item?         may be left out               ..  ...    up to 4, up to 8 words between
    one & other   both in one stretch of words  one && other  both anywhere in the message
    & !other      the second must not be in that stretch

Every gap has an upper bound, so no pattern can take more than linear time in the message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from language.danger.reading import Reading

_GAPS = {"..": 4, "...": 8}
_GAP = "(?:[^ ]+ ){{0,{most}}}?"
# Small words that may stand between any two words of a pattern: "fell out of her chair", "has been hit".
_SLACK = "(?:(?:my|our|her|his|their|your|one|of|been|has|have|got|being|both|again|all|is|was) )?"
_COMMON = frozenset(
    [
        "i",
        "we",
        "my",
        "our",
        "me",
        "us",
        "you",
        "your",
        "he",
        "she",
        "they",
        "him",
        "her",
        "his",
        "their",
        "it",
        "is",
        "are",
        "am",
        "was",
        "were",
        "be",
        "been",
        "has",
        "have",
        "had",
        "got",
        "get",
        "no",
        "not",
        "can",
        "do",
        "does",
        "did",
        "will",
        "would",
        "to",
        "of",
        "in",
        "on",
        "at",
        "up",
        "out",
        "off",
        "from",
        "for",
        "with",
        "by",
        "and",
        "a",
        "all",
        "what",
        "when",
        "who",
        "if",
        "how",
        "there",
    ]
)
Words = Callable[[str], list[str]]


class PatternWrong(ValueError):
    """A pattern that cannot be read; says why."""


@dataclass(frozen=True)
class Part:
    """One run of words: its regular expression over a stretch, and the words of which each item needs one."""

    expression: str
    needs: tuple[frozenset[str], ...]

    @cached_property
    def searched(self) -> re.Pattern[str]:
        """The expression, compiled when it is first needed: most rules never are, and start-up stays quick."""
        return re.compile(self.expression)

    def where(self, reading: Reading) -> int:
        """In which stretches each item has a word, a bit for each: a cheap test that spares most searches."""
        places = -1
        for need in self.needs:
            places &= reading.where(need)
            if not places:
                break
        return places


@dataclass(frozen=True)
class Pattern:
    """A rule's pattern: `together` lists what must be found, each entry within one stretch, less `without`."""

    written: str
    together: tuple[tuple[Part, ...], ...]
    without: tuple[tuple[Part, ...], ...]

    @property
    def anchor(self) -> frozenset[str]:
        """Words of which the message must hold one: those of the item that fewest messages will hold."""
        needs = (need for parts in self.together for part in parts for need in part.needs)
        return min(needs, key=lambda need: (len(need & _COMMON), len(need)))

    def found(self, reading: Reading, among: int = -1) -> bool:
        """Whether the message says this; `among` has a bit for each stretch that is looked at, all unless given."""
        each = [(_where(parts, reading) & among, parts, never) for parts, never in self._entries()]
        return all(places for places, _, _ in each) and all(
            next(_standing(places, parts, never, reading), None) is not None for places, parts, never in each
        )

    def found_in(self, reading: Reading) -> int:
        """The stretches, a bit for each, that say the whole of this by themselves."""
        places = -1
        for parts, _ in self._entries():
            places &= _where(parts, reading)
        for parts, never in self._entries() if places else ():
            places = sum(1 << at for at in _standing(places, parts, never, reading))
        return places

    def _entries(self) -> Iterable[tuple[tuple[Part, ...], tuple[Part, ...]]]:
        return zip(self.together, self.without, strict=True)


def _where(parts: tuple[Part, ...], reading: Reading) -> int:
    """The stretches in which these parts may stand, by their words."""
    places = -1
    for part in parts:
        places &= part.where(reading)
        if not places:
            break
    return places


def _standing(places: int, parts: tuple[Part, ...], never: tuple[Part, ...], reading: Reading) -> Iterator[int]:
    """Which of the stretches at `places` hold every part and none of `never`, in order."""
    while places:
        bit = places & -places
        places ^= bit
        at = bit.bit_length() - 1
        stretch = reading.stretches[at]
        for part in parts:
            if part.searched.search(stretch) is None:
                break
        else:
            if not any(part.where(reading) & bit and part.searched.search(stretch) for part in never):
                yield at


def compile_pattern(written: str, groups: dict[str, tuple[str, ...]], words: Words) -> Pattern:
    """Compile one pattern. Raises PatternWrong for an unknown group, an empty part or a part that is all gaps."""
    together: list[tuple[Part, ...]] = []
    without: list[tuple[Part, ...]] = []
    for whole in written.split("&&"):
        parts = [part.strip() for part in whole.split("&")]
        together.append(tuple(compile_part(p, groups, words) for p in parts if not p.startswith("!")))
        without.append(tuple(compile_part(p[1:], groups, words) for p in parts if p.startswith("!")))
        if not together[-1]:
            raise PatternWrong(f"{written!r} asks for nothing")
    return Pattern(written, tuple(together), tuple(without))


def compile_part(written: str, groups: dict[str, tuple[str, ...]], words: Words) -> Part:
    """Compile one run of items into a regular expression over a stretch of words."""
    expression = "(?<= )"
    needs: list[frozenset[str]] = []
    for item in written.split():
        if item in _GAPS:
            expression += _GAP.format(most=_GAPS[item])
            continue
        bare = item.removesuffix("?")
        phrases = [said for said in (words(p) for p in alternatives(bare, groups)) if said]
        if not phrases:
            # Every word of it is one that reading drops, so there is nothing to look for.
            continue
        phrases.sort(key=lambda said: (-len(said), said))
        choice = "|".join(f" {_SLACK}".join(_word(w) for w in said) for said in phrases)
        if needs and not expression.endswith("}?"):
            expression += _SLACK
        expression += f"(?:(?:{choice}) )" + ("?" if item != bare else "")
        if item == bare:
            needs.append(frozenset(said[0] for said in phrases))
    if not needs:
        raise PatternWrong(f"{written!r} asks for nothing")
    return Part(expression, tuple(needs))


def alternatives(item: str, groups: dict[str, tuple[str, ...]]) -> list[str]:
    """List the phrases that an item such as `{child}/teenager/little_one` stands for."""
    found: list[str] = []
    for one in item.split("/"):
        if one.startswith("{") and one.endswith("}"):
            if one[1:-1] not in groups:
                raise PatternWrong(f"there is no group {one}")
            for phrase in groups[one[1:-1]]:
                found.extend(alternatives(phrase.replace(" ", "_"), groups))
        elif not re.fullmatch(r"[^\s{}?&!/*]+\*?", one):
            raise PatternWrong(f"cannot read {item!r}")
        else:
            found.append(one.replace("_", " "))
    return found


def _word(word: str) -> str:
    return re.escape(word[:-1]) + "[^ ]*" if word.endswith("*") else re.escape(word)
