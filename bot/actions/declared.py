"""Forms that are written down, not programmed: data/services/<service>/form.yml says what is asked, in which order.

A question's kind says how its answer is read; what is done with a finished form is the web app's work. Ways out,
asides and asking again are those of every form.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import ClassVar

from bot.actions.answers import KINDS, says_more, together
from bot.actions.form import ENDED, NOT_ASKED, Form, Say, Slots
from bot.actions.labels import most_of_a_label, whole_label
from bot.actions.lookups import Lookups
from bot.actions.parsing import correction, is_question, names_a_thing, plain, tells, yes_no
from bot.actions.questions import Declared, Question, declared_forms
from bot.actions.turn import FormTurn
from language.entities.dates import dates, day_alone

__all__ = ["NOT_ASKED", "SKIPPED", "Declared", "DeclaredForm", "Question", "action_of", "declared_forms"]

SKIPPED = "skip"
LONGEST_ANSWER = 1000
LONGEST_BESIDE = 200  # characters kept beside a chosen option
LONGEST_ASIDE = 15  # words; what is longer is a resident's story, however it begins
BESIDE = "beside"  # the slot, of each form, of what was typed beside an option
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
# Kinds whose answer may be any words.
WORDED = ("text", "words", "place")
# Words, and the answer to a yes-or-no question, may begin with "no" and name anything ("not far from the park"): only
# these put another right.
_MEANT = re.compile(r"\b(i meant|i mean|actually|instead|change (it|that|my|the))\b")
_LEAD = re.compile(r"^((no|nope|nah|wait|actually|sorry|oops)\b ?)+")
_SKIPS = ("skip", "no", "none", "nothing", "no thanks", "rather not say")
# What is typed, or pressed, when nothing is to be changed after all. Some questions have "nothing" as an answer too.
_NOTHING = ("nothing", "none", "nothing go back", "go back", "back", "no", "no nothing")


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
            given = self.declared.opens_with.get(turn.intent, {})
            slots = {self.declared.slot(question): answer for question, answer in given.items()}
            return slots | self._not_asked({**turn.slots, **slots}) if slots else slots
        for question in self.declared.questions:
            if question.kind == "choice" and not question.only_if and (named := question.named(turn.text)):
                slots[self.declared.slot(question.id)] = named
                if together(turn.text, question.options):
                    slots |= self._beside(question, named, turn)
        return slots | self._not_asked({**turn.slots, **slots})

    async def fill(self, asked: str, turn: FormTurn, say: Say) -> Slots | None:
        """See Form.fill."""
        slots = self._filled(asked, turn)
        if slots is None:
            return None
        if asked not in (self._slot("confirm"), self._slot("change")):
            self._say_corrected(asked, slots, turn, say)
        return self._told(slots, say)

    def _say_corrected(self, asked: str, slots: Slots, turn: FormTurn, say: Say) -> None:
        """Say what was put right while another question is open: nobody sees it otherwise until the last look."""
        for question in self.declared.questions:
            slot = self._slot(question.id)
            value = slots.get(slot)
            if slot != asked and value not in (None, NOT_ASKED) and turn.slots.get(slot) not in (None, NOT_ASKED):
                say.note("corrected", question=question.id, answer=value)

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
        aside = question.kind in ("words", "place") and self.is_aside(turn) and is_question(turn.text)
        if value is None or aside:
            return None
        return self._settled(turn, {asked: value} | self._beside(question, value, turn))

    def _beside(self, question: Question, value: str, turn: FormTurn) -> Slots:
        """The resident's words, kept beside the option that was taken from them when they hold more than it.

        With each stands the option that it was said for, so that what is said for another is not shown.
        """
        text = turn.text.strip()
        if question.kind != "choice" or whole_label(text, question.labels) or most_of_a_label(text, question.labels):
            return {}
        if not says_more(text, (*question.options[value], plain(question.labels.get(value, value)))):
            return {}
        slot = self._slot(BESIDE)
        kept = json.loads(str(turn.slots.get(slot) or "{}"))
        return {slot: json.dumps({**kept, question.id: [value, text[:LONGEST_BESIDE]]}, ensure_ascii=False)}

    def may_ask(self, asked: str, turn: FormTurn) -> bool:
        """See Form.may_ask. An address or an email is one whatever it begins with; a story begins as it likes."""
        if asked in (self._slot("confirm"), self._slot("change")):
            return True
        question = self._question(asked)
        if whole_label(turn.text, question.labels):
            return False
        if question.kind == "words" and names_a_thing(turn.text):
            return False
        if question.kind == "text":
            return len(plain(turn.text).split()) <= LONGEST_ASIDE and not tells(turn.text)
        return question.kind not in ("address", "contact") or self._value(question, turn.text) in (None, SKIPPED)

    def not_understood(self, asked: str, turn: FormTurn, say: Say) -> None:
        """Say what kind of answer is needed, where the form has words for it."""
        if asked not in (self._slot("confirm"), self._slot("change")):
            question = self._question(asked)
            if question.kind == "choice" and together(turn.text, question.options):
                say.note("several")
                return
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
        pressed = whole_label(text, question.labels)
        if question.skippable and (pressed == SKIPPED or plain(text) in (*_SKIPS, *question.skip_words)):
            return SKIPPED
        reads = KINDS[question.kind]
        read = question.chosen(text, self._lookups) if question.kind == "choice" else reads(text, self._lookups)
        if question.kind not in ("choice", *WORDED):
            read = pressed or read or most_of_a_label(text, question.labels)
        if read == SKIPPED:
            return SKIPPED if question.skippable else None
        if read is None:
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
        if not correction(turn.text) or (asked.kind == "choice" and asked.chosen(turn.text, self._lookups)):
            return None
        if asked.kind in ("yes_no", *WORDED) and not _MEANT.search(plain(turn.text)):
            return None
        return self._other_shaped(turn, asked) or self._other_choice(turn)

    def _other_shaped(self, turn: FormTurn, asked: Question | None = None) -> Slots | None:
        """A date, an address, or where to answer, put right: each can only be the answer to the question of its kind.

        Not where two such questions were answered, nor where the open question asks for one itself.
        """
        for kinds in (("date", "birth"), ("contact",), ("address",)):
            given = [
                one
                for one in self.declared.questions
                if one.kind in kinds and turn.slots.get(self._slot(one.id)) not in (None, NOT_ASKED)
            ]
            words = set(plain(turn.text).split())
            meant = [one for one in given if words & set(one.id.split("_"))] or given
            if len(meant) != 1 or (asked is not None and asked.kind in kinds):
                continue
            slot = self._slot(meant[0].id)
            value = self._put_right(meant[0], str(turn.slots[slot]), turn.text)
            if value is not None and value != turn.slots[slot]:
                return self._settled(turn, {slot: value})
        return None

    def _put_right(self, question: Question, before: str, text: str) -> str | None:
        if question.kind in ("date", "birth") and not dates(text, self._lookups.now().date()):
            # "No, the 18th" is in the month that was spoken of.
            near = date.fromisoformat(before) if _ISO_DATE.fullmatch(before) else None
            if near and (day := day_alone(text, near.replace(day=15))):
                return day.isoformat()
            if question.kind == "date":
                return None
        read = KINDS[question.kind](text, self._lookups)
        return None if read == SKIPPED else read

    def _other_choice(self, turn: FormTurn) -> Slots | None:
        # The "no" of "no, something is wrong" is no answer to a question that has one.
        text = _LEAD.sub("", plain(turn.text))
        for question in self.declared.questions:
            slot = self.declared.slot(question.id)
            if question.kind != "choice" or turn.slots.get(slot) in (None, NOT_ASKED):
                continue
            named = whole_label(turn.text, question.labels) or question.named(text)
            if named is not None and named != turn.slots[slot]:
                return self._settled(turn, {slot: named} | self._beside(question, named, turn))
        return None

    def _change(self, asked: str, turn: FormTurn) -> Slots | None:
        """What to put right: an option that is named outright, or the question that is named."""
        confirm, change = self._slot("confirm"), self._slot("change")
        if asked == change and plain(turn.text) in _NOTHING:
            return {confirm: None, change: None}
        if (other := self._other_shaped(turn) or self._other_choice(turn)) is not None:
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
            "intents": frozenset({declared.start, *declared.opens_on, *declared.opens_with}),
            "open_ended": frozenset(declared.slot(one.id) for one in declared.questions if one.kind == "text"),
            "confirm": declared.slot("confirm"),
            "order": tuple(declared.slot(one.id) for one in declared.questions),
            "plain": declared.plain,
        },
    )
    form: DeclaredForm = made(lookups)
    return form
