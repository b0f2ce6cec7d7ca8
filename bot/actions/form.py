"""What all forms have in common: ways out, asides, corrections, and asking again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.leaving import REPEAT, SURE, UNDO, WAYS_OUT, command, likely_way_out, way_out
from bot.actions.parsing import asks_outright, is_question
from bot.actions.turn import FormTurn, read_turn

Slots = dict[str, Any]

ENDED = "form_ended"  # done, stop, person, start_again or goodbye: the rules choose what is said next by it
NOT_ASKED = "not asked"  # a question that does not apply
NOT_ASIDES = {"nlu_fallback", "outside", "affirm", "deny", "unclear", "wrong_answer", "", *WAYS_OUT}


class Say:
    """Says notes and answers, in order, before the form's next question."""

    def __init__(self, dispatcher: CollectingDispatcher, form: str) -> None:
        self._dispatcher = dispatcher
        self._form = form

    def note(self, note: str, **values: Any) -> None:
        """An extra line of this form, written in its service.toml; `values` fill it."""
        payload: dict[str, Any] = {"note": f"{self._form}.{note}"}
        if values:
            payload["values"] = values
        self._dispatcher.utter_message(json_message=payload)

    def answer(self, name: str) -> None:
        """The answer of a service or of everyday talk, as an aside; "how much is it?" leans on the form's service."""
        leans = name.startswith("more_")
        self._dispatcher.utter_message(json_message={"do": "detail"} if leans else {"answer": name})


class Form(Action):  # type: ignore[misc]  # rasa_sdk has no types
    """Validates one form. Subclasses say how each question's answer is read.

    `run` gives Rasa the slots to set. The question that was asked always gets a value or None: None asks again.
    A form is left by setting `form_ended` and asking for nothing more.
    """

    form: ClassVar[str]
    intents: ClassVar[frozenset[str]]  # those that open this form; asking for them inside it is no aside
    open_ended: ClassVar[frozenset[str]] = frozenset()  # questions where any words are an answer
    confirm: ClassVar[str | None] = None  # the last question, "shall I send it?"
    leaves_for: ClassVar[frozenset[str]] = frozenset()  # needs in words that are served in place of the form
    order: ClassVar[tuple[str, ...]] = ()  # the questions whose answers can be taken back, in the order asked
    plain: ClassVar[frozenset[str]] = frozenset()  # slots that hold words of ours alone, never what a resident told

    def name(self) -> str:
        """The name by which Rasa asks for this action."""
        return f"validate_{self.form}_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """The slots to set after the resident's message, as Rasa events."""
        turn = read_turn(tracker)
        say = Say(dispatcher, self.form)
        if turn.opening:
            slots = await self.open(turn, say)
        else:
            slots = await self._answered(turn, say)
        if turn.asked is not None:
            slots.setdefault(turn.asked, None)
        # At least one slot must be set, or Rasa asks for validation twice on the turn that opens the form.
        slots.setdefault(ENDED, None)
        events: list[dict[str, Any]] = [
            {"event": "slot", "name": name, "value": value, "timestamp": None}
            for name, value in slots.items()
            if name != "requested_slot"
        ]
        if slots[ENDED] is not None:
            slots["requested_slot"] = None
        if "requested_slot" in slots:
            events.append(
                {"event": "slot", "name": "requested_slot", "value": slots["requested_slot"], "timestamp": None}
            )
        return events

    async def _answered(self, turn: FormTurn, say: Say) -> Slots:
        assert turn.asked is not None
        out = way_out(turn)
        certain = not turn.pressed and self._certainly_answer(turn)
        if out is None and not turn.pressed and not certain:
            out = likely_way_out(turn)
        if out == UNDO and turn.asked != f"{self.form}_change":
            return self.undo(turn, say)
        if out == REPEAT:
            return self.ask_again(turn)
        if out is not None and out != UNDO:
            return {ENDED: out}
        opens = command(turn)
        if opens is None and not (turn.pressed or certain) and turn.intent in self.leaves_for:
            opens = turn.intent if turn.confidence >= SURE else None
        if opens is not None:
            return self.commanded(opens, turn, say)
        asks = not turn.pressed and self._asks(turn, certain=certain)
        if not turn.pressed and not asks:
            slots = await self.fill(turn.asked, turn, say)
            if slots is not None:
                return slots
        if self.is_aside(turn) or (asks and turn.intent in self.intents and not turn.intent.startswith("start_")):
            say.answer(turn.intent)
        elif asks:
            say.note("asked")
        else:
            self.not_understood(turn.asked, turn, say)
        return self.ask_again(turn)

    def _asks(self, turn: FormTurn, *, certain: bool) -> bool:
        assert turn.asked is not None
        if asks_outright(turn.text) and self.may_ask(turn.asked, turn):
            return True
        return self.is_aside(turn) and is_question(turn.text) and not certain

    def may_ask(self, asked: str, turn: FormTurn) -> bool:
        """Whether words that begin as a question are one, and not the answer to what was asked."""
        return not self._certainly_answer(turn)

    def commanded(self, service: str, turn: FormTurn, say: Say) -> Slots:
        """What is done when a button's words are typed: it is answered with its button, and the form goes on."""
        if service not in self.intents:
            say.answer(service)
        return self.ask_again(turn)

    async def open(self, turn: FormTurn, say: Say) -> Slots:
        """Slots that the message which opened the form already answers."""
        return {}

    async def fill(self, asked: str, turn: FormTurn, say: Say) -> Slots | None:
        """The slots that the words answer, or None when they are no answer to what was asked."""
        raise NotImplementedError

    def not_understood(self, asked: str, turn: FormTurn, say: Say) -> None:
        """Say what kind of answer is needed, before the question is asked again."""

    def certainly_answer(self, asked: str, turn: FormTurn) -> bool:
        """Whether the words are an answer whatever the reader took them for."""
        return False

    def ask_again(self, turn: FormTurn) -> Slots:
        """The same question once more. A question outside the form's list has to be asked for by name."""
        assert turn.asked is not None
        return {turn.asked: None, "requested_slot": turn.asked}

    def undo(self, turn: FormTurn, say: Say) -> Slots:
        """The answer before the open question taken back, and that question asked again."""
        assert turn.asked is not None
        before = self.order[: self.order.index(turn.asked)] if turn.asked in self.order else self.order
        given = [slot for slot in before if turn.has(slot) and turn.slots[slot] != NOT_ASKED]
        if not given:
            say.note("nothing_to_undo")
            return self.ask_again(turn)
        say.note("undone")
        confirm = {self.confirm: None} if self.confirm else {}
        return {turn.asked: None, **confirm, given[-1]: None, "requested_slot": given[-1]}

    def _certainly_answer(self, turn: FormTurn) -> bool:
        assert turn.asked is not None
        return turn.asked in self.open_ended or self.certainly_answer(turn.asked, turn)

    def is_aside(self, turn: FormTurn) -> bool:
        """Whether the words were read as something else that we can answer."""
        ours = turn.intent in NOT_ASIDES or turn.intent in self.intents
        # A choice that starts a form is never read from words, and has no answer of its own.
        return not ours and not turn.intent.startswith("start_")
