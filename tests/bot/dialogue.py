"""A conversation with a running Rasa, as the web app holds one: it carries the events, Rasa keeps nothing."""

from typing import Any

import httpx2


class Dialogue:
    """Says things to Rasa and remembers the last turn. `says` are its payloads, shortened to "answer:missed_bin"."""

    def __init__(self, client: httpx2.Client) -> None:
        self.client = client
        self.conversation = "0d4c5a52-6d1c-4a0f-9d52-1f6f3b8d2c11"
        self.events: list[dict[str, Any]] = []
        self.turn: dict[str, Any] = {}

    def say(self, text: str) -> list[str]:
        """The resident types `text`."""
        return self._send(text=text)

    def press(self, intent: str) -> list[str]:
        """The resident presses a button that names a service or everyday intent."""
        return self._send(intent=intent)

    @property
    def slots(self) -> dict[str, Any]:
        """The slots after the last turn."""
        slots: dict[str, Any] = self.turn["slots"]
        return slots

    def post(self, **body: Any) -> httpx2.Response:
        """One request as it is, whatever it gives."""
        return self.client.post(
            "/webhooks/frontdoor/turn", json={"conversation": self.conversation, "events": self.events, **body}
        )

    def _send(self, **body: Any) -> list[str]:
        response = self.post(**body)
        assert response.status_code == 200, response.text
        self.turn = response.json()
        self.events = self.turn["events"]
        return ["{}:{}".format(*next(iter(payload.items()))) for payload in self.turn["says"]]
