"""The content editor's room in the whole web app, and conversations that fell through."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from tests.makers import make_agent, make_conversation, session_of
from triage import access, clock, record
from triage.database import transaction
from triage.tables import Message

Fell = Callable[..., Awaitable[None]]


@pytest.fixture
async def editor(app_client: httpx2.AsyncClient) -> httpx2.AsyncClient:
    """A content editor's browser."""
    token = await session_of(await make_agent(role="editor", name="Content editor"))
    app_client.cookies.set(access.DESK_COOKIE, token)
    app_client.headers |= {"accept": "text/html", "sec-fetch-site": "same-origin"}
    return app_client


@pytest.fixture
def fell(database: str) -> Fell:
    """Stores a conversation of one message that fell through, our reply, and what came next, each as it was read."""

    async def make(
        text: str,
        *,
        guesses: tuple[tuple[str, float], ...] = (),
        kind: str = "clarify",
        offered: tuple[tuple[str, str], ...] = (),
        before: tuple[str, dict[str, Any]] | None = None,
        after: tuple[str, dict[str, Any]] | None = None,
        days: float = 1,
        **about: Any,
    ) -> None:
        conversation = await make_conversation(**about)
        at = clock.now() - timedelta(days=days)

        async def say(author: str, words: str, understood: dict[str, Any] | None = None, **more: Any) -> Message:
            async with transaction() as session:
                said = await record.append_message(session, conversation, author, words, **more)
                said.understood, said.said_at = understood, at
                return said

        if before:
            await say("resident", before[0], before[1])
        best = guesses[0] if guesses else (None, 0.0)
        said = await say(
            "resident",
            text,
            {
                "service": best[0],
                "confidence": best[1],
                "abstained": True,
                "danger": None,
                "fell": kind,
                "guesses": [list(guess) for guess in guesses],
            },
        )
        choices = [
            {"id": f"c{at}", "label": label, "send": {"service": service}}
            for at, (service, label) in enumerate(offered)
        ]
        await say("assistant", "Did you mean one of these?", extras={"choices": choices}, answers_id=said.id)
        if after:
            await say("resident", after[0], after[1])

    return make
