"""Danger signals: what each is called, how grave it is, what is said for it, and its rules, from `signals.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from language.danger.errors import DangerDataWrong
from language.danger.numbers import Number, read_toml, said_in
from language.danger.patterns import Pattern, PatternWrong, Words, compile_pattern
from language.danger.reading import Reader
from language.danger.spelling import Spelling

Level = Literal["now", "today", "concern"]
Priority = Literal["P0", "P1", "P2"]
LEVELS: tuple[Level, ...] = ("now", "today", "concern")
PRIORITY: dict[Level, Priority] = {"now": "P0", "today": "P1", "concern": "P2"}
_TEXTS = {"name", "level", "priority", "queue", "line", "note"}
_KEYS = _TEXTS | {"queues", "numbers", "ask_safe", "quick_exit", "unless", "sure", "rules"}


@dataclass(frozen=True)
class Rule:
    """One way a signal is recognised: any of `patterns`; the contact goes to `queue`.

    `sure`: its words say the danger outright, so no model may doubt it.
    """

    name: str
    queue: str
    sure: bool
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True)
class Signal:
    """One danger. `numbers` are shown first and largest, then `line` (one sentence), then `note` if there is one.

    `ask_safe`: ask whether it is safe for us to contact this person. `quick_exit`: offer to leave the page at once.
    """

    id: str
    name: str
    level: Level
    priority: Priority
    queue: str
    numbers: tuple[Number, ...]
    line: str
    note: str | None
    ask_safe: bool
    quick_exit: bool
    rules: tuple[Rule, ...]
    unless: tuple[Pattern, ...]


@dataclass(frozen=True)
class Signals:
    """All that `signals.toml` holds: signals in order of weight, idioms to take away, and how text is read."""

    signals: tuple[Signal, ...]
    idioms: tuple[Pattern, ...]
    reader: Reader


def read_signals(file: Path, ordinary: Path, numbers: Mapping[str, Number]) -> Signals:
    """Read the signals and compile their rules. Raises DangerDataWrong naming the key of what is wrong."""
    data = read_toml(file)
    meanings = {typed: tuple(str(meant).split()) for typed, meant in table(file, "meanings", data).items()}
    fillers = frozenset(texts(file, "fillers", data.get("fillers")))
    plain = Reader(meanings, fillers)
    seen: set[str] = set()

    def words(phrase: str) -> list[str]:
        read = plain.pattern_words(phrase)
        seen.update(read)
        return read

    groups = {name: tuple(texts(file, f"groups.{name}", said)) for name, said in table(file, "groups", data).items()}
    compiler = _Compiler(file, groups, words)
    idioms = tuple(
        pattern
        for name, said in table(file, "idioms", data).items()
        for pattern in compiler.all(f"idioms.{name}", said)
    )
    signals = tuple(_signal(file, id, entry, numbers, compiler) for id, entry in table(file, "signals", data).items())
    if not signals:
        raise DangerDataWrong(file, "signals", "there are none")
    prefixes = frozenset(word[:-1] for word in seen if word.endswith("*"))
    known = {word for word in seen if word.isalpha()} | fillers | {m for ms in meanings.values() for m in ms}
    spelling = Spelling.of(known, _ordinary(ordinary))
    return Signals(signals, idioms, Reader(meanings, fillers, spelling, prefixes))


@dataclass(frozen=True)
class _Compiler:
    file: Path
    groups: dict[str, tuple[str, ...]]
    words: Words

    def all(self, key: str, written: object) -> tuple[Pattern, ...]:
        patterns = []
        for at, one in enumerate(texts(self.file, key, written)):
            try:
                patterns.append(compile_pattern(one, self.groups, self.words))
            except PatternWrong as error:
                raise DangerDataWrong(self.file, f"{key}[{at}]", str(error)) from error
        return tuple(patterns)


def _signal(file: Path, id: str, entry: object, numbers: Mapping[str, Number], compiler: _Compiler) -> Signal:
    key = f"signals.{id}"
    if not isinstance(entry, dict):
        raise DangerDataWrong(file, key, "must be a table")
    if extra := set(entry) - _KEYS:
        raise DangerDataWrong(file, key, f"does not know {', '.join(sorted(extra))}")
    level = next((known for known in LEVELS if known == entry.get("level")), None)
    if level is None:
        raise DangerDataWrong(file, f"{key}.level", f"must be one of {', '.join(LEVELS)}")
    if entry.get("priority") != PRIORITY[level]:
        raise DangerDataWrong(file, f"{key}.priority", f"must be {PRIORITY[level]} for level {level}")
    shown = texts(file, f"{key}.numbers", entry.get("numbers"))
    for number in shown:
        if number not in numbers:
            raise DangerDataWrong(file, f"{key}.numbers", f"{number} is not in numbers.toml")
    line = said_in(file, key, entry, "line")
    if len(re.findall(r"[.!?](?:\s|$)", line)) != 1:
        raise DangerDataWrong(file, f"{key}.line", "must be one sentence")
    queue = _queue(file, f"{key}.queue", entry.get("queue"))
    queues = table(file, f"{key}.queues", entry, "queues") if "queues" in entry else {}
    rules = table(file, f"{key}.rules", entry, "rules")
    if not rules or set(queues) - set(rules):
        raise DangerDataWrong(file, f"{key}.rules", "must hold rules, among them each one named in queues")
    sure = texts(file, f"{key}.sure", entry.get("sure", []))
    if set(sure) - set(rules):
        raise DangerDataWrong(file, f"{key}.sure", "must name rules of this signal")
    return Signal(
        id=id,
        name=said_in(file, key, entry, "name"),
        level=level,
        priority=PRIORITY[level],
        queue=queue,
        numbers=tuple(numbers[number] for number in shown),
        line=line,
        note=said_in(file, key, entry, "note") if "note" in entry else None,
        ask_safe=_flag(file, key, entry, "ask_safe"),
        quick_exit=_flag(file, key, entry, "quick_exit"),
        rules=tuple(
            Rule(
                f"{id}.{name}",
                _queue(file, f"{key}.queues.{name}", queues.get(name, queue)),
                name in sure,
                compiler.all(f"{key}.rules.{name}", said),
            )
            for name, said in rules.items()
        ),
        unless=compiler.all(f"{key}.unless", entry.get("unless", [])),
    )


def table(file: Path, key: str, data: Mapping[str, Any], name: str | None = None) -> dict[str, Any]:
    """Return the table under `name` (or `key`). Raises DangerDataWrong when it is missing or no table."""
    found = data.get(name or key)
    if not isinstance(found, dict):
        raise DangerDataWrong(file, key, "must be a table")
    return found


def texts(file: Path, key: str, value: object) -> list[str]:
    """Return a list of texts as it is. Raises DangerDataWrong when it is something else."""
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise DangerDataWrong(file, key, "must be a list of texts")
    return list(value)


def _queue(file: Path, key: str, value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"Q(-[A-Z]+)+", value):
        raise DangerDataWrong(file, key, "must be a queue code such as Q-EMERG")
    return value


def _flag(file: Path, key: str, entry: Mapping[str, Any], name: str) -> bool:
    value = entry.get(name)
    if not isinstance(value, bool):
        raise DangerDataWrong(file, f"{key}.{name}", "must be true or false")
    return value


def _ordinary(file: Path) -> list[str]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DangerDataWrong(file, "file", str(error)) from error
    return [word for line in lines if not line.startswith("#") for word in line.split()]
