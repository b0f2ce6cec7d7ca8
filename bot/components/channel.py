"""The one way into Rasa: `POST /webhooks/frontdoor/turn`, called by our web app and by nothing else.

Takes `{"conversation": str, "message": int|null, "text": str|null, "intent": str|null, "events": [...]}` and gives back
`{"says": [...], "understood": {...}, "events": [...], "slots": {...}, "active_form": str|null,
"requested_slot": str|null}`. Rasa's own REST channel turns every exception into 200 with `[]`; here whatever goes
wrong is a status of 4xx or 5xx with `{"error", "detail"}`, and a turn without anything to say is an error too.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.constants import DEFAULT_INTENTS, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.components import remote_actions
from bot.components.carried import EventsNotOurs, carry, resume
from bot.components.intent_reader import UNDERSTOOD
from bot.components.trackers import Turn, current_turn

logger = logging.getLogger(__name__)

LONGEST_TEXT = 4000  # characters; the web app refuses longer ones first, with words for the resident
LONGEST_TURN_S = 3.0  # the web app waits 3.5 s, so it hears why a turn failed
MESSAGE = "message"  # our key in Rasa's parse data; it goes with each call of an action
CONVERSATION = re.compile(r"[A-Za-z0-9_-]{16,64}")

remote_actions.patch()


class TurnRefused(Exception):
    """The turn cannot be taken; carries the HTTP status and two strings for the answer."""

    def __init__(self, status: int, error: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.error = error
        self.detail = detail


@dataclass(frozen=True)
class Asked:
    """A checked request: `text` has no slash in front, and `intent` was written by our own content.

    `message` is the number of the resident's message in the web app's record; actions find there what was taken out.
    """

    conversation: str
    message: int | None
    text: str
    intent: str | None
    events: Any


class FrontdoorInput(InputChannel):  # type: ignore[misc]  # Rasa is read untyped
    """Takes a turn, answers it, and keeps nothing of it."""

    def __init__(self, token: str) -> None:
        if not token or token.startswith("$"):
            raise ValueError("FRONTDOOR_INTERNAL_TOKEN is not set: Rasa would answer anyone.")
        self._expected = f"Bearer {token}".encode()

    @classmethod
    def name(cls) -> str:
        """The part of the address after /webhooks/."""
        return "frontdoor"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> FrontdoorInput:
        """Made by Rasa from bot/credentials.yml. Raises ValueError without a token."""
        return cls(str((credentials or {}).get("token") or ""))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The two routes: `GET /` says whether a model is loaded, `POST /turn` takes a turn."""
        blueprint = Blueprint("frontdoor_webhook")

        @blueprint.route("/", methods=["GET"])  # type: ignore[untyped-decorator]
        async def health(request: Request) -> HTTPResponse:
            ready = _agent(request) is not None
            return response.json({"ready": ready}, status=200 if ready else 503)

        @blueprint.route("/turn", methods=["POST"])  # type: ignore[untyped-decorator]
        async def turn(request: Request) -> HTTPResponse:
            try:
                self._check_caller(request)
                asked = read_request(_json(request))
                agent = _agent(request)
                if agent is None:
                    raise TurnRefused(503, "not_ready", "No trained model is loaded.")
                return response.json(await asyncio.wait_for(take_turn(agent, asked), LONGEST_TURN_S))
            except TurnRefused as refused:
                return response.json({"error": refused.error, "detail": refused.detail}, status=refused.status)
            except TimeoutError:
                return response.json({"error": "too_slow", "detail": "The turn took too long."}, status=504)
            except Exception as error:
                # The kind of error only: its words can repeat what the resident wrote.
                logger.error("A turn failed: %s", type(error).__name__)
                return response.json({"error": "turn_failed", "detail": type(error).__name__}, status=500)

        return blueprint

    def _check_caller(self, request: Request) -> None:
        given = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, self._expected):
            raise TurnRefused(401, "not_allowed", "The bearer token is missing or wrong.")


