"""What a task of the web app has at hand."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from triage.chat.answering import Room
from triage.chat.engine import Turn
from triage.chat.rendering import Said
from triage.chat.search import second_chance
from triage.tables import Conversation


@dataclass(frozen=True)
class Doing:
    """One task's surroundings. `code` is a contact's code typed in this very message; it is stored nowhere."""

    session: AsyncSession
    conversation: Conversation
    room: Room
    turn: Turn
    code: str | None = None
    looked_up: dict[str, Any] | None = None
    found: second_chance.Found | None = None


Task = Callable[[Doing], Awaitable[list[Said]]]
