"""What is wrong with a piece of content, and where a person finds it."""

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Fault:
    """One thing to mend. `line` counts from 1; `serious` means that it must not be published."""

    path: Path
    line: int
    what: str
    serious: bool = True

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {'' if self.serious else 'to look at: '}{self.what}"


class Page:
    """One file of content, asked for the line on which something stands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines = path.read_text(encoding="utf-8").splitlines()

    def line_of(self, *needles: str) -> int:
        """The first line that holds the last needle, after the lines that hold the ones before it; 1 if none does."""
        at = 0
        for needle in needles:
            at = next((number for number in range(at, len(self.lines)) if needle in self.lines[number]), at)
        return at + 1

    def fault(self, what: str, *needles: str, serious: bool = True) -> Fault:
        """A fault at the line of `needles`."""
        return Fault(self.path, self.line_of(*needles), what, serious)


def words_of(text: str) -> list[str]:
    """The words of a sentence, a placeholder counting as one."""
    return re.findall(r"\{[a-z]+:[a-z0-9_]+\}|[\w£%'’.-]*\w", text)
