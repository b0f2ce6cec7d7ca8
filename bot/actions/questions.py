"""What a form.yml says: its questions, how each is answered, and when it is asked. Checked as it is read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.actions.answers import KINDS, Kind, option, together, years
from bot.actions.labels import most_of_a_label, whole_label
from bot.actions.lookups import Lookups
from bot.actions.parsing import plain, yes_no

SERVICES = Path(__file__).resolve().parents[2] / "data" / "services"
FIRST = "first"  # of several options named together, the first of the list


class FormWrong(RuntimeError):
    """A form.yml cannot be used. The message names the file and what to mend."""


@dataclass(frozen=True)
class Question:
    """One question: how its answer is read, when it is asked, and an answer that a resident might type (for tests).

    `tells` are answers that cannot wait for the form's end: which note is said at once, before the next question.
    `wins` are options that are taken whenever they are named, whatever else is: "it only drips, onto a light".
    `least` and `most` bound a number, both inclusive. `skip_words` mean "skip" here besides those that always do.
    `several` is the option for who names two in one breath, or "first". `ages` are the options that an age in years
    falls into. `labels` are what the buttons say, by the answer that each gives.
    """

    id: str
    kind: Kind
    example: str
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    skippable: bool = False
    skip_words: tuple[str, ...] = ()
    only_if: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tells: Mapping[str, str] = field(default_factory=dict)
    wins: tuple[str, ...] = ()
    least: int = 0
    most: int = 1_000_000
    several: str | None = None
    ages: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    def named(self, text: str) -> str | None:
        """The one option that the words name wherever they stand, or None; see answers.option."""
        winner = next((one for one in self.wins if option(text, {one: self.options[one]})), None)
        return winner or option(text, self.options) or self._of_several(text)

    def chosen(self, text: str, lookups: Lookups) -> str | None:
        """The option that the answer to this very question means: also by its button, a bare yes or no, or an age."""
        found = whole_label(text, self.labels) or self.named(text)
        if found or together(text, self.options):
            return found
        return most_of_a_label(text, self.labels) or self._by_yes_or_no(text) or self._by_age(text, lookups)

    def _of_several(self, text: str) -> str | None:
        if self.several is None or not (named := together(text, self.options)):
            return None
        return named[0] if self.several == FIRST else self.several

    def _by_yes_or_no(self, text: str) -> str | None:
        said = yes_no(text)
        if said not in ("yes", "no") or len(plain(text).split()) > 2:
            return None
        fits = [one for one in self.options if plain(self.labels.get(one, "")).split()[:1] == [said]]
        return fits[0] if len(fits) == 1 else None

    def _by_age(self, text: str, lookups: Lookups) -> str | None:
        age = years(text, lookups) if self.ages else None
        fits = (one for one, (least, most) in self.ages.items() if age is not None and least <= age <= most)
        return next(fits, None)


@dataclass(frozen=True)
class Declared:
    """One form.yml. `opens_on` are the intents that open the form besides the choice that starts it.

    `opens_with` are further choices that start it, each with the answers that it gives already.
    """

    id: str
    opens_on: tuple[str, ...]
    questions: tuple[Question, ...]
    opens_with: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def slot(self, question: str) -> str:
        """The slot of a question, or of `confirm` and `change`."""
        return f"{self.id}_{question}"

    @property
    def start(self) -> str:
        """The intent of the choice that starts the form; it is never read from words."""
        return f"start_{self.id}"

    @property
    def plain(self) -> frozenset[str]:
        """The slots that hold words of ours alone, never what a resident told."""
        chosen = (one.id for one in self.questions if one.kind in ("choice", "yes_no"))
        return frozenset(self.slot(name) for name in (*chosen, "confirm", "change"))


@lru_cache
def declared_forms(services: Path = SERVICES) -> tuple[Declared, ...]:
    """Every form.yml under data/services, and the form_<name>.yml of everyday. Raises FormWrong."""
    return tuple(_read(path) for path in sorted(services.glob("*/form*.yml")))


def _read(path: Path) -> Declared:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    buttons = _labels(path.with_suffix(".toml"))
    try:
        questions = tuple(
            Question(
                id=row["id"],
                kind=row["kind"],
                example=_words(row["example"]),
                options={_words(name): _synonyms(name, words) for name, words in (row.get("options") or {}).items()},
                skippable=bool(row.get("skippable", False)),
                skip_words=_synonyms("skip", row.get("skip_words")),
                only_if={name: _many(values) for name, values in (row.get("only_if") or {}).items()},
                tells={_words(answer): _words(note) for answer, note in (row.get("tells") or {}).items()},
                wins=_many(row.get("wins") or ()),
                least=int(row.get("least", 0)),
                most=int(row.get("most", 1_000_000)),
                several=row.get("several"),
                ages={_words(name): (int(least), int(most)) for name, (least, most) in (row.get("ages") or {}).items()},
                labels=buttons.get(row["id"], {}),
            )
            for row in content["questions"]
        )
        opens_with = {
            str(choice): {_words(question): _words(answer) for question, answer in given.items()}
            for choice, given in (content.get("opens_with") or {}).items()
        }
        form = Declared(str(content["form"]), _many(content.get("opens_on") or ()), questions, opens_with)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FormWrong(f"{path}: {type(error).__name__} {error}") from None
    known: set[str] = set()
    for question in form.questions:
        if question.kind not in KINDS or (question.kind == "choice") == (not question.options):
            raise FormWrong(f"{path}: {question.id}: {question.kind!r} is no kind, or has options that it cannot have")
        if not set(question.only_if) <= known:
            raise FormWrong(f"{path}: {question.id}: only_if names a question that does not come before it")
        if question.tells and not set(question.tells) <= (set(question.options) or {"yes", "no", "not sure"}):
            raise FormWrong(f"{path}: {question.id}: tells names an answer that it cannot have")
        if not set(question.wins) <= set(question.options):
            raise FormWrong(f"{path}: {question.id}: wins names no option of its own")
        if not {*question.ages, *((question.several,) if question.several else ())} <= {FIRST, *question.options}:
            raise FormWrong(f"{path}: {question.id}: several or ages names no option of its own")
        known.add(question.id)
    if any(answer not in _answers(form, question) for one in opens_with.values() for question, answer in one.items()):
        raise FormWrong(f"{path}: opens_with gives an answer that no question can have")
    return form


def _labels(path: Path) -> dict[str, dict[str, str]]:
    """Question → answer → label, out of the form.toml beside a form.yml; what it says is checked with all content."""
    asked = tomllib.loads(path.read_text(encoding="utf-8")).get("ask", {}) if path.exists() else {}
    return {
        question: {one["say"]: one["label"] for one in wording.get("choices", ()) if "say" in one}
        for question, wording in asked.items()
    }


def _answers(form: Declared, question: str) -> set[str]:
    return {name for one in form.questions if one.id == question for name in one.options}


def _words(value: Any) -> str:
    # YAML reads a bare `no` as false and `7` as a number.
    if not isinstance(value, str):
        raise TypeError(f"{value!r} must be in quotes")
    return value


def _many(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(one) for one in value)


def _synonyms(name: str, words: str | None) -> tuple[str, ...]:
    return (plain(name), *(plain(word) for word in (words or "").split("|") if word.strip()))
