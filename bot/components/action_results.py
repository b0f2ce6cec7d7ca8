"""A patch: check the results of actions with one prepared validator.

Rasa 3.6.21 builds its JSON schema and has `jsonschema` check the *schema itself* again at every action result
(`RemoteAction._validate_action_result`); with forms that was 54% of the time of a turn. The schema never changes,
so here it is checked once and the validator is kept. What is accepted and refused stays the same. A refusal names
the place in the result, not its content: a result can hold what a resident wrote, and errors are logged.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction


@lru_cache(maxsize=1)
def _validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema, default=Draft202012Validator)
    kind.check_schema(schema)
    return kind(schema)


def validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    """True for a result of the right shape; raises jsonschema's ValidationError for any other."""
    for error in _validator().iter_errors(result):
        place = "/".join(str(part) for part in error.absolute_path)
        raise ValidationError(f"The result of {self.name()} has the wrong shape at '/{place}'.")
    return True


def patch() -> None:
    """Put the prepared validator in place of Rasa's own. May be called more than once."""
    RemoteAction._validate_action_result = validate_action_result
