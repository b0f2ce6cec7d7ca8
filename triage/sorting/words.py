"""The sorter's own words: cues of each queue's work, and shorthand written out. Read from data/sorting."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"[^\W_]+(?:['/&+-][^\W_]+)*/?|£\d+|\d+\+")


class SortingDataWrong(RuntimeError):
    """A file of data/sorting cannot be used; says which and why."""


@dataclass(frozen=True)
class Cues:
    """Phrases that speak of each queue's work; `queues` in the order of the columns of what `count` returns."""

    queues: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]

    @classmethod
    def load(cls, file: Path) -> Cues:
        """Read cues.toml. Raises SortingDataWrong."""
        try:
            table = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise SortingDataWrong(f"{file}: {error}") from error
        if not table or not all(key.startswith("Q-") and isinstance(said, str) for key, said in table.items()):
            raise SortingDataWrong(f"{file}: each key must be a queue code, each value a text of cues")
        each = tuple(
            tuple(dict.fromkeys(" ".join(cue.lower().split()) for cue in said.split(",") if cue.strip()))
            for said in table.values()
        )
        return cls(tuple(table), each)

    @cached_property
    def _searched(self) -> re.Pattern[str]:
        ways = sorted(self._lists, key=len, reverse=True)
        return re.compile(r"(?<![\w£])(?:" + "|".join(map(_as_pattern, ways)) + r")(?!\w)")

    @cached_property
    def _lists(self) -> dict[str, tuple[int, ...]]:
        """Each cue, and the queues that it speaks of."""
        found: dict[str, list[int]] = {}
        for at, phrases in enumerate(self.phrases):
            for cue in phrases:
                found.setdefault(cue, []).append(at)
        return {cue: tuple(places) for cue, places in found.items()}

    @cached_property
    def _beginnings(self) -> tuple[str, ...]:
        return tuple(cue[:-1] for cue in self._lists if cue.endswith("*"))

    def found(self, text: str) -> dict[str, tuple[int, ...]]:
        """The cues in a text, and the places in `queues` that each speaks of. The longest of two that overlap."""
        seen: dict[str, tuple[int, ...]] = {}
        for match in self._searched.finditer(text.lower().replace("’", "'")):
            said = match[0]
            cue = said if said in self._lists else next(b + "*" for b in self._beginnings if said.startswith(b))
            seen[cue] = self._lists[cue]
        return seen

    def count(self, text: str) -> NDArray[np.float32]:
        """How much a text speaks of each queue: a cue of many queues counts a part for each, one of more words more."""
        total = np.zeros(len(self.queues), dtype=np.float32)
        for cue, places in self.found(text).items():
            worth = (1.0 + 0.5 * cue.count(" ")) / len(places)
            for at in places:
                total[at] += worth
        return total

    def said(self, text: str, queue: str, most: int = 3) -> list[str]:
        """The cues of a queue that a text holds, those of fewest queues first: a reason that people can check."""
        if queue not in self.queues:
            return []
        at = self.queues.index(queue)
        mine = [(len(places), -len(cue), cue) for cue, places in self.found(text).items() if at in places]
        return [cue.rstrip("*") for _, _, cue in sorted(mine)[:most]]


def _as_pattern(cue: str) -> str:
    return re.escape(cue[:-1]) + r"\w*" if cue.endswith("*") else re.escape(cue)


@dataclass(frozen=True)
class Shorthand:
    """Shorthand and what it stands for."""

    meanings: dict[str, str]

    @classmethod
    def load(cls, file: Path) -> Shorthand:
        """Read shorthand.toml. Raises SortingDataWrong."""
        try:
            table = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise SortingDataWrong(f"{file}: {error}") from error
        if not all(isinstance(meaning, str) and meaning for meaning in table.values()):
            raise SortingDataWrong(f"{file}: each shorthand must stand for a text")
        return cls({short.lower(): meaning for short, meaning in table.items()})

    def written_out(self, text: str) -> str:
        """The text with its shorthand written out; everything else stays as it is."""
        return _WORD.sub(lambda match: self.meanings.get(match[0].lower(), match[0]), text)


@dataclass(frozen=True)
class SorterWords:
    """Both, loaded once."""

    cues: Cues
    shorthand: Shorthand

    @classmethod
    def load(cls, folder: Path) -> SorterWords:
        """Read data/sorting. Raises SortingDataWrong."""
        return cls(Cues.load(folder / "cues.toml"), Shorthand.load(folder / "shorthand.toml"))

    def counts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """`Cues.count` of each text, shape (texts, queues)."""
        return np.stack([self.cues.count(text) for text in texts])
