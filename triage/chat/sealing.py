"""What residents tell a form stays in our record: Rasa is given a mark in its place, which says nothing.

The details of an open form are kept in `conversation.context["details"]`, mark → value. They are opened for the
actions, which run in the web app, and for what is said and filed; they are forgotten when no form holds them.
"""

import secrets
from dataclasses import replace
from typing import Any

from triage.chat.engine import Turn

DETAILS = "details"

Details = dict[str, Any]
Call = dict[str, Any]


def has_marks(value: Any) -> bool:
    """Whether something in a call may stand for what Rasa was not given: a mark of ours, or a placeholder."""
    if isinstance(value, str):
        return "[" in value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return any(has_marks(one) for one in inner)


def opened(value: Any, details: Details) -> Any:
    """`value` with every mark in it replaced by what it stands for. Only a whole string is a mark."""
    if isinstance(value, str):
        return details.get(value, value)
    if isinstance(value, dict):
        return {key: opened(one, details) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(opened(one, details) for one in value)
    return value


def open_call(call: Call, words: str | None, details: Details) -> Call:
    """Rasa's call of an action with the resident's own words and the form's answers put back in."""
    tracker = call["tracker"]
    message = dict(tracker.get("latest_message") or {})
    if words is not None and message.get("text"):
        message["text"] = words
    return {
        **call,
        "tracker": {**tracker, "slots": opened(tracker.get("slots") or {}, details), "latest_message": message},
    }


def seal_result(result: dict[str, Any], plain: frozenset[str]) -> tuple[dict[str, Any], Details]:
    """An action's result as Rasa may see it, and the details that were taken out of it.

    Every slot that is not in `plain`, and every value that fills a note, becomes a mark: a form that says nothing of
    its slots has them all sealed.
    """
    details: Details = {}
    events = [
        {**event, "value": _sealed(event["value"], details)}
        if event.get("event") == "slot" and event["name"] not in plain
        else event
        for event in result.get("events", ())
    ]
    responses = [_sealed_response(response, details) for response in result.get("responses", ())]
    return {**result, "events": events, "responses": responses}, details


def details_of(context: dict[str, Any]) -> Details:
    """The details that a conversation's context holds, by their marks."""
    return context.get(DETAILS) or {}


def with_details(context: dict[str, Any], details: Details) -> dict[str, Any]:
    """A conversation's context with more details in it."""
    return {**context, DETAILS: details_of(context) | details} if details else context


def open_turn(turn: Turn | None, context: dict[str, Any]) -> Turn | None:
    """What the engine decided, with the form's answers put back in. Its memory stays as it is."""
    details = details_of(context)
    if turn is None or not details:
        return turn
    return replace(turn, says=opened(turn.says, details), slots=opened(turn.slots, details))


def only_held(context: dict[str, Any], memory: list[Any]) -> dict[str, Any]:
    """A conversation's context without the details that no slot in the engine's memory holds any more."""
    details = details_of(context)
    if not details:
        return context
    held = {event.get("value") for event in memory if isinstance(event, dict) and isinstance(event.get("value"), str)}
    kept = {mark: value for mark, value in details.items() if mark in held}
    rest = {key: value for key, value in context.items() if key != DETAILS}
    return {**rest, DETAILS: kept} if kept else rest


def _sealed(value: Any, details: Details) -> Any:
    if value is None:
        return None
    mark = f"[kept {secrets.token_hex(8)}]"
    details[mark] = value
    return mark


def _sealed_response(response: dict[str, Any], details: Details) -> dict[str, Any]:
    custom = response.get("custom") or {}
    if not custom.get("values"):
        return response
    return {**response, "custom": {**custom, "values": _sealed_inside(custom["values"], details)}}


def _sealed_inside(value: Any, details: Details) -> Any:
    if isinstance(value, dict):
        return {key: _sealed_inside(one, details) for key, one in value.items()}
    if isinstance(value, list):
        return [_sealed_inside(one, details) for one in value]
    return _sealed(value, details)
