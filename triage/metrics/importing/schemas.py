"""What comes of reading a file: what it would count, and every fault by its line."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from triage.errors import Invalid

# As many faults as somebody mends in one sitting; the rest is said as a number.
MOST_FAULTS = 200


class Key(NamedTuple):
    """What one count is of: the columns of a fact."""

    day: date
    measure: str
    level: str
    service: str
    queue: str
    channel: str


@dataclass(slots=True)
class Fault:
    """What is wrong at a line (0: with the whole file), and what to do. `more`: on how many later lines it is wrong."""

    line: int
    column: str
    what: str
    do: str
    more: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.what
        where = f"Line {self.line}" + (f", column {self.column}" if self.column else "")
        again = f" (and on {self.more:,} more {'line' if self.more == 1 else 'lines'})" if self.more else ""
        return f"{where}: {self.what}{again}. {self.do}"


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote, as it stands in the file: it is redacted before it is stored, and never shown or logged."""

    line: int
    day: date
    service: str
    queue: str
    channel: str
    words: str = field(repr=False)


@dataclass(slots=True)
class Draft:
    """A file as it was read: nothing of it is stored. With a fault, nothing may be."""

    layout: str
    sha256: str
    grain: str = "day"
    rows: int = 0
    counts: Counter[Key] = field(default_factory=Counter)
    comments: list[Comment] = field(default_factory=list, repr=False)
    # The first MOST_FAULTS, and how many kinds there are in all.
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def first_day(self) -> date:
        """The first day that anything is counted on. Raises ValueError when nothing is."""
        return min(key.day for key in self.counts)

    @property
    def last_day(self) -> date:
        """The last day that anything is counted on. Raises ValueError when nothing is."""
        return max(key.day for key in self.counts)

    @property
    def right(self) -> bool:
        """Whether it may be brought in."""
        return not self.fault_count and bool(self.counts)


class CannotRead(Invalid):
    """We could not read this file. Save it as CSV UTF-8 and try again."""


class FileIsWrong(Invalid):
    """This file has faults, so nothing of it was counted. Mend them and try again."""
