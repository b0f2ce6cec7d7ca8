"""Several needs in one message: "My bin was missed. And how do I pay my council tax?" has two, both dealt with.

A message is cut where one need may end and the next begin, and each part is read beside the whole. A part that is read
surely is answered beside the first need only where the whole speaks of it too, or where the resident said "also": most
second sentences tell why, or where, and an answer that nobody asked for is in the way. What is less sure is offered as
a button, so that a second need is not lost (docs/decisions/2026-11-26-two-needs.md).
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from language.intents import Reading

# Where one need may end and the next begin: the end of a sentence, or a word that adds something.
_BORDER = re.compile(
    r"[.?!;\n]+\s*|\s*,?\s*\b(?:and also|also|another thing|one more thing|secondly|as well as that|plus|and)\b[\s,]+",
    re.IGNORECASE,
)
# Finer: commas, brackets, signs and numbering too. What stands between is often half a need only.
_FINE_BORDER = re.compile(
    r"[.?!;\n:()]+\s*|\s+[&+/–-]+\s+|,\s*|\b\d[.)]\s*|\s*\b(?:and also|but also|also|another thing|one more thing|"
    r"secondly|as well as that|as well as|plus|and|then|oh)\b[\s,]*",
    re.IGNORECASE,
)
# A border, or the end of a part, by which the resident says that this is something more.
_ADDS = re.compile(r"\b(?:also|another thing|one more thing|secondly|as well as|plus|2[.)])|[&+]", re.IGNORECASE)
_TOO = re.compile(r"\b(?:as well|too)\W*$", re.IGNORECASE)
FEWEST_WORDS, FEWEST_WORDS_FINE = 3, 2
MOST_PARTS, MOST_FINE = 5, 8
# A part is answered beside the first need from SURE on, where the whole message gives its service at least a HINT (or
# it was said to be one more); a fine part from SURE_FINE on, always with a HINT. From MAY on, with a smaller hint, or
# from SURE_ALONE on without one, it is offered; and so is what the whole alone gives NEXT_BEST.
SURE, SURE_FINE, SURE_ALONE, HINT = 0.75, 0.80, 0.85, 0.05
MAY, SMALL_HINT, NEXT_BEST = 0.50, 0.04, 0.10
# "I have no electricity" beside another need is mostly its reason: what others do is never answered unasked.
OTHERS = "not_ours_"


class ReadsMany(Protocol):
    """Reads several texts at once; language.intents.Reader does."""

    def read_many(self, texts: Sequence[str]) -> list[Reading]:
        """How each is understood."""
        ...


@dataclass(frozen=True)
class Part:
    """A part of a message. `fine`: cut at a comma or the like. `added`: the resident said that it is one more."""

    text: str
    fine: bool = False
    added: bool = False


@dataclass(frozen=True)
class Needs:
    """What a message's parts ask for: what is surely meant, in the order asked, and what may be, likeliest first."""

    sure: tuple[str, ...] = ()
    may: tuple[str, ...] = ()

    def instead(self, most: int) -> tuple[str, ...]:
        """What answers a message that is unclear only as a whole; nothing when its parts are unclear too."""
        return self.sure[:most] if len(self.sure) > 1 or (self.sure and self.may) else ()

    def besides(self, first: Collection[str], most: int) -> tuple[str, ...]:
        """What is answered besides what was answered first, at most so many in all."""
        return tuple(service for service in self.sure if service not in first)[: max(0, most - len(first))]

    def offered(self, answered: Collection[str], most: int) -> str | None:
        """What is offered as a button, when there is room for one more need."""
        return next((one for one in self.may if one not in answered), None) if len(answered) < most else None


def parts(text: str) -> list[Part]:
    """The parts of a message that may each be a need; none when it has only one."""
    return _cut(text, _BORDER, FEWEST_WORDS)[:MOST_PARTS]


def several(text: str, reader: ReadsMany, services: Collection[str]) -> Needs:
    """What the parts of a message ask for; nothing when it asks for one thing only."""
    cut = parts(text)
    known = {part.text for part in cut}
    fine = [part for part in _cut(text, _FINE_BORDER, FEWEST_WORDS_FINE)[:MOST_FINE] if part.text not in known]
    if not (cut or fine):
        return Needs()
    every = [*cut, *(Part(one.text, True, one.added) for one in fine)]
    whole, *readings = reader.read_many([text, *(part.text for part in every)])
    chances = dict(whole.ranking)
    sure: list[str] = []
    may = {name: chance**2 for name, chance in whole.ranking if name in services and chance >= NEXT_BEST}
    for part, reading in zip(every, readings, strict=True):
        name = reading.label
        if name not in services:
            continue
        hint = chances.get(name, 0.0)
        if _is_sure(part, reading, hint):
            sure += [name] if name not in sure else []
        elif _may_be(part, reading, hint):
            may[name] = max(may.get(name, 0.0), reading.confidence * max(hint, 0.02))
    found = {*sure, *may, *((whole.label,) if not whole.abstained else ())}
    if len(found) < 2:
        return Needs()
    likeliest = sorted(may, key=lambda name: -may[name])
    return Needs(tuple(sure), tuple(name for name in likeliest if name not in sure))


def _is_sure(part: Part, reading: Reading, hint: float) -> bool:
    others = reading.label.startswith(OTHERS)
    if part.fine:
        return reading.confidence >= SURE_FINE and hint >= HINT and not others
    return reading.confidence >= SURE and (part.added or hint >= 0.3 or (hint >= HINT and not others))


def _may_be(part: Part, reading: Reading, hint: float) -> bool:
    if reading.confidence >= MAY and hint >= SMALL_HINT:
        return True
    return not part.fine and reading.confidence >= SURE_ALONE and not reading.label.startswith(OTHERS)


def _cut(text: str, border: re.Pattern[str], fewest: int) -> list[Part]:
    found: list[Part] = []
    added, start = False, 0
    ends = [*border.finditer(text), None]
    for end in ends:
        said = text[start : end.start() if end else len(text)].strip()
        enough = len(said.split()) >= fewest
        if enough:
            found.append(Part(said, added=added or _TOO.search(said) is not None))
        if end:
            added = _ADDS.search(end.group()) is not None or (added and not enough)
            start = end.end()
    return found if len(found) > 1 else []
