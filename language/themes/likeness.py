"""Which comments say the same in nearly the same letters, so that none is learned from and tested on as well.

"Nothing.", "nothing" and "Nothing!" are one comment; so are two of which seven in ten of all their runs of four letters
are shared. A whole group goes to one side of a split, chosen by a hash of its words, the same on every machine.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence

ALIKE = 0.7  # of the letter runs that two comments hold, the share that both hold
RUN = 4
HELD_OUT = 3  # tenths of the comments' groups
_BREAK = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """The comment's words in small letters, one blank between them."""
    return _BREAK.sub(" ", text.lower()).strip()


def tenth(words: str) -> int:
    """0 to 9 by the SHA-256 of the words."""
    return int(hashlib.sha256(words.encode()).hexdigest(), 16) % 10


def held_out(texts: Sequence[str]) -> list[bool]:
    """Of each comment, whether it is kept for testing: about three in ten groups of near-duplicates."""
    return [tenth(first) < HELD_OUT for first in groups(texts)]


def groups(texts: Sequence[str]) -> list[str]:
    """Of each comment, the words that stand for its group of near-duplicates: the first of them by the alphabet."""
    words = [plain(text) for text in texts]
    every = sorted(set(words))
    leader = list(range(len(every)))

    def lead(at: int) -> int:
        while leader[at] != at:
            leader[at] = leader[leader[at]]
            at = leader[at]
        return at

    runs = [_runs(one) for one in every]
    holders: dict[str, list[int]] = {}
    for at, own in enumerate(runs):
        shared: Counter[int] = Counter()
        for run in own:
            shared.update(holders.get(run, ()))
            holders.setdefault(run, []).append(at)
        for other, both in shared.items():
            if both >= ALIKE * (len(own) + len(runs[other]) - both):
                one, two = lead(at), lead(other)
                leader[max(one, two)] = min(one, two)
    place = {one: at for at, one in enumerate(every)}
    return [every[lead(place[one])] for one in words]


def _runs(words: str) -> set[str]:
    padded = f" {words} "
    return {padded[at : at + RUN] for at in range(len(padded) - RUN + 1)} or {padded}
