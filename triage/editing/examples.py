"""The examples of how residents speak, as they stand in data/, and how training read them without having seen them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path

from language.intents.examples import read_examples
from language.intents.unseen import FILE, Line, load, mistaken, share_right
from triage import reading
from triage.asks import asks_to_learn
from triage.catalogue import DATA

Examples = dict[str, tuple[str, ...]]


def examples() -> Examples:
    """Every intent's examples, in the order of the files, and the questions of points that are learned with them.

    Read again when a file has changed.
    """
    paths = sorted([*(DATA / "services").glob("*/nlu*.yml"), *(DATA / "services").glob("*/service.toml")])
    return _examples(tuple((path, path.stat().st_mtime_ns) for path in paths))


@lru_cache(maxsize=1)
def _examples(files: tuple[tuple[Path, int], ...]) -> Examples:
    found: dict[str, list[str]] = defaultdict(list)
    for path, _ in files:
        if path.suffix == ".toml":
            found[path.parent.name] += asks_to_learn(path)
            continue
        for one in read_examples(path):
            found[one.intent].append(one.text)
    return {intent: tuple(lines) for intent, lines in found.items()}


@dataclass(frozen=True, eq=False)
class Crossed:
    """Cross-validation: each line as a model trained without it read it. `content` names what it was made on."""

    lines: tuple[Line, ...]
    made: datetime
    content: str

    @cached_property
    def by_label(self) -> dict[str, tuple[Line, ...]]:
        """The lines of each label."""
        found: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            found[line.label].append(line)
        return {label: tuple(lines) for label, lines in found.items()}

    def accuracy(self, label: str) -> float | None:
        """The share of a label's lines that are read rightly, 0 to 1; None when it had none."""
        return share_right(self.by_label.get(label, ()))

    def mistaken(self, label: str) -> list[tuple[str, list[Line]]]:
        """What the lines of `label` are mistaken for, most often first."""
        return mistaken(self.by_label.get(label, ()), label)

    def taken_for(self, label: str) -> list[tuple[str, list[Line]]]:
        """The labels whose lines are mistaken for `label`, most often first."""
        wrong = ((other, [line for line in lines if line.guess == label]) for other, lines in self.by_label.items())
        found = [(other, lines) for other, lines in wrong if lines and other != label]
        return sorted(found, key=lambda entry: (-len(entry[1]), entry[0]))

    def changed(self, label: str, now: tuple[str, ...]) -> int:
        """How many of a label's examples were added or taken away since."""
        return len({line.text.strip() for line in self.by_label.get(label, ())} ^ set(now))


def crossed() -> Crossed | None:
    """The cross-validation that training left beside the reader; None while there is none."""
    try:
        return _crossed(reading.reader_folder())
    except (reading.ReaderNotTrained, FileNotFoundError):
        return None


@lru_cache(maxsize=2)
def _crossed(folder: Path) -> Crossed:
    made = datetime.fromtimestamp((folder / FILE).stat().st_mtime, UTC)
    return Crossed(load(folder), made, folder.name.removeprefix("reader-"))
