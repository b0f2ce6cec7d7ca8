"""Forms that are written down, not programmed: data/services/<service>/form.yml says what is asked, in which order.

A question's kind says how its answer is read; what is done with a finished form is the web app's work. Ways out,
asides and asking again are those of every form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import yaml

from bot.actions.answers import KINDS, Kind, option
from bot.actions.form import ENDED, NOT_ASKED, Form, Say, Slots
from bot.actions.lookups import Lookups
from bot.actions.parsing import correction, is_question, plain, yes_no
from bot.actions.turn import FormTurn

SERVICES = Path(__file__).resolve().parents[2] / "data" / "services"
SKIPPED = "skip"
LONGEST_ANSWER = 1000
# Kinds whose answer may be any words.
WORDED = ("text", "words", "place")
# A text, and the answer to a yes-or-no question, may begin with "no" and name anything: only these put another right.
_MEANT = re.compile(r"\b(i meant|i mean|actually|instead|change (it|that|my|the))\b")
_LEAD = re.compile(r"^((no|nope|nah|wait|actually|sorry|oops)\b ?)+")
# What is typed, or pressed, when nothing is to be changed after all. Some questions have "nothing" as an answer too.
_NOTHING = ("nothing", "none", "nothing go back", "go back", "back", "no", "no nothing")


class FormWrong(RuntimeError):
    """A form.yml cannot be used. The message names the file and what to mend."""


@dataclass(frozen=True)
class Question:
    """One question: how its answer is read, when it is asked, and an answer that a resident might type (for tests).

    `tells` are answers that cannot wait for the form's end: which note is said at once, before the next question.
    `wins` are options that are taken whenever they are named, whatever else is: "it only drips, onto a light".
    `least` and `most` bound a number, both inclusive.
    """

    id: str
    kind: Kind
    example: str
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    skippable: bool = False
    only_if: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tells: Mapping[str, str] = field(default_factory=dict)
    wins: tuple[str, ...] = ()
    least: int = 0
    most: int = 1_000_000

    def chosen(self, text: str) -> str | None:
        """The one option that the words name, or None; see answers.option."""
        winner = next((one for one in self.wins if option(text, {one: self.options[one]})), None)
        return winner or option(text, self.options)


@dataclass(frozen=True)
class Declared:
    """One form.yml. `opens_on` are the intents that open the form besides the choice that starts it."""

    id: str
    opens_on: tuple[str, ...]
    questions: tuple[Question, ...]

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
    """Every form.yml under data/services. Raises FormWrong."""
    return tuple(_read(path) for path in sorted(services.glob("*/form.yml")))


def _read(path: Path) -> Declared:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        questions = tuple(
            Question(
                id=row["id"],
                kind=row["kind"],
                example=_words(row["example"]),
                options={_words(name): _synonyms(name, words) for name, words in (row.get("options") or {}).items()},
                skippable=bool(row.get("skippable", False)),
                only_if={name: _many(values) for name, values in (row.get("only_if") or {}).items()},
                tells={_words(answer): _words(note) for answer, note in (row.get("tells") or {}).items()},
                wins=_many(row.get("wins") or ()),
                least=int(row.get("least", 0)),
                most=int(row.get("most", 1_000_000)),
            )
            for row in content["questions"]
        )
        form = Declared(str(content["form"]), _many(content.get("opens_on") or ()), questions)
    except (KeyError, TypeError, AttributeError) as error:
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
        known.add(question.id)
    return form


def _words(value: Any) -> str:
    # YAML reads a bare `no` as false and `7` as a number.
    if not isinstance(value, str):
        raise TypeError(f"{value!r} must be in quotes")
    return value


def _many(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(one) for one in value)


def _synonyms(name: str, words: str | None) -> tuple[str, ...]:
    return (plain(name), *(plain(word) for word in (words or "").split("|") if word.strip()))


class DeclaredForm(Form):
    """Validates one declared form. Made for each by `action_of`; `declared` is what its file says."""

    declared: ClassVar[Declared]

    def __init__(self, lookups: Lookups) -> None:
        self._lookups = lookups

    async def open(self, turn: FormTurn, say: Say) -> Slots:
        """What the opening message already answers: the options that it names."""
        return self._told(self._named(turn), say)

    def _named(self, turn: FormTurn) -> Slots:
        slots: Slots = {}
        if turn.pressed:
            return slots
        for question in self.declared.questions:
            if question.kind == "choice" and not question.only_if and (named := question.chosen(turn.text)):
                slots[self.declared.slot(question.id)] = named
        return slots | self._not_asked({**turn.slots, **slots})

    async def fill(self, asked: str, turn: FormTurn, say: Say) -> Slots | None:
        """See Form.fill."""
        slots = self._filled(asked, turn)
        return None if slots is None else self._told(slots, say)

    def _told(self, slots: Slots, say: Say) -> Slots:
        """`slots`, having said what one of these answers must hear at once."""
        for question in self.declared.questions:
            if note := question.tells.get(str(slots.get(self._slot(question.id)))):
                say.note(note)
        return slots

    def _filled(self, asked: str, turn: FormTurn) -> Slots | None:
        if asked == self._slot("confirm"):
            if yes_no(turn.text) == "yes" and not correction(turn.text):
                return {asked: "yes", ENDED: "done"}
            return self._change(asked, turn)
        if asked == self._slot("change"):
            return self._change(asked, turn)
        question = self._question(asked)
        if (other := self._corrected(question, turn)) is not None:
            return {asked: None, **other}
        value = self._value(question, turn.text)
        if value is None or (self.is_aside(turn) and question.kind in WORDED and is_question(turn.text)):
            return None
        return self._settled(turn, {asked: value})

    def not_understood(self, asked: str, turn: FormTurn, say: Say) -> None:
        """Say what kind of answer is needed, where the form has words for it."""
        say.note(f"not_{asked.removeprefix(self.declared.id + '_')}")

    def certainly_answer(self, asked: str, turn: FormTurn) -> bool:
        """An answer of a shape that is nothing else, or a short "change it" at the last look."""
        if asked in (self._slot("confirm"), self._slot("change")):
            return len(plain(turn.text).split()) <= 4 and (correction(turn.text) or yes_no(turn.text) is not None)
        question = self._question(asked)
        if question.kind in WORDED:
            return False
        return len(plain(turn.text).split()) <= 6 and self._value(question, turn.text) is not None

    def _value(self, question: Question, text: str) -> str | None:
        if question.skippable and plain(text) in ("skip", "no", "none", "nothing", "no thanks", "rather not say"):
            return SKIPPED
        reads = KINDS[question.kind]
        read = question.chosen(text) if question.kind == "choice" else reads(text, self._lookups)
        if read is None or (read == SKIPPED and not question.skippable):
            return None
        if question.kind == "number" and not question.least <= int(read) <= question.most:
            return None
        return read[:LONGEST_ANSWER]

    def _settled(self, turn: FormTurn, slots: Slots) -> Slots:
        slots = {**slots, self._slot("change"): None, self._slot("confirm"): None}
        return slots | self._not_asked({**turn.slots, **slots})

    def _not_asked(self, slots: Slots) -> Slots:
        """Questions that no longer apply are marked so; those that now do are asked."""
        changed: Slots = {}
        for question in self.declared.questions:
            if not question.only_if:
                continue
            slot = self.declared.slot(question.id)
            known = {**slots, **changed}
            given = {name: known.get(self.declared.slot(name)) for name in question.only_if}
            if any(value is None for value in given.values()):
                continue
            applies = all(value in question.only_if[name] for name, value in given.items())
            if not applies:
                changed[slot] = NOT_ASKED
            elif known.get(slot) == NOT_ASKED:
                changed[slot] = None
        return changed

    def _corrected(self, asked: Question, turn: FormTurn) -> Slots | None:
        """ "No, the blue one" while a later question is open: an earlier choice put right."""
        if not correction(turn.text) or (asked.kind == "choice" and asked.chosen(turn.text)):
            return None
        if asked.kind in ("text", "yes_no") and not _MEANT.search(plain(turn.text)):
            return None
        return self._other_choice(turn)

    def _other_choice(self, turn: FormTurn) -> Slots | None:
        # The "no" of "no, something is wrong" is no answer to a question that has one.
        text = _LEAD.sub("", plain(turn.text))
        for question in self.declared.questions:
            slot = self.declared.slot(question.id)
            if question.kind != "choice" or turn.slots.get(slot) in (None, NOT_ASKED):
                continue
            named = question.chosen(text)
            if named is not None and named != turn.slots[slot]:
                return self._settled(turn, {slot: named})
        return None

    def _change(self, asked: str, turn: FormTurn) -> Slots | None:
        """What to put right: an option that is named outright, or the question that is named."""
        confirm, change = self._slot("confirm"), self._slot("change")
        if asked == change and plain(turn.text) in _NOTHING:
            return {confirm: None, change: None}
        if (other := self._other_choice(turn)) is not None:
            return other
        words = set(plain(turn.text).split())
        for question in self.declared.questions:
            slot = self.declared.slot(question.id)
            if turn.slots.get(slot) != NOT_ASKED and words & set(question.id.split("_")):
                return {slot: None, confirm: None, change: None}
        if asked == change and (words & {"nothing", "none", "back"} or yes_no(turn.text) == "no"):
            return {confirm: None, change: None}
        if asked == confirm and (correction(turn.text) or yes_no(turn.text) in ("no", "not sure")):
            return {confirm: None, "requested_slot": change}
        return None

    def _slot(self, name: str) -> str:
        return self.declared.slot(name)

    def _question(self, slot: str) -> Question:
        return next(one for one in self.declared.questions if self.declared.slot(one.id) == slot)


def action_of(declared: Declared, lookups: Lookups) -> DeclaredForm:
    """The action that validates one declared form."""
    made = type(
        f"Declared_{declared.id}",
        (DeclaredForm,),
        {
            "declared": declared,
            "form": declared.id,
            "intents": frozenset({declared.start, *declared.opens_on}),
            "open_ended": frozenset(declared.slot(one.id) for one in declared.questions if one.kind == "text"),
            "confirm": declared.slot("confirm"),
            "order": tuple(declared.slot(one.id) for one in declared.questions),
            "plain": declared.plain,
        },
    )
    form: DeclaredForm = made(lookups)
    return form
