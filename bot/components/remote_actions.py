"""Three small patches to how Rasa 3.6.21 calls actions. Upstream is in maintenance mode, so they live here.

1. Rasa has `jsonschema` check the *schema itself* again at every action result; with forms that was 54% of the time
   of a turn. The schema never changes, so here it is checked once and the validator is kept. What is accepted and
   refused stays the same. A refusal names the place in the result and not its content, which may be a resident's.
2. Rasa leaves the domain out of a call when an action does not need it; rasa_sdk 3.21 refuses a call without one.
   Here the call holds an empty domain.
3. Rasa logs a failing action and goes on as if it had done nothing, so a resident would hear "I did not understand"
   when in truth something broke. Here the turn learns of the failure.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator, ValidationError  # type: ignore[import-untyped]
from jsonschema.validators import validator_for  # type: ignore[import-untyped]
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction

from bot.components.trackers import current_turn

_rasas_run = RemoteAction.run
_rasas_call = RemoteAction._action_call_format


@lru_cache(maxsize=1)
def _validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema, default=Draft202012Validator)
    kind.check_schema(schema)
    return kind(schema)


def validate_action_result(self: RemoteAction, result: Any) -> bool:
    """True for a result of the right shape; raises jsonschema's ValidationError for any other."""
    for error in _validator().iter_errors(result):
        place = "/".join(str(part) for part in error.absolute_path)
        raise ValidationError(f"The result of {self.name()} has the wrong shape at '/{place}'.")
    return True


def action_call(self: RemoteAction, *args: Any) -> dict[str, Any]:
    """What is sent to the web app, always with a domain."""
    call: dict[str, Any] = _rasas_call(self, *args)
    call.setdefault("domain", {})
    return call


async def run(self: RemoteAction, *args: Any) -> Any:
    """Run the action, and let the turn know when that failed."""
    try:
        return await _rasas_run(self, *args)
    except ActionExecutionRejection:
        raise
    except Exception as error:
        turn = current_turn.get()
        if turn is not None:
            turn.failure = f"{self.name()}: {type(error).__name__}"
        raise


def patch() -> None:
    """Put the three in place of Rasa's own. May be called more than once."""
    RemoteAction._validate_action_result = validate_action_result
    RemoteAction._action_call_format = action_call
    RemoteAction.run = run
