"""What the assistant would say, tried out by somebody who writes its content. Nothing of it is stored.

The chat room does it (triage/chat/rehearsing.py) and the app hands it to whoever asks, so that no room imports another.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Tried:
    """How a message would be read, and what would be said.

    `service` is the best guess even when `abstained`. `heard` is the text as the engine was given it, without personal
    details. `messages` are as the template chat/messages.html takes them.
    """

    service: str | None
    confidence: float
    abstained: bool
    nearest: tuple[tuple[str, float], ...]
    danger: str | None
    level: str | None
    heard: str
    language: str | None
    engine_down: bool
    messages: Sequence[Any]
    entities: dict[str, list[str]] = field(default_factory=dict)


class Rehearses(Protocol):
    """Tries messages out, and shows answers as residents see them today."""

    async def try_out(self, text: str) -> Tried:
        """What would come of `text` as the first message of a conversation. Raises EmptyMessage and MessageTooLong."""
        ...

    def shown(self, service: str, detail: str | None = None, number: int = 1, point: str | None = None) -> Any:
        """A service's answer, its answer to `point`, or what is said to `detail` asked next, as a message of today.

        `number` tells it from the other messages of a page.
        """
        ...
