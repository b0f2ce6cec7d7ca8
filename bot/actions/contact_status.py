"""How is my report going: the reference, and the code that goes with it.

The web app replaces a typed code by [code] before Rasa sees the message and keeps the code to itself, so here the
code is only known to have been typed. Whether it fits is for the web app to check.
"""

from __future__ import annotations

from typing import ClassVar

from bot.actions.form import ENDED, Form, Say, Slots
from bot.actions.lookups import Lookups
from bot.actions.parsing import code
from bot.actions.turn import FormTurn
from language.entities import one_reference

REFERENCE, CODE = "contact_reference", "contact_code"


class ContactStatusForm(Form):
    """`contact_status_form`. `contact_code` is never a code, only the mark [code]."""

    form: ClassVar[str] = "contact_status"
    intents: ClassVar[frozenset[str]] = frozenset({"contact_status"})
    plain: ClassVar[frozenset[str]] = frozenset({REFERENCE, CODE})
    order: ClassVar[tuple[str, ...]] = (REFERENCE, CODE)

    def __init__(self, lookups: Lookups) -> None:
        self._lookups = lookups

    async def open(self, turn: FormTurn, say: Say) -> Slots:
        """People often give the reference as they ask."""
        return self._found(turn)

    async def fill(self, asked: str, turn: FormTurn, say: Say) -> Slots | None:
        """See Form.fill. A message may hold the reference, the code, or both."""
        return self._found(turn) or None

    def not_understood(self, asked: str, turn: FormTurn, say: Say) -> None:
        """Say what a reference or a code looks like."""
        say.note("not_a_reference" if asked == REFERENCE else "not_a_code")

    def certainly_answer(self, asked: str, turn: FormTurn) -> bool:
        """References and codes read like nothing else."""
        return bool(self._found(turn))

    def _found(self, turn: FormTurn) -> Slots:
        found: Slots = {}
        typed_code = code(turn.text)
        typed_reference = one_reference(turn.text.replace("[code]", " "), self._lookups.words)
        if typed_reference:
            found[REFERENCE] = typed_reference
        if typed_code:
            found[CODE] = typed_code
        if (typed_reference or turn.has(REFERENCE)) and (typed_code or turn.has(CODE)):
            found[ENDED] = "done"
        return found
