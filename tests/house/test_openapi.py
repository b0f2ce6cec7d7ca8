"""Our own description of the API is true: whatever it lets anybody send is answered as it says, and never with a fault.

Calls are made from the description by schemathesis, right and wrong ones, over a real connection. Every other call
belongs to somebody: it names a conversation or a contact that is there, and carries its secret.
"""

import asyncio
import logging
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
import requests
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from triage.settings import get_settings

CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
# A stream has no end; tests/chat reads it. Pages are for people, and are read by a browser in tests/journeys.
NOT_CALLED = {"/api/conversations/{conversation_id}/events"}
CALLED = ("/api/", "/open311/")
# Of each call, right and wrong; set API_EXAMPLES to try more..
EXAMPLES = int(os.environ.get("API_EXAMPLES", "6"))
OPEN311_KEY, EMAIL_KEY = "a key of another system", "a key of the mail server"


@schemathesis.serializer("message/rfc822")
def as_message(_: object, value: object) -> bytes:
    """An email as it is posted: whatever its words are."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@dataclass
class Somebody:
    """Who calls: a conversation and a contact that are there, and the secrets that they were given."""

    conversation: dict[str, Any]
    contact: dict[str, Any]
    turn: count = field(default_factory=count)  # type: ignore[type-arg]

    def call(self, case: Case) -> dict[str, str]:
        """Make every other call theirs; the headers that it needs for that."""
        if next(self.turn) % 2:
            return {}
        path = case.operation.path
        if "{conversation_id}" in path:
            case.path_parameters["conversation_id"] = self.conversation["id"]
            return {"authorization": f"Bearer {self.conversation['secret']}"}
        if "{reference}" in path:
            case.path_parameters["reference"] = self.contact["reference"]
            return {"authorization": f"Bearer {self.contact['secret']}"}
        if path.startswith("/open311/"):
            return {"x-api-key": OPEN311_KEY}
        return {"x-api-key": EMAIL_KEY} if path == "/api/email" else {}


def operations(document: dict[str, Any]) -> list[Any]:
    """What is called, of our description."""
    schema = schemathesis.openapi.from_dict(document)
    found = [one.ok() for one in schema.get_all_operations()]
    return [one for one in found if one.path.startswith(CALLED) and one.path not in NOT_CALLED]


def try_all(url: str, examples: int) -> tuple[int, list[str]]:
    """Call everything so often with right and with wrong values; how many calls, and what was wrong."""
    document = requests.get(f"{url}/openapi.json", timeout=10).json()
    somebody = Somebody(
        requests.post(f"{url}/api/conversations", timeout=20).json(),
        requests.post(f"{url}/api/contacts", json={"text": "My bin", "consent": True}, timeout=20).json(),
    )
    made, wrong = count(), []

    def trying(operation: Any, mode: GenerationMode) -> Callable[[], None]:
        @settings(
            max_examples=examples,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def one(case: Case) -> None:
            next(made)
            headers = somebody.call(case)
            response = case.call(base_url=url, headers=headers, timeout=20)
            case.validate_response(response, checks=CHECKS)

        return one

    for operation in operations(document):
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                trying(operation, mode)()
            except (Exception, FailureGroup) as error:
                # Nothing of it can be made wrong: it takes no value.
                if type(error).__name__ not in ("Unsatisfiable", "SkipTest", "Skipped"):
                    found = error.exceptions if isinstance(error, FailureGroup) else [error]
                    wrong += [f"{operation.label} ({mode.name.lower()}): {type(one).__name__} {one}" for one in found]
    return next(made), wrong


def test_wrong_values_are_described_as_they_are_answered() -> None:
    from triage.app import build

    app = build()
    document = app.openapi()
    assert document is app.openapi() and "ValidationError" not in str(document)
    for path, calls in document["paths"].items():
        for operation in calls.values():
            for status in {"404", "422"} & set(operation["responses"]):
                (schema, *_) = [one.get("schema") for one in operation["responses"][status]["content"].values()]
                assert path.startswith("/open311/") or schema == {"$ref": "#/components/schemas/Problem"}, path
            assert not path.startswith("/open311/") or "422" not in operation["responses"]
    # What is wrong in an address leads nowhere; what is wrong in a form is said.
    taken = document["paths"]["/desk/contacts/{contact_id}/take"]["post"]["responses"]
    assert set(taken) == {"200", "404", "422"} and set(taken["404"]["content"]) == {"application/json", "text/html"}
    assert set(document["paths"]["/desk/contacts/{contact_id}/events"]["get"]["responses"]) >= {"200", "404"}


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDOOR_OPEN311_KEYS", f'{{"fixmystreet": "{OPEN311_KEY}"}}')
    monkeypatch.setenv("FRONTDOOR_EMAIL_KEY", EMAIL_KEY)
    # One address makes all these calls.
    monkeypatch.setenv("FRONTDOOR_CONVERSATIONS_PER_HOUR", "100000")
    monkeypatch.setenv("FRONTDOOR_CONTACTS_PER_HOUR", "100000")
    monkeypatch.setenv("FRONTDOOR_MESSAGES_PER_MINUTE", "100000")
    get_settings.cache_clear()


async def test_every_call_is_answered_as_our_description_says(database: str, trained: None, keys: None) -> None:
    from triage.app import build

    app = build()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(app, log_level=logging.ERROR, access_log=False))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            async with asyncio.timeout(60):
                while not server.started:
                    await asyncio.sleep(0.05)
            made, wrong = await asyncio.to_thread(try_all, url, EXAMPLES)
        finally:
            server.should_exit = True
            await serving
    assert not wrong, "\n\n".join(wrong)
    assert made > 100
