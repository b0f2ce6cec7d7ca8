"""The commonest needs said in other languages, from data/languages/<code>/needs.toml: offered, and never acted on."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from language.danger.patterns import PatternWrong
from language.languages.lexicon import LanguageDataWrong
from language.languages.phrases import Phrase, Phrases, compile_phrase


@dataclass(frozen=True)
class Need:
    """A need that was recognised: the service that meets it, and its name in the resident's language."""

    service: str
    word: str


@dataclass(frozen=True)
class Needs:
    """The needs of every language that has them on; made once, shared freely (it never changes)."""

    _phrases: dict[str, Phrases]
    _words: dict[str, dict[str, str]]

    @classmethod
    def load(cls, folder: Path, *, all_languages: bool = False) -> Needs:
        """Read `needs.toml` of each language: what `on` says, or all of it. Raises LanguageDataWrong.

        `on` is true, false, or the services that are on.
        """
        phrases: dict[str, Phrases] = {}
        words: dict[str, dict[str, str]] = {}
        for file in sorted(folder.glob("*/needs.toml")):
            data = _table(file)
            on = _on(file, data.pop("on", None), data)
            read = [_need(file, service, entry) for service, entry in data.items()]
            read = [(phrase, word) for phrase, word in read if all_languages or phrase.key in on]
            if read:
                phrases[file.parent.name] = Phrases.of(phrase for phrase, _ in read)
                words[file.parent.name] = {phrase.key: word for phrase, word in read}
        return cls(phrases, words)

    @property
    def services(self) -> frozenset[str]:
        """The services that may be offered."""
        return frozenset(service for words in self._words.values() for service in words)

    def look(self, text: str, language: str) -> tuple[Need, ...]:
        """The needs that a message in this language speaks of, at most two; none when its needs are off."""
        if language not in self._phrases:
            return ()
        found = [Need(service, self._words[language][service]) for service in self._phrases[language].look(text)]
        # More than two is no guess worth offering.
        return tuple(found) if len(found) <= 2 else ()


def _table(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LanguageDataWrong(f"{file}: {error}") from error


def _on(file: Path, on: object, data: dict[str, Any]) -> frozenset[str]:
    if isinstance(on, bool):
        return frozenset(data if on else ())
    if isinstance(on, list) and on and set(on) <= set(data):
        return frozenset(map(str, on))
    raise LanguageDataWrong(f"{file}: on must be true, false or the services that are on")


def _need(file: Path, service: str, entry: object) -> tuple[Phrase, str]:
    if not isinstance(entry, dict) or set(entry) != {"word", "say"}:
        raise LanguageDataWrong(f"{file}: {service}: holds word and say, and nothing else")
    try:
        say = tuple(compile_phrase(str(one), {}) for one in entry["say"])
    except PatternWrong as error:
        raise LanguageDataWrong(f"{file}: {service}: {error}") from error
    return Phrase(service, say), str(entry["word"])
