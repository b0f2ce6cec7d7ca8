"""How is my report going: the reference, and the code that goes with it.

The web app replaces a typed code by [code] before Rasa sees the message and keeps the code to itself, so here the
code is only known to have been typed. Whether it fits is for the web app to check.
"""

from __future__ import annotations

from typing import ClassVar

from bot.actions.form import ENDED, Form, Say, Slots
from bot.actions.leaving import MESSAGE
from bot.actions.lookups import Lookups
from bot.actions.parsing import code
from bot.actions.turn import FormTurn
from language.entities import one_reference

REFERENCE, CODE, TRIES = "contact_reference", "contact_code", "contact_tries"
MOST_TRIES = 3  # how often a code is asked for in vain before a person is offered instead
LOST = "lost"  # how the form ends then


class ContactStatusForm(Form):
    """`contact_status_form`. `contact_code` is never a code, only the mark [code]."""

    form: ClassVar[str] = "contact_status"
    intents: ClassVar[frozenset[str]] = frozenset({"contact_status"})
    plain: ClassVar[frozenset[str]] = frozenset({REFERENCE, CODE, TRIES})
    leaves_for: ClassVar[frozenset[str]] = frozenset({"leave_message"})
    order: ClassVar[tuple[str, ...]] = (REFERENCE, CODE)

    def __init__(self, lookups: Lookups) -> None:
        self._lookups = lookups

    async def open(self, turn: FormTurn, say: Say) -> Slots:
        """People often give the reference as they ask."""
        return self._found(turn)

    async def fill(self, asked: str, turn: FormTurn, say: Say) -> Slots | None:
        """See Form.fill. A message may hold the reference, the code, or both."""
        found = self._found(turn)
        if found or asked != CODE or self.is_aside(turn):
            return found or None
        tries = int(turn.slots.get(TRIES) or 0) + 1
        if tries >= MOST_TRIES:
            return {ENDED: LOST, TRIES: None}
        self.not_understood(asked, turn, say)
        return {CODE: None, TRIES: tries}

    def commanded(self, service: str, turn: FormTurn, say: Say) -> Slots:
        """See Form.commanded. Who would rather leave a message is not asked for a code again."""
        return {ENDED: MESSAGE} if service == "leave_message" else super().commanded(service, turn, say)

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
