"""Danger said in other languages: patterns of data/danger/languages, one file a language, beside the English rules.

They know the signals of signals.toml and may only raise an alarm. A language's patterns are tried on every message,
whatever its language seems to be: the messages that matter most are often one word, or two languages at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from language.danger import DangerDataWrong, DangerRules, Sighting
from language.danger.model import MAY_BE, Dangers
from language.danger.numbers import read_toml
from language.danger.patterns import Pattern, PatternWrong
from language.danger.signals import LEVELS, table, texts
from language.languages import Languages
from language.languages.phrases import Phrase, Phrases, compile_phrase

_KEYS = {"raises", "groups", "signals"}


@dataclass(frozen=True)
class LanguageRules:
    """What every language says for the signals, gravest signal first; made once, shared freely (it never changes).

    `alarms` are the languages whose rules were measured to be good enough to raise an alarm. What the others say is
    only asked about: `may_be_danger`, which stops nothing.
    """

    languages: tuple[str, ...]
    alarms: frozenset[str]
    phrases: Phrases

    @classmethod
    def load(cls, folder: Path, known: DangerRules) -> LanguageRules:
        """Read `<code>.toml` of every language. Raises DangerDataWrong, naming file and key."""
        found: dict[str, dict[str, _Said]] = {}
        alarms = set()
        for file in sorted(folder.glob("*.toml")):
            raises, found[file.stem] = _read(file, known)
            if raises == "alarm":
                alarms.add(file.stem)
        phrases = []
        for signal in known.signals:
            # An exception silences its signal in every language: near languages share the words that it excepts.
            unless = tuple(one for said in found.values() if signal in said for one in said[signal].unless)
            phrases += [
                Phrase(f"{signal}.{code}", said[signal].say, unless) for code, said in found.items() if signal in said
            ]
        return cls(tuple(found), frozenset(alarms), Phrases.of(phrases))

    def look(self, text: str) -> tuple[str, str] | None:
        """The gravest signal that a message speaks of and the language it is said in, or None. Never raises.

        Whatever a language that only asks has seen is `may_be_danger`.
        """
        asked = None
        for key in self.phrases.look(text):
            signal, _, language = key.partition(".")
            if language in self.alarms:
                return signal, language
            asked = asked or language
        return (MAY_BE, asked) if asked else None


@dataclass(frozen=True)
class DangersInAnyLanguage(Dangers):
    """The English rules and model, and beside them what other languages say.

    Of a message that is plainly in another language the English reading sees only the words that are not of that
    language: to the English rules Polish "od" (since) is an overdose.
    """

    others: LanguageRules | None = None
    languages: Languages | None = None

    def first_look(self, text: str) -> Sighting | None:
        """What the rules of any language see; what the others see as well is named in `also`."""
        heard = self.languages.detect(text) if self.languages is not None else None
        if self.languages is not None and heard is not None:
            seen = self.rules.look(self.languages.without(text, heard.code))
        else:
            seen = self.rules.look(text)
        found = self.others.look(text) if self.others is not None else None
        if found is None:
            return seen
        signal, language = found
        known = self.rules.sighting(signal)
        if seen is not None and LEVELS.index(known.level) >= LEVELS.index(seen.level):
            return seen
        also = (seen.signal, *(other for other in seen.also if other != signal)) if seen is not None else ()
        # The English model cannot judge what another language says, so it may not doubt it.
        return Sighting(signal, known.level, known.priority, known.queue, f"{signal}.{language}", also, sure=True)

    def _asks(self, text: str, seen: Sighting | None) -> bool:
        # The English model knows nothing of a message that is plainly in another language.
        if self.languages is not None and self.languages.detect(text) is not None:
            return False
        return super()._asks(text, seen)


@dataclass(frozen=True)
class _Said:
    """What one language says for one signal."""

    say: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]


def _read(file: Path, known: DangerRules) -> tuple[str, dict[str, _Said]]:
    data = read_toml(file)
    if extra := set(data) - _KEYS:
        raise DangerDataWrong(file, "file", f"does not know {', '.join(sorted(extra))}")
    raises = data.get("raises")
    if raises not in ("alarm", "question"):
        raise DangerDataWrong(file, "raises", "must be alarm or question")
    groups = {name: tuple(texts(file, f"groups.{name}", said)) for name, said in table(file, "groups", data).items()}
    found = {}
    for signal, entry in table(file, "signals", data).items():
        key = f"signals.{signal}"
        if signal not in known.signals:
            raise DangerDataWrong(file, key, "is not in signals.toml")
        if not isinstance(entry, dict) or set(entry) - {"say", "unless"}:
            raise DangerDataWrong(file, key, "may hold say and unless only")
        found[signal] = _Said(
            _compiled(file, f"{key}.say", entry.get("say"), groups),
            _compiled(file, f"{key}.unless", entry.get("unless", []), groups),
        )
    return str(raises), found


def _compiled(file: Path, key: str, written: object, groups: dict[str, tuple[str, ...]]) -> tuple[Pattern, ...]:
    compiled = []
    for at, one in enumerate(texts(file, key, written)):
        try:
            compiled.append(compile_phrase(one, groups))
        except PatternWrong as error:
            raise DangerDataWrong(file, f"{key}[{at}]", str(error)) from error
    return tuple(compiled)
