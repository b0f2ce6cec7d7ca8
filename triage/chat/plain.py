"""A small dialogue engine of our own: reads a message and answers it, without forms.

It stands in while Rasa is away, so that a resident still gets an answer, and it proves that the engine can be
replaced. What needs a form is offered as a message to a person instead.
"""

from typing import Any, Protocol
from uuid import UUID

from language.intents import Reading
from language.redaction import without_placeholders
from triage.chat.engine import Turn, Understood, Words

# Intents that are something to do, and not an answer to give.
TASKS = {
    "person": "person",
    "repeat": "repeat",
    "start_again": "start_again",
    "goodbye": "end",
    "wrong_answer": "wrong_answer",
}
# Questions about the service just spoken of; the name goes on with one of content.Detail.
DETAIL = "more_"
# A choice that starts a declared form; the name goes on with the form's.
START = "start_"
NEEDS_A_FORM = {"leave_message", "contact_status"}


class Reads(Protocol):
    """Reads one message; language.intents.Reader does."""

    def read(self, text: str) -> Reading:
        """How the message is understood."""
        ...


class PlainEngine:
    """One message, one answer. Holds no memory at all."""

    def __init__(self, reader: Reads) -> None:
        self._reader = reader

    async def turn(self, conversation_id: UUID, words: Words, memory: list[Any]) -> Turn:
        """See DialogueEngine.turn. Never raises EngineUnavailable."""
        if words.intent is not None:
            understood = Understood(words.intent, 1.0, False, ((words.intent, 1.0),))
        else:
            reading = self._reader.read(without_placeholders(words.text or ""))
            understood = Understood(reading.label, reading.confidence, reading.abstained, reading.ranking)
        return Turn(says=(self._say(understood),), understood=understood, memory=memory)

    @staticmethod
    def _say(understood: Understood) -> dict[str, Any]:
        intent = understood.service
        if understood.abstained or intent is None or intent == "outside":
            return {"do": "clarify"}
        if intent in TASKS:
            return {"do": TASKS[intent]}
        if intent.startswith(DETAIL):
            return {"do": "detail"}
        if intent in NEEDS_A_FORM or intent.startswith(START):
            return {"do": "no_form"}
        return {"answer": intent}

    async def ready(self) -> bool:
        """Always: it runs inside this process."""
        return True
