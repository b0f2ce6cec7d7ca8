"""One turn of a form as an action sees it, out of rasa_sdk's tracker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker


@dataclass(frozen=True)
class FormTurn:
    """The resident's words, how they were read, and what the form has so far.

    `asked` is the slot of the question being answered; None on the turn that opens the form. `pressed` says that
    the intent comes from a button of ours, so nothing had to be read.
    """

    text: str
    intent: str
    confidence: float
    pressed: bool
    asked: str | None
    slots: dict[str, Any]

    @property
    def opening(self) -> bool:
        """Whether this turn opens the form."""
        return self.asked is None

    def has(self, slot: str) -> bool:
        """Whether a slot other than the one being asked was answered before."""
        return slot != self.asked and self.slots.get(slot) is not None


def read_turn(tracker: Tracker) -> FormTurn:
    """A form's turn out of the tracker that Rasa sent."""
    message: dict[str, Any] = dict(tracker.latest_message or {})
    intent = message.get("intent") or {}
    slots = tracker.current_slot_values()
    return FormTurn(
        text=str(message.get("text") or "").strip(),
        intent=str(intent.get("name") or ""),
        confidence=float(intent.get("confidence") or 0.0),
        pressed=bool((message.get("understood") or {}).get("pressed")),
        asked=slots.get("requested_slot"),
        slots={name: value for name, value in slots.items() if name != "requested_slot"},
    )
