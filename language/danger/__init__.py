"""Sees in a message that a person may come to harm. Rules only, read from data/danger; knows nothing of triage.

>>> rules = DangerRules.load(Path("data/danger"))
>>> rules.look("i can smell gas").signal
'gas_or_carbon_monoxide'

A sighting may raise the priority of a contact and is never a reason to lower it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from language.danger.errors import DangerDataWrong
from language.danger.numbers import Number
from language.danger.numbers import read_numbers as _read_numbers
from language.danger.patterns import Pattern
from language.danger.reading import CAP, Reading
from language.danger.signals import LEVELS, Level, Priority, Rule, Signal, Signals
from language.danger.signals import read_signals as _read_signals

__all__ = ["CAP", "DangerDataWrong", "DangerRules", "Help", "Level", "Number", "Priority", "Sighting"]


@dataclass(frozen=True)
class Sighting:
    """A danger seen. `rule` names the rule that matched ("suicide.method"), so it never holds a resident's words.

    `also` names the other signals seen in the same message, gravest first. `sure`: a rule that speaks so plainly that
    nothing may doubt it matched, whether it is the one named or another.
    """

    signal: str
    level: Level
    priority: Priority
    queue: str
    rule: str
    also: tuple[str, ...] = ()
    sure: bool = False


@dataclass(frozen=True)
class Help:
    """What a resident is shown for a signal: numbers first, one sentence, then what else matters."""

    signal: str
    name: str
    numbers: tuple[Number, ...]
    line: str
    note: str | None
    ask_safe: bool
    quick_exit: bool


@dataclass(frozen=True)
class DangerRules:
    """The rules, ready to look at messages; made once, shared freely (it never changes)."""

    numbers: dict[str, Number]
    _read: Signals
    _anchored: dict[str, frozenset[str]]

    @classmethod
    def load(cls, folder: Path) -> DangerRules:
        """Read `signals.toml`, `numbers.toml` and `ordinary.txt`. Raises DangerDataWrong: which file, which key."""
        numbers = _read_numbers(folder / "numbers.toml")
        read = _read_signals(folder / "signals.toml", folder / "ordinary.txt", numbers)
        return cls(numbers, read, _anchors(read))

    @property
    def signals(self) -> tuple[str, ...]:
        """The ids of all signals, gravest first."""
        return tuple(signal.id for signal in _by_weight(self._read.signals))

    def look(self, text: str) -> Sighting | None:
        """Return the gravest danger that the message speaks of, or None. Never raises; takes about a millisecond."""
        reading = self._read.reader.read(text)
        if not reading.words:
            return None
        reading = _without(reading, self._read.idioms)
        live = frozenset().union(*(self._anchored.get(word, ()) for word in reading.words))
        seen: list[tuple[Signal, Rule]] = []
        sure = False
        for signal in _by_weight(self._read.signals):
            matched = _matched(signal, reading, live)
            if matched is not None:
                rule, plain = matched
                seen.append((signal, rule))
                sure = sure or plain
        if not seen:
            return None
        signal, rule = seen[0]
        return Sighting(
            signal=signal.id,
            level=signal.level,
            priority=signal.priority,
            queue=rule.queue,
            rule=rule.name,
            also=tuple(other.id for other, _ in seen[1:]),
            sure=sure,
        )

    def sighting(self, signal: str) -> Sighting:
        """Return what is known of a signal that was seen before, elsewhere. Raises KeyError for an unknown one."""
        found = next((one for one in self._read.signals if one.id == signal), None)
        if found is None:
            raise KeyError(signal)
        return Sighting(found.id, found.level, found.priority, found.queue, f"{found.id}.seen_before")

    def help(self, signal: str, council: str) -> Help:
        """Return what to show for a signal in this council. Raises KeyError for a signal that does not exist."""
        found = next((one for one in self._read.signals if one.id == signal), None)
        if found is None:
            raise KeyError(signal)
        return Help(
            signal=found.id,
            name=found.name,
            numbers=tuple(n for n in found.numbers if n.council in (None, council)),
            line=found.line,
            note=found.note,
            ask_safe=found.ask_safe,
            quick_exit=found.quick_exit,
        )


def _by_weight(signals: tuple[Signal, ...]) -> list[Signal]:
    return sorted(signals, key=lambda signal: LEVELS.index(signal.level))


def _anchors(read: Signals) -> dict[str, frozenset[str]]:
    """Index the patterns of all rules by the words without which they cannot match, so that few need be tried."""
    index: dict[str, set[str]] = {}
    for signal in read.signals:
        for pattern in (pattern for rule in signal.rules for pattern in rule.patterns):
            for word in pattern.anchor:
                index.setdefault(word, set()).add(pattern.written)
    return {word: frozenset(written) for word, written in index.items()}


def _matched(signal: Signal, reading: Reading, live: frozenset[str]) -> tuple[Rule, bool] | None:
    """The first rule of the signal that matches, and whether a sure one does.

    The stretches that the signal's exceptions speak of are taken away first.
    """
    tried = [(rule, pattern) for rule in signal.rules for pattern in rule.patterns if pattern.written in live]
    first = next((rule for rule, pattern in tried if pattern.found(reading)), None)
    if first is None:
        return None
    left = -1
    for pattern in signal.unless:
        left &= ~pattern.found_in(reading)
    if left != -1:
        first = next((rule for rule, pattern in tried if pattern.found(reading, left)), None)
        if first is None:
            return None
    return first, first.sure or any(rule.sure and pattern.found(reading, left) for rule, pattern in tried)


def _without(reading: Reading, idioms: tuple[Pattern, ...]) -> Reading:
    """Take the words of idioms away, and nothing else: "this queue is killing me and he hit me" keeps its end."""
    for idiom in idioms:
        places = idiom.found_in(reading)
        if places:
            searched = idiom.together[0][0].searched
            each = enumerate(reading.stretches)
            left = (searched.sub("- ", stretch) if places >> at & 1 else stretch for at, stretch in each)
            reading = Reading(tuple(left), reading.words)
    return reading
