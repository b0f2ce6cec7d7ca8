"""The events that go back and forth between turns: what an open form has so far, and nothing else.

Every rule of ours answers one turn, so with no form open a turn needs nothing of the turns before it and nothing
is carried. With a form open, its name and the values of its slots are enough for Rasa to go on: one event a slot,
however long the conversation. What residents wrote is not carried, except as the answers they gave to a form.
"""

from __future__ import annotations

from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

MOST_EVENTS = 40


class EventsNotOurs(ValueError):
    """The events are not of the kind that an earlier turn gave out."""


def carry(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """The events to give to the next turn, as plain dictionaries, at most `MOST_EVENTS` of them."""
    form = tracker.active_loop_name
    if form is None:
        return []
    slots = [
        {"event": "slot", "name": name, "value": value}
        for name, value in tracker.current_slot_values().items()
        if value is not None
    ]
    return [{"event": "active_loop", "name": form}, *slots, {"event": "action", "name": ACTION_LISTEN_NAME}]


def resume(given: Any, domain: Domain) -> list[Event]:
    """Rasa's events for a tracker that goes on where `given` left off.

    The last one says that the assistant is listening; without it Rasa would begin a session of its own. A form or
    slot that this model does not know (the model was replaced between two turns) is left out: the resident's
    message is then read afresh. Raises `EventsNotOurs` for anything that `carry` does not make.
    """
    if not isinstance(given, list) or len(given) > MOST_EVENTS:
        raise EventsNotOurs(f"events must be a list of at most {MOST_EVENTS}.")
    known = {slot.name for slot in domain.slots}
    form: str | None = None
    slots: list[Event] = []
    for event in given:
        match event:
            case {"event": "active_loop", "name": str(name)}:
                form = name
            case {"event": "slot", "name": str(name), "value": value}:
                if name in known:
                    slots.append(SlotSet(name, value))
            case {"event": "action", "name": "action_listen"}:
                pass
            case _:
                raise EventsNotOurs("events must be those that an earlier turn gave.")
    listening = ActionExecuted(ACTION_LISTEN_NAME)
    if form is None or form not in domain.form_names:
        return [listening]
    return [ActiveLoop(form), *slots, listening]
