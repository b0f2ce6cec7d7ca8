"""Runs the actions that Rasa asks for, on the resident's own words; Rasa itself has only the redacted ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol
from uuid import UUID

from triage.chat import repository, sealing
from triage.chat.engine import without_command
from triage.chat.replying import InHand
from triage.database import transaction

# The turns that this process has in hand, by conversation and message. Rasa's call of an action mostly comes back to
# the process that asked it, which then needs no look into the record; any other process reads it there.
_here: dict[tuple[str, int], InHand] = {}


class Executor(Protocol):
    """Runs one call; rasa_sdk's ActionExecutor does."""

    async def run(self, action_call: dict[str, Any]) -> Any:
        """The events and responses of the action that the call names."""
        ...


@contextmanager
def in_hand_here(in_hand: InHand) -> Iterator[None]:
    """While the block runs, actions called for this turn find its words here, and leave the form's details in it."""
    key = (str(in_hand.message.conversation_id), in_hand.message.seq)
    _here[key] = in_hand
    try:
        yield
    finally:
        _here.pop(key, None)


class Actions:
    """The door between Rasa and bot/actions. Any web process can take any call."""

    def __init__(self, executor: Executor, plain: frozenset[str]) -> None:
        """`plain` names the slots that only ever hold words of ours (bot.actions.PLAIN_SLOTS)."""
        self._executor = executor
        self._plain = plain

    async def run(self, call: dict[str, Any]) -> dict[str, Any]:
        """Run one call of Rasa's. Raises ValueError when it belongs to no conversation, and what the action raises."""
        message = call["tracker"].get("latest_message") or {}
        in_hand = _here.get((call["sender_id"], message.get("message") or 0))
        call = await self._opened(call, message, in_hand)
        done = await self._executor.run(call)
        result: dict[str, Any] = done.model_dump(by_alias=True) if hasattr(done, "model_dump") else dict(done or {})
        result, details = sealing.seal_result(result, self._plain)
        if in_hand is not None:
            in_hand.details |= details
        elif details:
            async with transaction() as session:
                await repository.add_details(session, UUID(call["sender_id"]), details)
        return result

    async def _opened(self, call: dict[str, Any], message: dict[str, Any], in_hand: InHand | None) -> dict[str, Any]:
        if not sealing.has_marks([message.get("text"), call["tracker"].get("slots")]):
            return call
        if in_hand is not None:
            words, details = in_hand.words.text, sealing.details_of(in_hand.context) | in_hand.details
        else:
            async with transaction() as session:
                words, details = await repository.words_and_details(
                    session, UUID(call["sender_id"]), message.get("message")
                )
        return sealing.open_call(call, without_command(words) if words else None, details)
