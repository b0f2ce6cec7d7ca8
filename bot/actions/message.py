"""Leaving a message: what happened, where to answer, and a last look before it is sent."""

from __future__ import annotations

from typing import ClassVar

from bot.actions.form import ENDED, Form, Say, Slots
from bot.actions.parsing import contact_details, correction, plain, yes_no
from bot.actions.turn import FormTurn

TEXT, REPLY_TO, CONFIRM, CHANGE = "message_text", "message_reply_to", "message_confirm", "message_change"


class MessageForm(Form):
    """`message_form`. `message_reply_to` is an email address, a phone number, or "skip"."""

    form: ClassVar[str] = "message"
    intents: ClassVar[frozenset[str]] = frozenset({"leave_message"})
    open_ended: ClassVar[frozenset[str]] = frozenset({TEXT})
    confirm: ClassVar[str | None] = CONFIRM
    order: ClassVar[tuple[str, ...]] = (TEXT, REPLY_TO)
    plain: ClassVar[frozenset[str]] = frozenset({CONFIRM, CHANGE})

    async def fill(self, asked: str, turn: FormTurn, say: Say) -> Slots | None:
        """See Form.fill."""
        if asked == TEXT:
            return {TEXT: turn.text} if turn.text else None
        if asked == REPLY_TO:
            given = contact_details(turn.text)
            return {REPLY_TO: given} if given else None
        if asked == CONFIRM:
            answer = yes_no(turn.text)
            if answer == "yes" and not correction(turn.text):
                return {CONFIRM: "yes", ENDED: "done"}
        return self._change(asked, turn)

    def not_understood(self, asked: str, turn: FormTurn, say: Say) -> None:
        """Contact details have a shape that can be wrong; at the last look only a yes or a change is an answer."""
        say.note("not_contact_details" if asked == REPLY_TO else f"not_{asked.removeprefix('message_')}")

    def certainly_answer(self, asked: str, turn: FormTurn) -> bool:
        """An email address may hold any word; a short "change" or "no" is about the message."""
        if asked == REPLY_TO:
            return contact_details(turn.text) not in (None, "skip")
        return len(plain(turn.text).split()) <= 4 and (correction(turn.text) or yes_no(turn.text) is not None)

    def may_ask(self, asked: str, turn: FormTurn) -> bool:
        """See Form.may_ask. A message to a person may be a question."""
        return asked != TEXT and contact_details(turn.text) in (None, "skip")

    def _change(self, asked: str, turn: FormTurn) -> Slots | None:
        words = set(plain(turn.text).split())
        details = contact_details(turn.text)
        if details not in (None, "skip"):
            return {REPLY_TO: details, CHANGE: None, CONFIRM: None}
        if words & {"email", "phone", "number", "reply", "details", "contact", "address"}:
            return {REPLY_TO: None, CHANGE: None, CONFIRM: None}
        if words & {"message", "text", "words", "wording", "complaint", "said", "wrote"}:
            return {TEXT: None, CHANGE: None, CONFIRM: None}
        if asked == CHANGE and words & {"nothing", "none", "no", "neither", "back"}:
            return {CHANGE: None, CONFIRM: None}
        if asked == CONFIRM and (correction(turn.text) or yes_no(turn.text) == "no"):
            return {CONFIRM: None, "requested_slot": CHANGE}
        return None
