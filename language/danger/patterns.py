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
from collections.abc import Callable
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

    def in_stretch(self, stretch: str) -> bool:
        """Whether these words stand in this stretch."""
        return self.searched.search(stretch) is not None

    def possible(self, words: frozenset[str]) -> bool:
        """Whether each item has a word in the message: a cheap test that spares most searches."""
        return all(not need.isdisjoint(words) for need in self.needs)


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

    def possible(self, words: frozenset[str]) -> bool:
        """Whether the message has the words that this asks for, wherever they stand."""
        return all(part.possible(words) for parts in self.together for part in parts)

    def found(self, reading: Reading) -> bool:
        """Whether the message says this."""
        return self.possible(reading.words) and all(
            any(_stand(parts, never, stretch, own) for stretch, own in zip(reading.stretches, reading.own, strict=True))
            for parts, never in zip(self.together, self.without, strict=True)
        )

    def found_in(self, stretch: str, own: frozenset[str]) -> bool:
        """Whether one stretch, with its own words, says this."""
        return all(_stand(parts, never, stretch, own) for parts, never in zip(self.together, self.without, strict=True))


def _stand(parts: tuple[Part, ...], never: tuple[Part, ...], stretch: str, own: frozenset[str]) -> bool:
    return (
        all(part.possible(own) for part in parts)
        and all(part.in_stretch(stretch) for part in parts)
        and not any(part.possible(own) and part.in_stretch(stretch) for part in never)
    )


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
