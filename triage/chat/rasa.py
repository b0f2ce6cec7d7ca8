"""Rasa as a dialogue engine, reached through the channel in bot/components/channel.py."""

import time
from typing import Any
from uuid import UUID

import httpx2
import structlog

from triage.chat.engine import EngineUnavailable, Turn, Understood, Words, without_command
from triage.settings import get_settings

log = structlog.get_logger(__name__)

# After a time-out the next turns go straight to the other way on, so that a hung Rasa does not hold every resident
# for the whole wait; one turn in this many seconds tries again.
REST_AFTER_TIMEOUT_S = 5.0


class RasaEngine:
    """One pool of connections to Rasa. `close` it at the end of the process."""

    def __init__(self, client: httpx2.AsyncClient | None = None) -> None:
        settings = get_settings()
        self._client = client or httpx2.AsyncClient(
            base_url=settings.rasa_url,
            timeout=httpx2.Timeout(settings.engine_timeout_s, connect=1.0, pool=1.0),
            limits=httpx2.Limits(max_connections=64),
        )
        self._headers = {"Authorization": f"Bearer {settings.internal_token.get_secret_value()}"}
        self._rests_until = 0.0

    async def turn(self, conversation_id: UUID, words: Words, memory: list[Any]) -> Turn:
        """See DialogueEngine.turn."""
        if time.monotonic() < self._rests_until:
            raise EngineUnavailable("resting after a time-out")
        # The channel checks again that no text is a command.
        text = without_command(words.text) if words.text is not None else None
        try:
            response = await self._client.post(
                "/webhooks/frontdoor/turn",
                headers=self._headers,
                json={
                    "conversation": str(conversation_id),
                    "message": words.message,
                    "text": text,
                    "intent": words.intent,
                    "events": memory,
                },
            )
            response.raise_for_status()
            turn = self._read(response.json())
        except httpx2.TimeoutException as error:
            self._rests_until = time.monotonic() + REST_AFTER_TIMEOUT_S
            raise EngineUnavailable("no answer in time") from error
        except (httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
            raise EngineUnavailable(type(error).__name__) from error
        if not turn.says:
            raise EngineUnavailable("nothing said")
        return turn

    @staticmethod
    def _read(body: dict[str, Any]) -> Turn:
        understood = body["understood"]
        return Turn(
            says=tuple(say for say in body["says"] if isinstance(say, dict)),
            understood=Understood(
                service=understood["service"],
                confidence=float(understood["confidence"]),
                abstained=bool(understood["abstained"]),
                ranking=tuple((name, float(p)) for name, p in understood["ranking"]),
            ),
            memory=list(body["events"]),
            slots=dict(body["slots"]),
            form=(body["active_form"] or "").removesuffix("_form") or None,
            asking=body["requested_slot"],
        )

    async def ready(self) -> bool:
        """Whether Rasa has loaded its model and answers."""
        try:
            response = await self._client.get("/webhooks/frontdoor/", timeout=2)
        except httpx2.HTTPError:
            return False
        return response.is_success

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()
