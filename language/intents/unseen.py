"""How the training lines are read by models that have not seen them: what is mistaken for what, and how often.

Training reads every line so anyway, to set its threshold (`language.intents.training`). The result is kept beside the
reader as `unseen.json`, for whoever looks after the lines, and is counted here in one way for everybody.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "unseen.json"


@dataclass(frozen=True, slots=True)
class Line:
    """One labelled line, and how it was read by a model trained without it."""

    text: str
    label: str
    guess: str
    confidence: float
    abstained: bool

    @property
    def right(self) -> bool:
        """Whether the best guess was right, given or not."""
        return self.guess == self.label


def share_right(lines: Sequence[Line]) -> float | None:
    """The share of the lines whose best guess is right, 0 to 1; None when there are none."""
    return sum(line.right for line in lines) / len(lines) if lines else None


def answered(lines: Sequence[Line], outside: str) -> list[Line]:
    """The lines that would be answered: read surely enough, and as something that can be answered."""
    return [line for line in lines if not line.abstained and line.guess != outside]


def macro_f1(lines: Sequence[Line]) -> float:
    """The mean over the labels of the harmonic mean of precision and recall; 0 to 1."""
    true, said = Counter(line.label for line in lines), Counter(line.guess for line in lines)
    hits = Counter(line.label for line in lines if line.right)
    return sum(2 * hits[name] / (true[name] + said[name]) for name in true) / len(true)


def mistaken(lines: Sequence[Line], label: str) -> list[tuple[str, list[Line]]]:
    """What the lines of `label` are mistaken for, most often first, each with its lines, the surest first."""
    wrong: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line.label == label and not line.right:
            wrong[line.guess].append(line)
    for found in wrong.values():
        found.sort(key=lambda line: -line.confidence)
    return sorted(wrong.items(), key=lambda entry: (-len(entry[1]), entry[0]))


def save(lines: Sequence[Line], folder: Path) -> None:
    """Write the lines into `folder`."""
    rows = [asdict(line) for line in lines]
    (folder / FILE).write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def load(folder: Path) -> tuple[Line, ...]:
    """What `save` wrote. Raises FileNotFoundError when that reader was trained without."""
    return tuple(Line(**row) for row in json.loads((folder / FILE).read_text(encoding="utf-8")))