def read_request(body: Any) -> Asked:
    """Check a request's shape. Raises `TurnRefused` with 422 for anything but what the module's first lines say."""
    if not isinstance(body, dict):
        raise TurnRefused(422, "wrong_request", "The body must be a JSON object.")
    conversation, text, intent = body.get("conversation"), body.get("text"), body.get("intent")
    if not isinstance(conversation, str) or not CONVERSATION.fullmatch(conversation):
        raise TurnRefused(422, "wrong_conversation", "conversation must be 16 to 64 letters, digits, - or _.")
    if intent is not None and not isinstance(intent, str):
        raise TurnRefused(422, "wrong_request", "intent must be a string or null.")
    if text is not None and not isinstance(text, str):
        raise TurnRefused(422, "wrong_request", "text must be a string or null.")
    message = body.get("message")
    if message is not None and (not isinstance(message, int) or isinstance(message, bool) or message < 1):
        raise TurnRefused(422, "wrong_request", "message must be a number above 0 or null.")
    if text is not None and len(text) > LONGEST_TEXT:
        raise TurnRefused(422, "too_long", f"text must be at most {LONGEST_TEXT} characters.")
    # A slash in front would make Rasa take the text for a command, at full confidence.
    words = (text or "").lstrip("/ \t\r\n\u00a0").rstrip()
    if not words and not intent:
        raise TurnRefused(422, "empty", "text or intent must say something.")
    return Asked(conversation, message, words, intent, body.get("events") or [])


async def take_turn(agent: Agent, asked: Asked) -> dict[str, Any]:
    """Read, decide, and say what was decided. Raises `TurnRefused`, or whatever Rasa raises."""
    if agent.domain is None:
        raise TurnRefused(503, "not_ready", "No trained model is loaded.")
    try:
        turn = Turn(resume(asked.events, agent.domain))
    except EventsNotOurs as error:
        raise TurnRefused(422, "wrong_events", str(error)) from error
    parsed = _pressed(asked, agent.domain) if asked.intent else await agent.parse_message(asked.text)
    parsed[MESSAGE] = asked.message
    collected = CollectingOutputChannel()
    token = current_turn.set(turn)
    try:
        await agent.handle_message(
            UserMessage(
                asked.text,
                output_channel=collected,
                sender_id=asked.conversation,
                parse_data=parsed,
                input_channel=FrontdoorInput.name(),
            )
        )
    finally:
        current_turn.reset(token)
    tracker = turn.tracker
    says = [message["custom"] for message in collected.messages if "custom" in message]
    if turn.failure is not None:
        raise TurnRefused(500, "action_failed", turn.failure)
    # Our rules always say something, so silence means that something failed.
    if tracker is None or not says:
        raise TurnRefused(500, "nothing_said", "The turn produced nothing to say.")
    slots = {name: value for name, value in tracker.current_slot_values().items() if value is not None}
    requested = slots.pop(REQUESTED_SLOT, None)
    form = tracker.active_loop_name
    understood = {key: parsed[UNDERSTOOD][key] for key in ("service", "confidence", "abstained", "ranking")}
    return {
        "says": says,
        "understood": understood,
        "events": carry(tracker),
        "slots": slots,
        "active_form": form.removesuffix("_form") if form else None,
        "requested_slot": requested if form else None,
    }


def _pressed(asked: Asked, domain: Domain) -> dict[str, Any]:
    """Parse data for a choice the resident pressed: nothing is left to read."""
    intent = asked.intent
    if intent not in domain.intents or intent in DEFAULT_INTENTS:
        raise TurnRefused(422, "unknown_intent", "intent must be one that a choice can name.")
    understood = {"service": intent, "confidence": 1.0, "abstained": False, "ranking": [[intent, 1.0]]}
    return {
        "text": asked.text,
        "intent": {"name": intent, "confidence": 1.0},
        "intent_ranking": [{"name": intent, "confidence": 1.0}],
        "entities": [],
        UNDERSTOOD: {**understood, "pressed": True},
    }


def _agent(request: Request) -> Agent | None:
    agent = getattr(request.app.ctx, "agent", None)
    return agent if agent is not None and agent.is_ready() else None


def _json(request: Request) -> Any:
    try:
        return request.json
    except Exception as error:  # Sanic's own answer to bad JSON is a page of text
        raise TurnRefused(422, "wrong_request", "The body must be JSON.") from error
