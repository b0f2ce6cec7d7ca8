"""What the danger model learns from: data/danger/examples/*.jsonl and the ordinary messages of the services."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from language.danger import DangerDataWrong, DangerRules
from language.danger.signals import LEVELS
from language.intents.examples import read_examples as spoken

EXAMPLES = "examples"
ORDINARY = "ordinary_services.txt"
_ORDINARY_FILE = "ordinary"
_NEAR_FILE = "near_misses"


@dataclass(frozen=True)
class Example:
    """A message to learn from: `signal` is None where there is no danger; `ordinary` where none was near."""

    text: str
    signal: str | None
    ordinary: bool = False


def read_examples(folder: Path, rules: DangerRules) -> list[Example]:
    """Read a folder of examples: a file for each signal, near_misses.jsonl and ordinary.jsonl.

    Raises DangerDataWrong naming the file and line of an unknown signal, a wrong level, a repeat, or a line in the
    wrong file.
    """
    found: list[Example] = []
    seen: set[str] = set()
    for file in sorted(folder.glob("*.jsonl")):
        for at, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            example = _example(file, f"line {at}", line, rules)
            if example.text in seen:
                raise DangerDataWrong(file, f"line {at}", "its text was there before")
            seen.add(example.text)
            found.append(example)
    if not found:
        raise DangerDataWrong(folder, "files", "there is no example")
    return found


def _example(file: Path, key: str, line: str, rules: DangerRules) -> Example:
    try:
        row = json.loads(line)
        text, signal, level = row["text"], row["signal"], row["level"]
    except (ValueError, KeyError, TypeError) as error:
        raise DangerDataWrong(file, key, f"must hold text, signal and level ({error})") from error
    if not isinstance(text, str) or not text.strip():
        raise DangerDataWrong(file, key, "its text is empty")
    if signal is not None and signal not in rules.signals:
        raise DangerDataWrong(file, key, f"no signal {signal}")
    if level != (rules.sighting(signal).level if signal else None):
        raise DangerDataWrong(file, key, f"its level is not that of {signal}")
    if file.stem not in ((signal,) if signal else (_NEAR_FILE, _ORDINARY_FILE)):
        raise DangerDataWrong(file, key, f"a line of {signal} is in the wrong file")
    return Example(text, signal, file.stem == _ORDINARY_FILE)


def read_ordinary(names: Path, services: Path) -> list[Example]:
    """The example messages of the intents named in the file, from `services`/*/nlu.yml. Raises DangerDataWrong."""
    wanted = {line for line in names.read_text(encoding="utf-8").split("\n") if line and not line.startswith("#")}
    found: dict[str, Example] = {}
    for file in sorted(services.glob("*/nlu*.yml")):
        texts = (one.text for one in spoken(file) if one.intent in wanted and one.text)
        found |= {text: Example(text, None, True) for text in texts}
    if not found:
        raise DangerDataWrong(names, "services", f"none of them has examples in {services}")
    return list(found.values())


def read_all(data: Path, rules: DangerRules) -> list[Example]:
    """Everything the model learns from: the examples, then ordinary messages that are not among them."""
    examples = read_examples(data / "danger" / EXAMPLES, rules)
    known = {example.text for example in examples}
    ordinary = read_ordinary(data / "danger" / ORDINARY, data / "services")
    return [*examples, *(one for one in ordinary if one.text not in known and not _alarming(rules, one.text))]


def _alarming(rules: DangerRules, text: str) -> bool:
    """Whether a rule sees more than a concern in a line that is taken for ordinary."""
    seen = rules.look(text)
    return seen is not None and seen.level != LEVELS[-1]
