"""The one interface to whatever decides what the assistant does next. Rasa is behind it; so is a small one of ours.

tests/chat/test_engine_contract.py runs the same checks over every implementation.
"""

from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID


class EngineUnavailable(Exception):
    """The dialogue engine is dead, too slow, or said nothing that can be used."""


@dataclass(frozen=True)
class Words:
    """What the resident did: typed `text`, or pressed a choice of ours that names an `intent`. Exactly one is set.

    An engine is given `text` with personal details taken out; `message` is its number in the conversation, by which
    our own record is asked for the rest.
    """

    text: str | None = None
    intent: str | None = None
    message: int | None = None


@dataclass(frozen=True)
class Understood:
    """How the words were read. `service` is the best guess even when `abstained`; probabilities are 0 to 1."""

    service: str | None = None
    confidence: float = 0.0
    abstained: bool = True
    ranking: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Turn:
    """What the engine decided.

    `says` is a list of payloads, each with exactly one of answer, ask, do, note (see bot/README.md). `memory` is the
    engine's own and is given back unread at the next turn. `form` and `asking` name the open form and its question.
    """

    says: tuple[dict[str, Any], ...]
    understood: Understood
    memory: list[Any] = field(default_factory=list)
    slots: dict[str, Any] = field(default_factory=dict)
    form: str | None = None
    asking: str | None = None


def without_command(text: str) -> str:
    """`text` without slashes in front: a resident's text is never a command to Rasa (PROMISES 12)."""
    return text.lstrip("/ \t\n")


class DialogueEngine(Protocol):
    """Decides one turn of a conversation, and keeps nothing between turns."""

    async def turn(self, conversation_id: UUID, words: Words, memory: list[Any]) -> Turn:
        """Decide what follows `words`. Raises EngineUnavailable within the engine time-out, and nothing else."""
        ...

    async def ready(self) -> bool:
        """Whether a turn would be answered now."""
        ...
