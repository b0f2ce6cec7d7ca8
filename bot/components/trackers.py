"""Rasa keeps nothing: a tracker is made from the events that came with the turn, and forgotten with the answer.

The web app's record is the record (its `conversation.dialogue` holds the events between turns), so any Rasa
process can take any turn, and a process that dies loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker


@dataclass
class Turn:
    """One turn's events on the way in; its tracker on the way out, and which action failed, if one did."""

    events: list[Event]
    tracker: DialogueStateTracker | None = None
    failure: str | None = None


# Set by the channel for the task that handles the turn, so two turns can never see each other's tracker.
current_turn: ContextVar[Turn | None] = ContextVar("current_turn", default=None)


class CarriedTrackerStore(TrackerStore):  # type: ignore[misc]  # Rasa is read untyped
    """A tracker store of one tracker, for one turn."""

    def __init__(self, domain: Domain | None, event_broker: Any = None, **kwargs: Any) -> None:
        super().__init__(domain, event_broker)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker that the turn's events describe; None outside a turn."""
        turn = current_turn.get()
        if turn is None:
            return None
        return DialogueStateTracker.from_events(sender_id, turn.events, slots=self.domain.slots)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Hand the tracker to the turn; outside a turn there is nowhere to keep it, so it is dropped."""
        turn = current_turn.get()
        if turn is not None:
            turn.tracker = tracker

    async def keys(self) -> Iterable[str]:
        """No conversation is kept, so there are no keys."""
        return []
